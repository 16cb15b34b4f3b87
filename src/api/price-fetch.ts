import type { PriceEvent } from '../domain/price-event';
import { ingest } from '../ingest/ingest';
import { TickwireError, toTickwireError } from '../platform/errors';
import type { QuoteFailure } from '../providers/provider';
import type { ApiDependencies } from './dependencies';
import type { GuardedCache } from './guarded-cache';
import { openRecentAsks, type RecentAsks, seriesNameOf } from './recent-asks';

/** What became of one symbol of a fetch. */
export type Fetched =
  | { readonly symbol: string; readonly event: PriceEvent }
  | { readonly symbol: string; readonly error: TickwireError };

/** Asks providers on behalf of callers. */
export interface PriceFetch {
  /**
   * One entry for each symbol, in that order. A symbol that is being fetched already is not fetched twice: its callers share the answer; the others go
   * to the provider in one batch. A fetched price is in the outbox before it is returned. Never rejects.
   */
  fetch(provider: string, symbols: readonly string[], requestId: string | null): Promise<readonly Fetched[]>;
  /** What providers said lately. */
  readonly recent: RecentAsks;
}

/** Series whose last ask is remembered. */
const CAPACITY = 10_000;
/** How long a failure is told again without asking again: of a symbol nobody knows, and of anything else where the provider does not say. */
const UNKNOWN_SYMBOL_MS = 60_000;
const FAILED_CALL_MS = 1_000;
const LONGEST_MS = 60_000;

export interface PriceFetchOptions extends Pick<ApiDependencies, 'store' | 'bus' | 'providers' | 'clock' | 'log'> {
  readonly cache: GuardedCache;
  /** Ends calls to vendors. */
  readonly signal: AbortSignal;
}

/** Nothing runs before the first fetch. */
export function openPriceFetch(options: PriceFetchOptions): PriceFetch {
  const recent = openRecentAsks(CAPACITY);
  const flights = new Map<string, Promise<Fetched>>();

  const takeOff = (provider: string, symbols: readonly string[], requestId: string | null) => {
    const call = ask(options, recent, { provider, symbols, requestId });
    for (const symbol of symbols) {
      const name = seriesNameOf({ symbol, provider });
      const flight = call.then((answers) => {
        flights.delete(name);
        return answers.get(symbol) ?? unanswered(symbol, provider);
      });
      flights.set(name, flight);
    }
  };

  return {
    recent,
    fetch: (provider, symbols, requestId) => {
      const flightOf = (symbol: string) => flights.get(seriesNameOf({ symbol, provider }));
      const grounded = symbols.filter((symbol) => !flightOf(symbol));
      if (grounded.length > 0) takeOff(provider, grounded, requestId);
      return Promise.all(symbols.map((symbol) => flightOf(symbol) ?? unanswered(symbol, provider)));
    },
  };
}

interface Question {
  readonly provider: string;
  readonly symbols: readonly string[];
  readonly requestId: string | null;
}

/** One call, its answer in the outbox, what was learned remembered. Never rejects. */
async function ask(
  options: PriceFetchOptions,
  recent: RecentAsks,
  { provider, symbols, requestId }: Question,
): Promise<ReadonlyMap<string, Fetched>> {
  try {
    const batch = await options.providers.source(provider).fetchQuotes(symbols, options.signal);
    const nowMs = options.clock().getTime();
    const refused = batch.failures.map((failure) => ({ symbol: failure.symbol, error: errorOf(failure) }));
    for (const { symbol, error } of refused) {
      const series = { symbol, provider };
      recent.remember(series, { ...recent.find(series), failure: { error, untilMs: nowMs + repeatMsOf(error) } });
    }
    const { events } = await ingest(options, provider, batch, { requestId, pollingRunId: null });
    for (const event of events) recent.remember(event, { event });
    options.cache.offer(events);
    const fetched = events.map((event) => ({ symbol: event.symbol, event }));
    return new Map([...refused, ...fetched].map((answer) => [answer.symbol, answer]));
  } catch (thrown) {
    const error = toTickwireError(thrown);
    if (error.code === 'INTERNAL') options.log.error({ provider, error: error.message, requestId }, 'fetch failed');
    return new Map(symbols.map((symbol) => [symbol, { symbol, error }]));
  }
}

function errorOf({ code, detail, retryAfterMs }: QuoteFailure): TickwireError {
  return new TickwireError(code, detail, { retryAfterMs });
}

function repeatMsOf({ code, retryAfterMs }: TickwireError): number {
  if (code === 'SYMBOL_UNKNOWN') return UNKNOWN_SYMBOL_MS;
  return Math.min(retryAfterMs ?? FAILED_CALL_MS, LONGEST_MS);
}

function unanswered(symbol: string, provider: string): Fetched {
  const detail = `${provider} was asked for ${symbol} and left it out of its answer`;
  return { symbol, error: new TickwireError('PROVIDER_UNAVAILABLE', detail) };
}
