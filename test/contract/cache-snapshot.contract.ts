import type { LatestWrite, PriceDiff } from '../../src/cache/cache';
import type { PriceEvent } from '../../src/domain/price-event';
import { eventually } from '../support/eventually';
import { aSeries, eventAt, fetchedLater } from '../support/series';
import type { CacheUnderTest } from './cache.contract';

/** Key `prices` and channel `price-diffs`. */
export function describeSnapshot(underTest: () => CacheUnderTest): void {
  const cache = () => underTest().cache;
  const write = (...events: PriceEvent[]) => cache().writeLatest(events.map((event) => ({ event })));

  describe('the snapshot', () => {
    const entryOf = async (symbol: string) => (await cache().readSnapshotEntry(symbol))!;
    const changeOf = async (symbol: string) => {
      const { change, change_percent } = await entryOf(symbol);
      return [change, change_percent];
    };
    const writeWith = (...writes: LatestWrite[]) => cache().writeLatest(writes);
    const MIDNIGHT = 86_400;

    test('an entry tells the newest event of any provider', async () => {
      const fixture = aSeries('fixture');
      const replay = { ...fixture, provider: 'replay' };

      const changed = await write(eventAt(fixture, 2, 10), eventAt(replay, 3, 12), eventAt(fixture, 1, 11));

      expect(changed).toBe(1);
      expect(await entryOf(fixture.symbol)).toMatchObject({
        price: 12,
        currency: 'USD',
        provider: 'replay',
        timestamp: '2026-01-05T00:00:03.000Z',
        fetched_at: '2026-01-05T00:00:03.500Z',
      });
      expect((await cache().readSnapshot()).prices[fixture.symbol]).toEqual(await entryOf(fixture.symbol));
      expect(await cache().readSnapshotEntry('NOBODY')).toBeUndefined();
    });

    test("without an earlier day the change is against the day's first price", async () => {
      const series = aSeries();

      await write(eventAt(series, 1, 100));
      await write(eventAt(series, 2, 101), eventAt(series, 3, 102.5));

      expect(await changeOf(series.symbol)).toEqual([2.5, 2.5]);
    });

    test('on a new day the change is against the last price of the day before', async () => {
      const series = aSeries();
      await write(eventAt(series, 1, 50), eventAt(series, 2, 80));

      await write(eventAt(series, MIDNIGHT, 100));
      await write(eventAt(series, MIDNIGHT + 1, 120));

      expect(await changeOf(series.symbol)).toEqual([40, 50]);
    });

    test('a batch that spans midnight is measured against its own last price before', async () => {
      const series = aSeries();
      await write(eventAt(series, 1, 50));

      await write(eventAt(series, MIDNIGHT - 1, 80), eventAt(series, MIDNIGHT, 90), eventAt(series, MIDNIGHT + 1, 100));

      expect(await changeOf(series.symbol)).toEqual([20, 25]);
    });

    test('the reference price of the caller wins, and stays for the day', async () => {
      const series = aSeries();
      await write(eventAt(series, 1, 100));

      await writeWith({ event: eventAt(series, 2, 110), referencePrice: 88 });
      const given = await changeOf(series.symbol);
      await write(eventAt(series, 3, 99));

      expect(given).toEqual([22, 25]);
      expect(await changeOf(series.symbol)).toEqual([11, 12.5]);
    });

    test('a reference price for the event that is stored corrects its change', async () => {
      const series = aSeries();
      const event = eventAt(series, 1, 110);
      await write(event);

      const changed = await writeWith({ event, referencePrice: 100 });

      expect(changed).toBe(0);
      expect(await changeOf(series.symbol)).toEqual([10, 10]);
    });

    test.each([
      [67000.11, 67000.12, 0.01, 0],
      [0.1, 0.3, 0.2, 200],
      [100, 99.7, -0.3, -0.3],
      [3, 4, 1, 33.3333],
      [0.00001234, 0.00001235, 0.00000001, 0.081],
      [-37.63, -36.98, 0.65, 1.7273],
      [1e-7, 3e-7, 2e-7, 200],
      [612345.12, 612345.12, 0, 0],
    ])('from %d to %d the change is %d, or %d percent', async (reference, price, change, percent) => {
      const series = aSeries();

      await writeWith({ event: eventAt(series, 1, price), referencePrice: reference });

      expect(await changeOf(series.symbol)).toEqual([change, percent]);
    });
  });

  describe('diffs', () => {
    /** Diffs about `symbol`: other tests publish on the same channel. */
    async function listenFor(symbol: string): Promise<{ diffs: PriceDiff[]; end: () => Promise<void> }> {
      const diffs: PriceDiff[] = [];
      const end = await cache().onDiff((diff) => {
        if (symbol in diff.prices) diffs.push(diff);
      });
      return { diffs, end };
    }

    test('a diff holds the symbols whose price changed, and only those', async () => {
      const [a, b] = [aSeries(), aSeries()];
      await write(eventAt(a, 1, 10), eventAt(b, 1, 20));
      const { diffs, end } = await listenFor(a.symbol);

      const changed = await write(eventAt(a, 2, 11), eventAt(b, 2, 20));

      await eventually(() => diffs.length === 1);
      expect(changed).toBe(2);
      expect(diffs[0]?.prices).toEqual({ [a.symbol]: await cache().readSnapshotEntry(a.symbol) });
      await end();
    });

    test('the sequence grows by one with each diff and not without one, and the snapshot names the last it contains', async () => {
      const series = aSeries();
      const { diffs, end } = await listenFor(series.symbol);
      const event = eventAt(series, 2, 10);

      await write(event);
      await write(event);
      await write(eventAt(series, 1, 9));
      await write(fetchedLater(event, 5));
      await write(eventAt(series, 3, 10));
      await write(eventAt(series, 4, 11));
      const { sequence } = await cache().readSnapshot();

      await eventually(() => diffs.length === 2);
      expect(diffs.map((diff) => diff.sequence)).toEqual([sequence - 1, sequence]);
      await end();
    });

    test('numbers begin at a clock, so that none of a cache that was lost is one of the next', async () => {
      const { sequence } = await cache().readSnapshot();

      expect(sequence).toBeGreaterThan(Date.parse('2026-01-01T00:00:00.000Z'));
      expect(Number.isSafeInteger(sequence)).toBe(true);
    });

    test('a listener that was ended hears nothing, the others go on', async () => {
      const series = aSeries();
      const [ended, going] = [await listenFor(series.symbol), await listenFor(series.symbol)];

      await ended.end();
      await ended.end();
      await write(eventAt(series, 1, 10));

      await eventually(() => going.diffs.length === 1);
      expect(ended.diffs).toEqual([]);
      await going.end();
    });
  });
}
