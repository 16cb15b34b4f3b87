import { setMaxListeners } from 'node:events';
import { refreshMetadata } from '../history/refresh-metadata';
import { type Admit, openAdmission } from './admission';
import { type Authentication, openAuthentication } from './authentication';
import { clientAddresses } from './client-address';
import { type AllowOrigins, openCrossOrigin } from './cross-origin';
import type { ApiDependencies } from './dependencies';
import { type GuardedCache, guardCache } from './guarded-cache';
import { openPriceFetch, type PriceFetch } from './price-fetch';
import { openPriceLookup, type PriceLookup } from './price-lookup';
import { openRequestLimits } from './request-limits';
import { openAdmissionCount } from './request-metrics';

/** What handlers work with: the dependencies, and what the API makes of them. */
export interface ApiContext extends Omit<ApiDependencies, 'cache'> {
  /** For `/health`, which wants to know; everything else reads through `guardedCache`. */
  readonly cache: Pick<ApiDependencies['cache'], 'ping'>;
  readonly guardedCache: GuardedCache;
  /** To be asked before anything else is done for a request. */
  readonly admit: Admit;
  readonly allowOrigins: AllowOrigins;
  readonly issueTicket: Authentication['issueTicket'];
  readonly isStillGood: Authentication['isStillGood'];
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
  const { authenticate, issueTicket, isStillGood } = openAuthentication(dependencies);
  const admit = openAdmission({
    addressOf: clientAddresses(dependencies.security.trustProxy),
    authenticate,
    takeRequest: openRequestLimits({ ...dependencies, cache: guardedCache }),
    count: openAdmissionCount(dependencies.metrics),
  });
  return {
    ...dependencies,
    admit,
    allowOrigins: openCrossOrigin(dependencies.security.allowedOrigins),
    issueTicket,
    isStillGood,
    renewMetadata,
    guardedCache,
    fetch,
    lookup,
    startedAt: dependencies.clock(),
    stopping,
  };
}
