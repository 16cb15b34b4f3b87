import type { EventKey } from '../../domain/price-event';
import type { Clock } from '../../platform/clock';
import type { Partition, Partitions } from '../history-store';
import {
  type Month,
  monthOf,
  monthsUntil,
  PRICE_TABLES,
  type PriceTable,
  partitionNameOf,
  startOf,
} from '../price-months';
import type { SortedRows } from './sorted-rows';

/** Every series of each table. */
export type PriceRows = Readonly<Record<PriceTable, () => readonly SortedRows<EventKey>[]>>;

/** Partitions of the price tables in memory: months, of which nothing but the rows takes room. */
export function openMemoryPricePartitions(rows: PriceRows, clock: Clock): Partitions {
  const made: Record<PriceTable, Set<Month>> = { price_points: new Set(), symbol_averages: new Set() };
  const rowsOf = (table: PriceTable) => rows[table]().flatMap((series) => series.rows);
  const monthsOf = (table: PriceTable) => new Set([...made[table], ...rowsOf(table).map(rowMonth)]);
  const list = () => PRICE_TABLES.flatMap((table) => [...monthsOf(table)].sort().map((month) => ({ table, month })));

  return {
    list: async () =>
      list().map(({ table, month }): Partition => {
        const count = rowsOf(table).filter((row) => rowMonth(row) === month).length;
        const bounds = { from: startOf(month), to: startOf(month + 1) };
        return { table, name: partitionNameOf(table, month), ...bounds, rows: count, bytes: 0 };
      }),
    async ensure(until) {
      const missing = PRICE_TABLES.flatMap((table) => {
        const known = monthsOf(table);
        return monthsUntil(clock(), until).flatMap((month) => (known.has(month) ? [] : [{ table, month }]));
      });
      for (const { table, month } of missing) made[table].add(month);
      return missing.map(({ table, month }) => partitionNameOf(table, month)).sort();
    },
    async drop(before, wanted) {
      const ended = list().filter(({ table, month }) => (wanted ?? table) === table && startOf(month + 1) <= before);
      for (const { table, month } of ended) {
        made[table].delete(month);
        for (const series of rows[table]()) series.remove((row) => rowMonth(row) === month);
      }
      return ended.map(({ table, month }) => partitionNameOf(table, month));
    },
  };
}

function rowMonth({ observedAt }: EventKey): Month {
  return monthOf(observedAt);
}
