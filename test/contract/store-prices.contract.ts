import fc from 'fast-check';
import { compareEventKeys, type PriceEvent } from '../../src/domain/price-event';
import { aPriceEvent } from '../support/price-events';
import { aSeries, DAY, eventAt } from '../support/series';
import type { StoreUnderTest } from './store.contract';

const idsOf = (events: readonly PriceEvent[]) => events.map((event) => event.eventId);

/** Table `price_points`. */
export function describePrices(underTest: () => StoreUnderTest): void {
  const prices = () => underTest().store.prices;

  describe('prices', () => {
    test('an event stored again, in one batch or another, is there once', async () => {
      const series = aSeries();
      const [first, second, third] = [1, 2, 3].map((at) => eventAt(series, at, 10 + at)) as [
        PriceEvent,
        PriceEvent,
        PriceEvent,
      ];

      const counts = [
        await prices().insert([first, second, first]),
        await prices().insert([second, third]),
        await prices().insert([first, second, third]),
      ];

      expect(counts).toEqual([2, 1, 0]);
      expect(await prices().listNewest(series, 10)).toEqual([first, second, third]);
    });

    test('every field comes back as it was given, the price to the last digit', async () => {
      const { symbol } = aSeries();
      const events = [0.1 + 0.2, 1e-7, 123456789.12345679, 5e-324, 1.7976931348623157e308].map((price, sequence) =>
        aPriceEvent({
          symbol,
          price,
          sequence,
          volume: null,
          currency: null,
          rawResponseId: '0b9c4f7e-3f52-4c6a-9d6f-0e6f3a1d2c3b',
        }),
      );
      const full = aPriceEvent({
        symbol,
        sequence: Number.MAX_SAFE_INTEGER,
        eventId: 'foreign "id" \\ {x},NULL',
        volume: 0.5,
      });
      const strange = aPriceEvent({ symbol, sequence: 99, eventId: 'null' });

      await prices().insert([...events, full, strange]);

      expect(await prices().listNewest({ symbol, provider: 'fixture' }, 10)).toEqual([...events, strange, full]);
    });

    test('events that arrive in any order and any batches are listed in event order', async () => {
      const arrivals = fc.array(
        fc.record({ second: fc.nat(5), sequence: fc.nat(12), price: fc.integer({ min: 1, max: 3 }) }),
        { minLength: 1, maxLength: 30 },
      );
      await fc.assert(
        fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 7 }), async (items, batch) => {
          const series = aSeries();
          const events = items.map(({ second, price, sequence }) => eventAt(series, second, price, sequence));
          for (let from = 0; from < events.length; from += batch)
            await prices().insert(events.slice(from, from + batch));

          const expected = [...new Map(events.map((event) => [event.eventId, event])).values()].sort(compareEventKeys);
          expect(idsOf(await prices().listNewest(series, 100))).toEqual(idsOf(expected));
          expect(await prices().findLatest(series.symbol)).toEqual(expected.at(-1));
        }),
        { numRuns: 25 },
      );
    });

    test('a late price does not replace a newer one', async () => {
      const series = aSeries();
      const newest = eventAt(series, 60, 12, 10);
      await prices().insert([newest]);

      await prices().insert([eventAt(series, 60, 11, 9), eventAt(series, 30, 10)]);

      expect(await prices().findLatest(series.symbol, series.provider)).toEqual(newest);
    });

    test('the latest is of the provider named, or of any', async () => {
      const fixture = aSeries('fixture');
      const replay = { ...fixture, provider: 'replay' };
      const [older, newer] = [eventAt(fixture, 1, 10), eventAt(replay, 2, 11)];
      await prices().insert([newer, older]);

      const found = await Promise.all(
        [undefined, 'fixture', 'replay', 'finnhub'].map((provider) => prices().findLatest(fixture.symbol, provider)),
      );

      expect(found).toEqual([newer, older, newer, undefined]);
    });

    test('the latest of many symbols leaves out those without a price', async () => {
      const [a, b] = [aSeries(), aSeries()];
      await prices().insert([eventAt(a, 1, 10), eventAt(a, 2, 11), eventAt(b, 1, 20)]);

      const found = await prices().findLatestOf([a.symbol, 'NOBODY', b.symbol], 'fixture');

      expect(new Map(found.map(({ symbol, price }) => [symbol, price]))).toEqual(
        new Map([
          [a.symbol, 11],
          [b.symbol, 20],
        ]),
      );
      expect(await prices().findLatestOf([a.symbol], 'replay')).toEqual([]);
    });

    test('history pages by key without gap or repeat, through events of one instant', async () => {
      const series = aSeries();
      const events = Array.from({ length: 23 }, (_, index) =>
        eventAt(series, Math.floor(index / 8), 10 + index, index % 8),
      );
      await prices().insert(events);

      const seen: PriceEvent[] = [];
      for (;;) {
        const page = await prices().list({ ...series, limit: 5, after: seen.at(-1) });
        if (page.length === 0) break;
        seen.push(...page);
      }

      expect(idsOf(seen)).toEqual(idsOf(events));
    });

    test('history starts at the start and ends before the end', async () => {
      const series = aSeries();
      await prices().insert([1, 2, 3, 4].map((second) => eventAt(series, second, second)));

      const points = await prices().list({
        ...series,
        start: new Date(DAY + 2000),
        end: new Date(DAY + 4000),
        limit: 10,
      });

      expect(points.map(({ price }) => price)).toEqual([2, 3]);
      expect(points[0]?.ingestedAt).toBeInstanceOf(Date);
    });

    test('the snapshot measures against the last price before the UTC day, of any provider', async () => {
      const fixture = aSeries('fixture');
      const replay = { ...fixture, provider: 'replay' };
      const newest = eventAt(fixture, 7200, 13);
      await prices().insert([eventAt(fixture, -7200, 9), eventAt(replay, -1, 10), eventAt(fixture, 0, 12), newest]);

      const snapshot = (await prices().snapshot()).filter(({ event }) => event.symbol === fixture.symbol);

      expect(snapshot).toEqual([{ event: newest, referencePrice: 10 }]);
    });

    test("without an earlier day the snapshot measures against the day's first price", async () => {
      const fixture = aSeries('fixture');
      const replay = { ...fixture, provider: 'replay' };
      await prices().insert([eventAt(fixture, 3600, 12), eventAt(replay, 1800, 11), eventAt(fixture, 7200, 13)]);

      const [point] = (await prices().snapshot()).filter(({ event }) => event.symbol === fixture.symbol);

      expect(point).toMatchObject({ event: { price: 13 }, referencePrice: 11 });
    });

    test('each series is known with its newest event', async () => {
      const fixture = aSeries('fixture');
      const replay = { ...fixture, provider: 'replay' };
      await prices().insert([eventAt(fixture, 1, 10), eventAt(fixture, 2, 11), eventAt(replay, 1, 12)]);

      const latest = (await prices().latestOfEverySeries()).filter(({ symbol }) => symbol === fixture.symbol);
      const series = (await prices().listSeries()).filter(({ symbol }) => symbol === fixture.symbol);

      expect(latest.map(({ provider, price }) => [provider, price])).toEqual([
        ['fixture', 11],
        ['replay', 12],
      ]);
      expect(series).toEqual([fixture, replay]);
    });

    test('writers that insert the same new series at once all succeed', async () => {
      const series = Array.from({ length: 20 }, () => aSeries());
      const events = series.map((one) => eventAt(one, 1, 10));

      const counts = await Promise.all(Array.from({ length: 8 }, () => prices().insert(events)));

      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(20);
    });
  });
}
