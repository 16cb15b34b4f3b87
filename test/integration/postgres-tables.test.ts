import { advanceWindow, EMPTY_WINDOW } from '../../src/domain/moving-average';
import { silentLog } from '../../src/platform/log';
import { openPostgresStore } from '../../src/store/postgres/open-postgres-store';
import type { Store } from '../../src/store/store';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { aSeries, eventAt } from '../support/series';

let database: TestDatabase;
let store: Store;

beforeAll(async () => {
  database = await createTestDatabase();
  store = openPostgresStore({ databaseUrl: database.databaseUrl, log: silentLog });
  await store.start();
});

afterAll(async () => {
  await store.stop();
  await database.drop();
});

test('a price is kept in the shortest decimal that names it', async () => {
  const series = aSeries();

  await store.prices.insert([eventAt(series, 1, 0.1 + 0.2), eventAt(series, 2, 48.31), eventAt(series, 3, 1e-7)]);

  const rows = await database.query(
    'SELECT price::text FROM price_points_view WHERE symbol = $1 ORDER BY observed_at',
    [series.symbol],
  );
  expect(rows.map(({ price }) => price)).toEqual(['0.30000000000000004', '48.31', '0.0000001']);
});

test('the views show the columns of the contract', async () => {
  const columnsOf = async (view: string) =>
    (
      await database.query(
        'SELECT column_name AS name FROM information_schema.columns WHERE table_name = $1 ORDER BY ordinal_position',
        [view],
      )
    ).map(({ name }) => name);

  expect(await columnsOf('price_points_view')).toEqual(
    'symbol provider observed_at sequence event_id price volume currency fetched_at ingested_at raw_response_id'.split(
      ' ',
    ),
  );
  expect(await columnsOf('symbol_averages_view')).toEqual(
    'symbol provider window_size observed_at event_id average computed_at'.split(' '),
  );
  expect(await columnsOf('ticker_prices')).toEqual('id ticker price volume market_cap timestamp created_at'.split(' '));
});

test('a window is kept compactly: no ids that can be derived', async () => {
  const series = aSeries();
  const events = [eventAt(series, 1, 10), { ...eventAt(series, 2, 11, 7), eventId: 'other' }];
  const { window } = advanceWindow(EMPTY_WINDOW, events, 3);

  await store.averages.save({ size: 3, windows: [{ ...series, window, version: 0 }], averages: [] });

  const [row] = await database.query(
    'SELECT entries::text FROM average_windows JOIN price_series ON id = series_id WHERE symbol = $1',
    [series.symbol],
  );
  expect(row?.entries).toBe('[[1767571201000,0,10],[1767571202000,7,11,"other"]]');
});

test('a rebuild of more points than one page gives what one pass gives', async () => {
  const series = aSeries();
  const events = Array.from({ length: 12_345 }, (_, index) =>
    eventAt(series, index, 100 + ((index * 7919) % 1000) / 100),
  );
  for (let from = 0; from < events.length; from += 2000) await store.prices.insert(events.slice(from, from + 2000));

  const changes = await store.averages.rebuild(series, 5);

  const { averages, window } = advanceWindow(EMPTY_WINDOW, events, 5);
  const rows = await database.query(
    'SELECT event_id, average::float8 FROM symbol_averages_view WHERE symbol = $1 ORDER BY observed_at',
    [series.symbol],
  );
  expect(changes).toBe(12_341);
  expect(rows).toEqual(averages.map(({ last, average }) => ({ event_id: last.eventId, average })));
  expect((await store.averages.loadWindows([series], 5))[0]?.window).toEqual(window);
});

test('data the database refuses is STORE_REFUSED and not retryable, through pg and through Prisma', async () => {
  const config = { symbols: ['AAPL'], intervalSeconds: 86_401, provider: 'fixture' };

  for (const call of [
    () => store.prices.insert([{ ...eventAt(aSeries(), 1, 10), eventId: 'NUL \u0000' }]),
    () => store.pollJobs.create(config, {}),
  ]) {
    await expect(call()).rejects.toMatchObject({ code: 'STORE_REFUSED', retryable: false });
  }
});

test('connections the server ends while idle are logged, not fatal, and replaced', async () => {
  const warnings: string[] = [];
  const log = { ...silentLog, warn: (_: object, message: string) => warnings.push(message) };
  const idle = openPostgresStore({ databaseUrl: database.databaseUrl, log });
  await idle.start();

  await database.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tickwire' AND datname = current_database()",
  );

  await eventually(() => warnings.includes('an idle database connection was lost'));
  await idle.ping();
  await idle.stop();
});

test('a table that is not there makes events wait for the operator, not go to waste', async () => {
  const empty = await createTestDatabase({ migrated: false });
  const unmigrated = openPostgresStore({ databaseUrl: empty.databaseUrl, log: silentLog });

  await expect(unmigrated.prices.insert([eventAt(aSeries(), 1, 10)])).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
  });

  await unmigrated.stop();
  await empty.drop();
});

test('a save waits for the window before it writes an average, so that it cannot deadlock with a rebuild', async () => {
  const series = aSeries();
  const [empty] = await store.averages.loadWindows([series], 3);
  await store.averages.save({ size: 3, windows: [empty!], averages: [] });
  const row = { ...series, ...eventAt(series, 1, 1), window: 3, average: 1 };
  const rebuild = await database.connect();
  await rebuild.query('BEGIN');
  await rebuild.query('UPDATE average_windows SET version = version + 1');

  const save = store.averages.save({ size: 3, windows: [{ ...empty!, version: 1 }], averages: [row] });
  await eventually(async () => {
    const waiting = await database.query(
      "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
    );
    return waiting.length === 1;
  });
  await rebuild.query(
    `INSERT INTO symbol_averages (series_id, window_size, observed_at, sequence, event_id, average)
     SELECT id, 3, $3, 0, $4, 2 FROM price_series WHERE symbol = $1 AND provider = $2`,
    [series.symbol, series.provider, row.observedAt, row.eventId],
  );
  await rebuild.query('COMMIT');

  expect(await save).toBe('conflict');
  await rebuild.end();
});
