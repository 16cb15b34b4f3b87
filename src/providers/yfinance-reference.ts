import { z } from 'zod';
import { TickwireError } from '../platform/errors';
import { fieldsOf, toText } from './bar-rules';
import type { GuardedCall, HistorySource } from './provider';
import { parseBody, refuseStatus, unavailable, type VendorAnswer } from './vendor-http';
import { YAHOO_RULES, type YahooSession } from './yfinance-session';
import { toPipelineSymbol, toYahooSpelling } from './yfinance-symbol';

type Reference = Required<Pick<HistorySource, 'fetchMetadata' | 'fetchSymbols'>>;
type Metadata = Awaited<ReturnType<Reference['fetchMetadata']>>['metadata'];
type FoundSymbol = Awaited<ReturnType<Reference['fetchSymbols']>>[number];

const MATCHES = 20;

/** What Yahoo knows of instruments: the modules `assetProfile` and `price` of `/v10/finance/quoteSummary`, and the matches of `/v1/finance/search`. */
export function openYfinanceReference(session: YahooSession, call: GuardedCall): Reference {
  return {
    fetchMetadata: async (symbol, signal) => {
      const spelling = toYahooSpelling(symbol);
      const raw = await call(
        (ending) =>
          session.ask(
            { path: '/v10/finance/quoteSummary/', read: readSummary(symbol), signal: ending },
            (client, options) =>
              client.quoteSummary(encodeURIComponent(spelling), { modules: ['assetProfile', 'price'] }, options),
          ),
        signal,
      );
      return { raw, metadata: toMetadata(raw, symbol, spelling) };
    },
    fetchSymbols: async (text, signal) => {
      if (text.startsWith('exchange:')) {
        throw new TickwireError('INVALID_INPUT', 'yfinance lists no exchanges: expected a text to search for');
      }
      const raw = await call(
        (ending) =>
          session.ask({ path: '/v1/finance/search', read: readSearch, signal: ending }, (client, options) =>
            client.search(text, { quotesCount: MATCHES, newsCount: 0 }, options),
          ),
        signal,
      );
      return toFoundSymbols(raw);
    },
  };
}

const summaryAnswer = z.object({
  quoteSummary: z.object({
    result: z.array(z.unknown()).nullish(),
    error: z.object({ code: z.string() }).nullish(),
  }),
});

function readSummary(symbol: string): (answer: VendorAnswer) => unknown {
  return (answer) => {
    if (answer.status !== 404) refuseStatus('yfinance', answer, YAHOO_RULES);
    const body = parseBody('yfinance', answer.text);
    const error = summaryAnswer.safeParse(body).data?.quoteSummary.error;
    if (error?.code === 'Not Found') {
      throw new TickwireError('SYMBOL_UNKNOWN', `${symbol}: yfinance answered that it has no such symbol`);
    }
    refuseStatus('yfinance', answer, YAHOO_RULES);
    return body;
  };
}

/** The metadata in an answer of quoteSummary; modules that are missing leave their fields null. @throws PROVIDER_UNAVAILABLE for another symbol's, or none. */
export function toMetadata(raw: unknown, symbol: string, spelling: string): Metadata {
  const result = fieldsOf(summaryAnswer.safeParse(raw).data?.quoteSummary.result?.[0]);
  const [price, profile] = [fieldsOf(result.price), fieldsOf(result.assetProfile)];
  if (Object.keys(price).length + Object.keys(profile).length === 0) {
    throw unavailable('yfinance', 'answered 200: expected a price or an assetProfile, got something else');
  }
  if (price.symbol !== undefined && price.symbol !== spelling) {
    throw unavailable('yfinance', `answered about another symbol than ${spelling}`);
  }
  const { marketCap } = price;
  return {
    symbol,
    name: toText(price.longName) ?? toText(price.shortName),
    sector: toText(profile.sector),
    industry: toText(profile.industry),
    currency: toText(price.currency),
    exchange: toText(price.exchangeName),
    marketCap: typeof marketCap === 'number' && Number.isFinite(marketCap) && marketCap > 0 ? marketCap : null,
    source: 'yfinance',
  };
}

const searchAnswer = z.object({ quotes: z.array(z.unknown()).nullish(), news: z.array(z.unknown()).nullish() });

/** The body of an answer to a search. @throws PROVIDER_* when it is none. */
export function readSearch(answer: VendorAnswer): unknown {
  refuseStatus('yfinance', answer, YAHOO_RULES);
  const body = parseBody('yfinance', answer.text);
  const parsed = searchAnswer.safeParse(body).data;
  if (parsed?.quotes || parsed?.news) return body;
  throw unavailable('yfinance', 'answered 200: expected lists of quotes and news, got something else');
}

/** The listings in an answer of the search, without options, which are no instruments of the pipeline's. */
export function toFoundSymbols(raw: unknown): FoundSymbol[] {
  return (searchAnswer.safeParse(raw).data?.quotes ?? []).flatMap((item) => {
    const { symbol: spelling, isYahooFinance, quoteType, longname, shortname } = fieldsOf(item);
    if (typeof spelling !== 'string' || isYahooFinance !== true || quoteType === 'OPTION') return [];
    const vendorSymbol = { vendor: 'yfinance', spelling, validFrom: null, validTo: null };
    return [{ symbol: toPipelineSymbol(spelling), vendorSymbol, name: toText(longname) ?? toText(shortname) }];
  });
}
