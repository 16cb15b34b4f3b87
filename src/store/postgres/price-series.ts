import { TickwireError } from '../../platform/errors';
import type { SeriesKey } from '../store';
import { textArray } from './array-literal';
import type { Database, Session } from './database';

/** The small integers that stand for (symbol, provider) in the hot tables. They are handed out once and never removed. */
export interface SeriesIds {
  /** The id of each series, in that order; creates those that are missing. */
  idsOf(series: readonly SeriesKey[]): Promise<readonly number[]>;
}

/** Known ids are kept in memory, at most this many. */
const MAX_KNOWN = 100_000;
/** A row that another writer inserts at the same moment is seen one statement later. */
const ATTEMPTS = 3;

const CREATE = {
  name: 'price-series-create',
  text: `
    WITH wanted AS (
      SELECT DISTINCT symbol, provider FROM unnest($1::text[], $2::text[]) AS w(symbol, provider)
    ), created AS (
      INSERT INTO price_series (symbol, provider)
      SELECT symbol, provider FROM wanted w
      WHERE NOT EXISTS (SELECT FROM price_series s WHERE s.symbol = w.symbol AND s.provider = w.provider)
      ORDER BY symbol, provider
      ON CONFLICT DO NOTHING
      RETURNING id, symbol, provider
    )
    SELECT id, symbol, provider FROM created
    UNION ALL
    SELECT s.id, s.symbol, s.provider FROM price_series s JOIN wanted USING (symbol, provider)`,
};

const FIND = { name: 'price-series-find', text: 'SELECT id FROM price_series WHERE symbol = $1 AND provider = $2' };

export function openSeriesIds(database: Database): SeriesIds {
  const known = new Map<string, number>();
  // After an outage it may be another server, or one restored from a backup.
  database.onUnavailable(() => known.clear());

  return {
    async idsOf(series) {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const ids = series.map((one) => known.get(nameOf(one)));
        const missing = series.filter((_, index) => ids[index] === undefined);
        if (missing.length === 0) return ids.filter((id) => id !== undefined);
        if (known.size + missing.length > MAX_KNOWN) known.clear();
        for (const row of await create(database, missing)) known.set(nameOf(row), row.id);
      }
      throw new TickwireError('STORE_CONFLICT', `no id for some of ${series.length} series after ${ATTEMPTS} attempts`);
    },
  };
}

/** The id of a series; undefined when nothing of it was ever stored. */
export async function findSeriesId(session: Session, series: SeriesKey): Promise<number | undefined> {
  const [row] = await session.query<{ id: number }>(FIND, [series.symbol, series.provider]);
  return row?.id;
}

function create(database: Database, series: readonly SeriesKey[]): Promise<(SeriesKey & { id: number })[]> {
  return database.query(CREATE, [
    textArray(series.map(({ symbol }) => symbol)),
    textArray(series.map(({ provider }) => provider)),
  ]);
}

function nameOf({ symbol, provider }: SeriesKey): string {
  return `${symbol} ${provider}`;
}
