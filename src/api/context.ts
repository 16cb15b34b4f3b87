import type { ApiDependencies } from './dependencies';
import { type GuardedCache, guardCache } from './guarded-cache';
import { openPriceFetch, type PriceFetch } from './price-fetch';
import { openPriceLookup, type PriceLookup } from './price-lookup';

/** What handlers work with: the dependencies, and what the API makes of them. */
export interface ApiContext extends Omit<ApiDependencies, 'cache'> {
  /** For `/health`, which wants to know; everything else reads through `guardedCache`. */
  readonly cache: Pick<ApiDependencies['cache'], 'ping'>;
  readonly guardedCache: GuardedCache;
  readonly fetch: PriceFetch;
  readonly lookup: PriceLookup;
  readonly startedAt: Date;
}

/** Opens nothing that must be closed; `signal` ends calls to vendors that are still running. */
export function openContext(dependencies: ApiDependencies, signal: AbortSignal): ApiContext {
  const guardedCache = guardCache(dependencies);
  const fetch = openPriceFetch({ ...dependencies, cache: guardedCache, signal });
  const lookup = openPriceLookup({ ...dependencies, cache: guardedCache, fetch });
  return { ...dependencies, guardedCache, fetch, lookup, startedAt: dependencies.clock() };
}
