import type { IncomingMessage, ServerResponse } from 'node:http';
import cors from 'cors';
import { TickwireError } from '../platform/errors';

/** What a page of an allowed origin may send. */
const METHODS = ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'];
const REQUEST_HEADERS = [
  'Authorization',
  'X-API-Key',
  'Content-Type',
  'Idempotency-Key',
  'Last-Event-ID',
  'X-Request-Id',
];
/** What it may read besides the body and the few headers that every page may. */
const ANSWER_HEADERS = [
  'ETag',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
  'X-Request-Id',
];
/** Seconds a browser may remember the answer to a preflight; the shortest of the limits that browsers have themselves is longer. */
const MAX_AGE_SECONDS = 600;

/** Adds the headers of an answer, and calls `next` unless it was a preflight, which it answers; with ORIGIN_REFUSED where a page may not ask for this. */
export type AllowOrigins = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (refusal?: TickwireError) => void,
) => void;

/**
 * Lets pages of these origins, and of no others, call from a browser, without cookies. Every answer varies by origin then, also to those who sent none, so that no
 * cache gives the answer made for one to another. Without origins nothing is added. The routes and the hot path share it.
 *
 * A browser sends some requests that change things without asking first. Those of pages from elsewhere are refused, as Go's `CrossOriginProtection` does: by
 * `Sec-Fetch-Site` where the browser says it, else by comparing `Origin` with `Host`. Who is no browser sends neither.
 */
export function openCrossOrigin(origins: readonly string[]): AllowOrigins {
  const allowed = new Set(origins);
  const answer = cors({
    origin: [...allowed],
    methods: METHODS,
    allowedHeaders: REQUEST_HEADERS,
    exposedHeaders: ANSWER_HEADERS,
    maxAge: MAX_AGE_SECONDS,
  });
  return (request, response, next) => {
    const { origin } = request.headers;
    if (origin !== undefined && allowed.has(origin)) {
      answer(request, response, next);
      return;
    }
    if (allowed.size > 0) response.setHeader('Vary', 'Origin');
    if (isForeignChange(request)) next(refusal());
    else next();
  };
}

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS', 'TRACE'];

function isForeignChange({ method = '', headers }: IncomingMessage): boolean {
  if (SAFE_METHODS.includes(method)) return false;
  const { origin, host, 'sec-fetch-site': site } = headers;
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host?.toLowerCase();
}

function refusal(): TickwireError {
  return new TickwireError('ORIGIN_REFUSED', 'Origin: expected a page of this host, or one of ALLOWED_ORIGINS');
}
