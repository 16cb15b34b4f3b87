import { type Clock, systemClock } from '../platform/clock';
import { openMemoryAverages } from './memory/averages';
import { openMemoryPollJobs } from './memory/poll-jobs';
import { openMemoryPrices } from './memory/prices';
import { openMemoryRawResponses } from './memory/raw-responses';
import type { Store } from './store';

/** The store in this process's memory, with the semantics of the real one: for tests and for trying parts alone. What it holds ends with it. */
export function openMemoryStore(options: { clock?: Clock } = {}): Store {
  const clock = options.clock ?? systemClock;
  const marketCaps = new Map<string, { marketCap: number; fetchedAt: Date }>();
  const prices = openMemoryPrices({ clock, marketCapOf: (symbol) => marketCaps.get(symbol)?.marketCap ?? null });

  return {
    name: 'memory',
    pollJobs: openMemoryPollJobs(clock),
    rawResponses: openMemoryRawResponses({ clock, marketCaps }),
    prices,
    averages: openMemoryAverages(prices),
    start: async () => undefined,
    stop: async () => undefined,
    ping: async () => undefined,
  };
}
