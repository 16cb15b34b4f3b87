import { openMemoryCache } from '../../src/cache/memory';
import type { ConsumerDependencies } from '../../src/consumers/consumer';
import { silentLog } from '../../src/platform/log';
import { openMemoryStore } from '../../src/store/memory';

/** What a consumer is opened with: memory adapters, and what the test gives in their place. The volume of every provider is that of one trade. */
export function consumerDependencies(changes: Partial<ConsumerDependencies> = {}): ConsumerDependencies {
  return {
    store: openMemoryStore({}),
    cache: openMemoryCache({ ttlSeconds: 300, defaultProvider: 'fixture' }),
    log: silentLog,
    jobs: { wake: () => undefined },
    movingAverageWindow: 5,
    volumeIsTraded: () => true,
    count: () => undefined,
    ...changes,
  };
}
