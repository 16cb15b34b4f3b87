import { z } from 'zod';
import { type Clock, systemClock } from '../platform/clock';
import type { Environment } from '../platform/environment';
import { openFinnhubHistory } from './finnhub-history';
import { openFinnhubHttp } from './finnhub-http';
import { openFinnhubNews } from './finnhub-news';
import { defineProvider, type QuoteSource } from './provider';
import { partVerdicts, secondsToMs, toQuote, unknownSymbol, type Verdict } from './quote-rules';
import { unavailable } from './vendor-http';

/**
 * Finnhub's `/quote`: real-time prices of US stocks on the free plan, 60 calls a minute and 30 a second. It says no currency and no volume. The free plan has
 * company news and profiles too; bars, dividends and splits need a paid one.
 */
export const finnhub = defineProvider({
  name: 'finnhub',
  aliases: [],
  title: 'Finnhub: real-time US stocks on the free plan; no currency, no volume',
  documentation: 'https://finnhub.io/docs/api/quote',
  variables: [
    { name: 'FINNHUB_API_KEY', purpose: 'key from https://finnhub.io/register', required: true, secret: true },
    {
      name: 'FINNHUB_BASE_URL',
      purpose: 'another address than https://finnhub.io/api/v1',
      required: false,
      secret: false,
    },
  ],
  limits: [
    { name: 'minute', limit: 60, windowMs: 60_000 },
    { name: 'second', limit: 30, windowMs: 1000 },
  ],
  maxSymbolsPerCall: 1,
  timeoutMs: 5000,
  open: (environment) => openFinnhub(environment, systemClock),
  openHistory: (environment, call) => openFinnhubHistory(environment, { call, clock: systemClock }),
  openNews: (environment, call) => openFinnhubNews(environment, { call, clock: systemClock }),
});

/** A source that asks for one symbol a call. @throws PROVIDER_NOT_CONFIGURED when `FINNHUB_BASE_URL` is no address. */
export function openFinnhub(environment: Environment, clock: Clock): QuoteSource {
  const ask = openFinnhubHttp(environment);

  return {
    fetchQuotes: async ([symbol = ''], signal) => {
      const raw = await ask((api, done) => api.quote(symbol, done), signal);
      return { raw, ...partVerdicts([toFinnhubQuote(raw, symbol, clock())]) };
    },
  };
}

/** Fields of `/quote`: `c` current price, `t` its time in epoch seconds; the others are not used. */
const quoteFields = z.looseObject({ c: z.unknown().optional(), t: z.unknown().optional() });

/**
 * The price in an answer of `/quote`. Zeros for both price and time are how Finnhub says that it does not know the symbol.
 * @throws PROVIDER_UNAVAILABLE when the answer is no quote at all, such as `{"error": …}` with status 200.
 */
export function toFinnhubQuote(raw: unknown, symbol: string, now: Date): Verdict {
  const parsed = quoteFields.safeParse(raw);
  if (!parsed.success || 'error' in parsed.data) {
    throw unavailable('finnhub', 'answered 200: expected a quote with c and t, got something else');
  }
  const { c: price, t } = parsed.data;
  if (price === 0 && t === 0)
    return unknownSymbol(symbol, 'finnhub answered zeros, as it does for a symbol it does not know');
  return toQuote(symbol, { price, currency: null, volume: null, observedAtMs: secondsToMs(t) }, now);
}
