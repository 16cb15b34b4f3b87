import { type Clock, systemClock } from '../platform/clock';
import type { Environment } from '../platform/environment';
import { fieldsOf } from './bar-rules';
import { openEodhdHistory } from './eodhd-history';
import { openEodhdHttp } from './eodhd-http';
import { toEodhdSpelling } from './eodhd-symbol';
import { defineProvider, type QuoteSource } from './provider';
import { partVerdicts, secondsToMs, toQuote, unknownSymbol, type Verdict } from './quote-rules';
import { unavailable } from './vendor-http';

/**
 * EODHD: `/real-time` for current prices (delayed, no currency; each symbol of a batch counts as a call, 15 to 20 are advised), and what
 * {@link openEodhdHistory} uses. 1,000 requests a minute; 100,000 calls a day on paid plans, 20 on the free one, which has a year of daily bars.
 * Limits: https://eodhd.com/financial-apis/api-limits
 */
export const eodhd = defineProvider({
  name: 'eodhd',
  aliases: [],
  title: 'EODHD: stocks, funds, currencies and crypto worldwide, 15 minutes late; years of daily and intraday bars',
  documentation: 'https://eodhd.com/financial-apis/live-realtime-stocks-api',
  variables: [
    { name: 'EODHD_API_KEY', purpose: 'key from https://eodhd.com/register', required: true, secret: true },
    {
      name: 'EODHD_BASE_URL',
      purpose: 'another address than https://eodhd.com/api',
      required: false,
      secret: false,
    },
  ],
  limits: [
    { name: 'day', limit: 100_000, windowMs: 24 * 60 * 60 * 1000 },
    { name: 'minute', limit: 1_000, windowMs: 60_000 },
  ],
  maxSymbolsPerCall: 15,
  timeoutMs: 20_000,
  open: (environment) => openEodhd(environment, systemClock),
  openHistory: (environment, call) => openEodhdHistory(environment, { call, clock: systemClock }),
});

/** A source that asks for many symbols a call. @throws PROVIDER_NOT_CONFIGURED when `EODHD_BASE_URL` is no address. */
export function openEodhd(environment: Environment, clock: Clock): QuoteSource {
  const ask = openEodhdHttp(environment, clock);

  return {
    fetchQuotes: async (symbols, signal) => {
      const [first = '', ...others] = symbols.map(toEodhdSpelling);
      const answer = await ask(pathOf('real-time', first), others.length > 0 ? { s: others.join(',') } : {}, signal);
      if (!answer.known) return { raw: null, ...partVerdicts(notFound(symbols)) };
      return { raw: answer.body, ...partVerdicts(toQuotes(answer.body, symbols, clock())) };
    },
  };
}

/** `/real-time/AAPL.US`: a spelling goes into the path. */
function pathOf(endpoint: string, spelling: string): string {
  return `/${endpoint}/${encodeURIComponent(spelling)}`;
}

/** A 404 to one symbol is about that symbol; to several it may be about any. */
function notFound(symbols: readonly string[]): Verdict[] {
  const [symbol, ...others] = symbols;
  if (symbol !== undefined && others.length === 0) return [unknownSymbol(symbol, 'eodhd answered 404')];
  throw unavailable('eodhd', `answered 404 to a request for ${symbols.length} symbols: expected a price of each`);
}

/**
 * The prices of `symbols` in an answer of `/real-time`: one object, or a list of them where several were asked for. `code` names the listing, `close` is
 * the last price, `timestamp` its time in epoch seconds; both are the text `NA` for a symbol that EODHD does not know.
 * @throws PROVIDER_UNAVAILABLE when the answer holds no listing at all.
 */
export function toQuotes(raw: unknown, symbols: readonly string[], now: Date): Verdict[] {
  const listings = listingsOf(raw);
  return symbols.map((symbol) => {
    const listing = listings.get(toEodhdSpelling(symbol));
    if (listing === undefined) return unknownSymbol(symbol, 'eodhd answered without this symbol');
    const { close: price, timestamp, volume } = listing;
    if (price === 'NA' && timestamp === 'NA') {
      return unknownSymbol(symbol, 'eodhd answered NA, as it does for a symbol it does not know');
    }
    return toQuote(symbol, { price, currency: null, volume, observedAtMs: secondsToMs(timestamp) }, now);
  });
}

function listingsOf(raw: unknown): Map<unknown, ReturnType<typeof fieldsOf>> {
  const listings = (Array.isArray(raw) ? raw : [raw]).map(fieldsOf).filter(({ code }) => typeof code === 'string');
  if (listings.length === 0)
    throw unavailable('eodhd', 'answered 200: expected prices with a code, got something else');
  return new Map(listings.map((listing) => [listing.code, listing]));
}
