import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../src/platform/log';
import { migrate } from '../../src/store/postgres/migrate';
import { openPostgresStore } from '../../src/store/postgres/open-postgres-store';
import type { Store } from '../../src/store/store';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { aSeries, eventAt } from '../support/series';

const OWN = join(__dirname, '../../prisma/migrations');
const PARTITIONED = '20261123010000_price_partitions';
const DAY_SECONDS = 24 * 60 * 60;
/** Of `eventAt`, which begins on 5 January 2026. */
const FEBRUARY = new Date('2026-02-01T00:00:00.000Z');

let database: TestDatabase;
let stores: Store[];
const open = () => {
  const store = openPostgresStore({ databaseUrl: database.databaseUrl, log: silentLog });
  stores.push(store);
  return store;
};

beforeEach(() => {
  stores = [];
});

afterEach(async () => {
  for (const store of stores) await store.stop();
  await database.drop();
});

test('prices and averages stored before there were partitions are all there afterwards, each in its month', async () => {
  database = await createTestDatabase({ migrated: false });
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  for (const name of readdirSync(OWN).filter((one) => /^\d/.test(one) && one < PARTITIONED)) {
    cpSync(join(OWN, name), join(folder, name), { recursive: true });
  }
  await migrate({ ...database, folder });
  await database.query(`
    INSERT INTO price_series (symbol, provider) VALUES ('OLD', 'fixture');
    INSERT INTO price_points (series_id, observed_at, sequence, event_id, price, fetched_at)
    SELECT 1, at, 0, 'e' || at, 10, now()
    FROM unnest(ARRAY['1815-06-18Z', '2013-10-07Z', '2026-10-31T23:59:59.999Z', '2026-11-01Z']::timestamptz[]) at;
    INSERT INTO symbol_averages (series_id, window_size, observed_at, sequence, event_id, average)
    SELECT 1, 5, observed_at, sequence, event_id, 11 FROM price_points;
    CREATE TABLE before AS SELECT * FROM price_points_view;
    CREATE TABLE before_averages AS SELECT * FROM symbol_averages_view`);

  await migrate(database);

  const missing = await database.query(`
    (TABLE before EXCEPT ALL TABLE price_points_view) UNION ALL (TABLE price_points_view EXCEPT ALL TABLE before)`);
  const averages = await database.query('TABLE before_averages EXCEPT ALL TABLE symbol_averages_view');
  const places = await database.query(
    'SELECT tableoid::regclass::text AS place FROM price_points ORDER BY observed_at',
  );
  expect([missing, averages]).toEqual([[], []]);
  expect(places.map(({ place }) => place)).toEqual(
    ['early', '2013_10', '2026_10', '2026_11'].map((month) => `price_points_${month}`),
  );
  rmSync(folder, { recursive: true });
});

test('a month that another process drops is made again by the next price and the next average', async () => {
  database = await createTestDatabase();
  const [writer, other] = [open(), open()];
  const series = aSeries();
  const events = [1, 2, 3].map((second) => eventAt(series, second, 10 * second));
  const [empty] = await writer.averages.loadWindows([series], 2);
  const row = { ...events[1]!, ...series, window: 2, average: 15 };
  await writer.prices.insert(events);
  await other.pricePartitions.drop(FEBRUARY);

  const stored = await writer.prices.insert(events);
  await other.pricePartitions.drop(FEBRUARY, 'symbol_averages');
  const saved = await writer.averages.save({ size: 2, windows: [empty!], averages: [row] });
  await other.pricePartitions.drop(FEBRUARY);
  const bars = await writer.tickBars.rebuild(events, () => true);
  await other.pricePartitions.drop(FEBRUARY, 'symbol_averages');
  const rebuilt = await writer.averages.rebuild(series, 2);

  expect([stored, saved, bars.length, rebuilt]).toEqual([3, 'saved', 5, 2]);
});

