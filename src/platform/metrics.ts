import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { boundedSignal } from './clock';
import { type CounterName, type GaugeName, type HistogramName, type LabelsOf, METRICS } from './metric-definitions';

/** One value of a gauge. */
export interface Reading<Name extends GaugeName> {
  readonly labels: LabelsOf<Name>;
  readonly value: number;
}

/** The numbers of one process. Whoever counts never waits, never fails, and knows nothing of who reads. */
export interface Metrics {
  /** Adds to a counter, which is told from now on, as 0 until something is added. To be kept where it is called often. */
  counter<Name extends CounterName>(name: Name, labels: LabelsOf<Name>): (by: number) => void;
  /** Takes a duration in seconds. To be kept where it is called often. */
  histogram<Name extends HistogramName>(name: Name, labels: LabelsOf<Name>): (seconds: number) => void;
  /** Reads a gauge at each scrape, beside what others read for it. What rejects or takes longer than two seconds is absent from that scrape. */
  gauge<Name extends GaugeName>(name: Name, read: () => Readings<Name> | Promise<Readings<Name>>): void;
  /** Everything in Prometheus' text format. Never rejects, and takes hardly longer than two seconds. */
  text(): Promise<string>;
}

type Readings<Name extends GaugeName> = readonly Reading<Name>[];

/** As {@link Metrics.text} is to be served. */
export const METRICS_TYPE: string = Registry.PROMETHEUS_CONTENT_TYPE;

/** How long a gauge may take to be read. */
const READ_DEADLINE_MS = 2_000;

/** Sets of labels of one metric; what comes beyond is told under `other`, so that a mistake costs one line and no memory. */
const MAX_SERIES = 1_000;

/** Counts nothing, tells nothing: for tests, and for processes that nobody reads. */
export const silentMetrics: Metrics = {
  counter: () => () => undefined,
  histogram: () => () => undefined,
  gauge: () => undefined,
  text: async () => '',
};

/** The metrics of a process, which is named on each of them, with those of Node and of the process itself. */
export function openProcessMetrics(processName: string, version: string): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  registry.setDefaultLabels({ process: processName });
  const metrics = openMetrics(registry);
  metrics.gauge('tickwire_build_info', () => [{ labels: { version }, value: 1 }]);
  return metrics;
}

/** Metrics in a registry of their own. A metric is in it from its first use on. */
export function openMetrics(registry: Registry = new Registry()): Metrics {
  const counters = keyed((name: CounterName) => seriesOf(counterOf(registry, name), METRICS[name].labels));
  const histograms = keyed((name: HistogramName) => seriesOf(histogramOf(registry, name), METRICS[name].labels));
  const gauges = keyed((name: GaugeName) => openGauge(registry, name));
  return {
    counter: (name, labels) => counters(name)(labels),
    histogram: (name, labels) => histograms(name)(labels),
    gauge: (name, read) => void gauges(name).push(read),
    text: () => registry.metrics(),
  };
}

/** Adds to, or takes a value for, one set of labels. */
type Series = (value: number) => void;
type Labels = Readonly<Record<string, string>>;

function counterOf(registry: Registry, name: CounterName): (labels: Labels) => Series {
  const { help, labels: labelNames } = METRICS[name];
  const counter = new Counter<string>({ name, help, labelNames: [...labelNames], registers: [registry] });
  return (labels) => {
    const child = counter.labels(labels);
    child.inc(0);
    return (by) => child.inc(by);
  };
}

function histogramOf(registry: Registry, name: HistogramName): (labels: Labels) => Series {
  const { help, labels: labelNames, buckets } = METRICS[name];
  const options = { name, help, labelNames: [...labelNames], buckets: [...buckets], registers: [registry] };
  const histogram = new Histogram<string>(options);
  return (labels) => {
    histogram.zero(labels);
    const child = histogram.labels(labels);
    return (value) => child.observe(value);
  };
}

/** Each set of labels once, up to a bound. */
function seriesOf(make: (labels: Labels) => Series, names: readonly string[]): (labels: Labels) => Series {
  const known = new Map<string, Series>();
  const other = Object.fromEntries(names.map((name) => [name, 'other']));
  const find = (labels: Labels): Series => {
    let key = '';
    for (const name of names) key += `${labels[name]}\n`;
    const found = known.get(key);
    if (found) return found;
    if (known.size >= MAX_SERIES && labels !== other) return find(other);
    const made = make(labels);
    known.set(key, made);
    return made;
  };
  return find;
}

type Read = () => Readings<GaugeName> | Promise<Readings<GaugeName>>;

/** A gauge, and the list of those who read it. */
function openGauge(registry: Registry, name: GaugeName): Read[] {
  const { help, labels } = METRICS[name];
  const reads: Read[] = [];
  new Gauge<string>({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    async collect() {
      const readings = (await Promise.all(reads.map(inTime))).flat();
      this.reset();
      // One without labels is 0 after a reset.
      if (readings.length === 0 && labels.length === 0) this.remove();
      for (const reading of readings) this.set(reading.labels, reading.value);
    },
  });
  return reads;
}

/** Nothing where it rejects or takes too long. */
async function inTime(read: Read): Promise<Readings<GaugeName>> {
  const deadline = boundedSignal(new AbortController().signal, READ_DEADLINE_MS);
  const late = new Promise<Readings<GaugeName>>((resolve) =>
    deadline.signal.addEventListener('abort', () => resolve([]), { once: true }),
  );
  const asked = async () => read();
  try {
    return await Promise.race([asked().catch(() => []), late]);
  } finally {
    deadline.release();
  }
}

function keyed<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const found = known.get(key) ?? make(key);
    known.set(key, found);
    return found;
  };
}
