import { setMaxListeners } from 'node:events';
import { refreshMetadata } from '../history/refresh-metadata';
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
  /** Has the metadata of a symbol renewed where they are old, beside whatever else goes on. */
  readonly renewMetadata: (symbol: string, provider: string, requestId: string | null) => void;
  readonly startedAt: Date;
  /** Aborts when the server begins to stop. */
  readonly stopping: AbortSignal;
}

/** The two ends of a server's life: it begins to stop, and nothing of it may run any more. */
export interface ServerLife {
  readonly stopping: AbortSignal;
  /** Ends calls to vendors that are still running. */
  readonly ended: AbortSignal;
}

/** Opens nothing that must be closed. */
export function openContext(dependencies: ApiDependencies, { stopping, ended: signal }: ServerLife): ApiContext {
  // Every request that is being answered listens to it.
  setMaxListeners(0, stopping);
  const guardedCache = guardCache(dependencies);
  const fetch = openPriceFetch({ ...dependencies, cache: guardedCache, signal });
  const lookup = openPriceLookup({ ...dependencies, cache: guardedCache, fetch });
  const renewMetadata: ApiContext['renewMetadata'] = (symbol, provider, requestId) =>
    void refreshMetadata(dependencies, { symbol, provider, requestId }, signal);
  return { ...dependencies, renewMetadata, guardedCache, fetch, lookup, startedAt: dependencies.clock(), stopping };
}
