import { z } from 'zod';
import { formatInstant, instantSchema, parseInstant } from './instant';
import { isSymbol } from './symbol';

/** One headline about one symbol. */
export interface NewsItem {
  /** Derived, never minted: `source:symbol:` and the first 32 hex digits of the SHA-256 of the url. */
  readonly newsId: string;
  readonly symbol: string;
  readonly headline: string;
  readonly summary: string | null;
  /** http or https. */
  readonly url: string;
  /** The provider it was fetched from. */
  readonly source: string;
  readonly publishedAt: Date;
}

/** A news item on the wire (`news-items`). */
export const newsItemSchema = z.object({
  news_id: z.string().min(1).max(200),
  symbol: z.string().refine(isSymbol, 'not a symbol'),
  headline: z.string().min(1).max(1000),
  summary: z.string().max(10_000).nullable(),
  url: z.url({ protocol: /^https?$/ }).max(2000),
  source: z.string().min(1).max(32),
  published_at: instantSchema,
});

export type NewsItemWire = z.infer<typeof newsItemSchema>;

/** The wire form of an item. `toNewsItem(toNewsWire(i))` equals `i`. */
export function toNewsWire(item: NewsItem): NewsItemWire {
  return {
    news_id: item.newsId,
    symbol: item.symbol,
    headline: item.headline,
    summary: item.summary,
    url: item.url,
    source: item.source,
    published_at: formatInstant(item.publishedAt),
  };
}

/** The item of a wire form that passed {@link newsItemSchema}. */
export function toNewsItem(wire: NewsItemWire): NewsItem {
  return {
    newsId: wire.news_id,
    symbol: wire.symbol,
    headline: wire.headline,
    summary: wire.summary,
    url: wire.url,
    source: wire.source,
    publishedAt: new Date(parseInstant(wire.published_at)),
  };
}
