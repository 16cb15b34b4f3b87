import { advanceWindow, EMPTY_WINDOW } from '../../domain/moving-average';
import { compareEventKeys } from '../../domain/price-event';
import type { SymbolAverage } from '../../domain/symbol-average';
import type { Averages, Prices, SeriesKey, StoredWindow } from '../store';
import { newestOf, type SortedRows, sortedRows } from './sorted-rows';

/** What partitions and retention see of it beside the port. */
export interface MemoryAverages extends Averages {
  rowsOfEverySeries(): readonly SortedRows<SymbolAverage>[];
}

/** `symbol_averages` and `average_windows` in memory. */
export function openMemoryAverages(prices: Pick<Prices, 'list'>): MemoryAverages {
  const windows = new Map<string, StoredWindow>();
  const averages = new Map<string, SortedRows<SymbolAverage>>();
  const rowsOf = (series: SeriesKey, size: number) => {
    const rows = averages.get(nameOf(series, size)) ?? sortedRows<SymbolAverage>();
    averages.set(nameOf(series, size), rows);
    return rows;
  };
  const windowOf = ({ symbol, provider }: SeriesKey, size: number): StoredWindow =>
    windows.get(nameOf({ symbol, provider }, size)) ?? { symbol, provider, window: EMPTY_WINDOW, version: 0 };
  const advance = (stored: StoredWindow, size: number) =>
    windows.set(nameOf(stored, size), { ...stored, version: stored.version + 1 });

  return {
    loadWindows: async (series, size) => series.map((one) => windowOf(one, size)),
    async save({ size, windows: given, averages: rows }) {
      if (given.some((window) => windowOf(window, size).version !== window.version)) return 'conflict';
      for (const window of given) advance(window, size);
      for (const row of rows) rowsOf(row, size).put(row);
      return 'saved';
    },
    async listFrom(keys, size) {
      const found = keys.flatMap((key) => {
        const { rows, placeOf } = rowsOf(key, size);
        return rows.slice(placeOf(key), placeOf(key) + size);
      });
      return [...new Set(found)].sort(compareRows);
    },
    findLatest: async (symbol, size, provider) =>
      newestOf(
        [...averages.values()]
          .map(({ rows }) => rows.at(-1))
          .filter(
            (row) => row?.symbol === symbol && row.window === size && (provider ?? row.provider) === row.provider,
          ),
      ),
    list: async ({ size, after, limit, ...series }) =>
      rowsOf(series, size)
        .rows.filter((row) => !after || compareEventKeys(row, after) > 0)
        .slice(0, limit),
    rowsOfEverySeries: () => [...averages.values()],
    async rebuild({ symbol, provider }, size) {
      const points = await prices.list({ symbol, provider, limit: Number.POSITIVE_INFINITY });
      const { window, averages: computed } = advanceWindow(EMPTY_WINDOW, points, size);
      const before = rowsOf({ symbol, provider }, size);
      const after = sortedRows<SymbolAverage>();
      for (const { last, average } of computed) {
        const { observedAt, sequence, eventId } = last;
        after.put({ symbol, provider, window: size, average, observedAt, sequence, eventId });
      }
      advance({ ...windowOf({ symbol, provider }, size), window }, size);
      averages.set(nameOf({ symbol, provider }, size), after);
      const written = after.rows.filter((row) => before.find(row)?.average !== row.average);
      const removed = before.rows.filter((row) => !after.find(row));
      return written.length + removed.length;
    },
  };
}

function nameOf({ symbol, provider }: SeriesKey, size: number): string {
  return `${symbol} ${provider} ${size}`;
}

function compareRows(a: SymbolAverage, b: SymbolAverage): number {
  const [first, second] = [`${a.symbol} ${a.provider}`, `${b.symbol} ${b.provider}`];
  if (first !== second) return first < second ? -1 : 1;
  return compareEventKeys(a, b);
}
