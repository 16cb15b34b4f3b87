import { z } from 'zod';
import { symbolSchema } from '../domain/symbol';

/** How many symbols one request may name. */
export const MAX_SYMBOLS = 100;

/** A symbol in a path or query. */
export const symbolField = symbolSchema.meta({
  description: 'Trimmed and upper-cased; 1 to 32 of A-Z 0-9 . - = ^ : /',
  minLength: 1,
  maxLength: 32,
  example: 'AAPL',
});

/** A provider's name or alias; whether there is one is for the registry to say. */
export const providerField = z
  .string()
  .min(1, 'expected the name of a provider')
  .max(32, 'the name of a provider has at most 32 characters')
  .meta({ description: 'Name or alias of a provider; the default provider when left out' });

const uniqueSymbols = z
  .array(symbolSchema)
  .min(1, 'expected at least 1 symbol')
  .max(MAX_SYMBOLS, `expected at most ${MAX_SYMBOLS} symbols`)
  .transform((symbols) => [...new Set(symbols)]);

/** Symbols in a JSON body; one named twice counts once. */
export const symbolsField = uniqueSymbols.meta({
  description: `1 to ${MAX_SYMBOLS} symbols; trimmed, upper-cased, each once`,
});

/** The same in a query, separated by commas. */
export const symbolListField = z
  .string()
  .transform((text) => text.split(','))
  .pipe(uniqueSymbols)
  .meta({ type: 'string', description: `1 to ${MAX_SYMBOLS} symbols separated by commas, instead of symbol` });

/** In a header of a request that makes something. */
export const idempotencyKeyField = z
  .string()
  .regex(/^[\x20-\x7e]{1,128}$/, 'expected 1 to 128 printable ASCII characters')
  .meta({ description: 'The same key with the same body makes nothing twice' });

/** Where a page cannot send a header. */
export const ticketField = z
  .string()
  .max(200)
  .meta({ description: 'From POST /api/v1/tickets, good once, instead of a key in a header' });

/** A whole number in a query, where everything is text. */
export function wholeNumberField(low: number, high: number) {
  const expected = `expected a whole number from ${low} to ${high}`;
  return z
    .string()
    .regex(/^\d{1,12}$/, expected)
    .transform(Number)
    .pipe(z.number().min(low, expected).max(high, expected))
    .meta({ type: 'integer', minimum: low, maximum: high });
}

const EXPECTED_INSTANT = 'expected an RFC 3339 instant such as 2026-01-05T15:00:00Z, or a date';

/** An instant in a query; a date alone is its midnight UTC. */
export const instantField = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], { error: EXPECTED_INSTANT })
  .transform((text) => new Date(text))
  .refine(isStorable, EXPECTED_INSTANT)
  .meta({ type: 'string', format: 'date-time' });

/** True for an instant of the years 1 to 9999, which is what every store can compare. */
export function isStorable(instant: Date): boolean {
  const year = instant.getUTCFullYear();
  return year >= 1 && year <= 9999;
}
