import { isNativeError } from 'node:util/types';
import type { Environment } from '../platform/environment';
import { messageOf, TickwireError } from '../platform/errors';
import { checkOutgoingUrl, outgoingRulesOf } from '../platform/outgoing-url';
import { openExchange, type VendorAnswer, type VendorRequest } from './vendor-exchange';

export type { VendorAnswer } from './vendor-exchange';

/** A vendor's way to the network. */
export type AskVendor = (url: URL, request: VendorRequest) => Promise<VendorAnswer>;

/**
 * The way to one vendor. It rejects with PROVIDER_UNAVAILABLE when there was no whole answer, and with the reason of the signal when that aborted. The address is not
 * named: a query may hold what only the vendor is to know.
 */
export function openVendorHttp(vendor: string, environment: Environment): AskVendor {
  const exchange = openExchange(environment);
  return async (url, request) => {
    try {
      return await exchange(url, request);
    } catch (error) {
      request.signal.throwIfAborted();
      throw unavailable(vendor, `gave no whole answer: ${networkFaultOf(error)}`, error);
    }
  };
}

/** How a vendor says no. */
export interface RefusalRules {
  /** The variable that holds the key a 401 or 403 refuses; left out where there is no key. */
  readonly keyVariable?: string;
  /** How long to wait after a 429, given what its `Retry-After` asks for, if anything. */
  readonly pauseMs: (askedMs?: number) => number;
}

/**
 * Lets an answer with status 200 pass.
 * @throws PROVIDER_RATE_LIMITED (429) and PROVIDER_UNAVAILABLE (any other), both obeying `Retry-After`; PROVIDER_REFUSED (401, 403 of a vendor with a key).
 */
export function refuseStatus(
  vendor: string,
  { status, headers }: Omit<VendorAnswer, 'text'>,
  rules: RefusalRules,
): void {
  if (status === 200) return;
  const askedMs = retryAfterMsOf(headers.get('retry-after'), new Date());
  if (status === 429) {
    const retryAfterMs = rules.pauseMs(askedMs);
    const message = `${vendor} answered 429; retry in ${retryAfterMs} ms`;
    throw new TickwireError('PROVIDER_RATE_LIMITED', message, { retryAfterMs });
  }
  if ((status === 401 || status === 403) && rules.keyVariable) {
    throw new TickwireError(
      'PROVIDER_REFUSED',
      `${vendor} answered ${status}: it refuses the key in ${rules.keyVariable}`,
    );
  }
  throw new TickwireError('PROVIDER_UNAVAILABLE', `${vendor}: expected status 200, got ${status}`, {
    retryAfterMs: askedMs,
  });
}

/** The wait of a `Retry-After` header (RFC 9110: seconds or an HTTP date) in milliseconds; undefined when it asks for none or makes no sense. */
export function retryAfterMsOf(header: string | null, now: Date): number | undefined {
  const text = header?.trim() ?? '';
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  return waitMs > 0 ? waitMs : undefined;
}

/** The JSON value of a body. @throws PROVIDER_UNAVAILABLE for anything else, saying what it looks like. */
export function parseBody(vendor: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const got = /^\s*</.test(text) ? 'HTML' : text.trim() === '' ? 'nothing' : 'text that is no JSON, or not all of it';
    throw unavailable(vendor, `answered 200: expected JSON, got ${got}`, error);
  }
}

/** PROVIDER_UNAVAILABLE: "`vendor` `what`". */
export function unavailable(vendor: string, what: string, cause?: unknown): TickwireError {
  return new TickwireError('PROVIDER_UNAVAILABLE', `${vendor} ${what}`, { cause });
}

/** The vendor's address, or the one that stands in for it. @throws PROVIDER_NOT_CONFIGURED naming the variable when that is no address that may be asked. */
export function baseUrlOf(environment: Environment, variable: string, vendors: string): URL {
  try {
    return checkOutgoingUrl(variable, environment[variable] ?? vendors, outgoingRulesOf(environment));
  } catch (error) {
    throw new TickwireError('PROVIDER_NOT_CONFIGURED', messageOf(error));
  }
}

/** `path` (with its query) below a base address, which may have a path of its own. */
export function below(base: URL, path: string): URL {
  return new URL(base.href.replace(/\/+$/, '') + path);
}

function networkFaultOf(error: unknown): string {
  if (isNativeError(error) && 'code' in error) return String(error.code);
  return isNativeError(error) ? error.name : 'the connection failed';
}
