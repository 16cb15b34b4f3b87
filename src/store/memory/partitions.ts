import type { Clock } from '../../platform/clock';
import { BAR_TABLES, refuseGarbledYear } from '../bar-rules';
import type { Partition, Partitions } from '../history-store';
import type { BarRows } from './bar-rows';

/** Partitions of the bar tables in memory: years, of which nothing but the bars takes room. */
export function openMemoryPartitions(rows: BarRows, clock: Clock): Partitions {
  const list = () =>
    rows
      .partitions()
      .map(
        ({ table, year, rows: count }): Partition => ({
          table,
          name: `${table}_${year}`,
          from: new Date(Date.UTC(year, 0)),
          to: new Date(Date.UTC(year + 1, 0)),
          rows: count,
          bytes: 0,
        }),
      )
      .sort((a, b) => (a.name < b.name ? -1 : 1));

  return {
    list: async () => list(),
    async ensure(until) {
      const last = until.getUTCFullYear();
      refuseGarbledYear(last);
      const first = Math.min(clock().getUTCFullYear(), last);
      const years = Array.from({ length: last - first + 1 }, (_, index) => first + index);
      const made = BAR_TABLES.flatMap((table) =>
        years.filter((year) => rows.makePartition(table, year)).map((year) => `${table}_${year}`),
      );
      return made.sort();
    },
    async drop(before, table) {
      const dropped = rows
        .partitions()
        .filter((one) => (table ?? one.table) === one.table && Date.UTC(one.year + 1, 0) <= before.getTime());
      for (const one of dropped) rows.dropPartition(one.table, one.year);
      return dropped.map((one) => `${one.table}_${one.year}`).sort();
    },
  };
}
