import fc from 'fast-check';
import { compareEventKeys, type PriceEvent } from '../../src/domain/price-event';
import { aSeries, eventAt, fetchedLater } from '../support/series';
import type { CacheUnderTest } from './cache.contract';

/** Keys `latest_price_*` and `price:*`. */
export function describeLatestPrices(underTest: () => CacheUnderTest): void {
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

    test('what was forgotten is gone with its order, so that an older price can take its place', async () => {
      const fixture = aSeries('fixture');
      const [replay, other] = [{ ...fixture, provider: 'replay' }, aSeries('fixture')];
      await write(eventAt(fixture, 9, 90), eventAt(replay, 8, 80), eventAt(other, 1, 1));

      await cache().forgetLatest(fixture.symbol, ['fixture', 'replay']);
      const gone = [await priceOf(fixture.symbol), await priceOf(fixture.symbol, 'replay')];
      const entry = await cache().readSnapshotEntry(fixture.symbol);
      await write(eventAt(fixture, 2, 20), eventAt(replay, 1, 10));

      expect([gone, entry]).toEqual([[undefined, undefined], undefined]);
      expect([await priceOf(fixture.symbol), await priceOf(fixture.symbol, 'replay')]).toEqual([20, 10]);
      expect(await cache().readSnapshotEntry(fixture.symbol)).toMatchObject({ price: 20, change: 10 });
      expect(await priceOf(other.symbol)).toBe(1);
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

      await write(fetchedLater(event, 60));
      await write(fetchedLater(event, 30));
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
}
