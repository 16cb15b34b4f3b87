import type { Redis } from 'ioredis';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { TakeAllowance } from '../platform/request-windows';

/** Allowances shared by every process on the same Redis, each taken in one atomic call. Windows are whole seconds. Rejects while Redis is away. */
export function openSharedAllowances(redis: Redis): TakeAllowance {
  const limiters = new Map<string, RateLimiterRedis>();
  return async (subject, limit, windowMs) => {
    const duration = Math.max(1, Math.ceil(windowMs / 1000));
    const keyPrefix = `requests:${limit}:${duration}`;
    const limiter =
      limiters.get(keyPrefix) ??
      new RateLimiterRedis({
        keyPrefix,
        points: limit,
        duration,
        storeClient: redis,
        rejectIfRedisNotReady: true,
      });
    limiters.set(keyPrefix, limiter);
    const { consumedPoints, remainingPoints, msBeforeNext } = await limiter.consume(subject).catch(outcomeOf);
    return { isTaken: consumedPoints <= limit, remaining: remainingPoints, resetMs: Math.max(1, msBeforeNext) };
  };
}

/** The library rejects with what it counted where that is too much. */
function outcomeOf(refusal: unknown): RateLimiterRes {
  if (refusal instanceof RateLimiterRes) return refusal;
  throw refusal;
}
