import { z } from 'zod';
import { type AverageWindow, EMPTY_WINDOW, type WindowEntry } from '../../domain/moving-average';
import { priceEventId } from '../../domain/price-event';
import type { SeriesKey, StoredWindow } from '../store';
import { textArray } from './array-literal';
import type { Session } from './database';

/** `[epoch ms, sequence, price]`, with the event id as the fourth where it is not the one derived from these. */
const entriesSchema = z.array(
  z.union([z.tuple([z.number(), z.number(), z.number()]), z.tuple([z.number(), z.number(), z.number(), z.string()])]),
);

const LOAD = {
  name: 'average-windows-load',
  text: `
    SELECT s.symbol, s.provider, w.entries::text AS entries, w.truncated, w.version::float8 AS version
    FROM unnest($1::text[], $2::text[]) AS asked(symbol, provider)
    JOIN price_series s USING (symbol, provider)
    JOIN average_windows w ON w.series_id = s.id AND w.window_size = $3`,
};

interface WindowRow extends SeriesKey {
  readonly entries: string;
  readonly truncated: boolean;
  readonly version: number;
}

/** One for each series asked for, in that order; an empty one with version 0 where none is stored. */
export async function loadWindows(
  session: Session,
  series: readonly SeriesKey[],
  size: number,
): Promise<readonly StoredWindow[]> {
  const symbols = textArray(series.map(({ symbol }) => symbol));
  const providers = textArray(series.map(({ provider }) => provider));
  const rows = await session.query<WindowRow>(LOAD, [symbols, providers, size]);
  const stored = new Map(rows.map((row) => [`${row.symbol} ${row.provider}`, row]));
  return series.map(({ symbol, provider }) => {
    const row = stored.get(`${symbol} ${provider}`);
    if (!row) return { symbol, provider, window: EMPTY_WINDOW, version: 0 };
    return { symbol, provider, window: windowOf(row), version: row.version };
  });
}

/** The compact JSON of a window's entries. */
export function encodeEntries(series: SeriesKey, entries: readonly WindowEntry[]): string {
  const texts = entries.map((entry) => {
    const { observedAt, sequence, eventId, price } = entry;
    const known = `${observedAt.getTime()},${sequence},${price}`;
    return eventId === derivedId(series, entry) ? `[${known}]` : `[${known},${JSON.stringify(eventId)}]`;
  });
  return `[${texts.join(',')}]`;
}

function windowOf(row: WindowRow): AverageWindow {
  const entries = entriesSchema.parse(JSON.parse(row.entries)).map(([epochMs, sequence, price, eventId]) => {
    const entry = { observedAt: new Date(epochMs), sequence, price };
    return { ...entry, eventId: eventId ?? derivedId(row, entry) };
  });
  return { entries, truncated: row.truncated };
}

/** Called for every entry of every window saved, hence one plain object and no spreading. */
function derivedId(
  { symbol, provider }: SeriesKey,
  { observedAt, sequence, price }: Omit<WindowEntry, 'eventId'>,
): string {
  return priceEventId({
    symbol,
    provider,
    price,
    observedAt,
    sequence,
    currency: null,
    volume: null,
    fetchedAt: observedAt,
    rawResponseId: null,
  });
}
