import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Which request every answer says it answers, as those of the API do. */
export const REQUEST_ID = '5f1f2b1c-6a53-4f3c-9a51-0d9c1f0b7a10';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export interface ApiStandIn {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  /** What the next requests are answered; null for no body, text as it is. */
  answer(status: number, body: unknown, headers?: Record<string, string>): void;
  /** The same for the addresses that begin with `path`, whatever the others get. */
  answerTo(path: string, status: number, body: unknown): void;
  /** An answer without what those of the API carry. */
  answerAsAnotherProgram(body: unknown): void;
  close(): Promise<void>;
}

interface GivenAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** An HTTP server that remembers what it was asked and answers what it was told; until then it answers nothing. */
export async function openApiStandIn(): Promise<ApiStandIn> {
  const seen: SeenRequest[] = [];
  const answers = new Map<string, GivenAnswer>();
  const server = createServer(async (request, response) => {
    const text = (await request.toArray()).join('');
    const { method = '', url = '', headers } = request;
    seen.push({ method, url, headers, body: text === '' ? undefined : JSON.parse(text) });
    const next = [...answers].sort(([a], [b]) => b.length - a.length).find(([path]) => url.startsWith(path))?.[1];
    if (next === undefined) return;
    response.writeHead(next.status, next.headers);
    response.end(next.body === null || typeof next.body === 'string' ? next.body : JSON.stringify(next.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    answer: (status, body, headers = JSON_TYPE) => {
      answers.set('', { status, body, headers: { 'x-request-id': REQUEST_ID, ...headers } });
    },
    answerTo: (path, status, body) => {
      answers.set(path, { status, body, headers: { 'x-request-id': REQUEST_ID, ...JSON_TYPE } });
    },
    answerAsAnotherProgram: (body) => {
      answers.set('', { status: 200, body, headers: JSON_TYPE });
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
