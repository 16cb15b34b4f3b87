import { priceEvents } from '../bus/topics';
import { passed } from '../platform/event-flow';
import { silentMetrics } from '../platform/metrics';
import { type ConsumerDependencies, defineConsumer } from './consumer';

/** Keeps the latest prices in the cache, and has it publish what changed. At a start, and after a failed write, it first fills in what the store knows. */
export const latestPrice = defineConsumer({
  name: 'latest-price',
  title: 'Refreshes the latest prices and publishes the diffs',
  topic: priceEvents,
  maxBatch: 4_000,
  open: (dependencies) => {
    const { metrics = silentMetrics } = dependencies;
    let filled = false;
    return async (events) => {
      try {
        if (!filled) await fillCache(dependencies);
        filled = true;
        await dependencies.cache.writeLatest(events.map((event) => ({ event })));
        passed(metrics, 'cached', events);
        return [];
      } catch (error) {
        filled = false;
        throw error;
      }
    };
  },
});

/** The cache may have come back without its data, or without the last of it. Only what is newer than the cache's own changes it. */
async function fillCache({ cache, store, log }: ConsumerDependencies): Promise<void> {
  const [series, snapshot] = await Promise.all([store.prices.latestOfEverySeries(), store.prices.snapshot()]);
  const references = new Map(snapshot.map(({ event, referencePrice }) => [event.eventId, referencePrice]));
  await cache.writeLatest(
    series.map((event) => {
      const referencePrice = references.get(event.eventId);
      return referencePrice === undefined ? { event } : { event, referencePrice };
    }),
  );
  log.info({ series: series.length }, 'filled the cache from the store');
}
