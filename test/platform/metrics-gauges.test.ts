import { randomUUID } from 'node:crypto';
import { openMemoryBus } from '../../src/bus/memory';
import { priceEvents, TOPIC_NAMES } from '../../src/bus/topics';
import { openMemoryCache } from '../../src/cache/memory';
import { CONSUMERS } from '../../src/consumers';
import { parseConfig } from '../../src/platform/config';
import { TickwireError } from '../../src/platform/errors';
import { openMetrics } from '../../src/platform/metrics';
import { gaugeArtifacts, gaugeProcess, gaugeProduct } from '../../src/processes/gauges';
import { openProviders } from '../../src/providers/open-provider';
import { openMemoryStore } from '../../src/store/memory';
import { aProvider } from '../providers/scripted-provider';
import { samplesOf, valueIn } from '../support/metrics';
import { aPriceEvent } from '../support/price-events';
import { temporaryFolder } from '../support/temporary-folder';

const aVendor = (name: string) =>
  aProvider(() => Promise.reject(new TickwireError('PROVIDER_TIMEOUT', 'late')), { name, aliases: [] });

async function aBus() {
  const bus = openMemoryBus({ partitions: 2 });
  await bus.start();
  await bus.createTopics(TOPIC_NAMES.map((name) => ({ name, partitions: 2 })));
  return bus;
}

test('the lag of each consumer is told by partition and in all, on its own topic, as kafka_exporter names it', async () => {
  const [metrics, bus] = [openMetrics(), await aBus()];
  gaugeProduct({ metrics, bus, store: openMemoryStore() });
  await bus.publish(['AAPL', 'MSFT', 'AAPL'].map((symbol) => priceEvents.message(aPriceEvent({ symbol }))));

  const text = await metrics.text();

  const sum = (consumergroup: string) => valueIn(text, 'kafka_consumergroup_lag_sum', { consumergroup });
  const lags = samplesOf(text).filter(({ name }) => name === 'kafka_consumergroup_lag');
  expect([sum('price-history'), sum('bars'), sum('news'), sum('model-runner')]).toEqual([3, 3, 0, 0]);
  expect(lags).toHaveLength(CONSUMERS.length * 2);
  expect(lags.filter(({ labels }) => labels.consumergroup === 'news').map(({ labels }) => labels.topic)).toEqual([
    'news-items',
    'news-items',
  ]);
  const ends = samplesOf(text).filter(({ name }) => name === 'kafka_topic_partition_current_offset');
  expect(ends.reduce((total, { value }) => total + value, 0)).toBe(3);
  expect(samplesOf(text).filter(({ name }) => name === 'kafka_consumergroup_current_offset')).toEqual([]);
  expect(valueIn(text, 'tickwire_dependency_up', { dependency: 'kafka' })).toBe(1);
});

test('a group that has committed has its offset told, and what is behind it no longer counts as lag', async () => {
  const [metrics, bus] = [openMetrics(), await aBus()];
  await bus.publish([priceEvents.message(aPriceEvent())]);
  let handled: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (handled = resolve));
  const handle = async () => handled();
  const subscription = await bus.subscribe({
    group: 'bars',
    topic: priceEvents.name,
    maxBatch: 10,
    handle,
    onFatal: () => undefined,
  });
  await done;
  await subscription.stop();

  gaugeProduct({ metrics, bus, store: openMemoryStore() });
  const text = await metrics.text();

  const offsets = samplesOf(text).filter(({ name }) => name === 'kafka_consumergroup_current_offset');
  expect(offsets.map(({ labels, value }) => [labels.consumergroup, value]).sort()).toContainEqual(['bars', 1]);
  expect(valueIn(text, 'kafka_consumergroup_lag_sum', { consumergroup: 'bars' })).toBe(0);
});

test('the broker is asked once for all that is told of it, however many scrape', async () => {
  const [metrics, bus] = [openMetrics(), await aBus()];
  let asked = 0;
  const counting = Object.assign(Object.create(bus) as typeof bus, {
    lag: (...range: Parameters<typeof bus.lag>) => {
      asked += 1;
      return bus.lag(...range);
    },
  });
  gaugeProduct({ metrics, bus: counting, store: openMemoryStore() });

  await Promise.all([metrics.text(), metrics.text()]);
  await metrics.text();

  expect(asked).toBe(1);
});

