import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openMemoryStore } from '../../src/store/memory';
import type { Store } from '../../src/store/store';
import { temporaryFolder } from '../support/temporary-folder';
import { openApiStandIn } from './api-stand-in';
import { runCommand } from './run-command';

const REAL_BARS = '../shared/data/daily-ohlcv.csv';
const realIt = existsSync(REAL_BARS) ? it : it.skip;

let store: Store;

beforeEach(() => {
  store = openMemoryStore();
});

const ingest = (argv: readonly string[], environment: Record<string, string> = {}) =>
  runCommand(['ingest', ...argv], { openStore: () => store, environment });

function fileOf(lines: readonly string[]): string {
  const path = join(temporaryFolder(), 'bars.csv');
  writeFileSync(path, `${['date,symbol,open,high,low,close,volume', ...lines].join('\n')}\n`);
  return path;
}

it('loads a file and says what became of it; a second time nothing changes', async () => {
  const path = fileOf([
    '2026-01-05,AAPL,1,2,0.5,1.5,10',
    '2026-01-07,AAPL,1,2,0.5,1.5,10',
    '2026-01-05,MSFT,1,2,0.5,1.5,10',
  ]);

  const first = await ingest(['file', '--path', path]);
  const second = await ingest(['file', '--path', path, '--json']);

  expect(first).toMatchObject({ exitCode: 0 });
  expect(first.stdout).toMatch(/^all 2 +3 +0 +0 +0 +0 +1 +0$/m);
  expect(first.stdout).toContain('sessions without a bar:\n  AAPL: 2026-01-06\n');
  expect(first.stdout).toMatch(/^3 bars from file in [\d.]+ s, [\d,.]+\/s$/m);
  expect(JSON.parse(second.stdout)).toMatchObject({
    source: 'file',
    interval: '1d',
    bars: 3,
    complete: true,
    symbols: [{ symbol: '*', written: 0, unchanged: 3, corrected: 0, quarantined: 0, faults: 0, instruments: 2 }],
    failures: [],
  });
});

it('reports a broken line with its number and a bar that breaks its rules, and loads the others', async () => {
  const path = fileOf([
    '2026-01-05,AAPL,1,2,0.5,1.5,10',
    '2026-01-06,AAPL,1,x',
    '2026-01-07,AAPL,1,0.1,0.5,1.5,10',
    '2026-01-08,AAPL,1,2,0.5,1.5,10',
  ]);

  const { exitCode, stdout } = await ingest(['file', 'aapl', '--path', path]);

  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^AAPL +2 +0 +0 +1 +1 +2 +0$/m);
  expect(stdout).toMatch(/^1 unreadable entry:\n {2}line 3: /m);
  expect(stdout).toContain('GET /ohlcv/AAPL/quarantine shows what was quarantined, and why');
  expect(await store.bars.listQuarantined({ symbol: 'AAPL', limit: 5 })).toMatchObject([{ reason: 'HIGH_BELOW_LOW' }]);
});

it('keeps to the days asked for, both included', async () => {
  const path = fileOf(
    ['2026-01-05', '2026-01-06', '2026-01-07', '2026-01-08'].map((day) => `${day},AAPL,1,2,0.5,1.5,10`),
  );

  const { stdout } = await ingest([
    'file',
    'AAPL',
    '--path',
    path,
    '--from',
    '2026-01-06',
    '--to',
    '2026-01-07',
    '--json',
  ]);

  expect(JSON.parse(stdout)).toMatchObject({ from: '2026-01-06', to: '2026-01-07', bars: 2 });
});

it('loads those it can and fails with the reason of the others', async () => {
  const path = fileOf(['2026-01-05,AAPL,1,2,0.5,1.5,10']);

  const { exitCode, stdout, stderr } = await ingest(['file', 'AAPL', 'NOPE', '--path', path]);

  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^AAPL +1 /m);
  expect(stderr).toMatch(/error: not everything was loaded: NOPE: .*NOPE.*\n$/);
});

it.each([
  [
    'an end before the start',
    ['file', '--path', 'x.csv', '--from', '2026-02-01', '--to', '2026-01-01'],
    /--to: expected a day that is not before --from/,
  ],
  ['a file that is not there', ['file', '--path', '/nonexistent/x.csv'], /cannot read/],
  ['a file without a path', ['file'], /--path: expected the CSV to load, got none/],
  ['a source that is not there', ['nobody', 'AAPL'], /provider: expected one of .* got "nobody"/],
  ['a source without history', ['replay', 'AAPL'], /history/],
  ['a source whose key is missing', ['eodhd', 'AAPL'], /EODHD_API_KEY/],
  ['no symbol', ['yfinance'], /symbols: expected at least one to load from yfinance, got none/],
  ['no source', [], /source: expected the name of a provider with history, got none/],
  ['a symbol that is none', ['yfinance', 'A B'], /symbol/],
])('refuses %s in a sentence', async (_, argv, sentence) => {
  const { exitCode, stdout, stderr } = await ingest(argv);

  expect(exitCode).not.toBe(0);
  expect(stdout).toBe('');
  expect(stderr).toMatch(sentence);
});

it('refuses a day that does not exist', async () => {
  const { exitCode, stderr } = await ingest(['file', '--path', 'x.csv', '--from', '2026-02-30']);

  expect(exitCode).toBe(2);
  expect(stderr).toContain('Expected a day such as 2026-01-05.');
});

it('with USE_FIXTURE the source may be left out', async () => {
  const { exitCode, stdout } = await ingest(['AAPL', 'MSFT', '--json'], { USE_FIXTURE: 'true' });

  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    source: 'fixture',
    bars: 120,
    symbols: [{ symbol: 'AAPL' }, { symbol: 'MSFT' }],
  });
});

realIt('six instruments of four years are as many bars as the file has lines (needs ../shared/data)', async () => {
  const { stdout } = await ingest(['file', '--path', REAL_BARS, '--json']);

  expect(JSON.parse(stdout)).toMatchObject({
    bars: 6036,
    symbols: [{ written: 6036, quarantined: 0, faults: 0, gaps: [], instruments: 6 }],
  });
});

it('history asks the API and shows its bars', async () => {
  const api = await openApiStandIn();
  const bar = { start_at: '2026-01-05T14:30:00.000Z', session: '2026-01-05', open: 1, high: 2, low: 0.5, close: 1.5 };
  api.answer(200, {
    symbol: 'AAPL',
    source: 'file',
    bars: [{ ...bar, volume: null, revision: 2 }],
    gaps: ['2026-01-06'],
    next_cursor: null,
  });
  const argv = ['history', 'aapl', '--from', '2026-01-05', '--to', '2026-01-07', '--adjustment', 'all', '--limit', '5'];

  const { exitCode, stdout } = await runCommand([...argv, '--api', api.url]);

  await api.close();
  expect(exitCode).toBe(0);
  expect(api.seen[0]?.url).toBe(
    '/ohlcv/AAPL?start=2026-01-05T00%3A00%3A00.000Z&end=2026-01-08T00%3A00%3A00.000Z&interval=1d&adjustment=all&limit=5',
  );
  expect(stdout).toMatch(/^2026-01-05 +1 +2 +0\.5 +1\.5 +- +2$/m);
  expect(stdout).toContain('AAPL from file, all, 1 sessions missing\n');
});
