import { type Clock, systemClock } from '../platform/clock';
import type { Environment } from '../platform/environment';
import { TickwireError } from '../platform/errors';
import { fieldsOf } from './bar-rules';
import { defineProvider, type QuoteFailure, type QuoteSource } from './provider';
import { partVerdicts, secondsToMs, toQuote, unknownSymbol, type Verdict } from './quote-rules';
import { openTwelveDataHistory } from './twelvedata-history';
import { openTwelveDataHttp, toAnswer, toTwelveDataError } from './twelvedata-http';
import { toNumber } from './twelvedata-number';
import { toTicker, toTwelveDataSpelling } from './twelvedata-symbol';
import { unavailable } from './vendor-http';

/**
 * Twelve Data: `/quote` for current prices, and what {@link openTwelveDataHistory} uses. The basic plan has 8 credits a minute and 800 a day; each symbol
 * of a batch of quotes costs one, so a full batch is a minute's worth. Credits: https://support.twelvedata.com/en/articles/5615854-credits
 */
export const twelvedata = defineProvider({
  name: 'twelvedata',
  aliases: ['twelve-data'],
  title: 'Twelve Data: stocks, currencies and crypto worldwide, real-time for the US; years of daily and intraday bars',
  documentation: 'https://twelvedata.com/docs',
  variables: [
    {
      name: 'TWELVE_DATA_API_KEY',
      purpose: 'key from https://twelvedata.com/account/api-keys',
      required: true,
      secret: true,
    },
    {
      name: 'TWELVE_DATA_BASE_URL',
      purpose: 'another address than https://api.twelvedata.com',
      required: false,
      secret: false,
    },
  ],
  limits: [
    { name: 'day', limit: 800, windowMs: 24 * 60 * 60 * 1000 },
    { name: 'minute', limit: 8, windowMs: 60_000 },
  ],
  maxSymbolsPerCall: 8,
  timeoutMs: 15_000,
  open: (environment) => openTwelveData(environment, systemClock),
  openHistory: (environment, call) => openTwelveDataHistory(environment, { call, clock: systemClock }),
});

/** A source that asks for many symbols a call. @throws PROVIDER_NOT_CONFIGURED when `TWELVE_DATA_BASE_URL` is no address. */
export function openTwelveData(environment: Environment, clock: Clock): QuoteSource {
  const ask = openTwelveDataHttp(environment, clock);

  return {
    fetchQuotes: async (symbols, signal) => {
      const answer = await ask('/quote', { symbol: symbols.map(toTwelveDataSpelling).join(',') }, signal);
      if (answer.kind !== 'data') return { raw: null, ...partVerdicts(notFound(symbols)) };
      return { raw: answer.body, ...partVerdicts(toQuotes(answer.body, symbols, clock())) };
    },
  };
}

/** An error to one symbol is about that symbol; errors of a batch are told within it. */
function notFound(symbols: readonly string[]): Verdict[] {
  const [symbol, ...others] = symbols;
  if (symbol !== undefined && others.length === 0) return [unknownSymbol(symbol, 'twelvedata does not know it')];
  throw unavailable(
    'twelvedata',
    `answered an error to a request for ${symbols.length} symbols: expected a quote of each`,
  );
}

/**
 * The prices of `symbols` in an answer of `/quote`: one object, or an object of them by spelling where several were asked for, some of which may be errors.
 * `close` is the last price, decimal text; `last_quote_at` its time in epoch seconds (`timestamp` is the opening of the day's bar, and not used).
 * @throws PROVIDER_UNAVAILABLE when the answer holds none of the symbols.
 */
export function toQuotes(raw: unknown, symbols: readonly string[], now: Date): Verdict[] {
  const answers = answersOf(raw, symbols);
  return symbols.map((symbol) => {
    const spelling = toTwelveDataSpelling(symbol);
    const quote = answers[spelling];
    if (quote === undefined) return unknownSymbol(symbol, 'twelvedata answered without this symbol');
    const said = toTwelveDataError(quote);
    if (said) return toFailure(symbol, () => toAnswer(said, { now }));
    const { symbol: named, close, currency, volume, last_quote_at: quotedAt } = fieldsOf(quote);
    const fields = {
      symbol: named === toTicker(spelling) ? symbol : (named ?? null),
      price: toNumber(close),
      currency,
      volume: toNumber(volume),
      observedAtMs: secondsToMs(quotedAt),
    };
    return toQuote(symbol, fields, now);
  });
}

function answersOf(raw: unknown, symbols: readonly string[]): Readonly<Record<string, unknown>> {
  const body = fieldsOf(raw);
  const spellings = symbols.map(toTwelveDataSpelling);
  const [first = ''] = spellings;
  if (symbols.length === 1 && 'symbol' in body) return { [first]: body };
  if (spellings.some((spelling) => spelling in body)) return body;
  throw unavailable('twelvedata', 'answered 200: expected quotes of the symbols asked for, got something else');
}

/** The failure that an error inside a batch is to its symbol alone. */
function toFailure(symbol: string, judge: () => unknown): Verdict {
  try {
    judge();
    return unknownSymbol(symbol, 'twelvedata does not know it');
  } catch (error) {
    if (!(error instanceof TickwireError)) throw error;
    const { message, retryAfterMs } = error;
    return { failure: { symbol, code: toFailureCode(error), detail: `${symbol}: ${message}`, retryAfterMs } };
  }
}

function toFailureCode({ code }: TickwireError): QuoteFailure['code'] {
  return code === 'PROVIDER_RATE_LIMITED' || code === 'PROVIDER_REFUSED' ? code : 'PROVIDER_UNAVAILABLE';
}
