import { BAR_TABLES, type BarTable, refuseGarbledYear } from '../bar-rules';
import type { Partition, Partitions } from '../history-store';
import { numberArray, textArray } from './array-literal';
import type { Database } from './database';
import { lacksPartition } from './store-error';

/** A year of one table, which is a partition of it. */
export interface BarYear {
  readonly table: BarTable;
  readonly year: number;
}

/** Partitions, and the way to write rows that may need one. */
export interface BarPartitions extends Partitions {
  /**
   * Runs `write` once all `years` have their partition. Where another process drops one in between, it is made and `write` runs again: it has to be one
   * transaction.
   */
  covering<T>(years: readonly BarYear[], write: () => Promise<T>): Promise<T>;
}

const MAKE = {
  name: 'ohlcv-partitions-make',
  text: `
    SELECT make_ohlcv_partition(t.parent, t.year) AS name
    FROM (SELECT * FROM unnest($1::text[], $2::int4[]) AS w(parent, year) ORDER BY parent, year) t`,
};

const NOW = { name: 'now-year', text: `SELECT extract(year FROM now() AT TIME ZONE 'UTC')::int4 AS year` };

const LIST = {
  name: 'ohlcv-partitions-list',
  text: `
    SELECT parent.relname AS table, c.relname AS name, right(c.relname, 4)::int4 AS year,
      greatest(c.reltuples, 0)::float8 AS rows, pg_total_relation_size(c.oid)::float8 AS bytes
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class parent ON parent.oid = i.inhparent
    WHERE parent.oid = ANY ($1::text[]::regclass[]) AND c.relname ~ '_[0-9]{4}$' AND c.relkind = 'r'
    ORDER BY c.relname COLLATE "C"`,
};

const DROP = { name: 'ohlcv-partitions-drop', text: 'SELECT drop_ohlcv_partition($1) AS dropped' };

type PartitionRow = Pick<Partition, 'table' | 'name' | 'rows' | 'bytes'> & { readonly year: number };

/** Yearly partitions of `eq_ohlcv`, `fx_ohlcv` and `crypto_ohlcv`. */
export function openBarPartitions(database: Database): BarPartitions {
  const known = new Set<string>();
  database.onUnavailable(() => known.clear());
  const make = async (years: readonly BarYear[]): Promise<readonly string[]> => {
    for (const { year } of years) refuseGarbledYear(year);
    const rows = await database.query<{ name: string | null }>(MAKE, [
      textArray(years.map(({ table }) => table)),
      numberArray(years.map(({ year }) => year)),
    ]);
    for (const one of years) known.add(nameOf(one));
    return rows.flatMap(({ name }) => name ?? []).sort();
  };
  const list = async () => (await database.query<PartitionRow>(LIST, [textArray(BAR_TABLES)])).map(partitionOf);

  return {
    list,
    async ensure(until) {
      const last = until.getUTCFullYear();
      const [now] = await database.query<{ year: number }>(NOW, []);
      const first = Math.min(now?.year ?? last, last);
      refuseGarbledYear(last);
      const years = Array.from({ length: last - first + 1 }, (_, index) => first + index);
      return make(BAR_TABLES.flatMap((table) => years.map((year) => ({ table, year }))));
    },
    async drop(before, table) {
      const ended = (await list()).filter((one) => (table ?? one.table) === one.table && one.to <= before);
      const dropped: string[] = [];
      for (const { name } of ended) {
        const [row] = await database.query<{ dropped: boolean }>(DROP, [name]);
        known.delete(name);
        if (row?.dropped) dropped.push(name);
      }
      return dropped;
    },
    async covering(years, write) {
      const missing = years.filter((one) => !known.has(nameOf(one)));
      if (missing.length > 0) await make(missing);
      try {
        return await write();
      } catch (error) {
        if (!lacksPartition(error)) throw error;
        await make(years);
        return write();
      }
    },
  };
}

/** The years of rows that lie in tables, each once. */
export function yearsOf(rows: readonly { readonly table: BarTable; readonly startAt: Date }[]): readonly BarYear[] {
  const years = new Map<string, BarYear>();
  for (const { table, startAt } of rows) {
    const one = { table, year: startAt.getUTCFullYear() };
    years.set(nameOf(one), one);
  }
  return [...years.values()];
}

function nameOf({ table, year }: BarYear): string {
  return `${table}_${year}`;
}

function partitionOf({ year, ...row }: PartitionRow): Partition {
  return { ...row, from: new Date(Date.UTC(year, 0)), to: new Date(Date.UTC(year + 1, 0)) };
}
