import type { IncomingMessage } from 'node:http';
import { type HeldKey, parseKey } from '../domain/api-key';
import { TickwireError } from '../platform/errors';

/** What a request says about who sends it. */
export type Presented =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'key'; readonly key: HeldKey }
  | { readonly kind: 'ticket'; readonly ticket: string };

/** Names under which keys are put into addresses elsewhere; and a key under any name. Addresses end up in logs and histories, so none of them counts. */
const KEY_IN_QUERY =
  /[?&](?:x-)?(?:api[_-]?key|key|token|access[_-]?token|auth[_-]?token|auth|authorization|bearer)=|[?&=]tw_[a-z0-9]{12}_/i;

/** Where a page cannot send headers: sockets and event streams. */
const TAKES_TICKETS = /^\/(?:ws\/prices|ws\/news|prices\/stream|api\/v1\/jobs\/[0-9a-fA-F-]{36}\/events)$/;

const BEARER = /^Bearer +(\S+) *$/i;

/**
 * Reads the credentials of a request: `Authorization: Bearer tw_…` or `X-API-Key`, else a ticket where one is taken. Another scheme of `Authorization` belongs to
 * somebody in front. @throws UNAUTHENTICATED for what has not the form of a key, and for two keys that differ; INVALID_INPUT for a key in the query.
 */
export function presentedBy({ method, url = '', headers }: IncomingMessage): Presented {
  if (KEY_IN_QUERY.test(url)) throw keyInQuery();
  const bearer = BEARER.exec(headers.authorization ?? '')?.[1];
  const plain = headers['x-api-key'];
  if (bearer === undefined && plain === undefined) {
    if (isBearer(headers.authorization)) throw unauthenticated('malformed');
    const ticket = method === 'GET' ? ticketIn(url) : undefined;
    return ticket === undefined ? { kind: 'nothing' } : { kind: 'ticket', ticket };
  }
  if (bearer !== undefined && plain !== undefined && bearer !== plain) throw unauthenticated('two keys that differ');
  const key = parseKey(bearer ?? String(plain));
  if (!key) throw unauthenticated('malformed');
  return { kind: 'key', key };
}

/** The one answer to whoever does not show who they are; `reason` is for the log alone. */
export function unauthenticated(reason: string): TickwireError {
  const detail =
    'expected a valid API key as `Authorization: Bearer tw_…` or `X-API-Key`, or a ticket of POST /api/v1/tickets on a socket or event stream';
  return new TickwireError('UNAUTHENTICATED', detail, { cause: new Error(reason) });
}

function keyInQuery(): TickwireError {
  const detail =
    'query: a key in an address ends up in logs and histories and is not read there; send it as `Authorization: Bearer tw_…`, and replace this one';
  return new TickwireError('INVALID_INPUT', detail);
}

function isBearer(authorization: string | undefined): boolean {
  return authorization !== undefined && /^bearer\b/i.test(authorization);
}

function ticketIn(url: string): string | undefined {
  const [path = '', query] = url.split('?', 2);
  if (query === undefined || !TAKES_TICKETS.test(path)) return undefined;
  return new URLSearchParams(query).get('ticket') ?? undefined;
}
