import { monthsOf } from '../price-months';
import type { Averages, StoredWindow } from '../store';
import { numberArray, textArray } from './array-literal';
import { encodeEntries, loadWindows } from './average-windows';
import type { Database } from './database';
import { inKeyOrder } from './key-order';
import { openOptimisticInsert } from './optimistic-insert';
import type { PricePartitions } from './price-partitions';
import type { SeriesIds } from './price-series';
import { rebuildAverages } from './rebuild-averages';
import { violatedConstraint } from './store-error';
import {
  averageColumns,
  findLatestAverage,
  INSERT_AVERAGES,
  listAverages,
  listAveragesFrom,
  OVER_STORED_AVERAGES,
} from './symbol-averages';

/** A version that is not the stored one becomes 0, which the table refuses: then nothing of the statement remains. $1 and $7 to $10. */
const ADVANCE_WINDOWS = `
  INSERT INTO average_windows AS w (series_id, window_size, entries, truncated, version)
  SELECT g.series_id, $1::int2, g.entries, g.truncated,
    CASE WHEN g.version = 0 OR EXISTS (
      SELECT FROM average_windows stored WHERE stored.series_id = g.series_id AND stored.window_size = $1
    ) THEN g.version + 1 ELSE 0 END
  FROM unnest($7::int4[], $8::json[], $9::bool[], $10::int8[]) AS g(series_id, entries, truncated, version)
  ON CONFLICT (series_id, window_size) DO UPDATE SET
    entries = EXCLUDED.entries, truncated = EXCLUDED.truncated, updated_at = now(),
    version = CASE WHEN w.version = EXCLUDED.version - 1 THEN EXCLUDED.version ELSE 0 END`;

/** Reading the count runs the windows first: they are locked, and a stale writer ends, before the first average is written. */
const SAVE_TEXT = `WITH windows AS (${ADVANCE_WINDOWS} RETURNING 1) ${INSERT_AVERAGES} WHERE (SELECT count(*) FROM windows) >= 0`;

const SAVE = { name: 'averages-save', text: SAVE_TEXT };
const SAVE_OVER = { name: 'averages-save-over', text: `${SAVE_TEXT} ${OVER_STORED_AVERAGES}` };

/** Tables `symbol_averages` and `average_windows`: saved together, in one statement and one round trip. */
export function openAverages(database: Database, series: SeriesIds, partitions: PricePartitions): Averages {
  const optimistically = openOptimisticInsert('symbol_averages');

  return {
    loadWindows: (asked, size) => loadWindows(database, asked, size),
    async save({ size, windows, averages }) {
      const ids = await series.idsOf([...windows, ...averages]);
      const rows = inKeyOrder(averages, ids.slice(windows.length));
      const values = [size, ...averageColumns(rows), ...windowColumns(windows, ids)];
      try {
        await partitions.covering(monthsOf(averages), () =>
          optimistically({
            plainly: () => database.execute(SAVE, values),
            carefully: () => database.execute(SAVE_OVER, values),
          }),
        );
        return 'saved';
      } catch (error) {
        if (violatedConstraint(error) === 'average_windows_version_check') return 'conflict';
        throw error;
      }
    },
    listFrom: (keys, size) => listAveragesFrom(database, keys, size),
    findLatest: (symbol, size, provider) => findLatestAverage(database, symbol, size, provider),
    list: (query) => listAverages(database, query),
    rebuild: (one, size) => partitions.covering([], () => rebuildAverages(database, partitions, { ...one, size })),
  };
}

function windowColumns(windows: readonly StoredWindow[], ids: readonly number[]): string[] {
  const sorted = windows
    .map((stored, index) => ({ seriesId: ids[index] ?? 0, ...stored }))
    .sort((a, b) => a.seriesId - b.seriesId);
  return [
    numberArray(sorted.map(({ seriesId }) => seriesId)),
    textArray(sorted.map((stored) => encodeEntries(stored, stored.window.entries))),
    `{${sorted.map(({ window }) => window.truncated).join(',')}}`,
    numberArray(sorted.map(({ version }) => version)),
  ];
}
