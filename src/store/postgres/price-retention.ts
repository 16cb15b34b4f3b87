import type { Partition } from '../history-store';
import { KEPT_PRICES, monthOf, monthOfPartition, type PriceTable, partitionNameOf, startOf } from '../price-months';
import type { Session } from './database';
import { quotedPartition } from './price-partitions';

/** Series copied by one statement, which has to end within the statement's time. */
const SERIES_AT_ONCE = 500;

/** Of each series the newest rows before $3 that lie in the partition from $4 to $5. Series $1 to $2. */
const KEPT: Readonly<Record<PriceTable, string>> = {
  price_points: `
    SELECT kept.* FROM price_series s CROSS JOIN LATERAL (
      SELECT * FROM price_points WHERE series_id = s.id AND observed_at < $3
      ORDER BY observed_at DESC, sequence DESC, event_id DESC LIMIT ${KEPT_PRICES}
    ) kept
    WHERE s.id BETWEEN $1 AND $2 AND kept.observed_at >= $4 AND kept.observed_at < $5`,
  symbol_averages: `
    SELECT kept.* FROM average_windows w CROSS JOIN LATERAL (
      SELECT * FROM symbol_averages WHERE series_id = w.series_id AND window_size = w.window_size AND observed_at < $3
      ORDER BY observed_at DESC, sequence DESC, event_id DESC LIMIT ${KEPT_PRICES} - w.window_size + 1
    ) kept
    WHERE w.series_id BETWEEN $1 AND $2 AND kept.observed_at >= $4 AND kept.observed_at < $5`,
};

const LAST_SERIES = { name: 'price-series-last', text: 'SELECT max(id) AS id FROM price_series' };
/** The lock of whoever makes or drops a partition; the wait for readers is bounded, because whoever comes after it would wait too. */
const LOCK = { name: 'price-partitions-lock', text: 'SELECT pg_advisory_xact_lock(72707371)' };
const PATIENCE = { name: 'retention-patience', text: "SET LOCAL lock_timeout = '5s'" };

/**
 * Takes from an ended partition what is not to be kept, in the session's transaction: what stays is copied beside it while readers go on and those who write into
 * it wait, then the two change places. True when anything went.
 */
export async function shrinkPartition(session: Session, partition: Partition, before: Date): Promise<boolean> {
  const table = partition.table === 'price_points' ? 'price_points' : 'symbol_averages';
  const old = quotedPartition(table, monthOfPartition(partition.name) ?? monthOf(partition.from));
  const copy = `"${partition.name}_kept"`;
  const run = (step: string, text: string, values: readonly unknown[] = []) =>
    session.execute({ name: `retention-${step}-${partition.name}`, text }, values);

  await session.execute(PATIENCE, []);
  await run('hold', `LOCK TABLE ${old} IN SHARE MODE`);
  await run('copy', `CREATE TABLE ${copy} (LIKE ${table} INCLUDING ALL)`);
  const kept = await copyKept(session, { table, partition, copy, before });
  // As far as it takes to know whether there are more: a month may have hundreds of millions.
  const [count] = await session.query<{ rows: number }>(
    {
      name: `retention-count-${partition.name}`,
      text: `SELECT count(*)::float8 AS rows FROM (SELECT FROM ${old} LIMIT $1) counted`,
    },
    [kept + 1],
  );
  if (kept > 0 && count?.rows === kept) {
    await run('forget', `DROP TABLE ${copy}`);
    return false;
  }
  await session.query(LOCK, []);
  await run('drop', `DROP TABLE ${old}`);
  if (kept === 0) await run('forget', `DROP TABLE ${copy}`);
  else await attach(run, { table, partition, copy });
  return true;
}

interface Copying {
  readonly table: PriceTable;
  readonly partition: Partition;
  readonly copy: string;
}

async function copyKept(
  session: Session,
  { table, partition, copy, before }: Copying & { readonly before: Date },
): Promise<number> {
  const [last] = await session.query<{ id: number | null }>(LAST_SERIES, []);
  const insert = {
    name: `retention-keep-${partition.name}`,
    text: `INSERT INTO ${copy} ${KEPT[table]}`,
  };
  const firstKeptMonth = startOf(monthOf(before));
  const bounds = [firstKeptMonth, partition.from, partition.to];
  let kept = 0;
  for (let from = 0; from <= (last?.id ?? 0); from += SERIES_AT_ONCE) {
    kept += await session.execute(insert, [from, from + SERIES_AT_ONCE - 1, ...bounds]);
  }
  return kept;
}

/** Under the old names, so that nobody can tell. */
async function attach(
  run: (step: string, text: string) => Promise<number>,
  { table, partition: { name, from, to }, copy }: Copying,
): Promise<void> {
  const isEarly = name === partitionNameOf(table, 0);
  const bounds = `FROM (${isEarly ? 'MINVALUE' : `'${from.toISOString()}'`}) TO ('${to.toISOString()}')`;
  await run('attach', `ALTER TABLE ${table} ATTACH PARTITION ${copy} FOR VALUES ${bounds}`);
  await run('rename', `ALTER TABLE ${copy} RENAME TO "${name}"`);
  await run('rename-key', `ALTER INDEX "${name}_kept_pkey" RENAME TO "${name}_pkey"`);
}
