import { chooseSource } from '../../src/history/choose-source';
import { findMissingHistory, historyAvailable, loadAdjustedBars } from '../../src/history/load-adjusted-bars';
import { openSeries } from '../../src/history/open-series';
import { readPage } from '../../src/history/read-page';
import { openMemoryStore } from '../../src/store/memory';
import type { Store } from '../../src/store/store';
import { aBar, aDividend, aSplit, barsClosingAt } from '../support/bars';

const asOf = new Date('2026-03-01T00:00:00.000Z');
const daily = { symbol: 'AAPL', interval: '1d', adjustment: 'raw', asOf } as const;
const all = { limit: 1000 };

let store: Store;

beforeEach(() => {
  store = openMemoryStore();
});

const coverageOf = (source: string, bars: number) => ({
  source,
  interval: '1d' as const,
  bars,
  firstAt: asOf,
  lastAt: asOf,
});

test('the source with the most bars is read, of equals the first by name, ticks and made-up ones last', () => {
  const choose = (...coverage: [string, number][]) =>
    chooseSource(
      coverage.map((each) => coverageOf(...each)),
      '1d',
    );

  expect(choose(['a', 1], ['b', 2])).toBe('b');
  expect(choose(['b', 2], ['a', 2])).toBe('a');
  expect(choose(['fixture', 9], ['ticks:finnhub', 5], ['a', 1])).toBe('a');
  expect(choose(['fixture', 9], ['ticks:finnhub', 5])).toBe('ticks:finnhub');
  expect(chooseSource([coverageOf('a', 1)], '1m')).toBeUndefined();
});

test('a series is of one source, also when another has bars between', async () => {
  await store.bars.save(
    [...barsClosingAt([1, 2, 3]), ...barsClosingAt([7, 8, 9, 10], '2026-01-05', { source: 'other' })],
    [],
  );

  const preferred = await openSeries(store, daily);
  const named = await openSeries(store, { ...daily, source: 'tested' });

  expect([preferred.source, (await preferred.list(all)).map(({ close }) => close)]).toEqual(['other', [7, 8, 9, 10]]);
  expect([named.source, (await named.list(all)).map(({ close }) => close)]).toEqual(['tested', [1, 2, 3]]);
});

test('any vendor s spelling leads to the one instrument', async () => {
  await store.bars.save([aBar({ symbol: 'BRK.B' })], []);
  const spelled = { validFrom: null, validTo: null };
  await store.instruments.saveVendorSymbol('BRK.B', { vendor: 'yfinance', spelling: 'BRK-B', ...spelled });
  await store.instruments.saveVendorSymbol('BRK.B', { vendor: 'eodhd', spelling: 'BRK.B.US', ...spelled });

  for (const symbol of ['BRK.B', 'BRK-B', 'BRK.B.US']) {
    const series = await openSeries(store, { ...daily, symbol });
    expect([series.instrument.symbol, await series.list(all)]).toMatchObject(['BRK.B', [{ symbol: 'BRK.B' }]]);
  }
});

test('an unknown symbol is refused, a known one without bars is an empty series', async () => {
  await store.instruments.ensure([{ symbol: 'MSFT', assetClass: 'equity' }]);

  const empty = await openSeries(store, { ...daily, symbol: 'MSFT', adjustment: 'all' });

  expect([empty.source, await empty.list(all)]).toEqual([null, []]);
  await expect(openSeries(store, { ...daily, symbol: 'NOPE' })).rejects.toMatchObject({
    code: 'SYMBOL_UNKNOWN',
    message: 'symbol: no instrument NOPE is stored; tickwire ingest loads its history',
  });
});

test('a page is adjusted by actions behind it; one learnt late adjusts everything before it', async () => {
  await store.bars.save(barsClosingAt([100, 100, 25, 25]), []);
  const range = { end: new Date('2026-01-06T00:00:00.000Z'), limit: 10 };
  const read = async () =>
    (await (await openSeries(store, { ...daily, adjustment: 'split' })).list(range)).map(({ close }) => close);

  const before = await read();
  await store.corporateActions.save([aSplit('2026-01-06', 4)]);
  const after = await read();

  expect([before, after]).toEqual([
    [100, 100],
    [25, 25],
  ]);
  expect((await (await openSeries(store, daily)).list(range)).map(({ close }) => close)).toEqual([100, 100]);
});

