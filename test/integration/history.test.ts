import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { sessionsBetween } from '../../src/domain/market-calendar';
import { everyBar } from '../../src/history/open-series';
import { silentLog } from '../../src/platform/log';
import { openPostgresStore } from '../../src/store/postgres/open-postgres-store';
import type { Store } from '../../src/store/store';
import { runCommand } from '../cli/run-command';
import { anApi } from '../support/api';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { temporaryFolder } from '../support/temporary-folder';

const REAL_BARS = '../shared/data/daily-ohlcv.csv';
const realTest = existsSync(REAL_BARS) ? test : test.skip;
const HEADER = 'date,symbol,open,high,low,close,volume';

let database: TestDatabase;
let store: Store;

beforeEach(async () => {
  database = await createTestDatabase();
  store = openPostgresStore({ databaseUrl: database.databaseUrl, log: silentLog });
  await store.start();
});

afterEach(async () => {
  await store.stop();
  await database.drop();
});

/** `tickwire ingest file …` with a connection of its own. */
async function ingest(path: string, ...argv: string[]) {
  const openStore = () => openPostgresStore({ databaseUrl: database.databaseUrl, log: silentLog });
  const ran = await runCommand(['ingest', 'file', ...argv, '--path', path, '--json'], { openStore });
  return { ...ran, report: ran.stdout === '' ? undefined : JSON.parse(ran.stdout) };
}

/** Everything stored of `symbols`, as lines of the file it came from; each bar has one revision. */
async function storedLines(symbols: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  const revisions = new Set<number>();
  for (const symbol of symbols) {
    const query = { symbol, interval: '1d', source: 'file', limit: 1000 } as const;
    for await (const { startAt, open, high, low, close, volume, revision } of everyBar(store, query)) {
      revisions.add(revision);
      lines.push([startAt.toISOString().slice(0, 10), symbol, open, high, low, close, volume].join(','));
    }
  }
  expect([...revisions]).toEqual([1]);
  return lines.sort();
}

function fileOf(lines: readonly string[]): string {
  const path = join(temporaryFolder(), 'bars.csv');
  writeFileSync(path, `${[HEADER, ...lines].join('\n')}\n`);
  return path;
}

realTest(
  'six real instruments are read back to the last digit; ingested twice nothing changes (needs ../shared/data)',
  async () => {
    const [, ...lines] = readFileSync(REAL_BARS, 'utf8').trimEnd().split(/\r?\n/);

    const first = await ingest(REAL_BARS);
    const second = await ingest(REAL_BARS);

    expect(first.report).toMatchObject({
      bars: 6036,
      symbols: [{ written: 6036, quarantined: 0, faults: 0, gaps: [] }],
    });
    expect(second.report).toMatchObject({ symbols: [{ written: 0, unchanged: 6036, corrected: 0 }] });
    expect(await storedLines(['AAPL', 'GOOGL', 'IBM', 'BAC', 'SPY', 'QQQ'])).toEqual([...lines].sort());
  },
);

test('a restated bar is one revision more, and both are readable over HTTP', async () => {
  await ingest(fileOf(['2018-01-02,AAPL,170,173,169,172,100', '2018-01-03,AAPL,172,175,172,173,100']));

  const { report } = await ingest(
    fileOf(['2018-01-02,AAPL,170,173,169,172.5,100', '2018-01-03,AAPL,172,175,172,173,100']),
  );

  const { app } = anApi(() => ({ store }));
  const { body } = await request(app).get('/ohlcv/AAPL/revisions?start_at=2018-01-02T14:30:00Z');
  const newest = await request(app).get('/ohlcv/AAPL');
  expect(report.symbols).toMatchObject([{ written: 0, unchanged: 1, corrected: 1 }]);
  expect(body.revisions.map((bar: { revision: number; close: number }) => [bar.revision, bar.close])).toEqual([
    [1, 172],
    [2, 172.5],
  ]);
  expect(newest.body.bars.map(({ close }: { close: number }) => close)).toEqual([172.5, 173]);
});

test('bad lines in the middle are told with their number, bad bars are shown, the others are stored', async () => {
  const good = ['2018-01-02,AAPL,170,173,169,172,100', '2018-01-08,AAPL,170,173,169,172,100'];
  const path = fileOf([
    good[0]!,
    'what is this',
    '2018-01-03,AAPL,170,168,169,172,100',
    '2018-01-06,AAPL,170,173,169,172,100',
    '2018-01-02,AAPL,170,173,169,171,100',
    good[1]!,
  ]);

  const { exitCode, report } = await ingest(path);

  const { app } = anApi(() => ({ store }));
  const { body } = await request(app).get('/ohlcv/AAPL/quarantine');
  const series = await request(app).get('/ohlcv/AAPL');
  expect(exitCode).toBe(0);
  expect(report.symbols).toMatchObject([
    { written: 2, quarantined: 3, faults: 1, first_faults: [{ place: 'line 3' }] },
  ]);
  expect(body.quarantined.map(({ reason }: { reason: string }) => reason).sort()).toEqual([
    'DUPLICATE_SESSION',
    'HIGH_BELOW_LOW',
    'OUTSIDE_SESSION',
  ]);
  expect(await storedLines(['AAPL'])).toEqual(good);
  expect(series.body.gaps).toEqual(['2018-01-03', '2018-01-04', '2018-01-05']);
});

test('an ingest that is killed midway and begun again leaves what an undisturbed one does', async () => {
  const dates = sessionsBetween(new Date('2011-01-01'), new Date('2019-01-01')).map(({ date }) => date);
  const symbols = Array.from(
    { length: 40 },
    (_, index) => `S${String.fromCharCode(65 + Math.floor(index / 20), 65 + (index % 20))}`,
  );
  const lines = dates.flatMap((date, day) =>
    symbols.map(
      (symbol, index) => `${date},${symbol},${10 + index},${12 + index},${9.25 + index},${11 + index},${day}`,
    ),
  );
  const path = fileOf(lines);
  const argv = ['--enable-source-maps', 'dist/scripts/tickwire.js', 'ingest', 'file', '--path', path];
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    API_KEYS_REQUIRED: 'false',
    RATE_LIMIT_PER_MINUTE: '0',
    TICKWIRE_HOME: '/nonexistent',
    DATABASE_URL: database.databaseUrl,
  };
  const count = async () =>
    Number((await database.query<{ bars: string }>('SELECT count(*) AS bars FROM eq_ohlcv'))[0]?.bars);

  const child = spawn(process.execPath, argv, { env, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  await eventually(async () => (await count()) > 0);
  child.kill('SIGKILL');
  const signal = await ended;
  let left = await count();
  await eventually(async () => {
    const before = left;
    left = await count();
    return left === before;
  });
  const { report } = await ingest(path);

  expect(signal).toBe('SIGKILL');
  expect(left).toBeLessThan(lines.length);
  expect(left % 5_000).toBe(0);
  expect(report).toMatchObject({
    bars: lines.length,
    symbols: [{ written: lines.length - left, unchanged: left, corrected: 0 }],
  });
  expect(await storedLines(symbols)).toEqual([...lines].sort());
}, 120_000);
