import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { file, openFileHistory } from '../../src/providers/file';
import { localQuota, openProviders } from '../../src/providers/open-provider';
import type { HistoryPage, HistoryRequest } from '../../src/providers/provider';
import { aRequest, pagesOf, startsOf } from './history-pages';
import { aFolder } from './temporary-folder';

const folder = aFolder();
const HEADER = 'date,symbol,open,high,low,close,volume';
const SHARED = '../shared/data/daily-ohlcv.csv';
const sharedTest = existsSync(SHARED) ? test : test.skip;
const always = { start: new Date('1990-01-01T00:00:00.000Z'), end: new Date('2030-01-01T00:00:00.000Z') };
const ofAll = aRequest({ ...always, symbol: '*' });
let written = 0;

function load(text: string, changes: Partial<HistoryRequest> = {}, name = 'bars.csv'): Promise<HistoryPage[]> {
  written += 1;
  const path = folder.write(`${written}-${name}`, text);
  return loadPath(path, changes);
}

function loadPath(path: string, changes: Partial<HistoryRequest> = {}): Promise<HistoryPage[]> {
  return pagesOf(openFileHistory({ HISTORY_FILE: path }), aRequest({ ...always, ...changes }));
}

const barsOf = (pages: readonly HistoryPage[]) => pages.flatMap(({ bars }) => bars);
const faultsOf = (pages: readonly HistoryPage[]) => pages.flatMap(({ faults }) => faults);

sharedTest(
  `all 6,036 bars of ${SHARED} are read once for all symbols, and written again give the same file`,
  async () => {
    const pages = await loadPath(SHARED, { symbol: '*' });

    const lines = barsOf(pages).map(({ startAt, symbol, open, high, low, close, volume }) =>
      [startAt.toISOString().slice(0, 10), symbol, open, high, low, close, volume].join(','),
    );
    expect(faultsOf(pages)).toEqual([]);
    expect(pages.map(({ bars }) => bars.length)).toEqual([5000, 1036]);
    expect([HEADER, ...lines, ''].join('\n')).toBe(readFileSync(SHARED, 'utf8').replaceAll('\r', ''));
  },
);

test('a line of the file becomes a bar of its symbol at the opening in New York, summer and winter', async () => {
  const pages = await load(
    `${HEADER}\n2015-01-02,AAPL,111.41,111.44,107.35,109.33,52381530\n2015-07-02,AAPL,1,2,1,2,3\n`,
  );

  expect(barsOf(pages)[0]).toEqual({
    symbol: 'AAPL',
    interval: '1d',
    startAt: new Date('2015-01-02T14:30:00.000Z'),
    open: 111.41,
    high: 111.44,
    low: 107.35,
    close: 109.33,
    volume: 52381530,
    source: 'file',
    rawResponseId: null,
  });
  expect(startsOf(pages)[1]).toBe('2015-07-02T13:30:00.000Z');
});

test('the usual download is about the symbol asked for, and its adjusted close is not looked at', async () => {
  const download = 'Date,Open,High,Low,Close,Adj Close,Volume\r\n2020-01-02,74.06,75.15,73.8,75.09,none,135480400\r\n';

  const pages = await load(download, { symbol: 'AAPL' });
  const ofEvery = load(download, { symbol: '*' });

  expect(barsOf(pages)).toMatchObject([{ symbol: 'AAPL', close: 75.09, volume: 135480400 }]);
  await expect(ofEvery).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('symbol') });
});

test('a broken line in the middle is a fault at its number in the file, and the others are told', async () => {
  const pages = await load(
    [HEADER, '2015-01-02,AAPL,1,2,1,2,3', '2015-01-05,AAPL,1,2,', '2015-01-06,AAPL,1,2,1,2,3', ''].join('\n'),
  );

  expect(startsOf(pages)).toEqual(['2015-01-02T14:30:00.000Z', '2015-01-06T14:30:00.000Z']);
  expect(faultsOf(pages)).toEqual([{ place: 'line 3', detail: 'expected 7 fields, got 5' }]);
});

test.each([
  ['2015-02-30,AAPL,1,2,1,2,3', 'date: expected a day such as 2015-01-02, got "2015-02-30"'],
  ['02/01/2015,AAPL,1,2,1,2,3', 'date: expected a day such as 2015-01-02, got "02/01/2015"'],
  ['2015-01-02,AAPL,1,2,null,2,3', 'low: expected a number, got "null"'],
  ['2015-01-02,AAPL,,2,1,2,3', 'open: expected a number, got ""'],
  ['2015-01-02,AAPL,1,0x2,1,2,3', 'high: expected a number, got "0x2"'],
  ['2015-01-02,AAPL,1,2,1,1e999,3', 'close: expected a number, got "1e999"'],
  ['2015-01-02,AAPL,1,2,1,2,many', 'volume: expected a number, or nothing, got "many"'],
  ['2015-01-02,"AAPL,1,2,1,2,3', 'expected 7 fields, got 0'],
])('%s is no bar', async (line, detail) => {
  const pages = await load(`${HEADER}\n${line}\n`);

  expect(barsOf(pages)).toEqual([]);
  expect(faultsOf(pages)).toEqual([{ place: 'line 2', detail }]);
});