test('model jobs that wait and run are told, and the rows of the outbox', async () => {
  const [metrics, store] = [openMetrics(), openMemoryStore()];
  gaugeProduct({ metrics, bus: await aBus(), store });
  const jobs = Array.from({ length: 3 }, () => ({
    jobId: randomUUID(),
    model: 'montecarlo',
    params: {},
    requestId: null,
    owner: null,
  }));
  await store.modelJobs.create(jobs, { graceSeconds: 10 });
  await store.modelJobs.claim({ owner: 'r', leaseSeconds: 60, maxRunning: 1, limit: 1, wanted: [] });
  const response = { id: randomUUID(), provider: 'p', symbols: [], body: {}, events: [], fetchedAt: new Date() };
  await store.rawResponses.save({ ...response, requestId: null, pollingRunId: null, marketCaps: {} }, 10);

  const text = await metrics.text();

  expect(valueIn(text, 'tickwire_model_jobs', { status: 'queued' })).toBe(2);
  expect(valueIn(text, 'tickwire_model_jobs', { status: 'running' })).toBe(1);
  expect(valueIn(text, 'tickwire_outbox_rows')).toBe(1);
});

test('a process tells whether its database and its cache answer, and says so within the scrape when one is silent', async () => {
  jest.useFakeTimers();
  try {
    const metrics = openMetrics();
    const store = Object.assign(Object.create(openMemoryStore()) as ReturnType<typeof openMemoryStore>, {
      ping: () => new Promise<void>(() => undefined),
    });
    const cache = openMemoryCache({ ttlSeconds: 300, defaultProvider: 'fixture' });
    gaugeProcess({ metrics, store, cache, providers: openProviders({ environment: {}, takeQuota: async () => 0 }) });
    const scrape = metrics.text();

    await jest.advanceTimersByTimeAsync(1_999);

    const text = await scrape;
    expect(valueIn(text, 'tickwire_dependency_up', { dependency: 'postgres' })).toBe(0);
    expect(valueIn(text, 'tickwire_dependency_up', { dependency: 'redis' })).toBe(1);
  } finally {
    jest.useRealTimers();
  }
});

test('the breaker of each configured provider is in one state, those of the others are not told', async () => {
  const metrics = openMetrics();
  const unconfigured = aProvider(() => Promise.reject(new Error()), {
    name: 'keyless',
    aliases: [],
    variables: [{ name: 'KEYLESS_API_KEY', purpose: 'its key', required: true, secret: true }],
  });
  const definitions = [aVendor('good'), aVendor('bad'), unconfigured];
  const providers = openProviders({ environment: {}, takeQuota: async () => 0, definitions });
  const [store, cache] = [openMemoryStore(), openMemoryCache({ ttlSeconds: 300, defaultProvider: 'good' })];
  gaugeProcess({ metrics, store, cache, providers });
  for (let asked = 0; asked < 6; asked++)
    await providers.source('bad').fetchQuotes(['AAPL'], new AbortController().signal);

  const text = await metrics.text();

  const states = samplesOf(text)
    .filter(({ name, value }) => name === 'tickwire_provider_breaker_state' && value === 1)
    .map(({ labels }) => `${labels.provider} ${labels.state}`);
  expect(states.sort()).toEqual(['bad open', 'good closed']);
  expect(text).not.toContain('keyless');
});

test('what is left of the disk for artifacts is told, and nothing where the folder is gone', async () => {
  const [there, gone] = [openMetrics(), openMetrics()];
  gaugeArtifacts({ metrics: there, config: parseConfig({ ARTIFACT_DIR: temporaryFolder() }) });
  gaugeArtifacts({ metrics: gone, config: parseConfig({ ARTIFACT_DIR: '/no/such/folder' }) });

  const text = await there.text();

  const [size = 0, free = 0] = ['size', 'free'].map((kind) => valueIn(text, 'tickwire_artifact_disk_bytes', { kind }));
  expect(size).toBeGreaterThan(free);
  expect(free).toBeGreaterThan(0);
  expect(samplesOf(await gone.text())).toEqual([]);
});
