import { type BarInterval, INTERVAL_MS } from '../../domain/bar';
import type { BarTable, BarValues } from '../bar-rules';
import { numberArray } from './array-literal';
import { instantOf, perTable, type StoredBar } from './bar-writes';
import type { Session } from './database';
import type { Bucket, TickSeries } from './tick-bars';

/** What a bucket's bar is now, and the newest revision stored of it. */
export interface ComputedBar {
  readonly values: BarValues;
  readonly stored: StoredBar | undefined;
}

interface ComputedRow extends BarValues {
  readonly storedRevision: number | null;
  readonly storedOpen: number;
  readonly storedHigh: number;
  readonly storedLow: number;
  readonly storedClose: number;
  readonly storedVolume: number | null;
}

const NEWEST_MINUTES = perTable(
  'tick-bars-newest-minutes',
  (table) => `
    SELECT s.id AS "seriesId", (extract(epoch FROM b.start_at) * 1000)::float8 AS "startMs"
    FROM unnest($1::int4[]) AS s(id)
    CROSS JOIN LATERAL (SELECT start_at FROM ${table} WHERE series_id = s.id ORDER BY start_at DESC LIMIT 1) b`,
);

const COMPUTED = `a.volume::float8 AS volume, a.high::float8 AS high, a.low::float8 AS low,
  s.revision AS "storedRevision", s.open::float8 AS "storedOpen", s.high::float8 AS "storedHigh", s.low::float8 AS "storedLow",
  s.close::float8 AS "storedClose", s.volume::float8 AS "storedVolume"`;

const STORED = (table: BarTable) => `
  LEFT JOIN LATERAL (
    SELECT * FROM ${table} WHERE series_id = t.series_id AND start_at = ${instantOf('t.start_ms')} ORDER BY revision DESC LIMIT 1
  ) s ON true`;

const OF_MINUTE = `
  series_id = t.price_series_id AND observed_at >= ${instantOf('t.start_ms')}
  AND observed_at < ${instantOf(`(t.start_ms + ${INTERVAL_MS['1m']})`)}`;

/** $1 series of the bars, $2 series of the points, $3 starts, $4 whether volumes are traded. Prices in event order: the first opens, the last closes. */
const MINUTES = perTable(
  'tick-bars-minutes',
  (table) => `
    SELECT o.price::float8 AS open, c.price::float8 AS close, ${COMPUTED}
    FROM unnest($1::int4[], $2::int4[], $3::int8[], $4::bool[]) WITH ORDINALITY
      AS t(series_id, price_series_id, start_ms, volume_is_traded, place)
    CROSS JOIN LATERAL (
      SELECT max(price) AS high, min(price) AS low, CASE WHEN t.volume_is_traded THEN sum(volume) END AS volume
      FROM price_points WHERE ${OF_MINUTE}
    ) a
    CROSS JOIN LATERAL (
      SELECT price FROM price_points WHERE ${OF_MINUTE} ORDER BY observed_at, sequence, event_id LIMIT 1
    ) o
    CROSS JOIN LATERAL (
      SELECT price FROM price_points WHERE ${OF_MINUTE} ORDER BY observed_at DESC, sequence DESC, event_id DESC LIMIT 1
    ) c
    ${STORED(table)}
    ORDER BY t.place`,
);

/** $1 series of the bars, $2 series of the shorter bars, $3 starts, $4 length in milliseconds. */
const ROLL_UPS = perTable(
  'tick-bars-roll-ups',
  (table) => `
    SELECT a.open::float8 AS open, a.close::float8 AS close, ${COMPUTED}
    FROM unnest($1::int4[], $2::int4[], $3::int8[]) WITH ORDINALITY AS t(series_id, from_series_id, start_ms, place)
    CROSS JOIN LATERAL (
      SELECT (array_agg(open ORDER BY start_at))[1] AS open, (array_agg(close ORDER BY start_at DESC))[1] AS close,
        max(high) AS high, min(low) AS low, sum(volume) AS volume
      FROM (
        SELECT DISTINCT ON (start_at) * FROM ${table}
        WHERE series_id = t.from_series_id AND start_at >= ${instantOf('t.start_ms')} AND start_at < ${instantOf('(t.start_ms + $4::int8)')}
        ORDER BY start_at, revision DESC
      ) shorter
    ) a
    ${STORED(table)}
    ORDER BY t.place`,
);

/** Start of the newest bar of one minute of each series that has one, in epoch milliseconds, by the series of its minutes. */
export async function newestMinutes(
  session: Session,
  table: BarTable,
  series: readonly TickSeries[],
): Promise<ReadonlyMap<number, number>> {
  const ids = numberArray(series.map(({ seriesIds }) => seriesIds['1m']));
  const rows = await session.query<{ seriesId: number; startMs: number }>(NEWEST_MINUTES[table], [ids]);
  return new Map(rows.map(({ seriesId, startMs }) => [seriesId, startMs]));
}

/** The bar of each minute, from `price_points`, in the order of the buckets. */
export async function computeMinutes(
  session: Session,
  table: BarTable,
  buckets: readonly Bucket[],
): Promise<readonly ComputedBar[]> {
  const rows = await session.query<ComputedRow>(MINUTES[table], [
    numberArray(buckets.map(({ series }) => series.seriesIds['1m'])),
    numberArray(buckets.map(({ series }) => series.priceSeriesId)),
    numberArray(buckets.map(({ startMs }) => startMs)),
    `{${buckets.map(({ series }) => series.volumeIsTraded).join(',')}}`,
  ]);
  return rows.map(computedOf);
}

/** The bar of each bucket, from the newest revisions of shorter bars, in the order of the buckets. */
export async function computeRollUps(
  session: Session,
  {
    table,
    interval,
    from,
    buckets,
  }: { table: BarTable; interval: BarInterval; from: BarInterval; buckets: readonly Bucket[] },
): Promise<readonly ComputedBar[]> {
  const rows = await session.query<ComputedRow>(ROLL_UPS[table], [
    numberArray(buckets.map(({ series }) => series.seriesIds[interval])),
    numberArray(buckets.map(({ series }) => series.seriesIds[from])),
    numberArray(buckets.map(({ startMs }) => startMs)),
    INTERVAL_MS[interval],
  ]);
  return rows.map(computedOf);
}

function computedOf(row: ComputedRow): ComputedBar {
  const { open, high, low, close, volume, storedRevision } = row;
  const values = { open, high, low, close, volume };
  if (storedRevision === null) return { values, stored: undefined };
  const stored = {
    open: row.storedOpen,
    high: row.storedHigh,
    low: row.storedLow,
    close: row.storedClose,
    volume: row.storedVolume,
    revision: storedRevision,
  };
  return { values, stored };
}
