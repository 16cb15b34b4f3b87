import type { PriceEvent } from '../domain/price-event';
import { messageOf, TickwireError, toTickwireError } from '../platform/errors';
import type { SeriesKey } from '../store/store';
import type { ApiDependencies } from './dependencies';
import type { GuardedCache } from './guarded-cache';
import type { PriceFetch } from './price-fetch';
import { type Candidate, candidateOfBody, candidateOfEvent, isServable, servedText } from './served-price';

/** The caller's tolerance where it names none, seconds. */
export const DEFAULT_MAX_AGE_SECONDS = 300;

export interface LatestQuery {
  /** Name or alias; the default provider when undefined. */
  readonly provider?: string | undefined;
  /** What is older is looked for anew, and marked stale where there is nothing newer. */
  readonly maxAgeSeconds: number;
  readonly requestId: string | null;
}

/** A served price as JSON text, or why there is none. */
export type Looked =
  | { readonly symbol: string; readonly text: string }
  | { readonly symbol: string; readonly error: TickwireError };

/**
 * Finds latest prices: the cache, else the table, else the provider, each asked once. It waits for no broker, does without a cache that is away, and
 * serves the newest price it knows, marked stale, when the provider must be asked and fails.
 */
export interface PriceLookup {
  /** The served body as JSON text. @throws PROVIDER_UNKNOWN, and what kept it from a price: SYMBOL_UNKNOWN, PROVIDER_*, QUOTE_INVALID, STORE_UNAVAILABLE. */
  latest(symbol: string, query: LatestQuery, peeked?: string): Promise<string>;
  /** What the cache holds, for `latest`: to be asked for beside what has to be waited for first. Never rejects. */
  peek(symbol: string, provider: string | undefined): Promise<string | undefined>;
  /** One entry for each symbol, in that order. @throws PROVIDER_UNKNOWN. */
  latestOf(symbols: readonly string[], query: LatestQuery): Promise<readonly Looked[]>;
}

export interface PriceLookupOptions
  extends Pick<ApiDependencies, 'store' | 'providers' | 'clock' | 'log' | 'defaults'> {
  readonly cache: GuardedCache;
  readonly fetch: PriceFetch;
}

export function openPriceLookup(options: PriceLookupOptions): PriceLookup {
  const { cache, clock, providers } = options;
  const cacheProviderOf = ({ provider }: Pick<LatestQuery, 'provider'>) =>
    provider === undefined ? undefined : providers.nameOf(provider);
  const readCache = (symbol: string, provider: string | undefined) =>
    cache.read((it) => it.readLatest(symbol, provider));

  return {
    peek: async (symbol, provider) => {
      try {
        return await readCache(symbol, cacheProviderOf({ provider }));
      } catch {
        // An unknown provider is told by `latest`.
        return undefined;
      }
    },
    latest: async (symbol, query, peeked) => {
      const body = peeked ?? (await readCache(symbol, cacheProviderOf(query)));
      const cached = body === undefined ? undefined : candidateOfBody(body);
      const nowMs = clock().getTime();
      const maxAgeMs = query.maxAgeSeconds * 1000;
      if (cached && isServable(cached, nowMs, maxAgeMs)) return servedText(cached, nowMs, maxAgeMs);
      const [found] = await look(options, query, new Map([[symbol, cached]]));
      if (found && 'text' in found) return found.text;
      throw found?.error ?? noPriceOf(symbol);
    },
    latestOf: async (symbols, query) => {
      const provider = cacheProviderOf(query);
      const bodies = (await cache.read((it) => it.readLatestOf(symbols, provider))) ?? [];
      const cached = symbols.map((symbol, index) => [symbol, candidateOfBody(bodies[index] ?? '')] as const);
      return look(options, query, new Map(cached));
    },
  };
}

/** What is known of each symbol while it is looked for. */
type Known = Map<string, Candidate | undefined>;

/** Goes on from what the cache knew, step by step, only with the symbols that still need it. */
async function look(options: PriceLookupOptions, query: LatestQuery, known: Known): Promise<readonly Looked[]> {
  const { clock, fetch, providers, defaults } = options;
  const provider = providers.nameOf(query.provider ?? defaults.provider);
  const maxAgeMs = query.maxAgeSeconds * 1000;
  const wanting = () => [...known.keys()].filter((symbol) => needsMore(known.get(symbol), clock().getTime(), maxAgeMs));

  const uncached = wanting();
  const storeError = await readTable(options, provider, known, uncached);
  for (const symbol of uncached) recall(fetch, provider, known, symbol);

  const failures = new Map<string, TickwireError>();
  for (const symbol of wanting()) {
    const failure = storeError ?? freshFailureOf(options, { symbol, provider });
    if (failure) failures.set(symbol, failure);
  }
  const asking = wanting().filter((symbol) => !failures.has(symbol));
  for (const answer of await fetch.fetch(provider, asking, query.requestId)) {
    if ('event' in answer) learn(known, answer.event, 'provider');
    else failures.set(answer.symbol, answer.error);
  }
  return [...known].map(([symbol, candidate]) => {
    if (candidate) return { symbol, text: servedText(candidate, clock().getTime(), maxAgeMs) };
    return { symbol, error: failures.get(symbol) ?? noPriceOf(symbol) };
  });
}

function needsMore(candidate: Candidate | undefined, nowMs: number, maxAgeMs: number): boolean {
  return candidate === undefined || !isServable(candidate, nowMs, maxAgeMs);
}

/** Takes into account what the provider said last: a price that may not have reached the table yet, and when it confirmed one. */
function recall(fetch: PriceFetch, provider: string, known: Known, symbol: string): void {
  const event = fetch.recent.find({ symbol, provider })?.event;
  if (event) learn(known, event, 'provider');
}

function freshFailureOf({ fetch, clock }: PriceLookupOptions, series: SeriesKey): TickwireError | undefined {
  const failure = fetch.recent.find(series)?.failure;
  return failure && failure.untilMs > clock().getTime() ? failure.error : undefined;
}

/** Reads the table for `symbols` in one statement, and lets the cache know. Returns why it could not. */
async function readTable(
  { store, cache, log }: PriceLookupOptions,
  provider: string,
  known: Known,
  symbols: readonly string[],
): Promise<TickwireError | undefined> {
  if (symbols.length === 0) return undefined;
  try {
    const events = await store.prices.findLatestOf(symbols, provider);
    for (const event of events) learn(known, event, 'database');
    cache.offer(events);
    return undefined;
  } catch (error) {
    log.warn({ error: messageOf(error) }, 'the database could not be asked for prices');
    return toTickwireError(error);
  }
}

/** Keeps the newer by market time, and of the same price the later answer; either way the provider was asked when the later one says so. */
function learn(known: Known, event: PriceEvent, source: Candidate['source']): void {
  const before = known.get(event.symbol);
  const candidate = candidateOfEvent(event, source);
  if (!before) {
    known.set(event.symbol, candidate);
    return;
  }
  const ahead = candidate.observedAtMs - before.observedAtMs || candidate.confirmedAtMs - before.confirmedAtMs;
  const confirmedAtMs = Math.max(candidate.confirmedAtMs, before.confirmedAtMs);
  known.set(event.symbol, { ...(ahead >= 0 ? candidate : before), confirmedAtMs });
}

function noPriceOf(symbol: string): TickwireError {
  return new TickwireError('NOT_FOUND', `no price of ${symbol} was found`);
}
