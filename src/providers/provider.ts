import type { BarInterval, RawBar } from '../domain/bar';
import type { CorporateAction } from '../domain/corporate-action';
import type { InstrumentMetadata, VendorSymbol } from '../domain/instrument';
import type { NewsItem } from '../domain/news-item';
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

/** Which bars of one instrument are asked for. */
export interface HistoryRequest {
  /** As the pipeline writes it; the source spells it for its vendor. `*` is every symbol there is, for sources that can tell them in one reading. */
  readonly symbol: string;
  /** The vendor's spelling, where one is stored in `vendor_symbols`. */
  readonly spelling?: string | undefined;
  readonly interval: BarInterval;
  /** Inclusive. */
  readonly start: Date;
  /** Exclusive. */
  readonly end: Date;
  /** `position` of the last page stored, where the source has an order of its own (a file): what it told up to there is not told again. */
  readonly position?: number | undefined;
}

/** A line or entry of an answer that could not be read at all. */
export interface HistoryFault {
  /** `line 17`, `values[3]`. */
  readonly place: string;
  /** Expected, got. */
  readonly detail: string;
}

/** One answer of a source: what `tickwire ingest` stores in one transaction. */
export interface HistoryPage {
  /** The vendor's answer as it came; null for a file, which is its own raw record. */
  readonly raw: unknown;
  /** In the order of the source; not yet checked. `rawResponseId` is null: whoever archives the answer fills it in. */
  readonly bars: readonly RawBar[];
  readonly actions: readonly CorporateAction[];
  readonly faults: readonly HistoryFault[];
  /** Everything before this instant has been told: where a resumed request starts. */
  readonly next: Date;
  /** How far a source with an order of its own has come (lines of a file): its `next` stays at the start of the range until all has been told. */
  readonly position?: number | undefined;
  /** How the vendor spells the instrument asked for, where it spells it otherwise; kept in `vendor_symbols`. */
  readonly spelling?: string | undefined;
}

/** Loads stored prices, one instrument at a time. Every call to the vendor goes through the guards of `open-provider.ts`. */
export interface HistorySource {
  /** The intervals it has. */
  readonly intervals: readonly BarInterval[];
  /** Takes `*` for a symbol. */
  readonly tellsEverySymbol?: boolean | undefined;
  /**
   * Pages, oldest first, until `request.end`. An empty range gives one page without bars.
   * @throws SYMBOL_UNKNOWN when the vendor does not know the symbol; PROVIDER_* as for quotes; INVALID_INPUT for an interval it has not.
   */
  fetchHistory(request: HistoryRequest, signal: AbortSignal): AsyncIterable<HistoryPage>;
  /** What the instrument is; undefined where the vendor's plan has no such answer. */
  fetchMetadata?(
    symbol: string,
    signal: AbortSignal,
  ): Promise<{ raw: unknown; metadata: Omit<InstrumentMetadata, 'lastUpdated'> }>;
  /** The vendor's spellings of what matches `text`, or of a whole exchange where `text` is `exchange:US`. */
  fetchSymbols?(
    text: string,
    signal: AbortSignal,
  ): Promise<readonly { symbol: string; vendorSymbol: VendorSymbol; name: string | null }[]>;
}

/** A source of headlines. */
export interface NewsSource {
  /** The newest items about one symbol, any order. @throws as `fetchHistory`. */
  fetchNews(symbol: string, signal: AbortSignal): Promise<{ raw: unknown; items: readonly NewsItem[] }>;
}

/** Runs one call to the vendor under every guard: the vendor's pause, every bucket of the quota, the circuit breaker, the deadline. @throws PROVIDER_*. */
export type GuardedCall = <T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal) => Promise<T>;

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
   * `maxSymbolsPerCall` symbols, and may throw PROVIDER_* errors for the whole call. Left out by a provider without current prices.
   */
  open?(environment: Environment): QuoteSource;
  /** Stored prices and reference data, where the vendor has them; each call to the vendor goes through `call`. */
  openHistory?(environment: Environment, call: GuardedCall): HistorySource;
  openNews?(environment: Environment, call: GuardedCall): NewsSource;
  /** True where the volume of a price event is that of one trade, so that volumes may be added up; else it is the day's so far. */
  readonly volumeIsTraded?: boolean;
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
  /** @throws PROVIDER_UNKNOWN, PROVIDER_NOT_CONFIGURED; INVALID_INPUT naming those that have history, when this one has not. */
  history(name: string): HistorySource;
  /** @throws as `history`. */
  news(name: string): NewsSource;
  /** Canonical names of the configured providers that have this. */
  having(kind: 'quotes' | 'history' | 'news'): readonly string[];
  /** False also for a name that is none: events outlive the provider they came from. */
  volumeIsTraded(name: string): boolean;
  /** How many symbols one call to the vendor takes. */
  maxSymbolsPerCall(name: string): number;
  health(): readonly ProviderHealth[];
}
