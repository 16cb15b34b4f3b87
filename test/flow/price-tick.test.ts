import type { RequestListener } from 'node:http';
import request from 'supertest';
import { createApp } from '../../src/api/app';
import { openMemoryArtifacts } from '../../src/artifacts/memory';
import { openMemoryBus } from '../../src/bus/memory';
import { symbolAverages, TOPIC_NAMES } from '../../src/bus/topics';
import type { PriceDiff } from '../../src/cache/cache';
import { openMemoryCache } from '../../src/cache/memory';
import { CONSUMERS } from '../../src/consumers';
import { parseConfig } from '../../src/platform/config';
import { silentLog } from '../../src/platform/log';
import { openMetrics } from '../../src/platform/metrics';
import { startAll, stopAll } from '../../src/platform/service';
import { apiDependencies } from '../../src/processes/api';
import { consumerServices } from '../../src/processes/consumers';
import { pollerServices } from '../../src/processes/poller';
import { openMemoryStore } from '../../src/store/memory';
import { eventually } from '../support/eventually';
import { valueIn } from '../support/metrics';
import { providersAnswering, quotesAt } from '../support/providers';
import { recordsOf } from '../support/records';

/** Every stage as in the product, on the memory adapters, around one provider whose price the test sets. */
async function startPipeline() {
  let price = 101;
  const { providers, calls } = providersAnswering((symbols) => quotesAt(price)(symbols));
  const store = openMemoryStore({});
  const cache = openMemoryCache({ ttlSeconds: 300, defaultProvider: 'tested' });
  const artifacts = openMemoryArtifacts();
  const bus = openMemoryBus({ partitions: 3 });
  const config = parseConfig({ MOVING_AVERAGE_WINDOW: '3' });
  const metrics = openMetrics();
  const opened = { store, cache, bus, providers, artifacts, metrics, log: silentLog };
  const resources = { config, defaultProvider: 'tested', ...opened };
  const fatal = (error: unknown) => {
    throw error;
  };
  await bus.start();
  await bus.createTopics(TOPIC_NAMES.map((name) => ({ name, partitions: 3 })));
  const [consumers, poller] = [consumerServices(resources, CONSUMERS, fatal), pollerServices(resources)];
  await startAll(consumers);
  const app: RequestListener = createApp(apiDependencies(resources));
  const stop = async () => {
    await stopAll([...consumers, ...poller]);
    await bus.stop();
  };
  const startPoller = () => startAll(poller);
  const setPrice = (next: number) => {
    price = next;
  };
  return { app, bus, cache, calls, metrics, startPoller, stop, setPrice };
}

test('a price travels from POST /prices/poll to the latest price, the diff, the history and the average', async () => {
  const { app, bus, cache, calls, startPoller, stop, setPrice } = await startPipeline();
  const diffs: PriceDiff[] = [];
  await cache.onDiff((diff) => diffs.push(diff));
  try {
    const accepted = await request(app)
      .post('/prices/poll')
      .send({ symbols: ['AAPL'], interval: 1 });
    expect(accepted.status).toBe(202);
    expect(calls).toEqual([]);
    await startPoller();

    await eventually(() => diffs.length > 0);
    setPrice(102);
    const average = await eventually(async () => {
      const response = await request(app).get('/prices/average?symbol=AAPL&provider=tested');
      return response.status === 200 && response.body;
    });
    const latest = await request(app).get('/prices/latest?symbol=AAPL&provider=tested');
    const history = await request(app).get('/prices/history?symbol=AAPL&provider=tested');
    const job = await request(app).get(String(accepted.headers.location));

    expect(diffs[0]).toMatchObject({ prices: { AAPL: { price: 101, provider: 'tested' } } });
    expect(latest.body).toMatchObject({ price: 102, source: 'cache', stale: false });
    expect(average).toMatchObject({ window: 3, count: 3 });
    expect(average.event_ids).toHaveLength(3);
    expect(history.body.prices.length).toBeGreaterThanOrEqual(3);
    expect(job.body.last_run).toMatchObject({ outcome: 'succeeded', quotes: 1 });
    const published = (await recordsOf(bus, symbolAverages.name)).map(({ value }) => JSON.parse(String(value)));
    expect(published.map(({ event_id }) => event_id)).toContain(average.event_ids.at(-1));
  } finally {
    await stop();
  }
});

test('a price is counted at every stage it passes, and its age where it arrives', async () => {
  const { app, cache, metrics, startPoller, stop } = await startPipeline();
  let cached: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => {
    cached = resolve;
  });
  await cache.onDiff(() => cached());
  try {
    await startPoller();
    await request(app)
      .post('/prices/poll')
      .send({ symbols: ['AAPL'], interval: 60 });
    await arrived;

    const stages = ['fetched', 'published', 'stored', 'averaged', 'cached'];
    const text = await eventually(async () => {
      const now = await metrics.text();
      return stages.every((stage) => valueIn(now, 'tickwire_events_total', { stage }) === 1) && now;
    });
    for (const to of ['row', 'cache']) {
      expect(valueIn(String(text), 'tickwire_event_age_seconds_count', { from: 'fetch', to })).toBe(1);
    }
  } finally {
    await stop();
  }
});

test('the request that made a job is named in the headers of its events', async () => {
  const { app, bus, startPoller, stop } = await startPipeline();
  try {
    await startPoller();
    const requestId = 'the-request-that-asked';
    await request(app)
      .post('/prices/poll')
      .set('X-Request-Id', requestId)
      .send({ symbols: ['MSFT'], interval: 60 });

    await eventually(async () => (await recordsOf(bus, 'price-events')).length > 0);
    const [record] = await recordsOf(bus, 'price-events');

    expect(String(record?.headers['x-request-id'])).toBe(requestId);
  } finally {
    await stop();
  }
});
