import { type AssetClass, BAR_INTERVALS, type Bar } from '../../domain/bar';
import { type BarSeriesKey, isSameBar, TABLE_OF } from '../bar-rules';
import type { BarCounts, BarCoverage, Bars } from '../history-store';
import { numberArray, textArray } from './array-literal';
import { type BarPartitions, yearsOf } from './bar-partitions';
import { type BarSeriesIds, lockBarSeries } from './bar-series';
import {
  type BarRevision,
  insertRevisions,
  keyOf,
  loadNewest,
  type PlacedBar,
  perTable,
  type StoredBar,
  VALUES,
} from './bar-writes';
import type { Database, Session } from './database';
import { insertQuarantined, listQuarantined } from './quarantine';

/** The values of a bar and what it was made from, under the names of its fields. */
const BAR = `start_at AS "startAt", ${VALUES('b')}, raw_response_id AS "rawResponseId", revision`;

/** $1 series, $2 first start, $3 end, $4 limit. One pass over the index, whose first entry of each start is the newest revision. */
const LIST = perTable(
  'bars-list',
  (table) => `
    SELECT DISTINCT ON (b.start_at) ${BAR} FROM ${table} b
    WHERE series_id = $1 AND start_at >= $2::timestamptz AND start_at < $3::timestamptz
    ORDER BY b.start_at, b.revision DESC LIMIT $4`,
);

const REVISIONS = perTable(
  'bars-revisions',
  (table) => `SELECT ${BAR} FROM ${table} b WHERE series_id = $1 AND start_at = $2 ORDER BY revision`,
);

const SOURCES = {
  name: 'bars-sources',
  text: `
    SELECT s.source FROM instruments i JOIN bar_series s ON s.instrument_id = i.id
    WHERE i.symbol = $1 AND s.interval = $2 ORDER BY s.source COLLATE "C"`,
};

const SERIES_OF_SYMBOL = {
  name: 'bar-series-of-symbol',
  text: `
    SELECT i.asset_class AS "assetClass", array_agg(s.id) AS ids
    FROM instruments i JOIN bar_series s ON s.instrument_id = i.id WHERE i.symbol = $1 GROUP BY 1`,
};

/** Every bar has one first revision. */
const COVERAGE = perTable(
  'bars-coverage',
  (table) => `
    SELECT s.source, s.interval, c.bars, c.first_at AS "firstAt", c.last_at AS "lastAt"
    FROM bar_series s CROSS JOIN LATERAL (
      SELECT count(*)::float8 AS bars, min(start_at) AS first_at, max(start_at) AS last_at
      FROM ${table} WHERE series_id = s.id AND revision = 1
    ) c
    WHERE s.id = ANY ($1::int4[]) AND c.bars > 0
    ORDER BY array_position($2::text[], s.interval), s.source COLLATE "C"`,
);

/** Tables `eq_ohlcv`, `fx_ohlcv`, `crypto_ohlcv` and `ohlcv_quarantine`. */
export function openBars(database: Database, series: BarSeriesIds, partitions: BarPartitions): Bars {
  return {
    async save(bars, quarantined) {
      const places = await series.placesOf(bars);
      const placed = bars.flatMap((bar, index) => {
        const place = places[index];
        return place ? [{ bar, place }] : [];
      });
      const years = yearsOf(placed.map(({ bar, place }) => ({ table: place.table, startAt: bar.startAt })));
      const counts = await partitions.covering(years, () =>
        database.transaction(async (session) => {
          await insertQuarantined(session, quarantined);
          return saveBars(session, placed);
        }),
      );
      return { ...counts, quarantined: quarantined.length };
    },
    async list({ start, end, after, limit, symbol, interval, source }) {
      const place = await series.find({ symbol, interval, source });
      if (!place) return [];
      const values = [place.seriesId, firstStart(start, after), end ?? 'infinity', limit];
      const rows = await database.query<BarRow>(LIST[place.table], values);
      return rows.map((row) => ({ symbol, interval, source, ...row }));
    },
    async listRevisions({ symbol, interval, source, startAt }) {
      const place = await series.find({ symbol, interval, source });
      if (!place) return [];
      const rows = await database.query<BarRow>(REVISIONS[place.table], [place.seriesId, startAt]);
      return rows.map((row) => ({ symbol, interval, source, ...row }));
    },
    listQuarantined: (query) => listQuarantined(database, query),
    async sources(symbol, interval) {
      const rows = await database.query<{ source: string }>(SOURCES, [symbol, interval]);
      return rows.map(({ source }) => source);
    },
    async coverage(symbol) {
      const [found] = await database.query<{ assetClass: AssetClass; ids: number[] }>(SERIES_OF_SYMBOL, [symbol]);
      if (!found) return [];
      return database.query<BarCoverage>(COVERAGE[TABLE_OF[found.assetClass]], [
        numberArray(found.ids),
        textArray(BAR_INTERVALS),
      ]);
    },
  };
}

type BarRow = Omit<Bar, keyof BarSeriesKey>;

/** The first millisecond that is asked for. */
function firstStart(start: Date | undefined, after: Date | undefined): Date | string {
  const afterMs = after ? after.getTime() + 1 : Number.NEGATIVE_INFINITY;
  const firstMs = Math.max(start?.getTime() ?? Number.NEGATIVE_INFINITY, afterMs);
  return firstMs === Number.NEGATIVE_INFINITY ? '-infinity' : new Date(firstMs);
}

/** Under the lock of their series, so that what is read is still so when it is written. */
async function saveBars(session: Session, placed: readonly PlacedBar[]): Promise<SeriesCounts> {
  if (placed.length === 0) return { written: 0, unchanged: 0, corrected: 0 };
  await lockBarSeries(
    session,
    placed.map(({ place }) => place.seriesId),
  );
  const { revisions, counts } = compare(placed, await loadNewest(session, placed));
  await insertRevisions(session, revisions);
  return counts;
}

type SeriesCounts = Omit<BarCounts, 'quarantined'>;

function compare(placed: readonly PlacedBar[], stored: ReadonlyMap<string, StoredBar>) {
  const counts = { written: 0, unchanged: 0, corrected: 0 };
  const newest = new Map(stored);
  const revisions: BarRevision[] = [];
  for (const { bar, place } of placed) {
    const key = keyOf(place.seriesId, bar.startAt.getTime());
    const known = newest.get(key);
    if (known && isSameBar(known, bar)) {
      counts.unchanged += 1;
      continue;
    }
    const revision = (known?.revision ?? 0) + 1;
    revisions.push({ bar, place, revision });
    newest.set(key, { ...bar, revision });
    counts[known ? 'corrected' : 'written'] += 1;
  }
  return { revisions, counts };
}
