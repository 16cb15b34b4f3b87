import { newsItems } from '../bus/topics';
import { defineConsumer } from './consumer';

/** Writes every headline to `news_items`, once however often it is delivered. */
export const news = defineConsumer({
  name: 'news',
  title: 'Stores headlines',
  topic: newsItems,
  maxBatch: 500,
  open:
    ({ store }) =>
    async (items) => {
      await store.news.insert(items);
      return [];
    },
});
