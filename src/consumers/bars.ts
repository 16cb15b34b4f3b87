import { priceEvents } from '../bus/topics';
import { defineConsumer } from './consumer';

/**
 * Makes 1-minute bars of price events and rolls them up to 5 minutes, 15 minutes, an hour and a day, under the source `ticks:<provider>`. The store
 * computes each bar that an event falls into from all stored prices of its time, so that order, lateness and redelivery change nothing.
 */
export const bars = defineConsumer({
  name: 'bars',
  title: 'Makes bars of prices',
  topic: priceEvents,
  maxBatch: 4_000,
  open:
    ({ store, volumeIsTraded }) =>
    async (events) => {
      await store.tickBars.rebuild(events, volumeIsTraded);
      return [];
    },
});
