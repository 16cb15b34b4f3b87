import { randomUUID } from 'node:crypto';
import type { Bus } from '../bus/bus';
import { newsItems } from '../bus/topics';
import { type MetadataDependencies, refreshMetadata } from '../history/refresh-metadata';
import { toTickwireError } from '../platform/errors';
import { causeHeaders, inSpan } from '../platform/trace';
import type { Providers } from '../providers/provider';
import type { Store } from '../store/store';

/** Symbols looked at in one beat; what is left comes at the next. */
const CLAIM_LIMIT = 20;

export interface ReferenceDependencies extends Omit<MetadataDependencies, 'store' | 'providers'> {
  readonly store: Store;
  readonly bus: Bus;
  readonly providers: Providers;
  /** Seconds between two looks for one symbol. */
  readonly newsIntervalSeconds: number;
}

/**
 * What is to be known about the polled symbols besides their price: publishes their headlines on `news-items` and renews metadata older than a day, from the
 * provider of their polling job where it has them. A claim is good for the whole interval, so any number of pollers ask once. What could not be published is
 * told again by the vendor next time, under the same ids. Resolves to the number of items published. @throws STORE_UNAVAILABLE when nothing could be claimed.
 */
export async function pollReference(dependencies: ReferenceDependencies, signal: AbortSignal): Promise<number> {
  const { store, providers, newsIntervalSeconds: everySeconds } = dependencies;
  const claimed = await store.news.claimDue({ limit: CLAIM_LIMIT, everySeconds });
  const withNews = new Set(providers.having('news'));
  let published = 0;
  for (const { symbol, provider } of claimed) {
    if (signal.aborted) return published;
    await refreshMetadata(dependencies, { symbol, provider, requestId: null }, signal);
    if (!withNews.has(provider)) continue;
    const look = () => pollNews(dependencies, { symbol, provider }, signal);
    published += await inSpan('poll news', { attributes: { 'tickwire.provider': provider } }, look);
  }
  return published;
}

/** Fetches, keeps the raw answer, publishes. Never rejects. */
async function pollNews(
  { store, bus, providers, clock, log }: ReferenceDependencies,
  { symbol, provider }: { symbol: string; provider: string },
  signal: AbortSignal,
): Promise<number> {
  try {
    const { raw, items } = await providers.news(provider).fetchNews(symbol, signal);
    if (items.length === 0) return 0;
    const archived = { id: randomUUID(), provider, symbols: [symbol], body: raw, fetchedAt: clock(), requestId: null };
    await store.rawResponses.archive(archived);
    await bus.publish(items.map((item) => newsItems.message(item, causeHeaders(null))));
    log.debug({ symbol, provider, items: items.length }, 'news published');
    return items.length;
  } catch (error) {
    const { code, message } = toTickwireError(error);
    log.warn({ symbol, provider, code, error: message }, 'news not polled');
    return 0;
  }
}
