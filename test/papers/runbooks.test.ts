import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { METRICS } from '../../src/platform/metric-definitions';
import { anchorsOf, page, pages, ROOT } from './markdown';

interface Alert {
  readonly alert: string;
  readonly annotations: { readonly runbook: string };
}

const OPERATIONS = page('docs/operations.md').text;
const RULES: { groups: { rules: Alert[] }[] } = parse(
  readFileSync(join(ROOT, 'deploy/observability/alerts.yml'), 'utf8'),
);
const alerts = RULES.groups.flatMap(({ rules }) => rules);

/** Of Node and the process, as prom-client names them. */
const OF_THE_PROCESS = /^(process|nodejs)_/;
/** What a histogram is told as. */
const PARTS = /_(bucket|count|sum)$/;

/** The lines of the tables below a heading, without their heads. */
function rowsBelow(heading: string): readonly string[] {
  const [section = ''] = OPERATIONS.slice(OPERATIONS.indexOf(heading) + heading.length).split(/^## /m);
  return section.split('\n').filter((line) => line.startsWith('| ') && !/^\| (fault|---)/.test(line));
}

test('every alert has a runbook, and every runbook an alert', () => {
  const [, section = ''] = OPERATIONS.split('## Runbooks\n');
  const runbooks = anchorsOf(section.split(/^## /m)[0]!);

  const wanted = alerts.map(({ annotations }) => annotations.runbook.split('#'));

  expect(alerts.length).toBeGreaterThan(15);
  expect(wanted.filter(([file, anchor]) => file !== 'docs/operations.md' || !runbooks.has(anchor!))).toEqual([]);
  expect([...runbooks].filter((anchor) => !wanted.some(([, each]) => each === anchor))).toEqual([]);
});

test('an alert is called in the docs as it is in the rules', () => {
  const called = [...OPERATIONS.matchAll(/\[([A-Z]\w+)\]\(#([a-z-]+)\)/g)].map(([, name, anchor]) => [name, anchor]);

  const known = alerts.map(({ alert, annotations }) => [alert, annotations.runbook.split('#')[1]]);

  expect(called.length).toBeGreaterThan(20);
  expect(known).toEqual(expect.arrayContaining(called));
});

test('every metric that a page names is one that the product tells', () => {
  const named = pages().flatMap(({ path, text }) =>
    [...text.matchAll(/`((?:tickwire|kafka|process|nodejs)_[a-z_]+)(?:\{[^`]*\})?`/g)].map(([, name = '']) => ({
      path,
      name,
    })),
  );

  const unknown = named.filter(
    ({ name }) => !OF_THE_PROCESS.test(name) && !(name in METRICS) && !(name.replace(PARTS, '') in METRICS),
  );

  expect(named.length).toBeGreaterThan(20);
  expect(unknown.filter(({ name }) => name !== 'kafka_exporter')).toEqual([]);
});

test('what is said of a fault names the test that does it, or says that none does', () => {
  const rows = rowsBelow('## What happens if\n');

  const unbacked = rows.filter((row) => !/`test\/|by hand|not run/.test(row.split(' | ').at(-1) ?? ''));

  expect(rows.length).toBeGreaterThan(35);
  expect(unbacked).toEqual([]);
});
