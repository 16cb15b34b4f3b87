import fc from 'fast-check';
import { advanceWindow, EMPTY_WINDOW } from '../../src/domain/moving-average';
import { compareEventKeys, type EventKey, type PriceEvent } from '../../src/domain/price-event';
import type { SymbolAverage } from '../../src/domain/symbol-average';
import type { Averages, SeriesKey } from '../../src/store/store';
import { aSeries, eventAt } from '../support/series';
import type { StoreUnderTest } from './store.contract';

function averageAt(series: SeriesKey, second: number, average: number, window: number): SymbolAverage {
  const { observedAt, sequence, eventId } = eventAt(series, second, 1);
  return { ...series, window, average, observedAt, sequence, eventId };
}

/** What the rows must be, computed the slow way over all events. */
function bruteForce(events: readonly PriceEvent[], size: number): [string, number][] {
  const sorted = [...new Map(events.map((event) => [event.eventId, event])).values()].sort(compareEventKeys);
  return sorted.slice(size - 1).map((event, index) => {
    const sum = sorted.slice(index, index + size).reduce((total, { price }) => total + Math.round(price * 100), 0);
    return [event.eventId, Number((sum / 100 / size).toPrecision(15))];
  });
}

/** All rows of a series, given every key that may have one. */
async function rowsOf(averages: Averages, series: SeriesKey, size: number, keys: readonly EventKey[]) {
  const rows = await averages.listFrom(
    keys.map((key) => ({ ...key, ...series })),
    size,
  );
  return rows.map((row): [string, number] => [row.eventId, row.average]);
}

