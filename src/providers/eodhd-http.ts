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
  type VendorAnswer,
} from './vendor-http';

/** A JSON body; or that EODHD does not know what it was asked about (status 404), which is an answer too and no failure of the vendor's. */
export type EodhdAnswer = { readonly known: true; readonly body: unknown } | { readonly known: false };

/** Asks one endpoint below EODHD's address. @throws PROVIDER_*. */
export type AskEodhd = (
  path: string,
  params: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<EodhdAnswer>;

/** What a 429 that does not say so shuts us out for: its limit counts by the minute. */
const PAUSE_MS = 60_000;
const RULES = { keyVariable: 'EODHD_API_KEY', pauseMs: (askedMs = PAUSE_MS) => askedMs };

/**
 * EODHD over HTTP. The key goes into the query, the only place EODHD reads it from: redirects are not followed with it, and no error holds the
 * address. @throws PROVIDER_NOT_CONFIGURED when `EODHD_BASE_URL` is no address.
 */
export function openEodhdHttp(environment: Environment, clock: Clock): AskEodhd {
  const base = baseUrlOf(environment, 'EODHD_BASE_URL', 'https://eodhd.com/api');
  const ask = openVendorHttp('eodhd', environment);
  const key = environment.EODHD_API_KEY ?? '';

  return async (path, params, signal) => {
    const query = new URLSearchParams({ ...params, fmt: 'json', api_token: key });
    const answer = await ask(below(base, `${path}?${query}`), { signal });
    if (answer.status === 404) return { known: false };
    refuseUsedUp(answer, clock());
    refuseStatus('eodhd', answer, RULES);
    return { known: true, body: parseBody('eodhd', answer.text) };
  };
}

/** 402 is how EODHD says that the day's calls are used up; they are given anew at midnight UTC. */
function refuseUsedUp({ status, headers }: VendorAnswer, now: Date): void {
  if (status !== 402) return;
  const untilMidnightMs = DAY_MS - (now.getTime() % DAY_MS);
  const retryAfterMs = retryAfterMsOf(headers.get('retry-after'), now) ?? untilMidnightMs;
  const message = `eodhd answered 402: the day's calls of the key in EODHD_API_KEY are used up; retry in ${retryAfterMs} ms`;
  throw new TickwireError('PROVIDER_RATE_LIMITED', message, { retryAfterMs });
}
