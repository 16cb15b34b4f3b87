import { z } from 'zod';
import { DAY_MS } from '../domain/instant';
import type { Clock } from '../platform/clock';
import type { Environment } from '../platform/environment';
import { TickwireError } from '../platform/errors';
import {
  baseUrlOf,
  below,
  openVendorHttp,
  parseBody,
  refuseStatus,
  retryAfterMsOf,
  unavailable,
  type VendorAnswer,
} from './vendor-http';

/** A JSON body; or one of the two errors that are an answer and no failure of the vendor's. */
export type TwelveDataAnswer =
  | { readonly kind: 'data'; readonly body: unknown }
  | { readonly kind: 'no-data' }
  | { readonly kind: 'unknown-symbol' };

/** Asks one endpoint below Twelve Data's address. @throws PROVIDER_*. */
export type AskTwelveData = (
  path: string,
  params: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<TwelveDataAnswer>;

/** How Twelve Data says no, with status 200 as well as with that of `code`. */
export interface TwelveDataError {
  readonly code: number;
  readonly message: string;
}

/** What the patterns below look at. */
const MESSAGE_LENGTH = 1_000;

const errorBody = z.object({
  code: z.number(),
  message: z.string().transform((text) => text.slice(0, MESSAGE_LENGTH)),
  status: z.literal('error'),
});

/** Credits are given anew each minute. */
const PAUSE_MS = 60_000;
const RULES = { keyVariable: 'TWELVE_DATA_API_KEY', pauseMs: (askedMs = PAUSE_MS) => askedMs };

/**
 * Twelve Data over HTTP. The key goes into the header `Authorization: apikey …`, never into the address; redirects are not followed with it.
 * @throws PROVIDER_NOT_CONFIGURED when `TWELVE_DATA_BASE_URL` is no address.
 */
export function openTwelveDataHttp(environment: Environment, clock: Clock): AskTwelveData {
  const base = baseUrlOf(environment, 'TWELVE_DATA_BASE_URL', 'https://api.twelvedata.com');
  const ask = openVendorHttp('twelvedata', environment);
  const headers = { authorization: `apikey ${environment.TWELVE_DATA_API_KEY ?? ''}` };

  return async (path, params, signal) => {
    const url = below(base, `${path}?${new URLSearchParams(params)}`);
    const answer = await ask(url, { headers, signal });
    const said = errorIn(answer);
    if (said)
      return toAnswer(said, { askedMs: retryAfterMsOf(answer.headers.get('retry-after'), clock()), now: clock() });
    refuseStatus('twelvedata', answer, RULES);
    return { kind: 'data', body: parseBody('twelvedata', answer.text) };
  };
}

/** The error in a body of any status. */
function errorIn({ text }: VendorAnswer): TwelveDataError | undefined {
  try {
    return toTwelveDataError(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The error that a value is; undefined where it is none. */
export function toTwelveDataError(value: unknown): TwelveDataError | undefined {
  return errorBody.safeParse(value).data;
}

/** When an error was said, and how long it asks to wait. */
export interface SaidAt {
  readonly askedMs?: number | undefined;
  readonly now: Date;
}

/**
 * What an error means, by its code and, where one code means several things, its message.
 * @throws PROVIDER_RATE_LIMITED (429: a minute, or until midnight UTC when the day's credits are gone), PROVIDER_REFUSED (401 and 403, and a plan that does
 * not include what was asked for, whatever the code), PROVIDER_UNAVAILABLE.
 */
export function toAnswer({ code, message }: TwelveDataError, { askedMs, now }: SaidAt): TwelveDataAnswer {
  if (code === 429)
    throw rateLimited(askedMs ?? (/\bday\b/i.test(message) ? DAY_MS - (now.getTime() % DAY_MS) : PAUSE_MS));
  if (code === 401 || /\bapikey\b/i.test(message)) throw refused(code, 'it refuses the key in TWELVE_DATA_API_KEY');
  if (code === 403 || /\b(plan|upgrad\w*|available (starting|exclusively) with)\b/i.test(message)) {
    throw refused(code, 'the plan of the key in TWELVE_DATA_API_KEY does not include this');
  }
  if (/no data is available/i.test(message)) return { kind: 'no-data' };
  if (code === 404 || /symbol\W.*(not found|invalid|missing)/i.test(message)) return { kind: 'unknown-symbol' };
  throw unavailable('twelvedata', `answered an error with code ${code}: expected data`);
}

function rateLimited(retryAfterMs: number): TickwireError {
  const message = `twelvedata answered 429: the credits of the key in TWELVE_DATA_API_KEY are used up; retry in ${retryAfterMs} ms`;
  return new TickwireError('PROVIDER_RATE_LIMITED', message, { retryAfterMs });
}

function refused(code: number, why: string): TickwireError {
  return new TickwireError('PROVIDER_REFUSED', `twelvedata answered ${code}: ${why}`);
}
