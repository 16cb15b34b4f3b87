import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { silentLog } from '../../src/platform/log';
import { migrate } from '../../src/store/postgres/migrate';
import { openPostgresStore } from '../../src/store/postgres/open-postgres-store';
import type { Store } from '../../src/store/store';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { aSeries, eventAt } from '../support/series';
import { aBar, aQuarantinedBar } from '../support/stored-bars';
import { temporaryFolder } from '../support/temporary-folder';

let database: TestDatabase;
let store: Store;
let other: Store;

beforeAll(async () => {
  database = await createTestDatabase();
  const open = () => openPostgresStore({ databaseUrl: database.databaseUrl, log: silentLog });
  [store, other] = [open(), open()];
  await Promise.all([store.start(), other.start()]);
});

afterAll(async () => {
  await Promise.all([store.stop(), other.stop()]);
  await database.drop();
});

const inYear = (year: number) => aBar({ startAt: new Date(Date.UTC(year, 5, 1)) });

test('a batch whose last bar is refused leaves nothing, its quarantined bars included', async () => {
  const bar = aBar();
  const refused = { ...bar, startAt: new Date('2026-01-06T00:00:00.000Z'), rawResponseId: 'no uuid' };
  const quarantined = aQuarantinedBar({ symbol: bar.symbol });

  await expect(store.bars.save([bar, refused], [quarantined])).rejects.toMatchObject({ code: 'STORE_REFUSED' });

  expect(await store.bars.list({ ...bar, limit: 10 })).toEqual([]);
  expect(await store.bars.listQuarantined({ symbol: bar.symbol, limit: 10 })).toEqual([]);
});

test('a partition that another process dropped is made again by the next bar', async () => {
  const bar = inYear(1851);
  await store.bars.save([bar], []);
  await other.partitions.drop(new Date(Date.UTC(1852, 0)), 'eq_ohlcv');

  expect(await store.bars.save([bar], [])).toMatchObject({ written: 1 });
  expect(await other.bars.list({ ...bar, limit: 10 })).toHaveLength(1);
});

test('the same for bars of ticks', async () => {
  const event = { ...eventAt(aSeries(), 1, 10), observedAt: new Date(Date.UTC(1861, 5, 1)) };
  await store.tickBars.rebuild([event], () => true);
  await other.partitions.drop(new Date(Date.UTC(1862, 0)), 'eq_ohlcv');

  expect(await store.tickBars.rebuild([event], () => true)).toHaveLength(5);
});

test('writers of many processes that are the first of many years do not meet', async () => {
  const years = Array.from({ length: 8 }, (_, index) => 1870 + index);
  const writers = years.flatMap((_, turn) => [store, other].map((one) => ({ one, turn })));

  const counts = await Promise.all(
    writers.map(({ one, turn }) => one.bars.save([...years.slice(turn), ...years.slice(0, turn)].map(inYear), [])),
  );

  expect(counts.every(({ written }) => written === years.length)).toBe(true);
});

test('a partition is made while a writer and a reader of the table are in the middle of their transactions', async () => {
  const bar = aBar();
  await store.bars.save([bar], []);
  const busy = await database.connect();
  await busy.query('BEGIN');
  await busy.query('UPDATE eq_ohlcv SET volume = 1 WHERE start_at = $1', [bar.startAt]);
  await busy.query('SELECT count(*) FROM eq_ohlcv');

  const made = await store.partitions.ensure(new Date(Date.UTC(1880, 0)));

  await busy.query('ROLLBACK');
  await busy.end();
  expect(made).toContain('eq_ohlcv_1880');
});

test('the view shows every revision under the names of the fields, and a price in the shortest decimal that names it', async () => {
  const bar = aBar({ open: 0.1 + 0.2, close: 1e-7 });
  await store.bars.save([bar], []);
  await store.bars.save([{ ...bar, close: 48.31 }], []);

  const rows = await database.query('SELECT * FROM ohlcv_view WHERE symbol = $1 ORDER BY revision', [bar.symbol]);

  expect(Object.keys(rows[0]!)).toEqual(
    'symbol interval start_at open high low close volume source revision ingested_at'.split(' '),
  );
  expect(rows.map(({ open, close, revision }) => [open, close, revision])).toEqual([
    ['0.30000000000000004', '0.0000001', 1],
    ['0.30000000000000004', '48.31', 2],
  ]);
});

test('a live minute is one row, however many batches it comes in', async () => {
  const series = aSeries();
  for (const second of [1, 2, 3, 4]) await store.tickBars.rebuild([eventAt(series, second, second)], () => true);

  const rows = await database.query('SELECT interval, close FROM ohlcv_view WHERE symbol = $1', [series.symbol]);

  expect(rows).toHaveLength(5);
  expect(new Set(rows.map(({ close }) => close))).toEqual(new Set(['4']));
});

test('market caps of a database from before there were descriptions are kept, and describe nothing', async () => {
  const old = await createTestDatabase({ migrated: false });
  const folder = temporaryFolder();
  const first = '20261121000000_init';
  cpSync(join(__dirname, '../../prisma/migrations', first), join(folder, first), { recursive: true });
  await migrate({ databaseUrl: old.databaseUrl, folder });
  await old.query("INSERT INTO ticker_metadata (symbol, market_cap, last_updated) VALUES ('AAPL', 3e12, now())");

  await migrate({ databaseUrl: old.databaseUrl });

  const upgraded = openPostgresStore({ databaseUrl: old.databaseUrl, log: silentLog });
  expect(await upgraded.prices.findMarketCap('AAPL')).toBe(3e12);
  expect(await upgraded.instruments.findMetadata('AAPL')).toBeUndefined();
  await upgraded.stop();
  await old.drop();
});
