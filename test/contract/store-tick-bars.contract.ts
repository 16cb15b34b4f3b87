import { BAR_INTERVALS, type Bar, type BarInterval, type RawBar } from '../../src/domain/bar';
import type { SeriesKey } from '../../src/store/store';
import { aSeries, eventAt } from '../support/series';
import type { StoreUnderTest } from './store.contract';

const traded = () => true;

type Values = Pick<RawBar, 'startAt' | 'open' | 'high' | 'low' | 'close' | 'volume'>;

function valuesOf({ startAt, open, high, low, close, volume }: RawBar): Values {
  return { startAt, open, high, low, close, volume };
}

/** Bars made of price events. */
export function describeTickBars(underTest: () => StoreUnderTest): void {
  const tickBars = () => underTest().store.tickBars;
  const list = ({ symbol, provider }: SeriesKey, interval: BarInterval) =>
    underTest().store.bars.list({ symbol, interval, source: `ticks:${provider}`, limit: 1000 });
  const revisionsOf = async (series: SeriesKey, interval: BarInterval) =>
    (await list(series, interval)).map(({ revision }) => revision);
  const minute = (bars: readonly Bar[]) => bars.filter(({ interval }) => interval === '1m');

  describe('bars of ticks', () => {
    test('a batch gives a bar of every interval it touches, and its events are stored', async () => {
      const series = aSeries('replay');
      const events = [eventAt(series, 10, 100), eventAt(series, 50, 98), eventAt(series, 61, 103)];

      const bars = await tickBars().rebuild(events, traded);

      const at = (second: number) => eventAt(series, second, 1).observedAt;
      const first = { startAt: at(0), open: 100, high: 100, low: 98, close: 98, volume: 20 };
      const second = { startAt: at(60), open: 103, high: 103, low: 103, close: 103, volume: 10 };
      const whole = { startAt: at(0), open: 100, high: 103, low: 98, close: 103, volume: 30 };
      expect(bars.map(valuesOf)).toEqual([first, second, whole, whole, whole, whole]);
      expect(bars.map(({ interval }) => interval)).toEqual(['1m', '1m', '5m', '15m', '1h', '1d']);
      expect(bars[0]).toEqual({
        ...first,
        symbol: series.symbol,
        interval: '1m',
        source: 'ticks:replay',
        rawResponseId: null,
        revision: 1,
      });
      expect(await list(series, '1m')).toEqual(minute(bars));
      expect(await underTest().store.prices.list({ ...series, limit: 10 })).toHaveLength(3);
    });

    test('an event at the end of an interval belongs to the next one', async () => {
      const series = aSeries();
      const events = [eventAt(series, 59.999, 1), eventAt(series, 60, 2)];

      await tickBars().rebuild(events, traded);

      expect((await list(series, '1m')).map(({ open, close }) => [open, close])).toEqual([
        [1, 1],
        [2, 2],
      ]);
    });

    test('within one instant the sequence says which opens and which closes', async () => {
      const series = aSeries();

      await tickBars().rebuild(
        [eventAt(series, 1, 30, 12), eventAt(series, 1, 10, 7), eventAt(series, 1, 20, 100)],
        traded,
      );

      expect((await list(series, '1m'))[0]).toMatchObject({ open: 10, close: 20 });
    });

    test('redelivered events give the same bars again and change nothing', async () => {
      const series = aSeries();
      const events = [1, 20, 70, 400].map((second) => eventAt(series, second, 100 + second));
      const first = await tickBars().rebuild(events, traded);

      const second = await tickBars().rebuild([...events].reverse(), traded);

      expect(second).toEqual(first);
      expect(first.every(({ revision }) => revision === 1)).toBe(true);
    });

    test('a bar that is still being built stays one row', async () => {
      const series = aSeries();
      for (const second of [1, 2, 3, 40]) await tickBars().rebuild([eventAt(series, second, second)], traded);

      const [bar, ...others] = await list(series, '1m');

      expect(others).toEqual([]);
      expect(bar).toMatchObject({ open: 1, close: 40, high: 40, low: 1, volume: 40, revision: 1 });
      expect(await revisionsOf(series, '1d')).toEqual([1]);
    });

    test('a late event corrects the bars that were over with a revision, and replaces those that are not', async () => {
      const series = aSeries();
      await tickBars().rebuild([eventAt(series, 10, 100), eventAt(series, 130, 101)], traded);

      const bars = await tickBars().rebuild([eventAt(series, 20, 90)], traded);

      expect(minute(bars).map(valuesOf)).toEqual([
        { startAt: eventAt(series, 0, 1).observedAt, open: 100, high: 100, low: 90, close: 90, volume: 20 },
      ]);
      expect(await revisionsOf(series, '1m')).toEqual([2, 1]);
      expect(await revisionsOf(series, '5m')).toEqual([1]);
      expect((await list(series, '1d'))[0]).toMatchObject({ low: 90, close: 101, volume: 30, revision: 1 });
      const before = await underTest().store.bars.listRevisions(minute(bars)[0]!);
      expect(before.map(({ revision, close }) => [revision, close])).toEqual([
        [1, 100],
        [2, 90],
      ]);
    });

    test('a minute is over only when the next one has a price', async () => {
      const series = aSeries();
      await tickBars().rebuild([eventAt(series, 10, 100), eventAt(series, 59.999, 101)], traded);
      await tickBars().rebuild([eventAt(series, 20, 90)], traded);
      const running = await revisionsOf(series, '1m');
      await tickBars().rebuild([eventAt(series, 60, 101)], traded);

      await tickBars().rebuild([eventAt(series, 30, 80)], traded);

      expect(running).toEqual([1]);
      expect(await revisionsOf(series, '1m')).toEqual([2, 1]);
    });

    test('a batch of one minute after another that never ended leaves first revisions', async () => {
      const series = aSeries();

      for (let from = 0; from < 600; from += 90) {
        await tickBars().rebuild(
          Array.from({ length: 9 }, (_, index) => eventAt(series, from + index * 10, 100 + index)),
          traded,
        );
      }

      for (const interval of BAR_INTERVALS) expect(new Set(await revisionsOf(series, interval))).toEqual(new Set([1]));
    });

    test('points that were stored by somebody else are part of the bar, and do not end it', async () => {
      const series = aSeries();
      await tickBars().rebuild([eventAt(series, 10, 100)], traded);
      const events = [eventAt(series, 20, 90), eventAt(series, 30, 95), eventAt(series, 70, 99)];
      await underTest().store.prices.insert(events);

      await tickBars().rebuild([events[1]!], traded);

      expect(await list(series, '1m')).toHaveLength(1);
      expect((await list(series, '1m'))[0]).toMatchObject({ low: 90, close: 95, volume: 30, revision: 1 });
    });

    test('volumes of vendors that tell the day so far are unknown', async () => {
      const [tape, vendor] = [aSeries('replay'), aSeries('finnhub')];

      const bars = await tickBars().rebuild([eventAt(tape, 1, 1), eventAt(vendor, 1, 1)], (name) => name === 'replay');

      const volumesOf = ({ symbol }: SeriesKey) =>
        new Set(bars.filter((bar) => bar.symbol === symbol).map(({ volume }) => volume));
      expect(volumesOf(tape)).toEqual(new Set([10]));
      expect(volumesOf(vendor)).toEqual(new Set([null]));
    });

    test('unknown volumes are passed over; where all are unknown, so is the sum', async () => {
      const series = aSeries();
      const withVolume = (second: number, volume: number | null) => ({ ...eventAt(series, second, 1), volume });

      await tickBars().rebuild(
        [withVolume(1, 0.1), withVolume(2, null), withVolume(3, 0.2), withVolume(61, null)],
        traded,
      );

      expect((await list(series, '1m')).map(({ volume }) => volume)).toEqual([0.3, null]);
      expect((await list(series, '1d')).map(({ volume }) => volume)).toEqual([0.3]);
    });

    test('providers of one symbol have bars of their own, and coins a table of their own', async () => {
      const { symbol } = aSeries();
      const all = [
        { symbol, provider: 'finnhub' },
        { symbol, provider: 'replay' },
        { symbol: `${symbol}/USD`, provider: 'replay' },
      ];

      await tickBars().rebuild(
        all.map((series, index) => eventAt(series, 1, 10 + index)),
        traded,
      );

      const closes = await Promise.all(all.map(async (series) => (await list(series, '1h')).map(({ close }) => close)));
      expect(closes).toEqual([[10], [11], [12]]);
    });

    test('nothing given is nothing done', async () => {
      expect(await tickBars().rebuild([], traded)).toEqual([]);
    });
  });
}
