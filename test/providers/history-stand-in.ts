import type { Environment } from '../../src/platform/environment';
import { type Reply, type SeenRequest, startVendor, type VendorStandIn } from './vendor-stand-in';

/** How one vendor answers questions about the history and the news of symbols; it knows `AAPL` and no other. */
export interface HistoryDialect {
  readonly baseUrlVariable: string;
  readonly answer: (request: SeenRequest, days: readonly string[]) => Reply;
}

const json = (value: unknown, status = 200): Reply => ({ status, body: JSON.stringify(value) });
const secondsOf = (day: string) => Date.parse(`${day}T14:30:00Z`) / 1000;
const PRICES = { open: 10, high: 12, low: 9, close: 11, volume: 100 };

/** Days of `days` in a range of epoch seconds, as Yahoo and Finnhub take it. */
function within(days: readonly string[], from: string | null, to: string | null): string[] {
  return days.filter((day) => secondsOf(day) >= Number(from) && secondsOf(day) <= Number(to));
}

function yahooChart({ path, query }: SeenRequest, days: readonly string[]): Reply {
  const symbol = decodeURIComponent(path.split('/').at(-1) ?? '');
  if (symbol !== 'AAPL')
    return json({ chart: { result: null, error: { code: 'Not Found', description: 'No data' } } }, 404);
  const told = within(days, query.get('period1'), query.get('period2'));
  const meta = {
    symbol,
    currency: 'USD',
    exchangeTimezoneName: 'America/New_York',
    dataGranularity: query.get('interval'),
  };
  const columns = Object.fromEntries(Object.entries(PRICES).map(([name, value]) => [name, told.map(() => value)]));
  const quote = told.length > 0 ? columns : {};
  const timestamp = told.length > 0 ? told.map(secondsOf) : undefined;
  return json({ chart: { result: [{ meta, timestamp, indicators: { quote: [quote] } }], error: null } });
}

const YAHOO_SEARCH = {
  quotes: [],
  news: [
    {
      title: 'About it',
      link: 'https://news.example.com/1',
      providerPublishTime: 1_700_000_000,
      relatedTickers: ['AAPL'],
    },
    {
      title: 'About others',
      link: 'https://news.example.com/2',
      providerPublishTime: 1_700_000_000,
      relatedTickers: ['X'],
    },
  ],
};

function finnhubCandles(query: URLSearchParams, days: readonly string[]): Reply {
  const told = query.get('symbol') === 'AAPL' ? within(days, query.get('from'), query.get('to')) : [];
  if (told.length === 0) return json({ s: 'no_data' });
  const { open, high, low, close, volume } = PRICES;
  const column = (value: number) => told.map(() => value);
  const columns = { o: column(open), h: column(high), l: column(low), c: column(close), v: column(volume) };
  return json({ s: 'ok', t: told.map((day) => Date.parse(day) / 1000), ...columns });
}

const FINNHUB_NEWS = [
  { headline: 'About it', summary: '', url: 'https://news.example.com/1', datetime: 1_700_000_000 },
];

/** Whole days from `first` to `last`, both in the range. */
const dated = (days: readonly string[], first: string | null, last: string | null) =>
  days.filter((day) => day >= (first ?? '') && day <= (last ?? ''));

export const HISTORY_DIALECTS: Readonly<Record<string, HistoryDialect>> = {
  yfinance: {
    baseUrlVariable: 'YFINANCE_BASE_URL',
    answer: (request, days) => {
      if (request.path.startsWith('/v8/finance/chart/')) return yahooChart(request, days);
      return request.path === '/v1/finance/search' ? json(YAHOO_SEARCH) : {};
    },
  },
  finnhub: {
    baseUrlVariable: 'FINNHUB_BASE_URL',
    answer: ({ path, query }, days) => {
      if (path === '/stock/candle') return finnhubCandles(query, days);
      if (path === '/company-news') return json(FINNHUB_NEWS);
      if (path === '/stock/profile2') return json(query.get('symbol') === 'AAPL' ? { ticker: 'AAPL' } : {});
      return json([]);
    },
  },
  eodhd: {
    baseUrlVariable: 'EODHD_BASE_URL',
    answer: ({ path, query }, days) => {
      if (!path.endsWith('/AAPL.US')) return { status: 404 };
      const told = path.startsWith('/eod/') ? dated(days, query.get('from'), query.get('to')) : [];
      return json(told.map((date) => ({ date, ...PRICES, adjusted_close: 11 })));
    },
  },
  twelvedata: {
    baseUrlVariable: 'TWELVE_DATA_BASE_URL',
    answer: ({ path, query }, days) => {
      const meta = { symbol: 'AAPL', interval: '1day', currency: 'USD', exchange: 'NASDAQ' };
      if (query.get('symbol') !== 'AAPL') return json({ code: 404, message: 'symbol not found', status: 'error' });
      if (path !== '/time_series') return json({ meta, [path.slice(1)]: [] });
      const told = dated(days, query.get('start_date'), query.get('end_date'));
      return json({
        meta,
        status: 'ok',
        values: told.map((datetime) => ({ datetime, open: '10', high: '12', low: '9', close: '11', volume: '100' })),
      });
    },
  },
};

/** A vendor that has bars of AAPL on `days`, and the environment that points its provider there. */
export async function startHistory(
  dialect: HistoryDialect,
  days: readonly string[],
): Promise<{ vendor: VendorStandIn; environment: Environment }> {
  const vendor = await startVendor((request) => dialect.answer(request, days));
  return { vendor, environment: { [dialect.baseUrlVariable]: vendor.url } };
}
