import { type Bar, type BarInterval, INTERVAL_MS, type RawBar } from '../../domain/bar';
import type { PriceEvent } from '../../domain/price-event';
import {
  type BarSeriesKey,
  type BarValues,
  bucketOf,
  compareTickBars,
  ROLLED_UP_FROM,
  tickBarWrite,
} from '../bar-rules';
import type { TickBars } from '../history-store';
import type { Prices, SeriesKey } from '../store';
import type { BarRows } from './bar-rows';
import { exactSum } from './exact-sum';

/** Bars of price events in memory. */
export function openMemoryTickBars(rows: BarRows, prices: Pick<Prices, 'insert' | 'list'>): TickBars {
  const write = (bar: RawBar, newestMinuteMs: number | undefined): Bar => {
    const stored = rows.revisionsOf(bar).at(-1);
    const action = tickBarWrite(bar, stored, newestMinuteMs);
    if (action === 'keep' && stored) return stored;
    return action === 'replace' ? rows.replace(bar) : rows.append(bar);
  };
  const pointsAround = (series: SeriesKey, minutes: readonly number[]) => {
    const [start, end] = [new Date(Math.min(...minutes)), new Date(Math.max(...minutes) + INTERVAL_MS['1m'])];
    return prices.list({ ...series, start, end, limit: Number.POSITIVE_INFINITY });
  };
  const rolledUp = (series: BarSeriesKey, startMs: number, from: BarInterval) => {
    const children = rows
      .newestOf({ ...series, interval: from })
      .filter(({ startAt }) => bucketOf(startAt.getTime(), series.interval) === startMs);
    return joined(children, { ...series, startAt: new Date(startMs) });
  };
  const rebuildSeries = async (events: readonly PriceEvent[], series: SeriesKey, volumeIsTraded: boolean) => {
    const buckets = (interval: BarInterval) =>
      [...new Set(events.map(({ observedAt }) => bucketOf(observedAt.getTime(), interval)))].sort((a, b) => a - b);
    const newestMinuteMs = rows.newestOf(barSeriesOf(series, '1m')).at(-1)?.startAt.getTime();
    const bars: Bar[] = [];
    const points = await pointsAround(series, buckets('1m'));
    for (const startMs of buckets('1m')) {
      const ofMinute = points.filter(({ observedAt }) => bucketOf(observedAt.getTime(), '1m') === startMs);
      bars.push(write(minuteBar(series, startMs, ofMinute.map(partOf(volumeIsTraded))), newestMinuteMs));
    }
    for (const [interval, from] of ROLLED_UP_FROM) {
      for (const startMs of buckets(interval)) {
        bars.push(write(rolledUp(barSeriesOf(series, interval), startMs, from), newestMinuteMs));
      }
    }
    return bars;
  };

  return {
    async rebuild(events, volumeIsTraded) {
      await prices.insert(events);
      const series = new Map(
        events.map(({ symbol, provider }) => [`${symbol} ${provider}`, { symbol, provider }] as const),
      );
      const touched: Bar[] = [];
      for (const { symbol, provider } of series.values()) {
        const own = events.filter((event) => event.symbol === symbol && event.provider === provider);
        touched.push(...(await rebuildSeries(own, { symbol, provider }, volumeIsTraded(provider))));
      }
      return touched.sort(compareTickBars);
    },
  };
}

function barSeriesOf<Interval extends BarInterval>({ symbol, provider }: SeriesKey, interval: Interval) {
  return { symbol, interval, source: `ticks:${provider}` };
}

/** A price as the bar of its instant. */
function partOf(volumeIsTraded: boolean) {
  return ({ price, volume }: PriceEvent): BarValues => ({
    open: price,
    high: price,
    low: price,
    close: price,
    volume: volumeIsTraded ? volume : null,
  });
}

function minuteBar(series: SeriesKey, startMs: number, parts: readonly BarValues[]): RawBar {
  return joined(parts, { ...barSeriesOf(series, '1m'), startAt: new Date(startMs) });
}

/** One bar of several that follow each other. */
function joined(parts: readonly BarValues[], key: BarSeriesKey & Pick<RawBar, 'startAt'>): RawBar {
  const volumes = parts.map(({ volume }) => volume).filter((volume) => volume !== null);
  return {
    ...key,
    open: parts[0]?.open ?? Number.NaN,
    high: Math.max(...parts.map(({ high }) => high)),
    low: Math.min(...parts.map(({ low }) => low)),
    close: parts.at(-1)?.close ?? Number.NaN,
    volume: volumes.length === 0 ? null : exactSum(volumes),
    rawResponseId: null,
  };
}
