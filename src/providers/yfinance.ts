import { z } from 'zod';
import { type Clock, systemClock } from '../platform/clock';
import type { Environment } from '../platform/environment';
import { defineProvider, type QuoteSource } from './provider';
import { partVerdicts, secondsToMs, toQuote, unknownSymbol, type Verdict } from './quote-rules';
import { parseBody, refuseStatus, unavailable, type VendorAnswer } from './vendor-http';
import { openYfinanceHistory } from './yfinance-history';
import { openYfinanceNews } from './yfinance-news';
import { openYahooSession, YAHOO_RULES, YAHOO_TIMEOUT_MS } from './yfinance-session';

/** Yahoo's quotes, bars and headlines through `yahoo-finance2`, which does the cookie and the crumb that Yahoo wants before it answers. */
export const yfinance = defineProvider({
  name: 'yfinance',
  aliases: ['yahoo'],
  title: 'Yahoo Finance: stocks, funds, currencies, crypto and futures worldwide, real-time to 15 minutes late; no key',
  documentation: 'https://jsr.io/@gadicc/yahoo-finance2/doc/modules/quote',
  variables: [
    {
      name: 'YFINANCE_BASE_URL',
      purpose: "another address in place of all of Yahoo's hosts",
      required: false,
      secret: false,
    },
  ],
  limits: [
    { name: 'minute', limit: 60, windowMs: 60_000 },
    { name: 'second', limit: 5, windowMs: 1000 },
  ],
  maxSymbolsPerCall: 100,
  timeoutMs: YAHOO_TIMEOUT_MS,
  open: (environment) => openYfinance(environment, systemClock),
  openHistory: (environment, call) => openYfinanceHistory(environment, { call, clock: systemClock }),
  openNews: (environment, call) => openYfinanceNews(environment, { call, clock: systemClock }),
});

/** A source that asks for many symbols a call. @throws PROVIDER_NOT_CONFIGURED when `YFINANCE_BASE_URL` is no address. */
export function openYfinance(environment: Environment, clock: Clock): QuoteSource {
  const session = openYahooSession(environment);

  return {
    fetchQuotes: async (symbols, signal) => {
      const raw = await session.ask({ path: '/v7/finance/quote', read: readQuotes, signal }, (client, options) =>
        client.quote([...symbols], { return: 'array' }, options),
      );
      return { raw, ...partVerdicts(toQuotes(raw, symbols, clock())) };
    },
  };
}

function readQuotes(answer: VendorAnswer): unknown {
  refuseStatus('yfinance', answer, YAHOO_RULES);
  const raw = parseBody('yfinance', answer.text);
  resultsOf(raw);
  return raw;
}

const quoteAnswer = z.object({
  quoteResponse: z.object({ result: z.array(z.unknown()), error: z.null().optional() }),
});
const quoteResult = z.looseObject({ symbol: z.string() });

/**
 * The prices of `symbols` in an answer of `/v7/finance/quote`, each from the result that names it. A symbol without a result, and one whose listing
 * has ended (`quoteType` NONE), is unknown. @throws PROVIDER_UNAVAILABLE when the answer holds no list of results.
 */
export function toQuotes(raw: unknown, symbols: readonly string[], now: Date): Verdict[] {
  const results = resultsOf(raw);
  return symbols.map((symbol) => {
    const result = results.get(symbol);
    if (result === undefined) return unknownSymbol(symbol, 'yfinance answered without this symbol');
    if (result.quoteType === 'NONE') return unknownSymbol(symbol, 'yfinance says that it is no longer listed');
    const fields = {
      symbol: result.symbol,
      price: result.regularMarketPrice,
      currency: result.currency,
      volume: result.regularMarketVolume,
      observedAtMs: secondsToMs(result.regularMarketTime),
      marketCap: result.marketCap,
    };
    return toQuote(symbol, fields, now);
  });
}

function resultsOf(raw: unknown): Map<string, z.infer<typeof quoteResult>> {
  const answer = quoteAnswer.safeParse(raw);
  if (!answer.success) {
    throw unavailable('yfinance', 'answered 200: expected a list in quoteResponse.result, got something else');
  }
  const results = answer.data.quoteResponse.result.flatMap((item) => quoteResult.safeParse(item).data ?? []);
  return new Map(results.map((result) => [result.symbol, result]));
}
