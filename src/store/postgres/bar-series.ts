import { type AssetClass, assetClassOf } from '../../domain/bar';
import { TickwireError } from '../../platform/errors';
import { type BarSeriesKey, type BarTable, TABLE_OF } from '../bar-rules';
import { numberArray, textArray } from './array-literal';
import type { Database, Session } from './database';
import { ensureInstruments } from './instruments';

/** Where the bars of a series are: the small integer that stands for it, and its table. */
export interface BarPlace {
  readonly seriesId: number;
  readonly table: BarTable;
}

/** The rows of `bar_series`. They are handed out once and never removed. */
export interface BarSeriesIds {
  /** The place of each series, in that order; creates those that are missing, their instruments too. */
  placesOf(series: readonly BarSeriesKey[]): Promise<readonly BarPlace[]>;
  /** Undefined when nothing of it was ever stored. */
  find(series: BarSeriesKey): Promise<BarPlace | undefined>;
}

/** Known places are kept in memory, at most this many. */
const MAX_KNOWN = 100_000;
/** A row that another writer inserts at the same moment is seen one statement later. */
const ATTEMPTS = 3;

const CREATE = {
  name: 'bar-series-create',
  text: `
    WITH wanted AS (
      SELECT DISTINCT i.id AS instrument_id, i.symbol, i.asset_class, w.interval, w.source
      FROM unnest($1::text[], $2::text[], $3::text[]) AS w(symbol, interval, source) JOIN instruments i USING (symbol)
    ), created AS (
      INSERT INTO bar_series (instrument_id, interval, source)
      SELECT instrument_id, interval, source FROM wanted w
      WHERE NOT EXISTS (
        SELECT FROM bar_series s
        WHERE s.instrument_id = w.instrument_id AND s.interval = w.interval AND s.source = w.source
      )
      ORDER BY instrument_id, interval, source
      ON CONFLICT DO NOTHING
      RETURNING id, instrument_id, interval, source
    ), all_series AS (
      SELECT * FROM created
      UNION ALL
      SELECT s.id, s.instrument_id, s.interval, s.source FROM bar_series s JOIN wanted USING (instrument_id, interval, source)
    )
    SELECT s.id, w.symbol, w.asset_class AS "assetClass", s.interval, s.source
    FROM all_series s JOIN wanted w USING (instrument_id, interval, source)`,
};

const FIND = {
  name: 'bar-series-find',
  text: `
    SELECT s.id, i.symbol, i.asset_class AS "assetClass", s.interval, s.source
    FROM instruments i JOIN bar_series s ON s.instrument_id = i.id
    WHERE i.symbol = $1 AND s.interval = $2 AND s.source = $3`,
};

const LOCK = {
  name: 'bar-series-lock',
  text: 'SELECT id FROM bar_series WHERE id = ANY ($1::int4[]) ORDER BY id FOR NO KEY UPDATE',
};

interface SeriesRow extends BarSeriesKey {
  readonly id: number;
  readonly assetClass: AssetClass;
}

export function openBarSeriesIds(database: Database): BarSeriesIds {
  const known = new Map<string, BarPlace>();
  // After an outage it may be another server, or one restored from a backup.
  database.onUnavailable(() => known.clear());
  const learn = (row: SeriesRow): BarPlace => {
    const place = { seriesId: row.id, table: TABLE_OF[row.assetClass] };
    known.set(nameOf(row), place);
    return place;
  };

  return {
    async placesOf(series) {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const places = series.map((one) => known.get(nameOf(one)));
        const missing = new Map(
          series.flatMap((one, index) => (places[index] === undefined ? [[nameOf(one), one] as const] : [])),
        );
        if (missing.size === 0) return places.filter((place) => place !== undefined);
        if (known.size + missing.size > MAX_KNOWN) known.clear();
        for (const row of await create(database, [...missing.values()])) learn(row);
      }
      throw new TickwireError('STORE_CONFLICT', `no id for some of ${series.length} series after ${ATTEMPTS} attempts`);
    },
    async find(series) {
      const place = known.get(nameOf(series));
      if (place) return place;
      const [row] = await database.query<SeriesRow>(FIND, [series.symbol, series.interval, series.source]);
      return row && learn(row);
    },
  };
}

/** Keeps every other writer of these series away until the transaction ends. Always in one order, so that two writers cannot deadlock. */
export async function lockBarSeries(session: Session, seriesIds: readonly number[]): Promise<void> {
  await session.query(LOCK, [numberArray([...new Set(seriesIds)])]);
}

async function create(database: Database, series: readonly BarSeriesKey[]): Promise<SeriesRow[]> {
  await ensureInstruments(
    database,
    series.map(({ symbol }) => ({ symbol, assetClass: assetClassOf(symbol) })),
  );
  return database.query<SeriesRow>(CREATE, [
    textArray(series.map(({ symbol }) => symbol)),
    textArray(series.map(({ interval }) => interval)),
    textArray(series.map(({ source }) => source)),
  ]);
}

function nameOf({ symbol, interval, source }: BarSeriesKey): string {
  return `${symbol} ${interval} ${source}`;
}
