import { compareEventKeys, type PriceEvent } from '../../domain/price-event';
import type { Clock } from '../../platform/clock';
import { monthsOf } from '../price-months';
import type { PricePoint, Prices, SeriesKey, SnapshotPoint } from '../store';
import { newestOf, type SortedRows, sortedRows } from './sorted-rows';

interface StoredSeries extends SeriesKey {
  readonly points: SortedRows<PricePoint>;
}

/** What partitions and retention see of it beside the port. */
export interface MemoryPrices extends Prices {
  pointsOfEverySeries(): readonly SortedRows<PricePoint>[];
}

/** `price_points` in memory. */
export function openMemoryPrices(options: { clock: Clock; marketCapOf(symbol: string): number | null }): MemoryPrices {
  const stored = new Map<string, StoredSeries>();
  const seriesOf = ({ symbol, provider }: SeriesKey) => {
    const name = `${symbol} ${provider}`;
    const series = stored.get(name) ?? { symbol, provider, points: sortedRows<PricePoint>() };
    stored.set(name, series);
    return series;
  };
  const pointsOf = ({ symbol, provider }: SeriesKey) => stored.get(`${symbol} ${provider}`)?.points.rows ?? [];
  const ofSymbol = (symbol: string, provider?: string) =>
    [...stored.values()].filter((one) => one.symbol === symbol && (provider ?? one.provider) === one.provider);
  const latest = (symbol: string, provider?: string) =>
    newestOf(ofSymbol(symbol, provider).map(({ points }) => points.rows.at(-1)));
  const sortedSeries = () => [...stored.keys()].sort().flatMap((name) => stored.get(name) ?? []);
  const symbols = () => [...new Set(sortedSeries().map(({ symbol }) => symbol))];

  return {
    async insert(events) {
      monthsOf(events);
      const before = countOf(stored);
      for (const event of events) {
        const { points } = seriesOf(event);
        if (!points.find(event)) points.put({ ...event, ingestedAt: options.clock() });
      }
      return countOf(stored) - before;
    },
    listMissing: async (events) => events.filter((event) => !seriesOf(event).points.find(event)),
    findLatest: async (symbol, provider) => eventOf(latest(symbol, provider)),
    findLatestOf: async (wanted, provider) =>
      [...new Set(wanted)].sort().flatMap((symbol) => eventOf(latest(symbol, provider)) ?? []),
    list: async ({ start, end, after, limit, ...series }) =>
      pointsOf(series)
        .filter((point) => !start || point.observedAt >= start)
        .filter((point) => !end || point.observedAt < end)
        .filter((point) => !after || compareEventKeys(point, after) > 0)
        .slice(0, limit),
    listNewest: async (series, count) =>
      count < 1
        ? []
        : pointsOf(series)
            .slice(-count)
            .flatMap((point) => eventOf(point) ?? []),
    snapshot: async () =>
      symbols().flatMap((symbol) => snapshotOf(ofSymbol(symbol).flatMap(({ points }) => points.rows)) ?? []),
    latestOfEverySeries: async () => sortedSeries().flatMap(({ points }) => eventOf(points.rows.at(-1)) ?? []),
    listSeries: async () => sortedSeries().map(({ symbol, provider }) => ({ symbol, provider })),
    findMarketCap: async (symbol) => options.marketCapOf(symbol),
    pointsOfEverySeries: () => [...stored.values()].map(({ points }) => points),
  };
}

function countOf(stored: ReadonlyMap<string, StoredSeries>): number {
  return [...stored.values()].reduce((sum, { points }) => sum + points.rows.length, 0);
}

function snapshotOf(points: readonly PricePoint[]): SnapshotPoint | undefined {
  const sorted = [...points].sort(compareEventKeys);
  const newest = sorted.at(-1);
  const event = eventOf(newest);
  if (!newest || !event) return undefined;
  const day = new Date(newest.observedAt).setUTCHours(0, 0, 0, 0);
  const before = sorted.filter(({ observedAt }) => observedAt.getTime() < day).at(-1);
  const first = sorted.find(({ observedAt }) => observedAt.getTime() >= day);
  return { event, referencePrice: (before ?? first ?? newest).price };
}

function eventOf(point: PricePoint | undefined): PriceEvent | undefined {
  if (!point) return undefined;
  const { ingestedAt: _, ...event } = point;
  return event;
}
