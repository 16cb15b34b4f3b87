import request from 'supertest';
import { createApp } from '../../src/api/app';
import { openMemoryArtifacts } from '../../src/artifacts/memory';
import { openMemoryBus } from '../../src/bus/memory';
import { priceEvents } from '../../src/bus/topics';
import { openMemoryCache } from '../../src/cache/memory';
import { CONSUMERS } from '../../src/consumers';
import { parseConfig } from '../../src/platform/config';
import { silentLog } from '../../src/platform/log';
import { silentMetrics } from '../../src/platform/metrics';
import { startAll, stopAll } from '../../src/platform/service';
import { apiDependencies } from '../../src/processes/api';
import { consumerServices } from '../../src/processes/consumers';
import { localQuota, openProviders } from '../../src/providers/open-provider';
import { openMemoryStore } from '../../src/store/memory';
import { runCommand } from '../cli/run-command';
import { DIALECTS, startSpeaking, type VendorStandIn } from '../providers/vendor-stand-in';
import { barsClosingAt } from '../support/bars';
import { eventually } from '../support/eventually';
import { aPriceEvent } from '../support/price-events';
import { recordsOf } from '../support/records';

// Run in a copy of the project to which every recipe was applied; here, what it asks for is not there.

/** The product on memory adapters, every consumer of the registry running. */
async function startProduct() {
  const config = parseConfig({ JOB_THREADS: '1' });
  const store = openMemoryStore({});
  const cache = openMemoryCache({ ttlSeconds: 300, defaultProvider: 'fixture' });
  const bus = openMemoryBus({ partitions: 1 });
  const providers = openProviders({ environment: {}, takeQuota: localQuota() });
  const artifacts = openMemoryArtifacts();
  const opened = { store, cache, bus, providers, artifacts, metrics: silentMetrics, log: silentLog };
  const resources = { config, defaultProvider: 'fixture', ...opened };
  const consumers = consumerServices(resources, CONSUMERS, (error) => {
    throw error;
  });
  await startAll([bus, ...consumers]);
  return { bus, store, app: createApp(apiDependencies(resources)), stop: () => stopAll([bus, ...consumers]) };
}

let vendor: VendorStandIn | undefined;
afterEach(() => vendor?.stop());

test('the provider of the recipe answers a quote through every guard', async () => {
  const time = Math.floor(Date.now() / 1000) - 60;
  const dialect = DIALECTS.acme!;
  vendor = await startSpeaking(dialect, () => ({
    body: dialect.bodyOf({ symbol: 'AAPL', price: 101.25, time }),
  }));
  const environment = { ACME_API_KEY: 'a-key', ACME_BASE_URL: vendor.url };
  const providers = openProviders({ environment, takeQuota: localQuota() });

  const batch = await providers.source('acme').fetchQuotes(['AAPL'], new AbortController().signal);

  expect(batch.failures).toEqual([]);
  expect(batch.quotes).toMatchObject([{ symbol: 'AAPL', price: 101.25, volume: 1200 }]);
  expect(vendor.requests[0]?.headers.authorization).toBe('Bearer a-key');
});

test('the consumer of the recipe is given what is published, and what it returns is on its topic', async () => {
  const { bus, stop } = await startProduct();
  try {
    const block = aPriceEvent({ provider: 'replay', price: 100, volume: 5_000 });

    await bus.publish([priceEvents.message(block), priceEvents.message(aPriceEvent({ provider: 'replay' }))]);
    await eventually(async () => (await recordsOf(bus, 'block-trades')).length > 0);

    const [record] = await recordsOf(bus, 'block-trades');
    expect(JSON.parse(String(record?.value))).toMatchObject({ event_id: block.eventId });
  } finally {
    await stop();
  }
});

test('the model of the recipe has a route, runs as a job on a thread, and is known to the command line', async () => {
  const { app, store, stop } = await startProduct();
  try {
    await store.bars.save(barsClosingAt([100, 120, 90, 130], '2026-01-05'), []);
    const body = { symbols: ['AAPL'], start: '2026-01-01', end: '2026-01-31', missing_data: { min_sessions: 2 } };

    const { body: document } = await request(app).get('/openapi.json');
    const answer = await request(app).post('/api/v1/drawdown?wait=25').send(body);
    const help = await runCommand(['jobs', 'run', '--help']);

    expect(document.paths['/api/v1/drawdown'].post.summary).toBe('Maximum drawdown');
    expect(answer.body).toMatchObject({ status: 'completed', metrics: { largest_drawdown: 0.25 } });
    expect(answer.body.artifacts.map(({ name }: { name: string }) => name)).toContain('falls.svg');
    expect(help.stdout).toContain('"drawdown"');
  } finally {
    await stop();
  }
});
