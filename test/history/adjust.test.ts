import fc from 'fast-check';
import type { Bar } from '../../src/domain/bar';
import type { CorporateAction } from '../../src/domain/corporate-action';
import { type Adjustment, adjustBar, chooseActions, planAdjustment } from '../../src/history/adjust';
import { aDividend, aSplit, barsClosingAt } from '../support/bars';

/** The series as the reader makes it: closes before an ex-date are those of the series itself. */
function adjusted(bars: readonly Bar[], actions: readonly CorporateAction[], adjustment: Adjustment) {
  const closeBefore = (exDate: string) => bars.filter(({ startAt }) => startAt < new Date(exDate)).at(-1)?.close;
  const { steps, unapplied } = planAdjustment({ adjustment, actions, exAtOf: (day) => new Date(day), closeBefore });
  return { bars: bars.map((bar) => adjustBar(bar, steps)), unapplied };
}

const series = (closes: readonly number[]): Bar[] => barsClosingAt(closes).map((bar) => ({ ...bar, revision: 1 }));
const closesOf = (bars: readonly Bar[]) => bars.map(({ close }) => close);

test('a 4:1 split after ninety sessions gives a continuous series', () => {
  const traded = Array.from({ length: 120 }, (_, day) => (day < 90 ? 400 + day : (400 + day) / 4));
  const raw = series(traded);
  const exDate = raw[90]!.startAt.toISOString().slice(0, 10);

  const { bars } = adjusted(raw, [aSplit(exDate, 4)], 'split');

  expect(closesOf(bars)).toEqual(traded.map((_, day) => (400 + day) / 4));
  expect(bars[89]).toMatchObject({ open: 122.25, high: 122.25, low: 122.25, volume: 4000 });
  expect(bars[90]).toBe(raw[90]);
});

test('a dividend leaves 1 − D / C of what lies before it', () => {
  // Sessions 2, 5, 6 January 2026; 2 on 6 January after a close of 80: 78 / 80 = 0.975.
  const raw = series([100, 80, 79]);

  expect(closesOf(adjusted(raw, [aDividend('2026-01-06', 2)], 'all').bars)).toEqual([97.5, 78, 79]);
  expect(closesOf(adjusted(raw, [aDividend('2026-01-06', 2)], 'split').bars)).toEqual([100, 80, 79]);
});

test('a split and dividends compose', () => {
  // Sessions 2, 5, 6, 7 January 2026. 2:1 on 5 January; then 0.5 on 7 January after 20: factor 0.975.
  const raw = series([40, 21, 20, 19.5]);
  const actions = [aDividend('2026-01-07', 0.5), aSplit('2026-01-05', 2)];

  const { bars } = adjusted(raw, actions, 'all');

  expect(closesOf(bars).map((close) => Number(close.toFixed(12)))).toEqual([19.5, 20.475, 19.5, 19.5]);
  expect(bars.map(({ volume }) => volume)).toEqual([2000, 1000, 1000, 1000]);
});

test('a dividend on the day of a split is paid on the new shares', () => {
  // 100 before a 4:1 split is 25 a new share; 1 of it leaves 24 / 25.
  const { bars } = adjusted(series([100, 24]), [aSplit('2026-01-05', 4), aDividend('2026-01-05', 1)], 'all');

  expect(closesOf(bars)).toEqual([24, 24]);
});

test('a dividend before the first bar changes nothing; one that is not below the close is told, not applied', () => {
  const actions = [aDividend('2025-12-01', 1), aDividend('2026-01-05', 100), aSplit('2026-01-06', 0)];

  const { bars, unapplied } = adjusted(series([100, 50, 50]), actions, 'all');

  expect(closesOf(bars)).toEqual([100, 50, 50]);
  expect(unapplied).toEqual([
    { action: actions[1], reason: 'amount: expected at least 0 and below the close 100, got 100' },
    { action: actions[2], reason: 'ratio: expected a number above zero, got 0' },
  ]);
});

test('raw is what was traded, whatever happened', () => {
  const raw = series([100, 25]);

  expect(adjusted(raw, [aSplit('2026-01-05', 4)], 'raw').bars).toEqual(raw);
});

test('adjusting makes new bars and leaves the given ones, so that it cannot be done twice to what is stored', () => {
  const raw = series([100, 25]);
  const before = structuredClone(raw);

  const once = adjusted(raw, [aSplit('2026-01-05', 4)], 'split').bars;
  const again = adjusted(raw, [aSplit('2026-01-05', 4)], 'split').bars;

  expect(again).toEqual(once);
  expect(raw).toEqual(before);
});

test('over any splits, returns after adjusting are those of the holder', () => {
  const worth = fc.array(fc.double({ min: 1, max: 1000, noNaN: true }), { minLength: 3, maxLength: 40 });
  const splits = fc.array(fc.tuple(fc.integer({ min: 1, max: 38 }), fc.constantFrom(2, 4, 7, 0.1, 1.5)), {
    maxLength: 4,
  });

  fc.assert(
    fc.property(worth, splits, (holderWorth, wanted) => {
      const inRange = [...new Map(wanted.filter(([place]) => place < holderWorth.length))];
      const sharesAt = (place: number) =>
        inRange.reduce((shares, [day, ratio]) => (day <= place ? shares * ratio : shares), 1);
      const raw = series(holderWorth.map((value, place) => value / sharesAt(place)));
      const actions = inRange.map(([place, ratio]) => aSplit(raw[place]!.startAt.toISOString().slice(0, 10), ratio));

      const closes = closesOf(adjusted(raw, actions, 'split').bars);

      for (let day = 1; day < closes.length; day += 1) {
        expect(closes[day]! / closes[day - 1]!).toBeCloseTo(holderWorth[day]! / holderWorth[day - 1]!, 6);
      }
    }),
  );
});

test('an action that two sources tell counts once: that of the bars, else of the source that tells most', () => {
  const told = [aSplit('2026-01-05', 4, 'b'), aSplit('2026-01-06', 4, 'c'), aSplit('2025-01-06', 2, 'c')];
  const dividends = [aDividend('2026-02-02', 1, 'b'), aDividend('2026-02-03', 1, 'a')];

  expect(chooseActions([...told, ...dividends], 'b')).toEqual([told[0], dividends[0]]);
  expect(chooseActions([...told, ...dividends], 'file')).toEqual([told[1], told[2], dividends[1]]);
});
