/**
 * The reading statements of `price_points`. Each column carries the name of its field, so that a row is the event. The table's partitions are months: a bound on
 * `observed_at` alone says which are looked at, an order by it reads them one after the other.
 */

const POINT = `p.event_id AS "eventId", p.price::float8 AS price, p.currency, p.volume::float8 AS volume,
  p.observed_at AS "observedAt", p.sequence::float8 AS sequence, p.fetched_at AS "fetchedAt", p.raw_response_id AS "rawResponseId"`;

const NEWEST_FIRST = 'p.observed_at DESC, p.sequence DESC, p.event_id DESC';

/** The newest point of each series: one step into the primary key for each. */
const NEWEST_OF_SERIES = `
  price_series s CROSS JOIN LATERAL (
    SELECT * FROM price_points p WHERE p.series_id = s.id ORDER BY ${NEWEST_FIRST} LIMIT 1
  ) p`;

/** $1 symbols, $2 provider or null. */
export const LATEST_OF = {
  name: 'price-points-latest-of',
  text: `
    SELECT DISTINCT ON (s.symbol) s.symbol, s.provider, ${POINT}
    FROM ${NEWEST_OF_SERIES}
    WHERE s.symbol = ANY ($1::text[]) AND ($2::text IS NULL OR s.provider = $2)
    ORDER BY s.symbol, ${NEWEST_FIRST}`,
};

export const LATEST_OF_EVERY_SERIES = {
  name: 'price-points-latest-of-every-series',
  text: `SELECT s.symbol, s.provider, ${POINT} FROM ${NEWEST_OF_SERIES} ORDER BY s.symbol, s.provider`,
};

const OF_SERIES = 'p.series_id = (SELECT id FROM price_series WHERE symbol = $1 AND provider = $2)';

/** $1 symbol, $2 provider, $3 count. */
export const NEWEST = {
  name: 'price-points-newest',
  text: `
    SELECT $1::text AS symbol, $2::text AS provider, ${POINT}
    FROM price_points p WHERE ${OF_SERIES} ORDER BY ${NEWEST_FIRST} LIMIT $3`,
};

/** $1 symbol, $2 provider, $3 start, $4 end, $5 to $7 the key to come after, $8 limit; an absent bound is null and becomes one that excludes nothing. */
export const HISTORY = {
  name: 'price-points-history',
  text: `
    SELECT $1::text AS symbol, $2::text AS provider, ${POINT}, p.ingested_at AS "ingestedAt"
    FROM price_points p
    WHERE ${OF_SERIES}
      AND p.observed_at >= coalesce($3::timestamptz, '-infinity') AND p.observed_at < coalesce($4::timestamptz, 'infinity')
      AND p.observed_at >= coalesce($5::timestamptz, '-infinity')
      AND (p.observed_at, p.sequence, p.event_id)
        > (coalesce($5::timestamptz, '-infinity'), coalesce($6::int8, -1), coalesce($7::text, ''))
    ORDER BY p.observed_at, p.sequence, p.event_id LIMIT $8`,
};

/** The newest point of each symbol with the last price before its UTC day, else the first of that day. */
export const SNAPSHOT = {
  name: 'price-points-snapshot',
  text: `
    WITH newest AS (
      SELECT DISTINCT ON (s.symbol) s.symbol, s.provider, p.*, date_trunc('day', p.observed_at, 'UTC') AS day
      FROM ${NEWEST_OF_SERIES}
      ORDER BY s.symbol, ${NEWEST_FIRST}
    )
    SELECT n.symbol, n.provider, ${POINT.replaceAll('p.', 'n.')}, coalesce(before.price, first.price)::float8 AS "referencePrice"
    FROM newest n
    LEFT JOIN LATERAL (
      SELECT p.price FROM price_series s CROSS JOIN LATERAL (
        SELECT * FROM price_points p WHERE p.series_id = s.id AND p.observed_at < n.day ORDER BY ${NEWEST_FIRST} LIMIT 1
      ) p
      WHERE s.symbol = n.symbol ORDER BY ${NEWEST_FIRST} LIMIT 1
    ) before ON true
    LEFT JOIN LATERAL (
      SELECT p.price FROM price_series s CROSS JOIN LATERAL (
        SELECT * FROM price_points p WHERE p.series_id = s.id AND p.observed_at >= n.day
        ORDER BY p.observed_at, p.sequence, p.event_id LIMIT 1
      ) p
      WHERE s.symbol = n.symbol ORDER BY p.observed_at, p.sequence, p.event_id LIMIT 1
    ) first ON true
    ORDER BY n.symbol`,
};

/** $1 to $5 the keys of events; which of them have no point, counted from 1. */
export const MISSING = {
  name: 'price-points-missing',
  text: `
    SELECT k.place::int4 AS place
    FROM unnest($1::text[], $2::text[], $3::int8[], $4::int8[], $5::text[]) WITH ORDINALITY
      AS k(symbol, provider, observed_ms, sequence, event_id, place)
    LEFT JOIN price_series s ON s.symbol = k.symbol AND s.provider = k.provider
    LEFT JOIN LATERAL (
      SELECT true AS is_stored FROM price_points p
      WHERE (p.series_id, p.observed_at, p.sequence, p.event_id)
        = (s.id, to_timestamp(k.observed_ms / 1000.0), k.sequence, k.event_id)
    ) p ON true
    WHERE p.is_stored IS NULL
    ORDER BY k.place`,
};

export const SERIES = {
  name: 'price-series-list',
  text: 'SELECT symbol, provider FROM price_series ORDER BY symbol, provider',
};

export const MARKET_CAP = {
  name: 'ticker-metadata-market-cap',
  text: 'SELECT market_cap::float8 AS "marketCap" FROM ticker_metadata WHERE symbol = $1',
};
