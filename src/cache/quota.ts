import type { Redis } from 'ioredis';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

/** Takes one unit; 0 when it was there, else milliseconds until it will be. */
export type TakeQuota = (name: string, limit: number, windowMs: number) => Promise<number>;

/** Quotas shared by every process on the same Redis; while it is away each process counts for itself. Windows are whole seconds. */
export function openSharedQuotas(redis: Redis): TakeQuota {
  return openQuotas((limits) => {
    const insuranceLimiter = new RateLimiterMemory(limits);
    return new RateLimiterRedis({ ...limits, storeClient: redis, rejectIfRedisNotReady: true, insuranceLimiter });
  });
}

interface Limits {
  readonly keyPrefix: string;
  readonly points: number;
  /** Seconds. */
  readonly duration: number;
}

function openQuotas(open: (limits: Limits) => RateLimiterAbstract): TakeQuota {
  const limiters = new Map<string, RateLimiterAbstract>();
  return async (name, limit, windowMs) => {
    const duration = Math.max(1, Math.ceil(windowMs / 1000));
    const keyPrefix = `quota:${limit}:${duration}`;
    const limiter = limiters.get(keyPrefix) ?? open({ keyPrefix, points: limit, duration });
    limiters.set(keyPrefix, limiter);
    return take(limiter, name);
  };
}

async function take(limiter: RateLimiterAbstract, name: string): Promise<number> {
  try {
    await limiter.consume(name);
    return 0;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext);
    throw refusal;
  }
}
