import type { Environment } from '../platform/environment';

/** A price as a provider tells it, already believed: positive, finite, its own symbol, the market's time. */
export interface Quote {
  readonly symbol: string;
  readonly price: number;
  readonly currency: string | null;
  readonly volume: number | null;
  /** The market's time of the price. */
  readonly observedAt: Date;
  /** The source's order within one instant; 0 where it has none. */
  readonly sequence: number;
  /** In `currency`, where the answer has it. */
  readonly marketCap?: number;
}

/** Why a symbol got no quote. `SYMBOL_UNKNOWN` and `QUOTE_INVALID` are the symbol's own; the others befell the whole call. */
export interface QuoteFailure {
  readonly symbol: string;
  readonly code:
    | 'SYMBOL_UNKNOWN'
    | 'QUOTE_INVALID'
    | 'PROVIDER_UNAVAILABLE'
    | 'PROVIDER_RATE_LIMITED'
    | 'PROVIDER_TIMEOUT'
    | 'PROVIDER_REFUSED';
  /** What, where, expected, got. */
  readonly detail: string;
  readonly retryAfterMs?: number | undefined;
}

/** The answer to one fetch: each symbol asked for is in exactly one of `quotes` and `failures`. */
export interface QuoteBatch {
  /** The vendor's answer as it came, as a JSON value: what goes into `raw_market_data`. Null when there was none. */
  readonly raw: unknown;
  readonly quotes: readonly Quote[];
  readonly failures: readonly QuoteFailure[];
}

/**
 * Asks one vendor for current prices. `fetchQuotes` never rejects: what goes wrong is a failure of the symbols it befell, so that one bad symbol does not
 * sink a batch.
 */
export interface QuoteSource {
  fetchQuotes(symbols: readonly string[], signal: AbortSignal): Promise<QuoteBatch>;
}

/** At most `limit` calls in any `windowMs`. All of a provider's buckets must allow a call. */
export interface RateLimit {
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
}

/** Takes one call from a bucket: 0 when it was there, else milliseconds until it will be. Shared by all processes where a cache is. */
export type TakeQuota = (bucket: string, limit: RateLimit) => Promise<number>;

/** A variable of the environment that a provider reads. */
export interface ProviderVariable {
  readonly name: string;
  readonly purpose: string;
  /** Without a required one the provider answers PROVIDER_NOT_CONFIGURED. */
  readonly required: boolean;
  readonly secret: boolean;
}

/** Everything the product knows about a provider; one file and one line in `index.ts` each. */
export interface ProviderDefinition {
  /** As callers write it: `a-z 0-9 -`. */
  readonly name: string;
  readonly aliases: readonly string[];
  /** One line for the docs: vendor, kind of prices, delay. */
  readonly title: string;
  /** The vendor's documentation of the endpoints used; null for our own. */
  readonly documentation: string | null;
  readonly variables: readonly ProviderVariable[];
  readonly limits: readonly RateLimit[];
  /** How many symbols one call takes. */
  readonly maxSymbolsPerCall: number;
  /** How long one call may take. */
  readonly timeoutMs: number;
  /**
   * The vendor's own calls, without timeouts, limits or breaker: those are put around it in `open-provider.ts`. `fetchQuotes` is given at most
   * `maxSymbolsPerCall` symbols, and may throw PROVIDER_* errors for the whole call.
   */
  open(environment: Environment): QuoteSource;
}

/** Checks the shape at compile time; keeps the literal types. */
export function defineProvider<Definition extends ProviderDefinition>(definition: Definition): Definition {
  return definition;
}

/** What `/health` says of a provider. */
export interface ProviderHealth {
  readonly name: string;
  readonly title: string;
  readonly configured: boolean;
  /** Required variables that are not set. */
  readonly missing: readonly string[];
  /** State of the circuit breaker; `closed` is the healthy one. */
  readonly breaker: 'closed' | 'open' | 'half-open';
}

/** The registry opened against an environment: sources are made on first use and guarded by timeouts, quotas and a breaker. */
export interface Providers {
  /** The canonical name of a name or alias. @throws PROVIDER_UNKNOWN listing the known ones. */
  nameOf(nameOrAlias: string): string;
  /** The guarded source. Takes any number of symbols and splits them into calls. @throws PROVIDER_UNKNOWN, PROVIDER_NOT_CONFIGURED (naming the variable). */
  source(name: string): QuoteSource;
  /** How many symbols one call to the vendor takes. */
  maxSymbolsPerCall(name: string): number;
  health(): readonly ProviderHealth[];
}
