import { alignHistory, historyWarnings, type SessionPrices } from '../../src/models/missing-data';
import type { HistoryNeed } from '../../src/models/model';

const aNeed = (changes: Partial<HistoryNeed['missingData']> = {}): HistoryNeed => ({
  symbols: ['A', 'B'],
  start: '2024-01-01',
  end: '2024-01-31',
  missingData: { join: 'inner', maxForwardFill: 0, minSessions: 2, ...changes },
});

const prices = (days: readonly number[], base: number): SessionPrices[] =>
  days.map((day) => {
    const close = base + day;
    return {
      session: `2024-01-${String(day).padStart(2, '0')}`,
      open: close - 1,
      high: close + 2,
      low: close - 2,
      close,
    };
  });

const seriesOf = (a: readonly SessionPrices[], b: readonly SessionPrices[]) =>
  new Map([
    ['A', a],
    ['B', b],
  ]);

test('only sessions that every instrument has are kept, oldest first', () => {
  const history = alignHistory(aNeed(), seriesOf(prices([4, 2, 3], 100), prices([1, 2, 4, 5], 50)));

  expect(history.sessions).toEqual(['2024-01-02', '2024-01-04']);
  expect(history.instruments[0]).toEqual({
    symbol: 'A',
    open: [101, 103],
    high: [104, 106],
    low: [100, 102],
    close: [102, 104],
  });
  expect(history).toMatchObject({ dropped: 3, filled: 0 });
  expect(historyWarnings(history)).toEqual(['3 sessions were left out because an instrument lacked them.']);
});

test('a hole takes the close before it, as often in a row as the policy says and not once more', () => {
  const history = alignHistory(
    aNeed({ maxForwardFill: 2 }),
    seriesOf(prices([1, 5], 100), prices([1, 2, 3, 4, 5], 50)),
  );

  expect(history.sessions.map((session) => session.slice(-2))).toEqual(['01', '02', '03', '05']);
  expect(history.instruments[0]).toMatchObject({ open: [100, 101, 101, 104], close: [101, 101, 101, 105] });
  expect(history).toMatchObject({ dropped: 1, filled: 2 });
});

test('what lies before an instrument begins is never filled', () => {
  const history = alignHistory(aNeed({ maxForwardFill: 10 }), seriesOf(prices([3, 4], 100), prices([1, 2, 3, 4], 50)));

  expect(history.sessions).toEqual(['2024-01-03', '2024-01-04']);
});

test('sessions outside the days asked for are ignored', () => {
  const outside = { session: '2024-02-01', open: 1, high: 1, low: 1, close: 1 };

  const history = alignHistory(aNeed(), seriesOf([...prices([1, 2], 9), outside], [...prices([1, 2], 9), outside]));

  expect(history.sessions).toHaveLength(2);
});

test('too few common sessions are an error that names the shortest series', () => {
  const go = () => alignHistory(aNeed({ minSessions: 3 }), seriesOf(prices([1, 2], 100), prices([1, 2, 3, 4], 50)));

  expect(go).toThrow(expect.objectContaining({ code: 'MODEL_INPUT_UNUSABLE' }));
  expect(go).toThrow(/at least 3 sessions.*got 2; the shortest series is A with 2/);
});

test('a symbol without any session is missing history', () => {
  const go = () => alignHistory(aNeed(), new Map([['A', prices([1, 2], 100)]]));

  expect(go).toThrow(expect.objectContaining({ code: 'HISTORY_MISSING', message: expect.stringContaining('B') }));
});

test.each([Number.NaN, 0, -1, Number.POSITIVE_INFINITY])('a price of %p is refused with its place', (close) => {
  const [first, second] = prices([1, 2], 100);

  const go = () => alignHistory(aNeed(), seriesOf([first!, { ...second!, close }], prices([1, 2], 50)));

  expect(go).toThrow(expect.objectContaining({ code: 'MODEL_INPUT_UNUSABLE' }));
  expect(go).toThrow(/A 2024-01-02: expected close to be a number above 0/);
});

test('a session that is there twice is refused', () => {
  expect(() => alignHistory(aNeed(), seriesOf(prices([1, 1, 2], 100), prices([1, 2], 50)))).toThrow(/2024-01-01 twice/);
});
