import { z } from 'zod';
import type { AssetClass, Bar, QuarantinedBar } from '../domain/bar';
import { instantSchema } from '../domain/instant';
import { dailySessionOf, sessionDateOf } from '../domain/market-calendar';
import type { Row } from './row-stream';

/** A bar as routes answer it. */
export const barSchema = z
  .object({
    symbol: z.string(),
    interval: z.string(),
    start_at: instantSchema.meta({ description: 'Start of the session (09:30 in New York for equities) or interval' }),
    session: z.string().meta({ description: 'The day it is of: in New York for equities, UTC for fx and crypto' }),
    open: z.number(),
    high: z.number(),
    low: z.number(),
    close: z.number(),
    volume: z.number().nullable(),
    source: z.string(),
    revision: z.int().meta({ description: '1, and one more for each time the source restated it' }),
    raw_response_id: z
      .string()
      .nullable()
      .meta({ description: 'The archived answer it was made from; null for a file' }),
  })
  .meta({ id: 'Bar' });

/** The columns of CSV. */
export const BAR_COLUMNS = barSchema.keyof().options;

/** A bar that breaks its own rules, as it is shown. */
export const quarantinedBarSchema = z
  .object({
    symbol: z.string(),
    interval: z.string(),
    start_at: instantSchema,
    source: z.string(),
    reason: z.string(),
    detail: z.string().meta({ description: 'What, expected, got' }),
    fields: z.record(z.string(), z.unknown()).meta({ description: 'As the source gave them' }),
    raw_response_id: z.string().nullable(),
  })
  .meta({ id: 'QuarantinedBar' });

export function barView(bar: Bar, assetClass: AssetClass): z.infer<typeof barSchema> & Row {
  const { symbol, interval, startAt, open, high, low, close, volume, source, revision } = bar;
  const session = interval === '1d' ? dailySessionOf(startAt, assetClass) : sessionDateOf(startAt, assetClass);
  const values = { open, high, low, close, volume, source, revision };
  return { symbol, interval, start_at: startAt.toISOString(), session, ...values, raw_response_id: bar.rawResponseId };
}

export function quarantinedBarView(bar: QuarantinedBar): z.infer<typeof quarantinedBarSchema> {
  const { symbol, interval, startAt, source, reason, detail, fields, rawResponseId } = bar;
  const place = { symbol, interval, start_at: startAt.toISOString(), source };
  return { ...place, reason, detail, fields, raw_response_id: rawResponseId };
}
