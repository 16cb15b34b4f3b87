import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What a route answers, apart from any web framework. */
export interface Answer {
  readonly status: number;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text or bytes as they are sent, or the parts of a stream, taken as fast as the client reads. */
  readonly body?: string | Uint8Array | AsyncIterable<string>;
  /** What was made, for the audit log, where the path does not name it. Not sent. */
  readonly target?: string;
}

/** An answer in JSON. */
export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return jsonText(JSON.stringify(value), status, headers);
}

/** The same for text that already is JSON. */
export function jsonText(body: string, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, contentType: 'application/json', headers, body };
}

/**
 * Sends `answer` and resolves when it is handed over; a client that leaves ends the stream it was reading.
 * A stream that fails midway breaks the connection: the client must not take a part for the whole. @throws what the stream threw.
 */
export async function sendAnswer(response: ServerResponse, answer: Answer): Promise<void> {
  const { body = '' } = answer;
  const headers = headersOf(answer);
  const varies = response.getHeader('Vary');
  if (varies !== undefined && headers.Vary !== undefined) headers.Vary = `${varies}, ${headers.Vary}`;
  if (typeof body === 'string' || body instanceof Uint8Array) {
    if (answer.status !== 204) headers['Content-Length'] = Buffer.byteLength(body);
    response.writeHead(answer.status, headers).end(body);
    return;
  }
  response.writeHead(answer.status, headers);
  if (response.req.method === 'HEAD') {
    response.end();
    return;
  }
  await pipeline(Readable.from(body, { objectMode: true, highWaterMark: 1 }), response);
}

function headersOf({ contentType, headers }: Answer): Record<string, string | number> {
  return {
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(contentType !== undefined && { 'Content-Type': contentType }),
    ...headers,
  };
}
