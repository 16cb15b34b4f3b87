import type { Bar, BarInterval } from '../../domain/bar';
import type { PriceEvent } from '../../domain/price-event';
import { BAR_TABLES, type BarTable, bucketOf, compareTickBars, ROLLED_UP_FROM, tickBarWrite } from '../bar-rules';
import type { TickBars } from '../history-store';
import { monthsOf } from '../price-months';
import type { SeriesKey } from '../store';
import { type BarPartitions, yearsOf } from './bar-partitions';
import { type BarPlace, type BarSeriesIds, lockBarSeries } from './bar-series';
import { type BarRevision, insertRevisions, replaceRevisions } from './bar-writes';
import type { Database, Session } from './database';
import { inKeyOrder } from './key-order';
import type { PricePartitions } from './price-partitions';
import { INSERT_MISSING, pointColumns } from './price-points';
import type { SeriesIds } from './price-series';
import { type ComputedBar, computeMinutes, computeRollUps, newestMinutes } from './tick-bars-sql';

/** One (symbol, provider) of a batch: where its points and its bars are, and which instants the batch has. */
export interface TickSeries extends SeriesKey {
  readonly priceSeriesId: number;
  readonly table: BarTable;
  /** Series of its bars, by interval. */
  readonly seriesIds: Readonly<Record<BarInterval, number>>;
  readonly volumeIsTraded: boolean;
  readonly instantsMs: readonly number[];
}

const INTERVALS: readonly BarInterval[] = ['1m', ...ROLLED_UP_FROM.map(([interval]) => interval)];

/** Bars of price events: computed from `price_points` under a lock of their series, so that a batch sees all that came before it. */
export function openTickBars(
  database: Database,
  ids: { prices: SeriesIds; bars: BarSeriesIds },
  partitions: { prices: PricePartitions; bars: BarPartitions },
): TickBars {
  return {
    async rebuild(events, volumeIsTraded) {
      if (events.length === 0) return [];
      const points = pointColumns(inKeyOrder(events, await ids.prices.idsOf(events)));
      const series = await seriesOf(events, ids, volumeIsTraded);
      const rows = series.flatMap(({ table, instantsMs }) =>
        instantsMs.map((instantMs) => ({ table, startAt: new Date(instantMs) })),
      );
      const write = () =>
        database.transaction(async (session) => {
          await lockBarSeries(
            session,
            series.flatMap(({ seriesIds }) => Object.values(seriesIds)),
          );
          await session.execute(INSERT_MISSING, points);
          const bars: Bar[] = [];
          for (const table of BAR_TABLES) {
            const ofTable = series.filter((one) => one.table === table);
            if (ofTable.length > 0) bars.push(...(await rebuildTable(session, table, ofTable)));
          }
          return bars.sort(compareTickBars);
        });
      return partitions.prices.covering(monthsOf(events), () => partitions.bars.covering(yearsOf(rows), write));
    },
  };
}

async function seriesOf(
  events: readonly PriceEvent[],
  ids: { prices: SeriesIds; bars: BarSeriesIds },
  volumeIsTraded: (provider: string) => boolean,
): Promise<readonly TickSeries[]> {
  const instants = new Map<string, SeriesKey & { instantsMs: number[] }>();
  for (const { symbol, provider, observedAt } of events) {
    const name = `${symbol} ${provider}`;
    const series = instants.get(name) ?? { symbol, provider, instantsMs: [] };
    series.instantsMs.push(observedAt.getTime());
    instants.set(name, series);
  }
  const series = [...instants.values()];
  const priceIds = await ids.prices.idsOf(series);
  const places = await ids.bars.placesOf(
    series.flatMap(({ symbol, provider }) =>
      INTERVALS.map((interval) => ({ symbol, interval, source: sourceOf(provider) })),
    ),
  );
  return series.map((one, index) => {
    const own = places.slice(index * INTERVALS.length, (index + 1) * INTERVALS.length);
    return {
      ...one,
      priceSeriesId: priceIds[index] ?? 0,
      table: own[0]?.table ?? 'eq_ohlcv',
      seriesIds: idsByInterval(own),
      volumeIsTraded: volumeIsTraded(one.provider),
    };
  });
}

function idsByInterval(places: readonly BarPlace[]): Record<BarInterval, number> {
  const idOf = (interval: BarInterval) => places[INTERVALS.indexOf(interval)]?.seriesId ?? 0;
  return { '1m': idOf('1m'), '5m': idOf('5m'), '15m': idOf('15m'), '1h': idOf('1h'), '1d': idOf('1d') };
}

/** The touched bars of every interval, the shortest first: each is made of the one before. */
async function rebuildTable(session: Session, table: BarTable, series: readonly TickSeries[]): Promise<Bar[]> {
  const newest = await newestMinutes(session, table, series);
  const bars: Bar[] = [];
  for (const interval of INTERVALS) {
    const from = ROLLED_UP_FROM.find(([longer]) => longer === interval)?.[1];
    const buckets = series.flatMap((one) => bucketsOf(one, interval));
    const computed = from
      ? await computeRollUps(session, { table, interval, from, buckets })
      : await computeMinutes(session, table, buckets);
    bars.push(...(await store(session, { table, interval, buckets, computed, newest })));
  }
  return bars;
}

/** A bucket that the batch touches. */
export interface Bucket {
  readonly series: TickSeries;
  readonly startMs: number;
}

function bucketsOf(series: TickSeries, interval: BarInterval): Bucket[] {
  const starts = new Set(series.instantsMs.map((instantMs) => bucketOf(instantMs, interval)));
  return [...starts].sort((a, b) => a - b).map((startMs) => ({ series, startMs }));
}

interface Touched {
  readonly table: BarTable;
  readonly interval: BarInterval;
  readonly buckets: readonly Bucket[];
  /** One for each bucket, in that order. */
  readonly computed: readonly ComputedBar[];
  /** Start of the newest minute known before this batch, by series of the minutes. */
  readonly newest: ReadonlyMap<number, number>;
}

async function store(session: Session, { table, interval, buckets, computed, newest }: Touched): Promise<Bar[]> {
  const added: BarRevision[] = [];
  const replaced: BarRevision[] = [];
  const bars = buckets.flatMap(({ series, startMs }, index) => {
    const row = computed[index];
    if (!row) return [];
    const bar = { ...barOf(series, interval, startMs), ...row.values };
    const action = tickBarWrite(bar, row.stored, newest.get(series.seriesIds['1m']));
    const storedRevision = row.stored?.revision ?? 0;
    const revision = action === 'insert' || action === 'append' ? storedRevision + 1 : storedRevision;
    const written = { bar, place: { seriesId: series.seriesIds[interval], table }, revision };
    if (action === 'replace') replaced.push(written);
    else if (action !== 'keep') added.push(written);
    return [{ ...bar, revision }];
  });
  await insertRevisions(session, added);
  await replaceRevisions(session, replaced);
  return bars;
}

function barOf({ symbol, provider }: SeriesKey, interval: BarInterval, startMs: number) {
  return { symbol, interval, startAt: new Date(startMs), source: sourceOf(provider), rawResponseId: null };
}

function sourceOf(provider: string): string {
  return `ticks:${provider}`;
}
