import type { Bus } from '../../src/bus/bus';
import type { Cache } from '../../src/cache/cache';
import { TickwireError } from '../../src/platform/errors';
import type { Store } from '../../src/store/store';

/** A bus that passes everything on, except that `publish` fails while `down` is true: a broker that is away. */
export function interruptible(bus: Bus): Bus & { down: boolean } {
  return Object.assign(Object.create(bus) as Bus, {
    down: false,
    publish(this: { down: boolean }, ...[messages]: Parameters<Bus['publish']>) {
      if (this.down) return Promise.reject(new TickwireError('BUS_UNAVAILABLE', 'the broker does not answer'));
      return bus.publish(messages);
    },
  });
}

/** A cache whose writes fail while `down` is true. */
export function interruptibleCache(cache: Cache): Cache & { down: boolean } {
  return Object.assign(Object.create(cache) as Cache, {
    down: false,
    writeLatest(this: { down: boolean }, ...[writes]: Parameters<Cache['writeLatest']>) {
      if (this.down) return Promise.reject(new TickwireError('CACHE_UNAVAILABLE', 'the cache does not answer'));
      return cache.writeLatest(writes);
    },
  });
}

/** A store whose outbox cannot be marked while `down` is true: a process that dies right after it published. */
export function forgetful(store: Store): Store & { down: boolean } {
  const outbox = store.rawResponses;
  const result = Object.assign(Object.create(store) as Store, { down: false });
  const rawResponses = Object.assign(Object.create(outbox) as Store['rawResponses'], {
    markPublished: (ids: readonly string[]) => {
      if (result.down) return Promise.reject(new TickwireError('STORE_UNAVAILABLE', 'the database does not answer'));
      return outbox.markPublished(ids);
    },
  });
  return Object.assign(result, { rawResponses });
}
