import fc from 'fast-check';
import type { Cache, LatestWrite, PriceDiff, TickerUpdate } from '../../src/cache/cache';
import { compareEventKeys, type PriceEvent } from '../../src/domain/price-event';
import { eventually } from '../support/eventually';
import { aSeries, eventAt } from '../support/series';

/** A cache under test: expiry 300 s, default provider `fixture`. Each test uses symbols of its own. */
export interface CacheUnderTest {
  readonly cache: Cache;
  /** Lets time pass for what expires. */
  passTime(seconds: number): Promise<void>;
  /** Publishes on the channel `ticker_updates`. */
  publishTickerUpdate(text: string): Promise<void>;
}

const newer = (event: PriceEvent, seconds: number): PriceEvent => ({
  ...event,
  fetchedAt: new Date(event.fetchedAt.getTime() + seconds * 1000),
});

/** What every cache holds to. */
export function describeCache(underTest: () => CacheUnderTest): void {
  const cache = () => underTest().cache;
  const write = (...events: PriceEvent[]) => cache().writeLatest(events.map((event) => ({ event })));
  const bodyOf = async (symbol: string, provider?: string) =>
    JSON.parse((await cache().readLatest(symbol, provider)) ?? 'null');
  const priceOf = async (symbol: string, provider?: string) => (await bodyOf(symbol, provider))?.price;

  describe('latest prices', () => {
    test('the body is as it is served, under its provider and, for the default one, under the symbol', async () => {
      const series = aSeries('fixture');
      await write(eventAt(series, 1, 48.31, 17));

      const body = {
        symbol: series.symbol,
        provider: 'fixture',
        price: 48.31,
        currency: 'USD',
        volume: 10,
        timestamp: '2026-01-05T00:00:01.000Z',
        fetched_at: '2026-01-05T00:00:01.500Z',
        event_id: `fixture:${series.symbol}:1767571201000:17:48.31`,
      };

      expect(await cache().readLatest(series.symbol, 'fixture')).toBe(JSON.stringify(body));
      expect(await cache().readLatest(series.symbol)).toBe(JSON.stringify(body));
      expect(await cache().readLatest(series.symbol, 'replay')).toBeUndefined();
    });

    test('another provider does not touch the default one', async () => {
      const fixture = aSeries('fixture');
      const replay = { ...fixture, provider: 'replay' };
      await write(eventAt(fixture, 1, 10));

      await write(eventAt(replay, 2, 20));

      expect(await priceOf(fixture.symbol)).toBe(10);
      expect(await priceOf(fixture.symbol, 'replay')).toBe(20);
    });

    test('many symbols are read at once, in the order asked for', async () => {
      const [a, b] = [aSeries(), aSeries()];
      await write(eventAt(a, 1, 10), eventAt(b, 1, 20));

      const bodies = await cache().readLatestOf([b.symbol, 'NOBODY', a.symbol], 'fixture');

      expect(bodies.map((body) => body && JSON.parse(body).price)).toEqual([20, undefined, 10]);
      expect(await cache().readLatestOf([])).toEqual([]);
    });

    test('a late price does not replace a newer one', async () => {
      const series = aSeries();
      await write(eventAt(series, 2, 20));

      const changed = await write(eventAt(series, 1, 10));

      expect(changed).toBe(0);
      expect(await priceOf(series.symbol)).toBe(20);
      expect((await cache().readSnapshotEntry(series.symbol))?.price).toBe(20);
    });

    test('a late price does not take the place of a newer one that expired', async () => {
      const series = aSeries();
      await write(eventAt(series, 2, 20));
      await underTest().passTime(301);

      await write(eventAt(series, 1, 10));

      expect(await priceOf(series.symbol)).toBeUndefined();
      expect(await priceOf(series.symbol, 'fixture')).toBeUndefined();
    });

    test('the very event that expired comes back when it is written again', async () => {
      const series = aSeries();
      const event = eventAt(series, 2, 20);
      await write(event);
      await underTest().passTime(301);

      await write(event);

      expect(await priceOf(series.symbol)).toBe(20);
    });

    test('of one instant the higher sequence wins, as a number, then the higher id, as bytes', async () => {
      const series = aSeries();
      const at = (sequence: number, price: number, eventId: string) => ({
        ...eventAt(series, 1, price, sequence),
        eventId,
      });

      const prices: unknown[] = [];
      for (const event of [
        at(9, 1, 'z'),
        at(10, 2, 'a'),
        at(9, 3, 'zz'),
        at(10, 4, 'B'),
        at(10, 5, 'b'),
        at(10, 6, 'aa'),
      ]) {
        await write(event);
        prices.push(await priceOf(series.symbol));
      }

      expect(prices).toEqual([1, 2, 2, 2, 5, 5]);
    });

    test('the same event fetched later renews fetched_at and the expiry, fetched earlier it does not', async () => {
      const series = aSeries();
      const event = eventAt(series, 1, 10);
      await write(event);
      await underTest().passTime(200);

      await write(newer(event, 60));
      await write(newer(event, 30));
      await underTest().passTime(200);

      expect((await bodyOf(series.symbol)).fetched_at).toBe('2026-01-05T00:01:01.500Z');
      expect((await cache().readSnapshotEntry(series.symbol))?.fetched_at).toBe('2026-01-05T00:01:01.500Z');
    });

    test('any interleaving of batches ends at the newest of each provider and of each symbol', async () => {
      const event = fc.record({
        symbol: fc.nat(1),
        provider: fc.nat(1),
        second: fc.nat(4),
        sequence: fc.nat(11),
        price: fc.integer({ min: 1, max: 3 }),
      });
      const batches = fc.array(fc.array(event, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(batches, async (items) => {
          const symbols = [aSeries().symbol, aSeries().symbol];
          const events = items.map((batch) =>
            batch.map(({ symbol, provider, second, sequence, price }) =>
              eventAt(
                { symbol: symbols[symbol]!, provider: ['fixture', 'replay'][provider]! },
                second,
                price,
                sequence,
              ),
            ),
          );

          await Promise.all(events.map((batch) => write(...batch)));

          const newestOf = (matches: (one: PriceEvent) => boolean) =>
            events.flat().filter(matches).sort(compareEventKeys).at(-1);
          for (const symbol of symbols) {
            for (const provider of ['fixture', 'replay']) {
              const newest = newestOf((one) => one.symbol === symbol && one.provider === provider);
              expect((await bodyOf(symbol, provider))?.event_id).toBe(newest?.eventId);
            }
            const newest = newestOf((one) => one.symbol === symbol);
            const entry = await cache().readSnapshotEntry(symbol);
            expect([entry?.price, entry?.provider, entry?.timestamp]).toEqual([
              newest?.price,
              newest?.provider,
              newest?.observedAt.toISOString(),
            ]);
          }
        }),
        { numRuns: 40 },
      );
    });
  });

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
      await write(newer(event, 5));
      await write(eventAt(series, 3, 10));
      await write(eventAt(series, 4, 11));
      const { sequence } = await cache().readSnapshot();

      await eventually(() => diffs.length === 2);
      expect(diffs.map((diff) => diff.sequence)).toEqual([sequence - 1, sequence]);
      await end();
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

  describe('ticker updates', () => {
    test('a bare symbol and a JSON object are understood, anything else is reported', async () => {
      const updates: TickerUpdate[] = [];
      const malformed: string[] = [];
      const end = await cache().onTickerUpdate(
        (update) => updates.push(update),
        (text) => malformed.push(text),
      );
      const texts = [
        'aapl',
        '{"ticker":" msft ","action":"refresh"}',
        '{"ticker":"BRK.B"}',
        '600519',
        'no symbol!',
        '{"ticker":1}',
        '{}',
        '[]',
        '',
      ];

      for (const text of texts) await underTest().publishTickerUpdate(text);

      await eventually(() => updates.length + malformed.length === texts.length);
      expect(updates).toEqual([
        { ticker: 'AAPL', action: null },
        { ticker: 'MSFT', action: 'refresh' },
        { ticker: 'BRK.B', action: null },
        { ticker: '600519', action: null },
      ]);
      expect(malformed).toEqual(['no symbol!', '{"ticker":1}', '{}', '[]', '']);
      await end();
    });
  });

  describe('quotas', () => {
    test('as many units as the limit are there, then it says how long to wait', async () => {
      const name = aSeries().symbol;

      const waits = [];
      for (let taken = 0; taken < 4; taken += 1) waits.push(await cache().takeQuota(name, 3, 60_000));

      expect(waits.slice(0, 3)).toEqual([0, 0, 0]);
      expect(waits[3]).toBeGreaterThan(50_000);
      expect(waits[3]).toBeLessThanOrEqual(60_000);
      expect(await cache().takeQuota(`${name}-other`, 3, 60_000)).toBe(0);
    });

    test('after the window the units are there again', async () => {
      const name = aSeries().symbol;
      await cache().takeQuota(name, 1, 60_000);
      expect(await cache().takeQuota(name, 1, 60_000)).toBeGreaterThan(0);

      await underTest().passTime(61);

      expect(await cache().takeQuota(name, 1, 60_000)).toBe(0);
    });
  });
}
