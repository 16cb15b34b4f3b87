import fc from 'fast-check';
import {
  type AverageWindow,
  advanceWindow,
  EMPTY_WINDOW,
  SLACK_EVENTS,
  type WindowEntry,
} from '../../src/domain/moving-average';
import { compareEventKeys } from '../../src/domain/price-event';

const at = (second: number, price: number, sequence = 0): WindowEntry => ({
  observedAt: new Date(second * 1000),
  sequence,
  eventId: `e${String(second).padStart(6, '0')}-${sequence}`,
  price,
});

const rowsOf = (averages: ReturnType<typeof advanceWindow>['averages']) =>
  averages.map(({ last, average }) => [last.observedAt.getTime() / 1000, average]);

/** What the averages must be, computed the slow way over all events. */
function bruteForce(events: readonly WindowEntry[], size: number): Map<string, number> {
  const sorted = [...events].sort(compareEventKeys);
  return new Map(
    sorted.flatMap((event, index) => {
      if (index < size - 1) return [];
      const prices = sorted.slice(index - size + 1, index + 1).map((entry) => entry.price);
      return [[event.eventId, Number((prices.reduce((sum, price) => sum + price, 0) / size).toPrecision(12))]];
    }),
  );
}

/** Feeds batches through the window and keeps the last row said for each event. */
function feed(batches: readonly (readonly WindowEntry[])[], size: number) {
  const rows = new Map<string, number>();
  let window: AverageWindow = EMPTY_WINDOW;
  let beyond = 0;
  for (const batch of batches) {
    const advance = advanceWindow(window, batch, size);
    window = advance.window;
    beyond += advance.beyondSlack.length;
    for (const { last, average } of advance.averages) rows.set(last.eventId, Number(average.toPrecision(12)));
  }
  return { rows, window, beyond };
}

test('prices 10 to 15 at times 1 to 6, arriving as 1,2,3,6,5,4, give exactly two rows with a window of 5', () => {
  const arrivals = [1, 2, 3, 6, 5, 4].map((second) => at(second, second + 9));

  const oneByOne = feed(
    arrivals.map((event) => [event]),
    5,
  );
  const together = advanceWindow(EMPTY_WINDOW, arrivals, 5);

  expect([...oneByOne.rows]).toEqual([
    ['e000006-0', 13],
    ['e000005-0', 12],
  ]);
  expect(rowsOf(together.averages)).toEqual([
    [5, 12],
    [6, 13],
  ]);
});

test('a late event recomputes the rows whose window it enters', () => {
  const { window } = advanceWindow(EMPTY_WINDOW, [at(1, 1), at(3, 3), at(4, 4), at(5, 5)], 2);

  const late = advanceWindow(window, [at(2, 2)], 2);

  expect(rowsOf(late.averages)).toEqual([
    [2, 1.5],
    [3, 2.5],
  ]);
});

test('the same event again changes nothing and gives its row again', () => {
  const first = advanceWindow(EMPTY_WINDOW, [at(1, 1), at(2, 2), at(3, 3)], 2);

  const again = advanceWindow(first.window, [at(3, 3)], 2);

  expect(again.window).toEqual(first.window);
  expect(rowsOf(again.averages)).toEqual([[3, 2.5]]);
});

test('events of one instant are ordered by sequence as a number, then by id', () => {
  const { window } = advanceWindow(EMPTY_WINDOW, [at(1, 10, 10), at(1, 9, 9), at(1, 2, 2)], 3);

  expect(window.entries.map((entry) => entry.sequence)).toEqual([2, 9, 10]);
});

test('an event older than the slack is told apart, and changes nothing', () => {
  const many = Array.from({ length: SLACK_EVENTS + 20 }, (_, index) => at(100 + index, index));
  const { window } = advanceWindow(EMPTY_WINDOW, many, 5);

  const late = advanceWindow(window, [at(1, 1)], 5);

  expect(late.beyondSlack.map((entry) => entry.eventId)).toEqual(['e000001-0']);
  expect(late.averages).toEqual([]);
  expect(late.window).toEqual(window);
});

test('a window keeps a bounded number of events', () => {
  const many = Array.from({ length: 5000 }, (_, index) => at(index, index));

  const { window } = advanceWindow(EMPTY_WINDOW, many, 5);

  expect(window.entries).toHaveLength(5 + SLACK_EVENTS);
  expect(window.truncated).toBe(true);
});

test('means are exact to 15 digits where decimals are not exact in binary', () => {
  const { averages } = advanceWindow(EMPTY_WINDOW, [at(1, 0.1), at(2, 0.2), at(3, 0.3)], 3);

  expect(averages.map(({ average }) => average)).toEqual([0.2]);
});

test('any arrival order within the slack, in any batches, with repeats, ends at the brute-force rows', () => {
  const scenario = fc.record({
    size: fc.integer({ min: 1, max: 7 }),
    prices: fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 60 }),
    shuffle: fc.array(fc.nat(), { minLength: 60, maxLength: 60 }),
    repeats: fc.array(fc.nat(), { maxLength: 20 }),
    batch: fc.integer({ min: 1, max: 9 }),
  });
  fc.assert(
    fc.property(scenario, ({ size, prices, shuffle, repeats, batch }) => {
      const events = prices.map((price, index) => at(Math.floor(index / 2), price / 100, index % 2));
      const shuffled = events
        .map((event, index) => ({ event, rank: shuffle[index] ?? 0 }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ event }) => event);
      const arrivals = [...shuffled, ...repeats.map((index) => events[index % events.length]!)];
      const batches = Array.from({ length: Math.ceil(arrivals.length / batch) }, (_, index) =>
        arrivals.slice(index * batch, (index + 1) * batch),
      );

      const { rows, beyond } = feed(batches, size);

      expect(beyond).toBe(0);
      expect(new Map([...rows].sort())).toEqual(new Map([...bruteForce(events, size)].sort()));
    }),
  );
});
