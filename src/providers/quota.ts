import { pause } from '../platform/clock';
import { TickwireError } from '../platform/errors';
import type { RateLimit, TakeQuota } from './provider';

export interface QuotaRequest {
  /** Canonical name of the provider; its buckets are `provider:limit`. */
  readonly provider: string;
  readonly limits: readonly RateLimit[];
  readonly takeQuota: TakeQuota;
  /** Longest wait for a bucket before the call is given up. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

/**
 * Takes one call from every bucket, the longest window first: the bucket that can refuse for long is asked before anything was taken. A later
 * bucket that refuses is waited for and asked again alone, so what was taken from the earlier ones is kept, not taken twice.
 * Only a call that is given up while waiting for a later bucket leaves its earlier units unused.
 * @throws PROVIDER_RATE_LIMITED with `retryAfterMs` when a bucket will not have a unit within `patienceMs`.
 */
export async function takeEveryBucket({
  provider,
  limits,
  takeQuota,
  patienceMs,
  signal,
}: QuotaRequest): Promise<void> {
  const untilMs = performance.now() + patienceMs;
  const ordered = [...limits].sort((a, b) => b.windowMs - a.windowMs);
  for (const limit of ordered) {
    const take = () => takeQuota(`${provider}:${limit.name}`, limit);
    for (let waitMs = await take(); waitMs > 0; waitMs = await take()) {
      if (performance.now() + waitMs > untilMs) throw usedUp(provider, limit, waitMs);
      await pause(waitMs, signal);
      signal.throwIfAborted();
    }
  }
}

/** Quotas of this process alone, exact over any window: for where no shared cache is, and while the shared one does not answer. */
export function localQuota(): TakeQuota {
  const takenAtMs = new Map<string, number[]>();
  return async (bucket, { limit, windowMs }) => {
    const now = performance.now();
    const recent = (takenAtMs.get(bucket) ?? []).filter((at) => now - at < windowMs);
    takenAtMs.set(bucket, recent);
    const oldest = recent[0];
    if (oldest !== undefined && recent.length >= limit) return Math.max(1, Math.ceil(oldest + windowMs - now));
    recent.push(now);
    return 0;
  };
}

/** Asks `shared`, and `local` for every call in which `shared` does not answer: without a cache the limits hold for each process by itself. */
export function quotaWithStandIn(shared: TakeQuota, local: TakeQuota): TakeQuota {
  return (bucket, limit) => shared(bucket, limit).catch(() => local(bucket, limit));
}

function usedUp(provider: string, { name, limit, windowMs }: RateLimit, waitMs: number): TickwireError {
  return new TickwireError(
    'PROVIDER_RATE_LIMITED',
    `${provider}: our quota of ${limit} calls in ${windowMs} ms (${name}) is used up; retry in ${Math.ceil(waitMs)} ms`,
    { retryAfterMs: waitMs },
  );
}
