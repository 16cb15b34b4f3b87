import type { NewsItem } from '../domain/news-item';
import type { Environment } from '../platform/environment';
import { fieldsOf } from './bar-rules';
import { toNewsItems } from './news-rules';
import type { NewsSource } from './provider';
import type { YfinanceDoors } from './yfinance-history';
import { readSearch } from './yfinance-reference';
import { openYahooSession } from './yfinance-session';
import { toYahooSpelling } from './yfinance-symbol';

const ITEMS = 20;

/**
 * The headlines that Yahoo's `/v1/finance/search` gives beside its matches. Items that name tickers, but not this one, are left out: the search fills up with
 * news of the market. Yahoo gives no summaries. @throws PROVIDER_NOT_CONFIGURED when `YFINANCE_BASE_URL` is no address.
 */
export function openYfinanceNews(environment: Environment, { call, clock }: YfinanceDoors): NewsSource {
  const session = openYahooSession(environment);
  return {
    fetchNews: async (symbol, signal) => {
      const spelling = toYahooSpelling(symbol);
      const raw = await call(
        (ending) =>
          session.ask({ path: '/v1/finance/search', read: readSearch, signal: ending }, (client, options) =>
            client.search(spelling, { quotesCount: 1, newsCount: ITEMS }, options),
          ),
        signal,
      );
      return { raw, items: toYahooNews(raw, symbol, clock()) };
    },
  };
}

/** The items about `symbol` in an answer of the search; those that are unusable are left out. */
export function toYahooNews(raw: unknown, symbol: string, now: Date): NewsItem[] {
  const { news } = fieldsOf(raw);
  const spelling = toYahooSpelling(symbol);
  const about = (Array.isArray(news) ? news : []).map(fieldsOf).filter(({ relatedTickers: tickers }) => {
    return !Array.isArray(tickers) || tickers.length === 0 || tickers.includes(spelling);
  });
  const fields = about.map(({ title: headline, link: url, providerPublishTime: publishedAtSeconds }) => ({
    headline,
    url,
    publishedAtSeconds,
  }));
  return toNewsItems({ symbol, source: 'yfinance' }, fields, now);
}
