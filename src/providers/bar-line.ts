import { type AssetClass, assetClassOf, type RawBar } from '../domain/bar';
import { sessionStartOf } from '../domain/market-calendar';
import { isSymbol } from '../domain/symbol';
import { TickwireError } from '../platform/errors';
import { fieldsOf, MAX_LINE_CHARACTERS, toEpochMs, toNumber } from './csv-fields';
import type { HistoryRequest } from './provider';

/** A bar; why the line is none; `other` for a line about a symbol not asked for; or undefined for an empty line. */
export type ParsedBarLine = RawBar | { readonly reason: string } | 'other' | undefined;

/** Columns by their accepted names, in lower case. Others (`Adj Close`) are ignored. */
const NAMES = {
  date: ['date', 'datetime', 'timestamp', 'time'],
  symbol: ['symbol', 'ticker'],
  open: ['open'],
  high: ['high'],
  low: ['low'],
  close: ['close'],
  volume: ['volume'],
} as const;
type Column = keyof typeof NAMES;
const REQUIRED = ['date', 'open', 'high', 'low', 'close'] as const;

/** A file of bars, and what is asked of it. */
export interface BarFile {
  readonly path: string;
  readonly source: string;
  readonly request: Pick<HistoryRequest, 'symbol' | 'interval'>;
}

/**
 * Reads lines under the columns that `header` names: date, open, high, low, close; volume and symbol where there are such. A line is a bar only when it has as
 * many fields as the header, a date (`2015-01-02` for daily bars, an instant with its zone for shorter ones) and decimal prices; an empty volume is null.
 * Whether the prices make sense is judged later, where such a bar is quarantined with its reason.
 * @throws INVALID_INPUT naming the column that is missing; the symbol's is, where every symbol is asked for.
 */
export function openBarParser(header: string, file: BarFile): (text: string) => ParsedBarLine {
  const names = fieldsOf(header.replace(/^\uFEFF/, '')).map((name) => name.trim().toLowerCase());
  const at = (column: Column) => names.findIndex((name) => (NAMES[column] as readonly string[]).includes(name));
  const columns = { date: at('date'), open: at('open'), high: at('high'), low: at('low'), close: at('close') };
  const [symbolColumn, volumeColumn] = [at('symbol'), at('volume')];
  refuseColumns(file, at);
  const { source, request } = file;
  const { symbol: asked, interval } = request;
  const classOf = rememberLast(assetClassOf);
  const symbolOf = rememberLast((text: string) => text.trim().toUpperCase());

  return (text) => {
    if (text === '' || text === '\r') return undefined;
    if (text.length > MAX_LINE_CHARACTERS) return { reason: `expected at most ${MAX_LINE_CHARACTERS} characters` };
    const fields = fieldsOf(text);
    if (fields.length !== names.length) return { reason: `expected ${names.length} fields, got ${fields.length}` };
    const field = (column: number) => fields[column] ?? '';
    const symbol = symbolColumn < 0 ? asked : symbolOf(field(symbolColumn));
    if (asked !== '*' && symbol !== asked) return 'other';
    if (!isSymbol(symbol)) return wrong('symbol', '1 to 32 of A-Z 0-9 . - = ^ : /', field(symbolColumn));
    const startMs =
      interval === '1d' ? toSessionMs(field(columns.date), classOf(symbol)) : toEpochMs(field(columns.date));
    if (Number.isNaN(startMs))
      return wrong('date', DATES[interval === '1d' ? 'daily' : 'shorter'], field(columns.date));
    const open = toNumber(field(columns.open));
    const high = toNumber(field(columns.high));
    const low = toNumber(field(columns.low));
    const close = toNumber(field(columns.close));
    if (!Number.isFinite(open + high + low + close)) return wrongPrice({ open, high, low, close }, columns, field);
    const volume = toVolume(field(volumeColumn));
    if (volume !== null && !Number.isFinite(volume))
      return wrong('volume', 'a number, or nothing', field(volumeColumn));
    return {
      symbol,
      interval,
      startAt: new Date(startMs),
      open,
      high,
      low,
      close,
      volume,
      source,
      rawResponseId: null,
    };
  };
}

const DATES = { daily: 'a day such as 2015-01-02', shorter: 'an instant with its zone, such as 2015-01-02T14:30:00Z' };

function refuseColumns({ path, request }: BarFile, at: (column: Column) => number): void {
  const missing = REQUIRED.filter((column) => at(column) < 0).map((column) => NAMES[column].join(' or '));
  if (request.symbol === '*' && at('symbol') < 0) missing.push('symbol or ticker, as every symbol is asked for');
  if (missing.length === 0) return;
  throw new TickwireError('INVALID_INPUT', `${path}: the first line lacks a column: expected ${missing.join('; ')}`);
}

type Prices = Readonly<Record<'open' | 'high' | 'low' | 'close', number>>;

function wrongPrice(prices: Prices, columns: Prices, field: (column: number) => string): { readonly reason: string } {
  for (const name of ['open', 'high', 'low', 'close'] as const) {
    if (!Number.isFinite(prices[name])) return wrong(name, 'a number', field(columns[name]));
  }
  return { reason: 'prices: expected numbers that can be added up' };
}

function toVolume(text: string): number | null {
  return text.trim() === '' ? null : toNumber(text);
}

function toSessionMs(text: string, assetClass: AssetClass): number {
  return sessionStartOf(text.trim(), assetClass).getTime();
}

/** The same answer for the same text as before: the lines of a file about one symbol come together. */
function rememberLast<Result>(work: (text: string) => Result): (text: string) => Result {
  let last: { readonly text: string; readonly result: Result } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, result: work(text) };
    return last.result;
  };
}

function wrong(column: Column, expected: string, got: string): { readonly reason: string } {
  return { reason: `${column}: expected ${expected}, got ${JSON.stringify(got.slice(0, 60))}` };
}