test('two pollers that drop what is old at once do it once', async () => {
  database = await createTestDatabase();
  const [one, two] = [open(), open()];
  const series = aSeries();
  await one.prices.insert(Array.from({ length: 600 }, (_, index) => eventAt(series, index, 10)));

  const dropped = (await Promise.all([one, two].map((store) => store.retention.dropPrices(FEBRUARY)))).flat();

  expect(dropped.filter((name) => name === 'price_points_2026_01')).toHaveLength(1);
  expect(await one.prices.list({ ...series, limit: 1_000 })).toHaveLength(500);
});

test('a price written into a month while it is made smaller is stored all the same', async () => {
  database = await createTestDatabase();
  const store = open();
  const [series, late] = [aSeries(), aSeries()];
  await store.prices.insert(Array.from({ length: 600 }, (_, index) => eventAt(series, index, 10)));
  await store.prices.insert([eventAt(late, 1, 10)]);
  const holder = await database.connect();
  // Whoever makes a partition at this moment: the dropping waits for it when all that stays is copied.
  await holder.query('SELECT pg_advisory_lock(72707371)');

  const dropping = store.retention.dropPrices(FEBRUARY).catch((error: unknown) => error);
  await eventually(async () => (await waiting()).length === 1);
  const writing = store.prices.insert([eventAt(late, 2, 20)]).catch((error: unknown) => error);
  await eventually(async () => (await waiting()).length === 2);
  await holder.end();
  const outcomes = await Promise.all([dropping, writing]);

  // One of the two may have to try again; neither loses anything.
  for (const outcome of outcomes) if (outcome instanceof Error) expect(outcome).toMatchObject({ retryable: true });
  if (outcomes[1] instanceof Error) await store.prices.insert([eventAt(late, 2, 20)]);
  expect((await store.prices.list({ ...late, limit: 10 })).map(({ price }) => price)).toEqual([10, 20]);
});

function waiting() {
  return database.query("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()");
}

test('a reader that keeps a month for too long stops the dropping, and nobody waits for longer than that', async () => {
  database = await createTestDatabase();
  const store = open();
  const series = aSeries();
  await store.prices.insert(Array.from({ length: 600 }, (_, index) => eventAt(series, index, 10)));
  const reader = await database.connect();
  await reader.query('BEGIN');
  await reader.query('SELECT FROM price_points LIMIT 1');

  await expect(store.retention.dropPrices(FEBRUARY)).rejects.toMatchObject({ code: 'STORE_CONFLICT', retryable: true });

  await reader.query('COMMIT');
  await reader.end();
  expect(await store.prices.list({ ...series, limit: 1_000 })).toHaveLength(600);
});

test('reading the latest, the newest and a page looks at the months it needs only', async () => {
  database = await createTestDatabase();
  const store = open();
  const series = aSeries();
  const months = Array.from({ length: 60 }, (_, index) => eventAt(series, -index * 30 * DAY_SECONDS, 10 + index));
  await store.prices.insert(months);
  const planOf = async (where: string, order: string) => {
    const rows = await database.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT price FROM price_points WHERE series_id = 1 ${where} ORDER BY ${order} LIMIT 1`,
    );
    const scans = rows.map((row) => row['QUERY PLAN']).filter((line) => /(Index|Seq)[\w ]* Scan/.test(line));
    return {
      scanned: scans.filter((line) => !/never executed/.test(line)).length,
      sorts: JSON.stringify(rows).includes('Sort'),
    };
  };

  const latest = await planOf('', 'observed_at DESC, sequence DESC, event_id DESC');
  const page = await planOf("AND observed_at >= '2024-06-01Z'", 'observed_at, sequence, event_id');

  expect(latest.sorts || page.sorts).toBe(false);
  // The months ahead that are still empty, and the one it is in.
  expect(latest.scanned).toBeLessThan(24);
  expect(page.scanned).toBe(1);
});
