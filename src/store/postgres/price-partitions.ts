import type { Partition, Partitions } from '../history-store';
import {
  type Month,
  monthOfPartition,
  monthsUntil,
  PRICE_TABLES,
  type PriceTable,
  partitionNameOf,
  startOf,
} from '../price-months';
import { textArray } from './array-literal';
import type { Database } from './database';
import { lacksPartition } from './store-error';

/** Partitions, and the way to write rows that may need one. */
export interface PricePartitions extends Partitions {
  /** Makes those of `months` that this process does not know to be there, in both tables. */
  make(months: readonly Month[]): Promise<void>;
  /**
   * Runs `write` once all `months` have their partitions. Where another process drops one in between, it is made and `write` runs again: it has to be one
   * transaction.
   */
  covering<T>(months: readonly Month[], write: () => Promise<T>): Promise<T>;
}

const MAKE = {
  name: 'price-partitions-make',
  text: `
    SELECT make_price_partition(t.parent, t.month) AS name
    FROM (SELECT * FROM unnest($1::text[], $2::date[]) AS w(parent, month) ORDER BY parent, month) t`,
};

const NOW = { name: 'now', text: 'SELECT now() AS now' };

const LIST = {
  name: 'price-partitions-list',
  text: `
    SELECT parent.relname AS table, c.relname AS name, greatest(c.reltuples, 0)::float8 AS rows,
      pg_total_relation_size(c.oid)::float8 AS bytes
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class parent ON parent.oid = i.inhparent
    WHERE parent.oid = ANY ($1::text[]::regclass[]) AND c.relkind = 'r'`,
};

const DROP = { name: 'price-partitions-drop', text: 'SELECT drop_price_partition($1) AS dropped' };

type PartitionRow = Pick<Partition, 'table' | 'name' | 'rows' | 'bytes'>;

/** Monthly partitions of `price_points` and `symbol_averages`. */
export function openPricePartitions(database: Database): PricePartitions {
  const known = new Set<Month>();
  database.onUnavailable(() => known.clear());
  const makeAll = async (months: readonly Month[]): Promise<readonly string[]> => {
    const wanted = PRICE_TABLES.flatMap((table) => months.map((month) => ({ table, month })));
    const rows = await database.query<{ name: string | null }>(MAKE, [
      textArray(wanted.map(({ table }) => table)),
      textArray(wanted.map(({ month }) => firstDayOf(month))),
    ]);
    for (const month of months) known.add(month);
    return rows.flatMap(({ name }) => name ?? []).sort();
  };
  const make = async (months: readonly Month[]) => {
    const missing = months.filter((month) => !known.has(month));
    if (missing.length > 0) await makeAll(missing);
  };
  const list = async () => (await database.query<PartitionRow>(LIST, [textArray(PRICE_TABLES)])).flatMap(partitionOf);

  return {
    make,
    list: async () => (await list()).sort(byTableAndTime),
    async ensure(until) {
      const [row] = await database.query<{ now: Date }>(NOW, []);
      return makeAll(monthsUntil(row?.now ?? until, until));
    },
    async drop(before, table) {
      const ended = (await list()).filter((one) => (table ?? one.table) === one.table && one.to <= before);
      const dropped: string[] = [];
      for (const { name } of ended.sort(byTableAndTime)) {
        const [row] = await database.query<{ dropped: boolean }>(DROP, [name]);
        known.clear();
        if (row?.dropped) dropped.push(name);
      }
      return dropped;
    },
    async covering(months, write) {
      await make(months);
      try {
        return await write();
      } catch (error) {
        if (!lacksPartition(error)) throw error;
        known.clear();
        await make(months);
        return write();
      }
    },
  };
}

function partitionOf(row: PartitionRow): Partition[] {
  const month = monthOfPartition(row.name);
  return month === undefined ? [] : [{ ...row, from: startOf(month), to: startOf(month + 1) }];
}

/** A day of the month, as the function that makes partitions takes it. */
function firstDayOf(month: Month): string {
  return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}-01`;
}

/** The order of `list`. */
export function byTableAndTime(a: Partition, b: Partition): number {
  if (a.table !== b.table) return a.table < b.table ? -1 : 1;
  return a.from.getTime() - b.from.getTime();
}

/** The name of a partition's table, for the statements that take it as text. */
export function quotedPartition(table: PriceTable, month: Month): string {
  return `"${partitionNameOf(table, month)}"`;
}
