import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

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
  close(): Promise<void>;
}

/** An HTTP server that remembers what it was asked and answers what it was told; until then it answers nothing. */
export async function openApiStandIn(): Promise<ApiStandIn> {
  const seen: SeenRequest[] = [];
  let next: { status: number; body: unknown; headers: Record<string, string> } | undefined;
  const server = createServer(async (request, response) => {
    const text = (await request.toArray()).join('');
    const { method = '', url = '', headers } = request;
    seen.push({ method, url, headers, body: text === '' ? undefined : JSON.parse(text) });
    if (next === undefined) return;
    response.writeHead(next.status, next.headers);
    response.end(next.body === null || typeof next.body === 'string' ? next.body : JSON.stringify(next.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    answer: (status, body, headers = { 'content-type': 'application/json' }) => {
      next = { status, body, headers };
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
