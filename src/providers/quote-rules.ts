import { isPrice, MAX_AHEAD_MS, mayTradeBelowZero } from '../domain/price-event';
import type { Quote, QuoteFailure } from './provider';

/** A vendor's fields for one symbol, not yet believed. */
export interface VendorFields {
  /** The symbol the answer names; left out where the vendor's answers name none. */
  readonly symbol?: unknown;
  readonly price: unknown;
  readonly currency: unknown;
  readonly volume: unknown;
  /** The market's time of the price, epoch milliseconds. */
  readonly observedAtMs: unknown;
  /** The source's order within one instant; 0 when left out. */
  readonly sequence?: number;
  readonly marketCap?: unknown;
}

/** A price believed, or why not. */
export type Verdict = { readonly quote: Quote } | { readonly failure: QuoteFailure };

/**
 * Believes a vendor's fields or says why not (`QUOTE_INVALID`): the price must be a number that `symbol` can be priced at, the symbol the one asked for,
 * and the market's time a number after 1970-01-01 and at most a day ahead of `now`, which is never used in its place.
 * What only accompanies a price does not sink it: a volume that is not a number of at least 0, a currency that is not a short text or a market
 * capitalisation that is not above zero is left out. A currency is kept as the vendor spells it (London's `GBp` is pence, not `GBP`).
 */
export function toQuote(symbol: string, fields: VendorFields, now: Date): Verdict {
  const { price, observedAtMs, sequence = 0, marketCap } = fields;
  if (fields.symbol !== undefined && fields.symbol !== symbol) {
    return invalid(symbol, 'symbol', symbol, fields.symbol);
  }
  if (!isPrice(price, symbol)) {
    const expected = mayTradeBelowZero(symbol) ? 'a finite number' : 'a finite number above zero';
    return invalid(symbol, 'price', expected, price);
  }
  if (typeof observedAtMs !== 'number' || !(observedAtMs > 0)) {
    return invalid(symbol, 'market time', 'an instant after 1970-01-01', observedAtMs);
  }
  if (observedAtMs > now.getTime() + MAX_AHEAD_MS) {
    return invalid(symbol, 'market time', `at most a day after ${now.toISOString()}`, observedAtMs);
  }
  return {
    quote: {
      symbol,
      price,
      currency: toCurrency(fields.currency),
      volume: isAmount(fields.volume) ? fields.volume : null,
      observedAt: new Date(observedAtMs),
      sequence,
      ...(isAmount(marketCap) && marketCap > 0 ? { marketCap } : {}),
    },
  };
}

/** Epoch seconds as milliseconds; what is no number stays what it is, for {@link toQuote} to refuse. */
export function secondsToMs(seconds: unknown): unknown {
  return typeof seconds === 'number' ? seconds * 1000 : seconds;
}

/** Parts verdicts into the two lists of an answer. */
export function partVerdicts(verdicts: readonly Verdict[]): { quotes: Quote[]; failures: QuoteFailure[] } {
  return {
    quotes: verdicts.flatMap((verdict) => ('quote' in verdict ? [verdict.quote] : [])),
    failures: verdicts.flatMap((verdict) => ('failure' in verdict ? [verdict.failure] : [])),
  };
}

/** The failure of a symbol that the vendor does not know. */
export function unknownSymbol(symbol: string, why: string): Verdict {
  return { failure: { symbol, code: 'SYMBOL_UNKNOWN', detail: `${symbol}: ${why}` } };
}

function invalid(symbol: string, field: string, expected: string, got: unknown): Verdict {
  const detail = `${symbol}: the answer's ${field}: expected ${expected}, got ${spell(got)}`;
  return { failure: { symbol, code: 'QUOTE_INVALID', detail } };
}

/** Any value as an error may show it: short, and `nothing` for what is missing. */
export function spell(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  return (JSON.stringify(value) ?? typeof value).slice(0, 60);
}

function toCurrency(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Za-z0-9]{1,16}$/.test(value) ? value : null;
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
