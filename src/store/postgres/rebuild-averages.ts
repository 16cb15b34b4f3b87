import { type AverageWindow, advanceWindow, EMPTY_WINDOW, type WindowEntry } from '../../domain/moving-average';
import { monthsOf } from '../price-months';
import type { SeriesKey } from '../store';
import { encodeEntries } from './average-windows';
import type { Database, Session } from './database';
import type { PricePartitions } from './price-partitions';
import { findSeriesId } from './price-series';
import { averageColumns, INSERT_AVERAGES, OVER_STORED_AVERAGES } from './symbol-averages';

const PAGE = 5000;

/** Locks the window and takes its version away from a running consumer, which then gets `conflict` and reads the new one. */
const TAKE_WINDOW = {
  name: 'average-windows-take',
  text: `
    INSERT INTO average_windows AS w (series_id, window_size, entries, truncated, version) VALUES ($1, $2, '[]', false, 1)
    ON CONFLICT (series_id, window_size) DO UPDATE SET version = w.version + 1`,
};

const WRITE_WINDOW = {
  name: 'average-windows-write',
  text: `
    UPDATE average_windows SET entries = $3::json, truncated = $4, updated_at = now()
    WHERE series_id = $1 AND window_size = $2`,
};

const READ_PAGE = {
  name: 'price-points-page',
  text: `
    SELECT observed_at AS "observedAt", sequence::float8 AS sequence, event_id AS "eventId", price::float8 AS price
    FROM price_points
    WHERE series_id = $1 AND observed_at >= coalesce($2::timestamptz, '-infinity')
      AND (observed_at, sequence, event_id) > (coalesce($2::timestamptz, '-infinity'), coalesce($3::int8, -1), coalesce($4::text, ''))
    ORDER BY observed_at, sequence, event_id LIMIT $5`,
};

const UPSERT = { name: 'symbol-averages-upsert', text: `${INSERT_AVERAGES} ${OVER_STORED_AVERAGES}` };

/** A row has to be there for every point that has $2 - 1 points before it, and no other. */
const DELETE_EXTRA = {
  name: 'symbol-averages-delete-extra',
  text: `
    WITH first AS (
      SELECT observed_at, sequence, event_id FROM price_points WHERE series_id = $1
      ORDER BY observed_at, sequence, event_id OFFSET $2::int - 1 LIMIT 1
    )
    DELETE FROM symbol_averages a
    WHERE a.series_id = $1 AND a.window_size = $2 AND NOT EXISTS (
      SELECT FROM price_points p, first f
      WHERE (p.series_id, p.observed_at, p.sequence, p.event_id) = (a.series_id, a.observed_at, a.sequence, a.event_id)
        AND (p.observed_at, p.sequence, p.event_id) >= (f.observed_at, f.sequence, f.event_id)
    )`,
};

/** Replaces every row and the window of one series by what `price_points` says now, in one transaction. Returns how many rows changed, were added or removed. */
export function rebuildAverages(
  database: Database,
  partitions: PricePartitions,
  { size, ...series }: SeriesKey & { readonly size: number },
): Promise<number> {
  return database.transaction(async (session) => {
    const seriesId = await findSeriesId(session, series);
    if (seriesId === undefined) return 0;
    await session.execute(TAKE_WINDOW, [seriesId, size]);
    const { window, written } = await recompute(session, partitions, { seriesId, size });
    const removed = await session.execute(DELETE_EXTRA, [seriesId, size]);
    await session.execute(WRITE_WINDOW, [seriesId, size, encodeEntries(series, window.entries), window.truncated]);
    return written + removed;
  });
}

async function recompute(
  session: Session,
  partitions: PricePartitions,
  { seriesId, size }: { readonly seriesId: number; readonly size: number },
) {
  let window: AverageWindow = EMPTY_WINDOW;
  let written = 0;
  let last: WindowEntry | undefined;
  do {
    const from = [last?.observedAt ?? null, last?.sequence ?? null, last?.eventId ?? null];
    const page: WindowEntry[] = await session.query<WindowEntry>(READ_PAGE, [seriesId, ...from, PAGE]);
    await partitions.make(monthsOf(page));
    const advance = advanceWindow(window, page, size);
    const rows = advance.averages.map(({ last: row, average }) => ({ seriesId, row: { ...row, average } }));
    if (rows.length > 0) written += await session.execute(UPSERT, [size, ...averageColumns(rows)]);
    window = advance.window;
    last = page.at(-1);
  } while (last !== undefined);
  return { window, written };
}
