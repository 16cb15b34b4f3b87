import { createHash } from 'node:crypto';
import { type NewsItem, newsItemSchema } from '../domain/news-item';
import { MAX_AHEAD_MS } from '../domain/price-event';

/** A vendor's fields of one headline, not yet believed. */
export interface NewsFields {
  readonly headline: unknown;
  readonly summary?: unknown;
  readonly url: unknown;
  /** Epoch seconds. */
  readonly publishedAtSeconds: unknown;
}

/** Which symbol the item is about, and the provider that tells it. */
export interface NewsOrigin {
  readonly symbol: string;
  readonly source: string;
}

const MAX_HEADLINE = 1000;
const MAX_SUMMARY = 10_000;

/**
 * The item in a vendor's fields, as the wire takes it; none where it has no headline, no http address or no time that can have been. Long texts are
 * cut, an empty summary is null.
 */
export function toNewsItem(origin: NewsOrigin, fields: NewsFields, now: Date): NewsItem | undefined {
  const publishedAt = new Date(typeof fields.publishedAtSeconds === 'number' ? fields.publishedAtSeconds * 1000 : NaN);
  if (!(publishedAt.getTime() > 0 && publishedAt.getTime() <= now.getTime() + MAX_AHEAD_MS)) return undefined;
  const headline = toText(fields.headline, MAX_HEADLINE);
  const url = toText(fields.url, Number.POSITIVE_INFINITY);
  if (headline === null || url === null) return undefined;
  const summary = toText(fields.summary, MAX_SUMMARY);
  const item = { newsId: newsIdOf(origin, url), ...origin, headline, summary, url, publishedAt };
  return isOfTheWire(item) ? item : undefined;
}

/** The items in a vendor's list; see {@link toNewsItem}. */
export function toNewsItems(origin: NewsOrigin, list: readonly NewsFields[], now: Date): NewsItem[] {
  return list.flatMap((fields) => toNewsItem(origin, fields, now) ?? []);
}

/** See {@link NewsItem.newsId}. */
export function newsIdOf({ source, symbol }: NewsOrigin, url: string): string {
  return `${source}:${symbol}:${createHash('sha256').update(url).digest('hex').slice(0, 32)}`;
}

function isOfTheWire({ newsId, symbol, headline, summary, url, source, publishedAt }: NewsItem): boolean {
  const published_at = publishedAt.toISOString();
  return newsItemSchema.safeParse({ news_id: newsId, symbol, headline, summary, url, source, published_at }).success;
}

function toText(value: unknown, maxLength: number): string | null {
  const text = typeof value === 'string' ? value.trim().slice(0, maxLength) : '';
  return text === '' ? null : text;
}
