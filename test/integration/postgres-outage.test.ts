import { silentLog } from '../../src/platform/log';
import { migrate } from '../../src/store/postgres/migrate';
import { openPostgresStore } from '../../src/store/postgres/open-postgres-store';
import type { Store } from '../../src/store/store';
import { createOwnPostgres, type OwnPostgres } from '../support/database';
import { eventually } from '../support/eventually';
import { aSeries, eventAt } from '../support/series';

let server: OwnPostgres;
let store: Store;

beforeAll(async () => {
  server = await createOwnPostgres();
  await server.start();
  await migrate(server);
  store = openPostgresStore({ databaseUrl: server.databaseUrl, log: silentLog });
  await store.start();
}, 60_000);

afterAll(async () => {
  await store.stop();
  await server.remove();
});

const config = { symbols: ['AAPL'], intervalSeconds: 60, provider: 'fixture' };

test('while the server is away every part fails fast as STORE_UNAVAILABLE, and once it is back the same store works', async () => {
  const series = aSeries();
  await store.prices.insert([eventAt(series, 1, 10)]);
  await store.pollJobs.create(config, {});
  await server.stop();

  const began = Date.now();
  const calls = [
    () => store.ping(),
    () => store.prices.insert([eventAt(series, 2, 11)]),
    () => store.prices.findLatest(series.symbol),
    () => store.averages.loadWindows([series], 5),
    () => store.averages.rebuild(series, 5),
    () => store.rawResponses.countUnpublished(),
    () => store.pollJobs.create(config, { idempotencyKey: 'k' }),
    () => store.pollJobs.list(),
    () => store.pollJobs.claimDue({ owner: 'test', leaseSeconds: 1, limit: 1 }),
  ];
  for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
  expect(Date.now() - began).toBeLessThan(2000);

  await server.start();
  await eventually(() => store.ping());
  expect(await store.prices.insert([eventAt(series, 1, 10), eventAt(series, 2, 11)])).toBe(1);
  expect((await store.prices.findLatest(series.symbol))?.price).toBe(11);
  expect(await store.pollJobs.list()).toHaveLength(1);
}, 60_000);

test('a store stopped twice stays stopped', async () => {
  const other = openPostgresStore({ databaseUrl: server.databaseUrl, log: silentLog });
  await other.start();

  await Promise.all([other.stop(), other.stop()]);
  await other.stop();

  await expect(other.prices.listSeries()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
});

test('a store whose server is not there refuses to start', async () => {
  const nowhere = openPostgresStore({ databaseUrl: 'postgresql://postgres@127.0.0.1:1/x', log: silentLog });

  await expect(nowhere.start()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await nowhere.stop();
});
