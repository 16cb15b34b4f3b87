import type { InstrumentMetadata } from '../../src/domain/instrument';
import type { NewsItem } from '../../src/domain/news-item';
import { openProviders } from '../../src/providers/open-provider';
import { defineProvider, type ProviderDefinition, type Providers } from '../../src/providers/provider';

export function aNewsItem(changes: Partial<NewsItem> = {}): NewsItem {
  return {
    newsId: 'tested:AAPL:1',
    symbol: 'AAPL',
    headline: 'Apple opens a shop',
    summary: null,
    url: 'https://news.example.com/1',
    source: 'tested',
    publishedAt: new Date('2026-01-05T14:00:00.000Z'),
    ...changes,
  };
}

export const A_DESCRIPTION: Omit<InstrumentMetadata, 'lastUpdated' | 'symbol'> = {
  name: 'Apple Inc.',
  sector: 'Technology',
  industry: 'Consumer Electronics',
  currency: 'USD',
  exchange: 'NASDAQ',
  marketCap: null,
  source: 'tested',
};

/** The real guards around a provider `tested` that tells metadata and news, and one named `quotes-only`; `asked` records what was asked. */
export function referenceProviders(newsOf: (symbol: string) => readonly NewsItem[] = () => []): {
  providers: Providers;
  asked: string[];
  fail(error: Error | undefined): void;
} {
  const asked: string[] = [];
  let failure: Error | undefined;
  const note = (what: string) => {
    asked.push(what);
    if (failure) throw failure;
  };
  const plain = {
    aliases: [],
    title: 'A provider of the tests',
    documentation: null,
    variables: [],
    limits: [],
    maxSymbolsPerCall: 10,
    timeoutMs: 2_000,
  };
  const tested = defineProvider({
    ...plain,
    name: 'tested',
    openHistory: (_, call) => ({
      intervals: ['1d'],
      // biome-ignore lint/correctness/useYield: it has no bars
      fetchHistory: async function* () {
        return;
      },
      fetchMetadata: (symbol, signal) =>
        call(async () => {
          note(`metadata ${symbol}`);
          return { raw: { symbol }, metadata: { ...A_DESCRIPTION, symbol } };
        }, signal),
    }),
    openNews: (_, call) => ({
      fetchNews: (symbol, signal) =>
        call(async () => {
          note(`news ${symbol}`);
          return { raw: { symbol }, items: newsOf(symbol) };
        }, signal),
    }),
  });
  const quotesOnly = defineProvider({
    ...plain,
    name: 'quotes-only',
    open: () => ({ fetchQuotes: async () => ({ raw: {}, quotes: [], failures: [] }) }),
  });
  const providers = openProviders({
    environment: {},
    takeQuota: () => Promise.resolve(0),
    definitions: [tested, quotesOnly],
  });
  return {
    providers,
    asked,
    fail: (error) => {
      failure = error;
    },
  };
}

/** A provider with the quotes of `definition` that also describes every symbol. */
export function describing(definition: ProviderDefinition): Providers {
  const described: ProviderDefinition = {
    ...definition,
    openHistory: () => ({
      intervals: ['1d'],
      // biome-ignore lint/correctness/useYield: it has no bars
      fetchHistory: async function* () {
        return;
      },
      fetchMetadata: async (symbol) => ({ raw: { symbol }, metadata: { ...A_DESCRIPTION, symbol } }),
    }),
  };
  return openProviders({ environment: {}, takeQuota: () => Promise.resolve(0), definitions: [described] });
}
