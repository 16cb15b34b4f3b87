import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS, type MetricDefinition } from '../../src/platform/metric-definitions';
import { openMetrics, openProcessMetrics } from '../../src/platform/metrics';
import { recently } from '../../src/platform/recently';
import { samplesOf, valueIn } from '../support/metrics';

describe('metrics', () => {
  it('tells a counter as 0 from its first mention, and then what was added', async () => {
    const metrics = openMetrics();
    const count = metrics.counter('tickwire_dead_letters_total', { consumer: 'bars' });
    const before = await metrics.text();

    count(2);
    metrics.counter('tickwire_dead_letters_total', { consumer: 'bars' })(3);

    expect(valueIn(before, 'tickwire_dead_letters_total', { consumer: 'bars' })).toBe(0);
    expect(valueIn(await metrics.text(), 'tickwire_dead_letters_total', { consumer: 'bars' })).toBe(5);
  });

  it('puts a duration into every bucket it fits in', async () => {
    const metrics = openMetrics();

    metrics.histogram('tickwire_poll_lateness_seconds', {})(0.3);

    const text = await metrics.text();
    const bucket = (le: string) => valueIn(text, 'tickwire_poll_lateness_seconds_bucket', { le });
    expect([bucket('0.25'), bucket('0.5'), bucket('+Inf')]).toEqual([0, 1, 1]);
    expect(valueIn(text, 'tickwire_poll_lateness_seconds_sum')).toBe(0.3);
  });

  it('reads a gauge anew at each scrape, from everybody who reads it', async () => {
    const metrics = openMetrics();
    let redis = 1;
    metrics.gauge('tickwire_dependency_up', () => [{ labels: { dependency: 'redis' }, value: redis }]);
    metrics.gauge('tickwire_dependency_up', async () => [{ labels: { dependency: 'kafka' }, value: 1 }]);
    await metrics.text();
    redis = 0;

    const text = await metrics.text();

    expect(valueIn(text, 'tickwire_dependency_up', { dependency: 'redis' })).toBe(0);
    expect(valueIn(text, 'tickwire_dependency_up', { dependency: 'kafka' })).toBe(1);
  });

  it('leaves a gauge out while it cannot be read, and tells the rest', async () => {
    const metrics = openMetrics();
    let isAway = false;
    metrics.gauge('tickwire_outbox_rows', async () => {
      if (isAway) throw new Error('away');
      return [{ labels: {}, value: 7 }];
    });
    metrics.gauge('tickwire_model_jobs', () => (isAway ? [] : [{ labels: { status: 'queued' }, value: 2 }]));
    metrics.counter('tickwire_poll_missed_ticks_total', {});
    const before = await metrics.text();
    isAway = true;

    const text = await metrics.text();

    expect([valueIn(before, 'tickwire_outbox_rows'), valueIn(before, 'tickwire_model_jobs')]).toEqual([7, 2]);
    expect([valueIn(text, 'tickwire_outbox_rows'), valueIn(text, 'tickwire_model_jobs')]).toEqual([
      undefined,
      undefined,
    ]);
    expect(valueIn(text, 'tickwire_poll_missed_ticks_total')).toBe(0);
  });

  it('does not wait longer than two seconds for a gauge', async () => {
    jest.useFakeTimers();
    try {
      const metrics = openMetrics();
      metrics.gauge('tickwire_outbox_rows', () => new Promise(() => undefined));
      metrics.counter('tickwire_poll_missed_ticks_total', {});
      const scrape = metrics.text();

      await jest.advanceTimersByTimeAsync(2_000);

      expect(valueIn(await scrape, 'tickwire_poll_missed_ticks_total')).toBe(0);
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });

  it('leaves no timer behind a gauge that was read', async () => {
    jest.useFakeTimers();
    try {
      const metrics = openMetrics();
      metrics.gauge('tickwire_outbox_rows', () => [{ labels: {}, value: 1 }]);

      await metrics.text();

      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });

  it('keeps a bounded number of series of a metric, and tells what comes beyond as other', async () => {
    const metrics = openMetrics();

    for (let index = 0; index < 3_000; index++) {
      metrics.counter('tickwire_admissions_total', { outcome: `made-up-${index}` })(1);
    }

    const told = samplesOf(await metrics.text());
    expect(told).toHaveLength(1_001);
    expect(told.find(({ labels }) => labels.outcome === 'other')?.value).toBe(2_000);
  });

  it('names the process on everything a process tells, its version, and how Node fares', async () => {
    const text = await openProcessMetrics('poller', '1.2.3').text();

    expect(valueIn(text, 'tickwire_build_info', { version: '1.2.3', process: 'poller' })).toBe(1);
    expect(samplesOf(text).every(({ labels }) => labels.process === 'poller')).toBe(true);
    expect(valueIn(text, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
    expect(valueIn(text, 'process_resident_memory_bytes')).toBeGreaterThan(0);
  });
});

/** Labels whose values the product itself knows beforehand. A symbol, a path, an id or an address is none of them. */
const LABELS = new Set([
  'consumer',
  'consumergroup',
  'dependency',
  'from',
  'kind',
  'method',
  'model',
  'outcome',
  'partition',
  'provider',
  'reason',
  'route',
  'stage',
  'state',
  'status',
  'to',
  'topic',
  'version',
]);

describe.each<[string, MetricDefinition]>(Object.entries(METRICS))('the definition of %s', (name, definition) => {
  it('follows the rules of Prometheus for names and units', () => {
    expect(name).toMatch(/^(tickwire|kafka)_[a-z]+(_[a-z]+)*$/);
    expect(name.endsWith('_total')).toBe(definition.kind === 'counter');
    if (definition.kind === 'histogram') expect(name).toMatch(/_seconds$/);
    expect(name).not.toMatch(/_(ms|milliseconds|minutes|kb|count|bucket|sum_total)$/);
  });

  it('has labels of a bounded number of values only', () => {
    expect(definition.labels.filter((label) => !LABELS.has(label))).toEqual([]);
  });

  it('says in one line what it is', () => {
    expect(definition.help).toMatch(/^[A-Z0-9][^\n]{20,140}[^.\n]$/);
  });

  it('has buckets that grow', () => {
    const buckets = definition.kind === 'histogram' ? definition.buckets : [];

    expect(buckets).toEqual([...buckets].sort((a, b) => a - b));
    expect(new Set(buckets).size).toBe(buckets.length);
  });
});

describe('what is read recently', () => {
  it('is read once for all who ask at once and soon after, and again later', async () => {
    let reads = 0;
    const read = recently(async () => ++reads, 60_000);
    const stale = recently(async () => ++reads, 0);

    const together = await Promise.all([read(), read(), read()]);
    const soonAfter = await read();
    const later = [await stale(), await stale()];

    expect([...together, soonAfter]).toEqual([1, 1, 1, 1]);
    expect(later).toEqual([2, 3]);
  });

  it('is not asked for again while it takes its time, however long', async () => {
    let reads = 0;
    let release: () => void = () => undefined;
    const read = recently(() => {
      reads += 1;
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    }, 0);

    const first = [read(), read()];
    release();
    await Promise.all(first);
    const second = [read(), read()];
    release();
    await Promise.all(second);

    expect(reads).toBe(2);
  });

  it('fails for all who asked, and may succeed the next time', async () => {
    let isAway = true;
    const read = recently(async () => {
      if (isAway) throw new Error('away');
      return 1;
    }, 0);

    const failures = await Promise.allSettled([read(), read()]);
    isAway = false;

    expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await read()).toBe(1);
  });
});

test('docs/metrics.md has a line for each metric, as it is defined, and none besides', () => {
  const document = readFileSync(join(__dirname, '..', '..', 'docs', 'metrics.md'), 'utf8');
  const written = document.split('\n').filter((line) => /^\| `(tickwire|kafka)_/.test(line));

  const expected = Object.entries<MetricDefinition>(METRICS).map(([name, { kind, labels, help }]) => {
    const named = labels.map((label) => `\`${label}\``).join(' ');
    return `| \`${name}\` | ${kind} | ${named} | ${help} |`;
  });
  expect(written).toEqual(expected);
});
