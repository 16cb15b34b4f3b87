import type { NewsItem } from '../domain/news-item';
import type { NewsSource } from './provider';
import { type Clean, redactError, redactJson } from './redaction';

export interface GuardedNewsOptions {
  readonly name: string;
  readonly source: NewsSource;
  readonly clean: Clean;
}

/** Makes a source of headlines keep its promises: items of other symbols are dropped, each item is told once, and no secret gets out. */
export function guardNews({ name, source, clean }: GuardedNewsOptions): NewsSource {
  return {
    fetchNews: async (symbol, signal) => {
      try {
        const { raw, items } = await source.fetchNews(symbol, signal);
        const own = items.filter((item) => item.symbol === symbol).map((item) => redactItem(item, clean));
        return { raw: redactJson(raw, clean), items: [...new Map(own.map((item) => [item.newsId, item])).values()] };
      } catch (error) {
        throw redactError(name, error, clean);
      }
    },
  };
}

function redactItem(item: NewsItem, clean: Clean): NewsItem {
  const { headline, summary, url } = item;
  return { ...item, headline: clean(headline), summary: summary === null ? null : clean(summary), url: clean(url) };
}
