import type { EventKey } from '../../domain/price-event';
import type { SymbolAverage } from '../../domain/symbol-average';
import type { AverageQuery, SeriesKey } from '../store';
import { instantArray, numberArray, textArray } from './array-literal';
import type { Session } from './database';
import type { Keyed } from './key-order';

/** Takes $1 window size, $2 to $6 the columns of {@link averageColumns}. */
export const INSERT_AVERAGES = `
  INSERT INTO symbol_averages (window_size, series_id, observed_at, sequence, event_id, average)
  SELECT $1::int2, series_id, to_timestamp(observed_ms / 1000.0), sequence, event_id, average
  FROM unnest($2::int4[], $3::int8[], $4::int8[], $5::text[], $6::numeric[])
    AS a(series_id, observed_ms, sequence, event_id, average)`;

/** What makes of it an upsert; a row that already says so is not written again. */
export const OVER_STORED_AVERAGES = `
  ON CONFLICT (series_id, window_size, observed_at, sequence, event_id)
  DO UPDATE SET average = EXCLUDED.average, computed_at = now() WHERE symbol_averages.average <> EXCLUDED.average`;

export type AverageRow = EventKey & Pick<SymbolAverage, 'average'>;

export function averageColumns(rows: readonly Keyed<AverageRow>[]): string[] {
  return [
    numberArray(rows.map(({ seriesId }) => seriesId)),
    instantArray(rows.map(({ row }) => row.observedAt)),
    numberArray(rows.map(({ row }) => row.sequence)),
    textArray(rows.map(({ row }) => row.eventId)),
    numberArray(rows.map(({ row }) => row.average)),
  ];
}

const AVERAGE = `a.window_size AS "window", a.average::float8 AS average, a.observed_at AS "observedAt",
  a.sequence::float8 AS sequence, a.event_id AS "eventId"`;

const LIST_FROM = {
  name: 'symbol-averages-list-from',
  text: `
    SELECT DISTINCT s.symbol, s.provider, ${AVERAGE}
    FROM unnest($1::text[], $2::text[], $3::int8[], $4::int8[], $5::text[]) AS k(symbol, provider, observed_ms, sequence, event_id)
    JOIN price_series s USING (symbol, provider)
    CROSS JOIN LATERAL (
      SELECT * FROM symbol_averages a
      WHERE a.series_id = s.id AND a.window_size = $6
        AND a.observed_at >= to_timestamp(k.observed_ms / 1000.0)
        AND (a.observed_at, a.sequence, a.event_id) >= (to_timestamp(k.observed_ms / 1000.0), k.sequence, k.event_id)
      ORDER BY a.observed_at, a.sequence, a.event_id LIMIT $6
    ) a
    ORDER BY s.symbol, s.provider, "observedAt", sequence, "eventId"`,
};

/** For each key the stored rows at and after it, at most `size`; each row once, in event order within its series. */
export function listAveragesFrom(
  session: Session,
  keys: readonly (SeriesKey & EventKey)[],
  size: number,
): Promise<SymbolAverage[]> {
  return session.query<SymbolAverage>(LIST_FROM, [
    textArray(keys.map(({ symbol }) => symbol)),
    textArray(keys.map(({ provider }) => provider)),
    instantArray(keys.map(({ observedAt }) => observedAt)),
    numberArray(keys.map(({ sequence }) => sequence)),
    textArray(keys.map(({ eventId }) => eventId)),
    size,
  ]);
}

const LIST = {
  name: 'symbol-averages-list',
  text: `
    SELECT $1::text AS symbol, $2::text AS provider, ${AVERAGE}
    FROM symbol_averages a
    WHERE a.series_id = (SELECT id FROM price_series WHERE symbol = $1 AND provider = $2) AND a.window_size = $3
      AND a.observed_at >= coalesce($4::timestamptz, '-infinity')
      AND (a.observed_at, a.sequence, a.event_id)
        > (coalesce($4::timestamptz, '-infinity'), coalesce($5::int8, -1), coalesce($6::text, ''))
    ORDER BY a.observed_at, a.sequence, a.event_id LIMIT $7`,
};

/** The rows of one series after a key, oldest first. */
export function listAverages(
  session: Session,
  { symbol, provider, size, after, limit }: AverageQuery,
): Promise<SymbolAverage[]> {
  const from = [after?.observedAt ?? null, after?.sequence ?? null, after?.eventId ?? null];
  return session.query<SymbolAverage>(LIST, [symbol, provider, size, ...from, limit]);
}

const LATEST = {
  name: 'symbol-averages-latest',
  text: `
    SELECT s.symbol, s.provider, ${AVERAGE}
    FROM price_series s CROSS JOIN LATERAL (
      SELECT * FROM symbol_averages a WHERE a.series_id = s.id AND a.window_size = $2
      ORDER BY a.observed_at DESC, a.sequence DESC, a.event_id DESC LIMIT 1
    ) a
    WHERE s.symbol = $1 AND ($3::text IS NULL OR s.provider = $3)
    ORDER BY a.observed_at DESC, a.sequence DESC, a.event_id DESC LIMIT 1`,
};

/** The newest in event order; from any provider when none is named. */
export async function findLatestAverage(
  session: Session,
  symbol: string,
  size: number,
  provider: string | undefined,
): Promise<SymbolAverage | undefined> {
  const [average] = await session.query<SymbolAverage>(LATEST, [symbol, size, provider ?? null]);
  return average;
}
