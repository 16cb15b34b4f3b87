import type { Cache } from '../cache/cache';
import type { PriceEvent } from '../domain/price-event';
import type { Clock } from '../platform/clock';
import { messageOf } from '../platform/errors';
import type { Log } from '../platform/log';

/** How long a cache that failed is left alone before it is looked at again. */
const LEAVE_ALONE_MS = 1000;

/** The cache as something the API can do without: it never throws, and a cache that is away costs nobody its timeout. */
export interface GuardedCache {
  /** What the call reads; undefined when the cache is away. */
  read<T>(call: (cache: Cache) => Promise<T>): Promise<T | undefined>;
  /** Lets the cache know of events, in the background. */
  offer(events: readonly PriceEvent[]): void;
}

/** After a failed call the cache is skipped; about once a second one ping, which no request waits for, looks whether it is back. */
export function guardCache({ cache, clock, log }: { cache: Cache; clock: Clock; log: Log }): GuardedCache {
  let away = false;
  let lookedAtMs = 0;

  const guarded = async <T>(call: (cache: Cache) => Promise<T>): Promise<T | undefined> => {
    try {
      return await call(cache);
    } catch (error) {
      if (!away) log.warn({ error: messageOf(error) }, 'the cache is away, answering without it');
      away = true;
      lookedAtMs = clock().getTime();
      return undefined;
    }
  };
  const look = async () => {
    lookedAtMs = clock().getTime();
    await guarded(async () => {
      await cache.ping();
      if (away) log.info({}, 'the cache is back');
      away = false;
    });
  };
  const read: GuardedCache['read'] = (call) => {
    if (!away) return guarded(call);
    if (clock().getTime() - lookedAtMs >= LEAVE_ALONE_MS) void look();
    return Promise.resolve(undefined);
  };

  return {
    read,
    offer: (events) => {
      if (events.length > 0) void read(() => cache.writeLatest(events.map((event) => ({ event }))));
    },
  };
}
