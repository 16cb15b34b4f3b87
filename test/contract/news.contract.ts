import { newsItemSchema } from '../../src/domain/news-item';
import type { Environment } from '../../src/platform/environment';
import { localQuota, openProviders } from '../../src/providers/open-provider';
import type { ProviderDefinition } from '../../src/providers/provider';

/** A provider with news, and a place where it finds some about AAPL. */
export interface NewsContract {
  readonly definition: ProviderDefinition;
  start(): Promise<{ readonly environment: Environment; stop(): Promise<void> }>;
}

/** What holds for the news of every provider of the registry. */
export function describeNews({ definition: { name }, start }: NewsContract): void {
  describe(`news of ${name}`, () => {
    let place: Awaited<ReturnType<NewsContract['start']>>;
    beforeEach(async () => {
      place = await start();
    });
    afterEach(() => place.stop());
    const fetchNews = (signal = new AbortController().signal) =>
      openProviders({ environment: place.environment, takeQuota: localQuota() }).news(name).fetchNews('AAPL', signal);

    test('items are about the symbol, fit the wire, and have the same ids when they are fetched again', async () => {
      const first = await fetchNews();
      const again = await fetchNews();

      expect(first.items.length).toBeGreaterThan(0);
      for (const item of first.items) {
        const { newsId: news_id, symbol, headline, summary, url, source, publishedAt } = item;
        const wire = { news_id, symbol, headline, summary, url, source, published_at: publishedAt.toISOString() };
        expect(newsItemSchema.parse(wire)).toEqual(wire);
        expect(item).toMatchObject({ symbol: 'AAPL', source: name });
        expect(news_id).toMatch(new RegExp(`^${name}:AAPL:[0-9a-f]{32}$`));
      }
      expect(again.items.map(({ newsId }) => newsId)).toEqual(first.items.map(({ newsId }) => newsId));
      expect(JSON.parse(JSON.stringify(first.raw))).toBeTruthy();
    });
  });
}
