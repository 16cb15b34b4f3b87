import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

export const REQUEST_ID_HEADER = 'X-Request-Id';

const ACCEPTABLE = /^[A-Za-z0-9._-]{1,128}$/;

/** The id of a new request: the caller's own where it is 1 to 128 of `A-Z a-z 0-9 . _ -`, else one made here. */
export function newRequestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && ACCEPTABLE.test(given) ? given : randomUUID();
}

/** Gives the request its id, and echoes it. */
export function assignRequestId(request: IncomingMessage, response: ServerResponse): string {
  const requestId = newRequestId(request);
  response.setHeader(REQUEST_ID_HEADER, requestId);
  return requestId;
}

/** The id that was assigned. */
export function requestIdOf(response: ServerResponse): string {
  return String(response.getHeader(REQUEST_ID_HEADER));
}