/** Tables `symbol_averages` and `average_windows`. */
export function describeAverages(underTest: () => StoreUnderTest): void {
  const averages = () => underTest().store.averages;
  const emptyWindow = async (series: SeriesKey, size: number) => (await averages().loadWindows([series], size))[0]!;

  describe('averages', () => {
    test('a series without a window has an empty one of version 0, in the order asked for', async () => {
      const [a, b] = [aSeries(), aSeries()];
      const { window } = advanceWindow(EMPTY_WINDOW, [eventAt(b, 1, 10)], 5);
      await averages().save({ size: 5, windows: [{ ...b, window, version: 0 }], averages: [] });

      expect(await averages().loadWindows([a, b, a], 5)).toEqual([
        { ...a, window: EMPTY_WINDOW, version: 0 },
        { ...b, window, version: 1 },
        { ...a, window: EMPTY_WINDOW, version: 0 },
      ]);
      expect(await averages().loadWindows([b], 6)).toEqual([{ ...b, window: EMPTY_WINDOW, version: 0 }]);
    });

    test('a window comes back entry by entry, ids that are not derived included', async () => {
      const series = aSeries();
      const events = [eventAt(series, 1, 0.1 + 0.2), { ...eventAt(series, 2, 1e-7, 3), eventId: 'a "foreign" id' }];
      const { window } = advanceWindow(EMPTY_WINDOW, events, 5);

      await averages().save({
        size: 5,
        windows: [{ ...series, window: { ...window, truncated: true }, version: 0 }],
        averages: [],
      });

      expect((await emptyWindow(series, 5)).window).toEqual({ entries: window.entries, truncated: true });
    });

    test('of two writers that hold the same version one saves and the other changes nothing', async () => {
      const [a, b] = [aSeries(), aSeries()];
      const held = await averages().loadWindows([a, b], 3);
      const change = (average: number) => ({
        size: 3,
        windows: held,
        averages: [averageAt(a, 1, average, 3), averageAt(b, 1, average, 3)],
      });

      const outcomes = await Promise.all([averages().save(change(10)), averages().save(change(20))]);

      expect([...outcomes].sort()).toEqual(['conflict', 'saved']);
      const winner = outcomes[0] === 'saved' ? 10 : 20;
      expect((await averages().findLatest(a.symbol, 3))?.average).toBe(winner);
      expect((await averages().findLatest(b.symbol, 3))?.average).toBe(winner);
      expect((await averages().loadWindows([a, b], 3)).map(({ version }) => version)).toEqual([1, 1]);
    });

    test('one stale window among good ones keeps the whole change out', async () => {
      const [stale, fresh, never] = [aSeries(), aSeries(), aSeries()];
      const first = await emptyWindow(stale, 3);
      await averages().save({ size: 3, windows: [first], averages: [] });

      const outcomes = [
        await averages().save({
          size: 3,
          windows: [first, await emptyWindow(fresh, 3)],
          averages: [averageAt(fresh, 1, 10, 3)],
        }),
        await averages().save({ size: 3, windows: [{ ...never, window: EMPTY_WINDOW, version: 7 }], averages: [] }),
      ];

      expect(outcomes).toEqual(['conflict', 'conflict']);
      expect(await averages().findLatest(fresh.symbol, 3)).toBeUndefined();
      expect((await averages().loadWindows([fresh, never], 3)).map(({ version }) => version)).toEqual([0, 0]);
    });

    test('a row saved again takes the new average, also twice in one change', async () => {
      const series = aSeries();
      const save = async (...rows: SymbolAverage[]) =>
        averages().save({ size: 3, windows: [await emptyWindow(series, 3)], averages: rows });

      await save(averageAt(series, 1, 10, 3), averageAt(series, 2, 11, 3));
      await save(averageAt(series, 2, 12, 3), averageAt(series, 2, 13, 3));

      expect((await rowsOf(averages(), series, 3, [eventAt(series, 1, 1)])).map(([, average]) => average)).toEqual([
        10, 13,
      ]);
    });

    test('the newest average is of the size asked for, and of the provider named or any', async () => {
      const fixture = aSeries('fixture');
      const replay = { ...fixture, provider: 'replay' };
      const windows = await averages().loadWindows([fixture, replay], 3);
      await averages().save({
        size: 3,
        windows,
        averages: [averageAt(fixture, 1, 10, 3), averageAt(fixture, 2, 11, 3), averageAt(replay, 3, 12, 3)],
      });

      const found = await Promise.all([
        averages().findLatest(fixture.symbol, 3),
        averages().findLatest(fixture.symbol, 3, 'fixture'),
        averages().findLatest(fixture.symbol, 4),
      ]);

      expect(found).toEqual([averageAt(replay, 3, 12, 3), averageAt(fixture, 2, 11, 3), undefined]);
    });

    test('from a key on, at most as many rows as the window is long, each once', async () => {
      const [a, b] = [aSeries(), aSeries()];
      const windows = await averages().loadWindows([a, b], 2);
      const rows = [1, 2, 3, 4].map((second) => averageAt(a, second, second, 2));
      await averages().save({ size: 2, windows, averages: [...rows, averageAt(b, 9, 9, 2)] });

      const found = await averages().listFrom([rows[1]!, rows[2]!, { ...b, ...eventAt(b, 1, 1) }, rows[1]!], 2);

      expect(found.map(({ average }) => average)).toEqual([2, 3, 4, 9]);
    });

    test('a rebuild makes the rows those of a brute-force recomputation, and counts what it changed', async () => {
      const scenario = fc.record({
        size: fc.integer({ min: 1, max: 6 }),
        events: fc.array(
          fc.record({ second: fc.nat(40), sequence: fc.nat(2), cents: fc.integer({ min: 1, max: 9_999_99 }) }),
          { maxLength: 60 },
        ),
        wrong: fc.array(fc.nat(45), { maxLength: 6 }),
      });
      await fc.assert(
        fc.asyncProperty(scenario, async ({ size, events: items, wrong }) => {
          const series = aSeries();
          const events = items.map(({ second, sequence, cents }) => eventAt(series, second, cents / 100, sequence));
          await underTest().store.prices.insert(events);
          const lies = [...new Set(wrong)].map((second) => averageAt(series, second, 0.5, size));
          await averages().save({ size, windows: [await emptyWindow(series, size)], averages: lies });

          const changes = await averages().rebuild(series, size);
          const again = await averages().rebuild(series, size);

          const expected = bruteForce(events, size);
          const known = new Set(expected.map(([id]) => id));
          expect(await rowsOf(averages(), series, size, [...events, ...lies])).toEqual(expected);
          if (events.length > 0)
            expect(changes).toBe(expected.length + lies.filter(({ eventId }) => !known.has(eventId)).length);
          expect(again).toBe(0);
        }),
        { numRuns: 20 },
      );
    });

    test('a rebuild takes the window away from a running consumer and leaves it the right one', async () => {
      const series = aSeries();
      const events = [1, 2, 3, 4].map((second) => eventAt(series, second, second));
      await underTest().store.prices.insert(events);
      const held = await emptyWindow(series, 2);
      await averages().save({ size: 2, windows: [held], averages: [] });

      await averages().rebuild(series, 2);
      const stale = await averages().save({ size: 2, windows: [{ ...held, version: 1 }], averages: [] });

      expect(stale).toBe('conflict');
      expect(await emptyWindow(series, 2)).toEqual({
        ...series,
        version: 2,
        window: advanceWindow(EMPTY_WINDOW, events, 2).window,
      });
    });
  });
}
