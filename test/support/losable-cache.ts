import type { Cache, PriceDiff } from '../../src/cache/cache';
import { TickwireError } from '../../src/platform/errors';

/** A cache that a test can take away from its readers; writers go on beside it. */
export interface LosableCache extends Cache {
  /** As when the connection breaks: reads fail, and nothing is heard. */
  lose(): void;
  restore(): void;
  /** How many listen to its diffs. */
  listeners(): number;
  /** The next diff is told to nobody. */
  dropNextDiff(): void;
  /** Lets something happen right before each snapshot is read, and before what was read is handed over. */
  aroundSnapshots(around: { before?: () => Promise<void>; after?: () => Promise<void> }): void;
}

export function losable(cache: Cache): LosableCache {
  const watchers = new Set<(state: 'lost' | 'restored') => void>();
  let [isLost, drops, listeners] = [false, 0, 0];
  let around: Parameters<LosableCache['aroundSnapshots']>[0] = {};
  const tell = (state: 'lost' | 'restored') => {
    isLost = state === 'lost';
    for (const watcher of watchers) watcher(state);
  };
  return {
    ...cache,
    readSnapshot: async () => {
      if (isLost) throw new TickwireError('CACHE_UNAVAILABLE', 'the cache does not answer');
      await around.before?.();
      const snapshot = await cache.readSnapshot();
      await around.after?.();
      return snapshot;
    },
    onDiff: async (listener) => {
      const unless = (diff: PriceDiff) => {
        if (drops > 0) drops -= 1;
        else if (!isLost) listener(diff);
      };
      listeners += 1;
      const end = await cache.onDiff(unless);
      return () => {
        listeners -= 1;
        return end();
      };
    },
    listeners: () => listeners,
    onConnection: (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    lose: () => tell('lost'),
    restore: () => tell('restored'),
    dropNextDiff: () => {
      drops += 1;
    },
    aroundSnapshots: (next) => {
      around = next;
    },
  };
}
