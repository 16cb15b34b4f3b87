import YahooFinance from 'yahoo-finance2';
import { ExtendedCookieJar } from 'yahoo-finance2/lib/cookieJar';
import { getCrumbClear } from 'yahoo-finance2/lib/getCrumb';
import { z } from 'zod';
import { type Clock, systemClock } from '../platform/clock';
import type { Environment } from '../platform/environment';
import { defineProvider, type QuoteSource } from './provider';
import { partVerdicts, secondsToMs, toQuote, unknownSymbol, type Verdict } from './quote-rules';
import { askVendor, baseUrlOf, below, parseBody, refuseStatus, unavailable, type VendorAnswer } from './vendor-http';

const TIMEOUT_MS = 10_000;
/** Yahoo publishes no limits and shuts callers out for long: after a 429 nothing is asked for at least this long. */
const PAUSE_MS = 15 * 60 * 1000;

/** Yahoo's quotes through `yahoo-finance2`, which does the cookie and the crumb that Yahoo wants before it answers. */
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
  timeoutMs: TIMEOUT_MS,
  open: (environment) => openYfinance(environment, systemClock),
});

/** A source that asks for many symbols a call. @throws PROVIDER_NOT_CONFIGURED when `YFINANCE_BASE_URL` is no address. */
export function openYfinance(environment: Environment, clock: Clock): QuoteSource {
  const base = environment.YFINANCE_BASE_URL ? baseUrlOf(environment, 'YFINANCE_BASE_URL', '') : undefined;
  const cookieJar = new ExtendedCookieJar();
  const client = new YahooFinance({ cookieJar, logger: SILENT, versionCheck: false });

  return {
    fetchQuotes: async (symbols, signal) => {
      let raw: unknown = null;
      const quoteAnswered = (answer: VendorAnswer) => {
        refuseStatus('yfinance', answer, RULES);
        raw = parseBody('yfinance', answer.text);
        resultsOf(raw);
      };
      const fetch = fetchThrough({ base, signal, quoteAnswered });
      try {
        await client.quote([...symbols], { return: 'array' }, { validateResult: false, fetch });
      } catch (error) {
        // Whatever went wrong may be a crumb gone stale, which the package would keep for the life of the process.
        if (!signal.aborted) await getCrumbClear(cookieJar);
        throw error;
      }
      return { raw, ...partVerdicts(toQuotes(raw, symbols, clock())) };
    },
  };
}

const SILENT = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  debug: () => undefined,
  dir: () => undefined,
};
const RULES = { pauseMs: (askedMs = 0) => Math.max(askedMs, PAUSE_MS) };
const QUOTE_PATH = '/v7/finance/quote';

interface Transport {
  readonly base: URL | undefined;
  readonly signal: AbortSignal;
  /** Sees the answer to the quote request before the package does, which prints the address of a refused one and quotes a body that is no JSON. */
  readonly quoteAnswered: (answer: VendorAnswer) => void;
}

/**
 * The package's way to the network. Requests for cookie and crumb have a limit of time of their own: all calls that wait share them, and one that
 * gives up must not take them from the others.
 */
function fetchThrough({ base, signal, quoteAnswered }: Transport): typeof fetch {
  return async (input, init) => {
    const asked = new URL(input instanceof Request ? input.url : input);
    const isQuote = asked.pathname === QUOTE_PATH;
    const url = base ? below(base, asked.pathname + asked.search) : asked;
    const answer = await askVendor('yfinance', url, {
      ...init,
      signal: isQuote ? signal : AbortSignal.timeout(TIMEOUT_MS),
    });
    if (isQuote) quoteAnswered(answer);
    else if (answer.status === 429) refuseStatus('yfinance', answer, RULES);
    return toResponse(answer);
  };
}

/** As much of a response as the package reads. Its list of cookies must be an array of the package's own realm, which that of `fetch` is not under jest. */
function toResponse({ status, headers, text }: VendorAnswer): Response {
  const response = {
    ok: status >= 200 && status < 300,
    status,
    statusText: '',
    headers: { get: (name: string) => headers.get(name), getSetCookie: () => [...headers.getSetCookie()] },
    text: async () => text,
  };
  return response as unknown as Response;
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