test('prices that make no sense are passed on, to be quarantined with their reason', async () => {
  const pages = await load(`${HEADER}\n2015-01-02,AAPL,0,-1,5,2,-3\n`);

  expect(barsOf(pages)).toMatchObject([{ open: 0, high: -1, low: 5, close: 2, volume: -3 }]);
});

test('an empty volume is none, quotes are taken off, columns may stand in any order, and an empty line is nothing', async () => {
  const pages = await load('\uFEFFTicker,Close,"Open",High,Low,Date,Volume\n"aapl",2,1,2,1,2015-01-02,\n\n');

  expect(barsOf(pages)).toMatchObject([{ symbol: 'AAPL', open: 1, close: 2, volume: null }]);
  expect(faultsOf(pages)).toEqual([]);
});

test('shorter bars need an instant with its zone', async () => {
  const lines = ['2020-01-02T14:30:00Z,AAPL,1,2,1,2,3', '1577975460,AAPL,1,2,1,2,3', '2020-01-02 09:32,AAPL,1,2,1,2,3'];

  const pages = await load([HEADER, ...lines].join('\n'), { interval: '1m' });

  expect(startsOf(pages)).toEqual(['2020-01-02T14:30:00.000Z', '2020-01-02T14:31:00.000Z']);
  expect(faultsOf(pages)).toMatchObject([{ place: 'line 4', detail: expect.stringContaining('with its zone') }]);
});

test('of a file of many symbols only the one asked for is told; one that no line is about is unknown', async () => {
  const text = [HEADER, '2015-01-02,AAPL,1,2,1,2,3', '2015-01-02,IBM,4,5,4,5,6', '2015-01-02,EUR/USD,1,1,1,1,'].join(
    '\n',
  );

  const pages = await load(text, { symbol: 'IBM' });
  const every = await load(text, { symbol: '*' });
  const unknown = load(text, { symbol: 'SPY' });

  expect(barsOf(pages)).toMatchObject([{ symbol: 'IBM', close: 5 }]);
  expect(barsOf(every).map(({ symbol }) => symbol)).toEqual(['AAPL', 'IBM', 'EUR/USD']);
  expect(startsOf(every)[2]).toBe('2015-01-02T00:00:00.000Z');
  await expect(unknown).rejects.toMatchObject({ code: 'SYMBOL_UNKNOWN' });
});

test('a request with the position of any page tells exactly the rest', async () => {
  const lines = Array.from({ length: 10_500 }, (_, index) => `2015-01-02,S${index},1,2,1,2,${index}`);
  const path = folder.write('many.csv.gz', [HEADER, ...lines].join('\n'));

  const pages = await loadPath(path, { symbol: '*' });

  expect(pages.map(({ bars }) => bars.length)).toEqual([5000, 5000, 500]);
  expect(pages.map(({ next }) => next)).toEqual([always.start, always.start, always.end]);
  for (const [index, { position }] of pages.entries()) {
    const rest = await loadPath(path, { symbol: '*', position });
    expect(barsOf(rest)).toEqual(barsOf(pages.slice(index + 1)));
  }
});

test('wherever lines are broken, every good line is told once and every broken one is a fault at its number', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }), async (good) => {
      const lines = good.map((isGood, index) =>
        isGood ? `2015-01-02,S${index},1,2,1,2,3` : `2015-01-02,S${index},x,2,1,2,3`,
      );

      const pages = await load([HEADER, ...lines].join('\n'), { symbol: '*' });

      expect(barsOf(pages).map(({ symbol }) => symbol)).toEqual(
        good.flatMap((isGood, index) => (isGood ? `S${index}` : [])),
      );
      expect(faultsOf(pages).map(({ place }) => place)).toEqual(
        good.flatMap((isGood, index) => (isGood ? [] : `line ${index + 2}`)),
      );
    }),
    { numRuns: 25 },
  );
});

test('a damaged file is told up to its damage, then refused', async () => {
  const whole = folder.write(
    'whole.csv.gz',
    [HEADER, ...Array.from({ length: 3000 }, (_, index) => `2015-01-02,S${index},1,2,1,2,${index}`)].join('\n'),
  );
  const bytes = readFileSync(whole);
  const cut = folder.write('cut.csv.gz', bytes.subarray(0, Math.floor(bytes.length * 0.9)));
  const pages: HistoryPage[] = [];

  const reading = (async () => {
    for await (const page of openFileHistory({ HISTORY_FILE: cut }).fetchHistory(ofAll, new AbortController().signal))
      pages.push(page);
  })();

  await expect(reading).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  expect(barsOf(pages).length).toBeGreaterThan(100);
  expect(pages.at(-1)!.next).toEqual(ofAll.start);
});

test.each([
  ['an empty file', '', 'a line that names the columns'],
  ['a file without a close', 'date,symbol,open,high,low,volume\n', 'close'],
])('%s is refused', async (_what, text, missing) => {
  await expect(load(text)).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining(missing) });
});

test('a file that is not there is refused with its name', async () => {
  const outcome = loadPath(join(folder.path, 'not-there.csv'));

  await expect(outcome).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('not-there.csv'),
  });
});

test('every symbol at once is for files only', async () => {
  const providers = openProviders({ environment: {}, takeQuota: localQuota() });

  await expect(pagesOf(providers.history('fixture'), ofAll)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  expect(providers.having('history')).not.toContain(file.name);
});
