import { backoffMs } from '../../../src/live/page/backoff';
import { type FlowSample, rateOf, withSample } from '../../../src/live/page/flow-rates';
import type { Row } from '../../../src/live/page/live-state';
import { orderedRows } from '../../../src/live/page/row-order';
import { safeLink } from '../../../src/live/page/safe-link';
import { averageLine, lineOf, spanFor } from '../../../src/live/page/series';
import { sparkPoints } from '../../../src/live/page/spark-line';
import { parseFrame } from '../../../src/live/page/wire';
import {
  countText,
  decimalsOf,
  durationText,
  figureText,
  numberText,
  rateText,
  signedText,
} from '../../../src/live/page/written';

test.each([
  ['pong'],
  ['{"type":"surprise"}'],
  ['{"type":"toString"}'],
  ['{"type":"diff","prices":{},"from":1}'],
  ['{"type":"snapshot","prices":[],"sequence":1}'],
  ['[1]'],
])('the frame %s is left aside', (text) => {
  expect(parseFrame(text)).toBeUndefined();
});

test('a diff is read as it came', () => {
  const diff = { type: 'diff', prices: {}, from: 1, sequence: 2 };

  expect(parseFrame(JSON.stringify(diff))).toEqual(diff);
});

test.each([
  ['https://news.example.com/a?b=c', 'https://news.example.com/a?b=c'],
  ['http://news.example.com', 'http://news.example.com/'],
  ['javascript:alert(1)', undefined],
  [' java\nscript:alert(1)', undefined],
  ['data:text/html,<script>alert(1)</script>', undefined],
  ['/page', undefined],
  [null, undefined],
])('the address %j of a headline leads to %j', (address, link) => {
  expect(safeLink(address)).toBe(link);
});

test('pauses between attempts grow to ten seconds and differ from page to page', () => {
  expect([1, 2, 3, 40].map((attempt) => backoffMs(attempt, 1))).toEqual([250, 500, 1_000, 10_000]);
  expect(backoffMs(40, 0)).toBe(5_000);
});

test('numbers are written so that columns align: fixed decimals, a true minus', () => {
  expect([decimalsOf(231), decimalsOf(1.0843), decimalsOf(0.1 + 0.2)]).toEqual([2, 4, 6]);
  expect(numberText(1234.5, 2)).toBe('1,234.50');
  expect([signedText(1.5, 2), signedText(-1.5, 2), signedText(-0.001, 2)]).toEqual(['+1.50', '\u22121.50', '0.00']);
  expect([rateText(0.44), rateText(123.4), countText(9_999), countText(12_345), countText(2_500_000)]).toEqual([
    ...['0.4', '123', '9,999', '12.3 k', '2.5 M'],
  ]);
  expect([figureText(12), figureText(0.123456), figureText(0.00001234)]).toEqual(['12', '0.1235', '1.234e-5']);
});

test('an age is told in its largest unit, and is never negative', () => {
  expect([-500, 59_999, 60_000, 7_200_000, 180_000_000].map(durationText)).toEqual([
    '0 s',
    '59 s',
    '1 min',
    '2 h',
    '2 d',
  ]);
});

test('a line has one point a second, the last one said, oldest first', () => {
  const prices = [
    { timestamp: '2026-01-05T12:00:01.000Z', price: 1 },
    { timestamp: '2026-01-05T12:00:01.900Z', price: 2 },
    { timestamp: '2026-01-05T12:00:00.000Z', price: 3 },
  ];

  expect(lineOf(prices).map(({ value }) => value)).toEqual([3, 2]);
});

test('an average begins where its window is full', () => {
  const points = [1, 2, 3, 6].map((value, time) => ({ time, value }));

  expect(averageLine(points, 3)).toEqual([
    { time: 2, value: 2 },
    { time: 3, value: 11 / 3 },
  ]);
  expect(averageLine(points, 5)).toEqual([]);
});

test('a chart spans as much as fits into one answer', () => {
  expect([spanFor(60_000, 8_000), spanFor(1_000, 8_000), spanFor(1, 8_000), spanFor(undefined, 1)]).toEqual([
    ...[86_400_000, 7_200_000, 60_000, 7_200_000],
  ]);
});

test('a trend fills its box, and a flat one lies in the middle', () => {
  const box = { width: 10, height: 4 };

  expect(sparkPoints([1, 3, 2], box)).toBe('0.0,4.0 5.0,0.0 10.0,2.0');
  expect(sparkPoints([2, 2], box)).toBe('0.0,2.0 10.0,2.0');
  expect(sparkPoints([2], box)).toBe('');
});

test('a rate is taken over the kept samples, begins anew where a counter did, and is unknown from one', () => {
  const sample = (atMs: number, sent: number): FlowSample => ({ atMs, counts: { sent } });
  const grown = Array.from({ length: 20 }, (_, at) => sample(at * 1_000, at * 5)).reduce(
    withSample,
    [] as readonly FlowSample[],
  );

  expect(grown).toHaveLength(6);
  expect(rateOf(grown, 'sent')).toBe(5);
  expect(rateOf([sample(0, 900), sample(1_000, 3), sample(2_000, 5)], 'sent')).toBe(2);
  expect(rateOf([sample(0, 900)], 'sent')).toBeUndefined();
  expect(rateOf(grown, 'other')).toBeUndefined();
});

test('rows are filtered by symbol and source, and sorted with equals by symbol', () => {
  const row = (symbol: string, changePercent: number, provider = 'fixture'): Row => ({
    ...{ symbol, price: 1, change: 0, changePercent, currency: null, provider, observedAtMs: 0 },
    ...{ average: undefined, trend: [], trendAtMs: 0, moved: 0 },
  });
  const rows = [row('MSFT', 1), row('AAPL', 1), row('TSLA', 2, 'yfinance')];
  const symbols = (...[order, filter]: [Parameters<typeof orderedRows>[1], string]) =>
    orderedRows(rows, order, filter).map(({ symbol }) => symbol);

  expect(symbols({ key: 'symbol', isDescending: false }, '')).toEqual(['AAPL', 'MSFT', 'TSLA']);
  expect(symbols({ key: 'changePercent', isDescending: true }, '')).toEqual(['TSLA', 'AAPL', 'MSFT']);
  expect(symbols({ key: 'symbol', isDescending: true }, ' aap')).toEqual(['AAPL']);
  expect(symbols({ key: 'symbol', isDescending: false }, 'yfin')).toEqual(['TSLA']);
});
