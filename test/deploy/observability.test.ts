import { CONSUMERS } from '../../src/consumers';
import { METRICS, type MetricDefinition } from '../../src/platform/metric-definitions';
import { readProjectFile } from './deployed-product';
import { type Expression, readAlerts, readDashboards, readExpressions } from './observability-files';
import { queryOf } from './promql';
import { listOf, mapOf, parseYamlMap, textOf, valueAt } from './yaml-text';

/** Of Prometheus itself, of its targets, and of prom-client. */
const NOT_OURS = /^(up|nodejs_.*|process_.*)$/;
const OF_TARGETS = ['job', 'instance', 'process'];

const DEFINITIONS: Readonly<Record<string, MetricDefinition>> = METRICS;

/** The labels that a series has, by its name: those of its metric, and what a histogram adds. Undefined for a name that is none. */
function labelsOf(series: string): readonly string[] | undefined {
  if (NOT_OURS.test(series)) return OF_TARGETS;
  const [, base = '', part] = /^(.*?)(?:_(bucket|sum|count))?$/.exec(series) ?? [];
  const exact = DEFINITIONS[series];
  if (exact && exact.kind !== 'histogram') return [...exact.labels, ...OF_TARGETS];
  const histogram = DEFINITIONS[base];
  if (!part || histogram?.kind !== 'histogram') return undefined;
  return [...histogram.labels, ...OF_TARGETS, ...(part === 'bucket' ? ['le'] : [])];
}

