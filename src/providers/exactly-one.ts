import type { Quote, QuoteBatch, QuoteFailure } from './provider';
import { redactError } from './redaction';

/**
 * The same answer with each symbol asked for in exactly one list, in the order asked: symbols nobody asked for are dropped, of several quotes of one
 * symbol the newest stays, a failure beats a quote, and a symbol the answer is silent about is SYMBOL_UNKNOWN.
 */
export function accountForEach(vendor: string, symbols: readonly string[], batch: QuoteBatch): QuoteBatch {
  const failureOf = new Map(batch.failures.map((failure) => [failure.symbol, failure]));
  const quoteOf = new Map([...batch.quotes].sort(byAge).map((quote) => [quote.symbol, quote]));
  const silentAbout = (symbol: string): QuoteFailure => ({
    symbol,
    code: 'SYMBOL_UNKNOWN',
    detail: `${symbol}: ${vendor} answered without this symbol`,
  });
  const quotes = symbols.flatMap((symbol) => (failureOf.has(symbol) ? [] : (quoteOf.get(symbol) ?? [])));
  const failures = symbols.flatMap(
    (symbol) => failureOf.get(symbol) ?? (quoteOf.has(symbol) ? [] : silentAbout(symbol)),
  );
  return { raw: batch.raw, quotes, failures };
}

/** The answer to a call that failed as a whole: the same failure for each of its symbols. */
export function failEach(vendor: string, symbols: readonly string[], error: unknown): QuoteBatch {
  const { code, message, retryAfterMs } = toCallError(vendor, error);
  const failures = symbols.map((symbol) => ({ symbol, code, detail: `${symbol}: ${message}`, retryAfterMs }));
  return { raw: null, quotes: [], failures };
}

/** What befell a call, in the codes of a failure. */
function toCallError(vendor: string, error: unknown) {
  const { code, message, retryAfterMs } = redactError(vendor, error, (text) => text);
  return { code: isCallCode(code) ? code : ('PROVIDER_UNAVAILABLE' as const), message, retryAfterMs };
}

function isCallCode(code: string): code is QuoteFailure['code'] {
  return ['PROVIDER_UNAVAILABLE', 'PROVIDER_RATE_LIMITED', 'PROVIDER_TIMEOUT', 'PROVIDER_REFUSED'].includes(code);
}

function byAge(a: Quote, b: Quote): number {
  return a.observedAt.getTime() - b.observedAt.getTime() || a.sequence - b.sequence;
}
