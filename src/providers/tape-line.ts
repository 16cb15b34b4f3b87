import { isPrice, MAX_AHEAD_MS } from '../domain/price-event';
import { isSymbol } from '../domain/symbol';
import { TickwireError } from '../platform/errors';
import { fieldsOf, MAX_LINE_CHARACTERS, toEpochMs, toNumber } from './csv-fields';

/** One trade of a tape. */
export interface TapeTrade {
  readonly symbol: string;
  readonly observedAt: Date;
  readonly price: number;
  /** Units traded; null where the field is empty. */
  readonly size: number | null;
  /** Null where the tape has no such column, or nothing in it. */
  readonly currency: string | null;
  /** Number of the line, counted from 1 at the first line after the one that names the columns. */
  readonly line: number;
}

/** A trade; or why the line is none; or undefined for an empty line. */
export type ParsedLine = TapeTrade | { readonly reason: string } | undefined;

/** Columns by their accepted names, in lower case. */
const NAMES = {
  timestamp: ['timestamp', 'time', 'date'],
  symbol: ['symbol', 'ticker'],
  price: ['price'],
  size: ['size', 'volume', 'quantity'],
  currency: ['currency'],
} as const;
type Column = keyof typeof NAMES;

/**
 * Reads lines under the columns that `header` names. A line is a trade only when it has as many fields as the header, a symbol, a market time with its zone
 * (RFC 3339, or epoch seconds or milliseconds) at most a day ahead, a decimal price that the symbol can have, and a size of at least 0 or none.
 * @throws INVALID_INPUT naming the column that is missing.
 */
export function openTradeParser(header: string, path: string): (text: string, line: number) => ParsedLine {
  const names = fieldsOf(header.replace(/^\uFEFF/, '')).map((name) => name.trim().toLowerCase());
  const at = (column: Column) => names.findIndex((name) => (NAMES[column] as readonly string[]).includes(name));
  const missing = (['timestamp', 'symbol', 'price', 'size'] as const).filter((column) => at(column) < 0);
  if (missing.length > 0) throw missingColumns(path, missing);
  const columns = { timestamp: at('timestamp'), symbol: at('symbol'), price: at('price'), size: at('size') };
  const currencyColumn = at('currency');
  const latestMs = Date.now() + MAX_AHEAD_MS;

  return (text, line) => {
    if (text === '' || text === '\r') return undefined;
    if (text.length > MAX_LINE_CHARACTERS) return { reason: `expected at most ${MAX_LINE_CHARACTERS} characters` };
    const fields = fieldsOf(text);
    if (fields.length !== names.length) return { reason: `expected ${names.length} fields, got ${fields.length}` };
    const field = (column: number) => fields[column] ?? '';
    const symbol = field(columns.symbol).trim().toUpperCase();
    if (!isSymbol(symbol)) return wrong('symbol', '1 to 32 of A-Z 0-9 . - = ^ : /', field(columns.symbol));
    const epochMs = toEpochMs(field(columns.timestamp));
    if (!(epochMs <= latestMs)) {
      return wrong(
        'timestamp',
        'an instant with its zone, not ahead, such as 2013-10-07T13:30:00.007Z',
        field(columns.timestamp),
      );
    }
    const price = toNumber(field(columns.price));
    if (!isPrice(price, symbol)) return wrong('price', 'a number above zero', field(columns.price));
    const size = toSize(field(columns.size));
    if (size !== null && !(size >= 0)) return wrong('size', 'a number of at least 0, or nothing', field(columns.size));
    const currency = field(currencyColumn).trim().slice(0, 16) || null;
    return { symbol, observedAt: new Date(epochMs), price, size, currency, line };
  };
}

function toSize(text: string): number | null {
  return text.trim() === '' ? null : toNumber(text);
}

function wrong(column: Column, expected: string, got: string): { reason: string } {
  return { reason: `${column}: expected ${expected}, got ${JSON.stringify(got.slice(0, 60))}` };
}

function missingColumns(path: string, missing: readonly Column[]): TickwireError {
  const wanted = missing.map((column) => NAMES[column].join(' or ')).join('; ');
  return new TickwireError('INVALID_INPUT', `${path}: the first line lacks a column: expected ${wanted}`);
}
