import type { Bar, RawBar } from '../../domain/bar';
import { BAR_TABLES, type BarSeriesKey, type BarTable, TABLE_OF } from '../bar-rules';
import type { MemoryInstruments } from './instruments';

export type BarKey = BarSeriesKey & Pick<Bar, 'startAt'>;

/** The rows of the bar tables, and the years that have a partition. */
export interface BarRows {
  /** Every revision of one bar, oldest first. */
  revisionsOf(key: BarKey): readonly Bar[];
  /** The newest revision of each bar of a series, by time. */
  newestOf(series: BarSeriesKey): readonly Bar[];
  /** As the next revision, making its instrument and partition where they are missing. */
  append(bar: RawBar): Bar;
  /** In place of the newest revision. */
  replace(bar: RawBar): Bar;
  seriesOf(symbol: string): readonly BarSeriesKey[];
  /** False when it is there already. */
  makePartition(table: BarTable, year: number): boolean;
  partitions(): readonly { readonly table: BarTable; readonly year: number; readonly rows: number }[];
  dropPartition(table: BarTable, year: number): void;
}

interface StoredSeries extends BarSeriesKey {
  readonly table: BarTable;
  /** Revisions by start in epoch milliseconds. */
  readonly bars: Map<number, Bar[]>;
}

/** The years that the first migration makes partitions for. */
const FIRST_YEARS = [2025, 2026, 2027];

/** `eq_ohlcv`, `fx_ohlcv` and `crypto_ohlcv` in memory. */
export function openBarRows(instruments: MemoryInstruments): BarRows {
  const stored = new Map<string, StoredSeries>();
  const years: Record<BarTable, Set<number>> = {
    eq_ohlcv: new Set(FIRST_YEARS),
    fx_ohlcv: new Set(FIRST_YEARS),
    crypto_ohlcv: new Set(FIRST_YEARS),
  };
  const seriesOf = ({ symbol, interval, source }: BarSeriesKey) => {
    const name = `${symbol} ${interval} ${source}`;
    const table = TABLE_OF[instruments.assetClassOf(symbol)];
    const series = stored.get(name) ?? { symbol, interval, source, table, bars: new Map<number, Bar[]>() };
    stored.set(name, series);
    return series;
  };
  const find = ({ symbol, interval, source }: BarSeriesKey) => stored.get(`${symbol} ${interval} ${source}`);
  const revisionsOf = (key: BarKey) => find(key)?.bars.get(key.startAt.getTime()) ?? [];
  const ofYear = ({ bars }: StoredSeries, year: number) =>
    [...bars.keys()].filter((startMs) => new Date(startMs).getUTCFullYear() === year);

  return {
    revisionsOf,
    newestOf: (key) =>
      [...(find(key)?.bars.values() ?? [])]
        .flatMap((revisions) => revisions.at(-1) ?? [])
        .sort((a, b) => a.startAt.getTime() - b.startAt.getTime()),
    append(given) {
      instruments.create(given.symbol);
      const series = seriesOf(given);
      years[series.table].add(given.startAt.getUTCFullYear());
      const bar = { ...given, revision: revisionsOf(given).length + 1 };
      series.bars.set(given.startAt.getTime(), [...revisionsOf(given), bar]);
      return bar;
    },
    replace(given) {
      const revisions = revisionsOf(given);
      const bar = { ...given, revision: revisions.length };
      seriesOf(given).bars.set(given.startAt.getTime(), [...revisions.slice(0, -1), bar]);
      return bar;
    },
    seriesOf: (symbol) => [...stored.values()].filter((series) => series.symbol === symbol && series.bars.size > 0),
    makePartition(table, year) {
      const isNew = !years[table].has(year);
      years[table].add(year);
      return isNew;
    },
    partitions: () =>
      BAR_TABLES.flatMap((table) =>
        [...years[table]].map((year) => {
          const series = [...stored.values()].filter((one) => one.table === table);
          const rows = series.flatMap((one) => ofYear(one, year).flatMap((startMs) => one.bars.get(startMs) ?? []));
          return { table, year, rows: rows.length };
        }),
      ),
    dropPartition(table, year) {
      years[table].delete(year);
      for (const series of stored.values()) {
        if (series.table !== table) continue;
        for (const startMs of ofYear(series, year)) series.bars.delete(startMs);
      }
    },
  };
}
