import { z } from 'zod';
import { symbolSchema } from '../domain/symbol';
import type { PriceDiff, SnapshotEntry, TickerUpdate } from './cache';

const entrySchema = z.object({
  price: z.number(),
  change: z.number(),
  change_percent: z.number(),
  currency: z.string().nullable(),
  provider: z.string(),
  timestamp: z.string(),
  fetched_at: z.string(),
});
const diffSchema = z.object({ sequence: z.number(), prices: z.record(z.string(), entrySchema) });
const tickerUpdateSchema = z.union([
  symbolSchema.transform((ticker) => ({ ticker, action: null })),
  z.object({ ticker: symbolSchema, action: z.string().nullable().default(null) }),
]);

/** A message of `price-diffs`; undefined when it is none. */
export function parseDiff(text: string): PriceDiff | undefined {
  return diffSchema.safeParse(jsonOf(text)).data;
}

/** An entry of `prices`, which only this code's script writes. */
export function parseEntry(text: string): SnapshotEntry {
  return JSON.parse(text) as SnapshotEntry;
}

/** A message of `ticker_updates`: a bare symbol, or `{"ticker","action"}`; undefined when it is neither. */
export function parseTickerUpdate(text: string): TickerUpdate | undefined {
  return tickerUpdateSchema.safeParse(jsonOf(text) ?? text).data;
}

/** A bare symbol is not JSON, except one of digits alone, which is text all the same. */
function jsonOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'number' ? text : value;
  } catch {
    return undefined;
  }
}
