import { openLocalAllowances } from '../platform/request-windows';
import type { Allowance } from './admission';
import type { ApiDependencies } from './dependencies';
import type { GuardedCache } from './guarded-cache';

const WINDOW_MS = 60_000;

export interface RequestLimitsOptions extends Pick<ApiDependencies, 'security' | 'clock'> {
  readonly cache: GuardedCache;
}

/**
 * How much each subject may still ask, in windows of a minute that begin with its first request, counted over all API processes. While the cache is away each
 * process counts for itself, up to the same limit; nothing waits for a cache that does not answer. Without a limit nothing is counted or told.
 *
 * The headers are those of draft-ietf-httpapi-ratelimit-headers-10: `RateLimit-Policy` names the quota `q` of a window of `w` seconds, `RateLimit` what remains
 * (`r`) and in how many seconds (`t`) all of it is there again.
 */
export function openRequestLimits(options: RequestLimitsOptions): (subject: string) => Promise<Allowance> {
  const { cache, clock } = options;
  const limit = options.security.rateLimitPerMinute;
  if (limit === 0) return () => UNLIMITED;
  const policy = `"requests";q=${limit};w=${WINDOW_MS / 1000}`;
  const takeHere = openLocalAllowances(clock);
  return async (subject) => {
    const shared = await cache.read((it) => it.takeAllowance(subject, limit, WINDOW_MS));
    const { isTaken, remaining, resetMs } = shared ?? (await takeHere(subject, limit, WINDOW_MS));
    return {
      headers: { 'RateLimit-Policy': policy, RateLimit: `"requests";r=${remaining};t=${Math.ceil(resetMs / 1000)}` },
      retryAfterMs: isTaken ? 0 : resetMs,
    };
  };
}

const UNLIMITED: Promise<Allowance> = Promise.resolve({ headers: {}, retryAfterMs: 0 });