/** What is wrong with an expression, in sentences. */
function faultsOf({ place, text, legend }: Expression): string[] {
  const { faults, selectors, groupings } = queryOf(text);
  const known = selectors.flatMap(({ metric }) => labelsOf(metric) ?? []);
  const made = [...text.matchAll(/label_replace\([^"]*"(\w+)"/g)].map(([, label]) => label);
  const told = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
  return [
    ...faults.map((fault) => `${place}: not PromQL ${fault}`),
    ...(selectors.length === 0 ? [`${place}: asks for nothing`] : []),
    ...selectors.flatMap(({ metric, matchers }) => {
      const labels = labelsOf(metric);
      if (!labels) return [`${place}: there is no ${metric}`];
      return matchers
        .filter(({ label }) => !labels.includes(label))
        .map(({ label }) => `${place}: ${metric} has no ${label}`);
    }),
    ...groupings
      .filter((label) => !known.includes(label) && !made.includes(label))
      .map((label) => `${place}: groups by ${label}, which nothing has`),
    ...told.filter((label) => !groupings.includes(label)).map((label) => `${place}: the legend names ${label}`),
  ];
}

test('every expression of the alerts and dashboards asks for metrics and labels that there are', () => {
  const expressions = readExpressions();

  expect(expressions.length).toBeGreaterThan(60);
  expect(expressions.flatMap(faultsOf)).toEqual([]);
});

test.each([
  ['a misspelt metric', 'rate(tickwire_event_total[5m])', /there is no tickwire_event_total/],
  ['the bare name of a histogram', 'tickwire_poll_lateness_seconds', /there is no tickwire_poll_lateness_seconds/],
  ['a part that a counter has not', 'tickwire_events_total_count', /there is no/],
  ['a misspelt label', 'tickwire_events_total{step="sent"}', /has no step/],
  ['a label of another metric', 'sum by (model) (tickwire_events_total)', /groups by model/],
  ['a bracket too few', 'sum(rate(tickwire_events_total[5m])', /not PromQL/],
  ['no metric at all', '1 > 0', /asks for nothing/],
])('it is seen when an expression has %s', (_, text, expected) => {
  expect(faultsOf({ place: 'here', text, legend: '' }).join('\n')).toMatch(expected);
});

test('it is seen when a legend names what is not grouped by', () => {
  const faults = faultsOf({ place: 'here', text: 'sum(tickwire_events_total)', legend: '{{stage}}' });

  expect(faults).toEqual(['here: the legend names stage']);
});

describe.each(readAlerts().map((alert) => [alert.name, alert] as const))('the alert %s', (name, alert) => {
  it('says what it is, what to do, how bad it is, and where to read on', () => {
    const anchor = name.replaceAll(/(?<!^)([A-Z])/g, '-$1').toLowerCase();

    expect(['info', 'warning', 'critical']).toContain(alert.severity);
    expect(alert.annotations.summary).toMatch(/^.{10,100}$/);
    expect(alert.annotations.description).toMatch(/^.{40,}\.$/);
    expect(alert.annotations.runbook).toBe(`docs/operations.md#${anchor}`);
  });

  it('names in its texts only labels that it has', () => {
    const used = [...JSON.stringify(alert.annotations).matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label);
    const { groupings, selectors } = queryOf(alert.expression);

    const has = [...groupings, ...(selectors.some(({ metric }) => metric === 'up') ? OF_TARGETS : [])];
    expect(used.filter((label) => !has.includes(label ?? ''))).toEqual([]);
  });
});

test('alerts have names of their own', () => {
  const names = readAlerts().map(({ name }) => name);

  expect(new Set(names).size).toBe(names.length);
});

describe.each([...readDashboards()])('the dashboard %s', (file, dashboard) => {
  const panels = dashboard.panels.filter(({ type }) => type !== 'row');

  it('has the name of its file, and panels that say what they show, in a unit', () => {
    expect(`${dashboard.uid}.json`).toBe(file);
    expect(panels.length).toBeGreaterThan(5);
    for (const panel of panels) {
      expect(panel.fieldConfig?.defaults.unit).toBeTruthy();
      expect(panel.targets.length).toBeGreaterThan(0);
      expect(panel.datasource?.uid).toBe('prometheus');
    }
  });

  it('has no two panels of one id or on one place', () => {
    const { panels: all } = dashboard;
    const cells = all.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)}/${y + Math.floor(cell / w)}`),
    );

    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(new Set(cells).size).toBe(cells.length);
    expect(all.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
  });
});

describe('prometheus', () => {
  const scraped = (file: string) =>
    listOf(parseYamlMap(readProjectFile(`deploy/observability/${file}`)).scrape_configs).map(mapOf);

  it('scrapes every process of the compose file, where it tells its metrics', () => {
    const compose = parseYamlMap(readProjectFile('docker-compose.yaml'));
    const [target] = scraped('prometheus.yml').flatMap((config) => listOf(config.dns_sd_configs).map(mapOf));
    const processes = ['api', 'poller', ...CONSUMERS.map(({ name }) => name)];

    expect(listOf(target?.names)).toEqual(processes);
    for (const name of processes) {
      expect(valueAt(compose, 'services', name, 'environment', 'METRICS_PORT')).toBe(target?.port);
    }
  });

  it('calls what it scrapes as the alerts do, in both ways to start it', () => {
    const jobs = ['prometheus.yml', 'prometheus-local.yml'].flatMap((file) =>
      scraped(file).map(({ job_name }) => job_name),
    );

    expect(jobs).toEqual(['tickwire', 'tickwire']);
  });

  it('is the source that the dashboards ask, and Grafana finds them', () => {
    const provisioning = 'deploy/observability/provisioning';
    const sources = parseYamlMap(readProjectFile(`${provisioning}/datasources/prometheus.yml`));
    const [source] = listOf(sources.datasources).map(mapOf);
    const [provider] = listOf(parseYamlMap(readProjectFile(`${provisioning}/dashboards/tickwire.yml`)).providers).map(
      mapOf,
    );
    const grafana = valueAt(parseYamlMap(readProjectFile('docker-compose.yaml')), 'services', 'grafana');
    const mounts = listOf(valueAt(grafana, 'volumes')).map(textOf);

    expect(source).toMatchObject({ uid: 'prometheus', url: 'http://prometheus:9090' });
    expect(mounts).toContain(`./deploy/observability/dashboards:${textOf(valueAt(provider, 'options', 'path'))}:ro`);
    expect(mounts).toContain('./deploy/observability/provisioning:/etc/grafana/provisioning:ro');
  });
});