test('an action that is announced for later adjusts nothing yet', async () => {
  await store.bars.save(barsClosingAt([100, 100]), []);
  await store.corporateActions.save([aSplit('2026-03-02', 4), aDividend('2026-03-02', 1)]);
  const closes = async (now: string) => {
    const series = await openSeries(store, { ...daily, adjustment: 'all', asOf: new Date(now) });
    return (await series.list(all)).map(({ close }) => close);
  };

  expect(await closes('2026-03-01T20:00:00.000Z')).toEqual([100, 100]);
  expect(await closes('2026-03-02T20:00:00.000Z')).toEqual([24, 24]);
});

test('minutes are adjusted by the daily close of their source, else of the preferred one, else it is told', async () => {
  const minute = aBar({ interval: '1m', startAt: new Date('2026-01-05T14:30:00.000Z') });
  await store.bars.save([minute], []);
  await store.corporateActions.save([aDividend('2026-01-06', 1)]);
  const open = () => openSeries(store, { ...daily, interval: '1m', adjustment: 'all' });

  const alone = await open();
  await store.bars.save(barsClosingAt([50, 50, 50], '2026-01-02', { source: 'other' }), []);
  const withDaily = await open();

  expect(alone.unapplied).toMatchObject([{ reason: 'no daily close before its ex-date is stored' }]);
  expect((await alone.list(all))[0]?.close).toBe(105);
  expect(withDaily.unapplied).toEqual([]);
  expect((await withDaily.list(all))[0]?.close).toBeCloseTo(102.9, 10);
});

test('bars of one day made of ticks belong to that UTC day, also on an ex-date', async () => {
  const ticks = (day: string, close: number) =>
    aBar({ startAt: new Date(day), source: 'ticks:x', open: close, high: close, low: close, close });
  await store.bars.save([ticks('2026-01-05', 100), ticks('2026-01-06', 25)], []);
  await store.corporateActions.save([aSplit('2026-01-06', 4)]);

  const rows = await loadAdjustedBars(store, { symbol: 'AAPL', start: '2026-01-01', end: '2026-01-31', asOf });

  expect(rows.map(({ session, close }) => [session, close])).toEqual([
    ['2026-01-05', 25],
    ['2026-01-06', 25],
  ]);
});

test('pages tell the sessions between their bars that are missing, also at the seam', async () => {
  const bars = barsClosingAt([1, 2, 3, 4, 5, 6]);
  await store.bars.save([bars[0]!, bars[2]!, bars[4]!, bars[5]!], []);
  const series = await openSeries(store, daily);

  const first = await readPage(series, { limit: 2 });
  const second = await readPage(series, { limit: 2, after: first.bars.at(-1)!.startAt });

  expect(first).toMatchObject({ hasMore: true, gaps: ['2026-01-05'] });
  expect(second).toMatchObject({ hasMore: false, gaps: ['2026-01-07'] });
});

test('models read sessions with prices, first and last day included', async () => {
  await store.bars.save(barsClosingAt([100, 80, 79, 60]), []);
  await store.corporateActions.save([aDividend('2026-01-06', 2)]);

  const rows = await loadAdjustedBars(store, { symbol: 'AAPL', start: '2026-01-05', end: '2026-01-06', asOf });

  expect(rows).toEqual([
    { session: '2026-01-05', open: 78, high: 78, low: 78, close: 78 },
    { session: '2026-01-06', open: 79, high: 79, low: 79, close: 79 },
  ]);
});

test('what a model would miss is told before it starts', async () => {
  await store.bars.save(barsClosingAt([1, 2]), []);
  await store.instruments.ensure([{ symbol: 'MSFT', assetClass: 'equity' }]);
  const need = { symbols: ['AAPL', 'MSFT', 'NOPE'], start: '2026-01-01', end: '2026-01-31' };

  const missing = await findMissingHistory(store, need);

  expect(missing.map(({ symbol, code }) => [symbol, code])).toEqual([
    ['MSFT', 'HISTORY_MISSING'],
    ['NOPE', 'SYMBOL_UNKNOWN'],
  ]);
  expect(await historyAvailable(store, need)).toBe(false);
  expect(await historyAvailable(store, { ...need, symbols: ['AAPL'] })).toBe(true);
  expect(await historyAvailable(store, { ...need, symbols: ['AAPL'], start: '2026-01-06' })).toBe(false);
});
