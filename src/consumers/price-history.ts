import { priceEvents } from '../bus/topics';
import { passed } from '../platform/event-flow';
import { silentMetrics } from '../platform/metrics';
import { defineConsumer } from './consumer';

/** Writes every price event to `price_points`, once however often it is delivered. */
export const priceHistory = defineConsumer({
  name: 'price-history',
  title: 'Stores every price',
  topic: priceEvents,
  maxBatch: 4_000,
  open:
    ({ store, metrics = silentMetrics }) =>
    async (events) => {
      await store.prices.insert(events);
      passed(metrics, 'stored', events);
      return [];
    },
});
