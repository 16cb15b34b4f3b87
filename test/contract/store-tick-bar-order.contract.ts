import fc from 'fast-check';
import { BAR_INTERVALS, type BarInterval, type RawBar } from '../../src/domain/bar';
import { compareEventKeys, type PriceEvent } from '../../src/domain/price-event';
import type { SeriesKey } from '../../src/store/store';
import { aSeries, eventAt } from '../support/series';
import type { StoreUnderTest } from './store.contract';

const LENGTH_MS: Record<BarInterval, number> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '1d': 86_400_000,
};

const traded = () => true;

type Values = Pick<RawBar, 'startAt' | 'open' | 'high' | 'low' | 'close' | 'volume'>;

/** What the bars must be, each computed from all events at once. */
function bruteForce(events: readonly PriceEvent[], interval: BarInterval): Values[] {
  const distinct = [...new Map(events.map((event) => [event.eventId, event])).values()].sort(compareEventKeys);
  const buckets = new Map<number, PriceEvent[]>();
  for (const event of distinct) {
    const startMs = Math.floor(event.observedAt.getTime() / LENGTH_MS[interval]) * LENGTH_MS[interval];
    buckets.set(startMs, [...(buckets.get(startMs) ?? []), event]);
  }
  return [...buckets].map(([startMs, inside]) => {
    const prices = inside.map(({ price }) => price);
    const volumes = inside.flatMap(({ volume }) => volume ?? []);
    return {
      startAt: new Date(startMs),
      open: prices[0]!,
      high: Math.max(...prices),
      low: Math.min(...prices),
      close: prices.at(-1)!,
      volume: volumes.length === 0 ? null : volumes.reduce((sum, volume) => sum + Math.round(volume * 100), 0) / 100,
    };
  });
}

function valuesOf({ startAt, open, high, low, close, volume }: RawBar): Values {
  return { startAt, open, high, low, close, volume };
}

/** Bars made of price events, whatever way these come. */
export function describeTickBarOrder(underTest: () => StoreUnderTest): void {
  const tickBars = () => underTest().store.tickBars;
  const list = ({ symbol, provider }: SeriesKey, interval: BarInterval) =>
    underTest().store.bars.list({ symbol, interval, source: `ticks:${provider}`, limit: 1000 });

  describe('the order of ticks', () => {
    test('writers at the same moment that share series in any order lose nothing', async () => {
      const series = Array.from({ length: 6 }, () => aSeries());
      const batches = Array.from({ length: 8 }, (_, turn) =>
        [...series.slice(turn % 6), ...series.slice(0, turn % 6)].map((one) => eventAt(one, turn * 50, turn + 1)),
      );

      await Promise.all(batches.map((batch) => tickBars().rebuild(batch, traded)));

      for (const one of series) {
        const events = batches.flat().filter(({ symbol }) => symbol === one.symbol);
        for (const interval of BAR_INTERVALS) {
          expect((await list(one, interval)).map(valuesOf)).toEqual(bruteForce(events, interval));
        }
      }
    });

    test('however events are shuffled, cut into batches and redelivered, the bars are those of all events at once', async () => {
      const anEvent = fc.record({
        series: fc.integer({ min: 0, max: 2 }),
        second: fc.oneof(fc.integer({ min: 0, max: 200_000 }), fc.integer({ min: 3500, max: 3700 })),
        cents: fc.integer({ min: 1, max: 10_000 }),
        sequence: fc.integer({ min: 0, max: 2 }),
        volume: fc.option(fc.integer({ min: 0, max: 100_000 }).map((hundredths) => hundredths / 100)),
      });
      const script = fc.record({
        ticks: fc.array(anEvent, { minLength: 1, maxLength: 40 }),
        order: fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 }),
        repeated: fc.array(fc.nat(39), { maxLength: 10 }),
        cuts: fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 5 }),
      });

      await fc.assert(
        fc.asyncProperty(script, async ({ ticks, order, repeated, cuts }) => {
          const { symbol } = aSeries();
          const all = [{ symbol, provider: 'replay' }, { symbol, provider: 'finnhub' }, aSeries('replay')];
          const events = ticks.map(({ series, second, cents, sequence, volume }) => ({
            ...eventAt(all[series]!, second, cents / 100, sequence),
            volume,
          }));
          const known = [...new Map(events.map((event) => [event.eventId, event])).values()];
          const delivered = known
            .map((event, index) => ({ event, place: order[index]! }))
            .sort((a, b) => a.place - b.place)
            .map(({ event }) => event);
          const log = [...delivered, ...repeated.flatMap((index) => delivered[index] ?? [])];

          for (let from = 0, turn = 0; from < log.length; turn += 1) {
            const size = cuts[turn % cuts.length]!;
            await tickBars().rebuild(log.slice(from, from + size), traded);
            from += size;
          }

          for (const series of all) {
            const own = known.filter((event) => event.symbol === series.symbol && event.provider === series.provider);
            for (const interval of BAR_INTERVALS) {
              expect((await list(series, interval)).map(valuesOf)).toEqual(
                bruteForce(own, interval).sort((a, b) => a.startAt.getTime() - b.startAt.getTime()),
              );
            }
          }
        }),
        { numRuns: 25 },
      );
    });
  });
}
