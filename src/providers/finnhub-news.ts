import { DAY_MS } from '../domain/instant';
import type { NewsItem } from '../domain/news-item';
import type { Environment } from '../platform/environment';
import { fieldsOf } from './bar-rules';
import type { FinnhubDoors } from './finnhub-history';
import { openFinnhubHttp } from './finnhub-http';
import { toNewsItems } from './news-rules';
import type { NewsSource } from './provider';
import { unavailable } from './vendor-http';

const DAYS = 7;

/**
 * Finnhub's `/company-news` of the last week, North American companies only, on the free plan too. It answers an empty list for an unknown symbol.
 * Source: https://finnhub.io/docs/api/company-news. @throws PROVIDER_NOT_CONFIGURED when `FINNHUB_BASE_URL` is no address.
 */
export function openFinnhubNews(environment: Environment, { call, clock }: FinnhubDoors): NewsSource {
  const http = openFinnhubHttp(environment);
  return {
    fetchNews: async (symbol, signal) => {
      const now = clock();
      const [from, to] = [dayOf(now.getTime() - DAYS * DAY_MS), dayOf(now.getTime())];
      const raw = await call((ending) => http((api, done) => api.companyNews(symbol, from, to, done), ending), signal);
      return { raw, items: toFinnhubNews(raw, symbol, now) };
    },
  };
}

/** The items in an answer of `/company-news` (`headline`, `summary`, `url`, `datetime` in epoch seconds); unusable ones are left out. */
export function toFinnhubNews(raw: unknown, symbol: string, now: Date): NewsItem[] {
  if (!Array.isArray(raw)) throw unavailable('finnhub', 'answered 200: expected a list of news, got something else');
  const fields = raw.map(fieldsOf).map(({ headline, summary, url, datetime }) => ({
    headline,
    summary,
    url,
    publishedAtSeconds: datetime,
  }));
  return toNewsItems({ symbol, source: 'finnhub' }, fields, now);
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
