import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the stand-in says to one request. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string;
  /** `hang` never answers; `cut` closes the connection half way through the body. */
  readonly manner?: 'hang' | 'cut';
}

export interface SeenRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

export interface VendorStandIn {
  readonly url: string;
  readonly requests: SeenRequest[];
  stop(): Promise<void>;
}

/** A vendor on the loopback interface that answers as it is told, each request after `before` it settled. */
export async function startVendor(
  answer: (request: SeenRequest) => Reply,
  before: (request: SeenRequest) => Promise<void> | undefined = () => undefined,
): Promise<VendorStandIn> {
  const requests: SeenRequest[] = [];
  const server = createServer((incoming, response) => {
    const { pathname: path, searchParams: query } = new URL(incoming.url ?? '/', 'http://vendor');
    const request = { path, query, headers: incoming.headers };
    requests.push(request);
    void Promise.resolve(before(request)).then(() => send(response, answer(request)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Fields of a quote, as the hostile cases vary them; `time` is in epoch seconds. */
export interface SaidQuote {
  readonly symbol: string;
  readonly price?: unknown;
  readonly time?: unknown;
}

/** How one vendor spells its answers. */
export interface Dialect {
  readonly baseUrlVariable: string;
  /** Path of the quote endpoint; requests to other paths are answered by `handshake`. */
  readonly quotePath: string;
  readonly handshake: (request: SeenRequest) => Reply;
  readonly bodyOf: (quote: SaidQuote) => string;
  /** Whether an answer names its symbol, so that a wrong one can be told. */
  readonly namesSymbol: boolean;
}

export const DIALECTS: Readonly<Record<string, Dialect>> = {
  finnhub: {
    baseUrlVariable: 'FINNHUB_BASE_URL',
    quotePath: '/quote',
    handshake: () => ({ status: 404 }),
    bodyOf: ({ price, time }) => JSON.stringify({ c: price, d: 0.1, dp: 0.05, h: 2, l: 1, o: 1, pc: 1, t: time }),
    namesSymbol: false,
  },
  eodhd: {
    baseUrlVariable: 'EODHD_BASE_URL',
    quotePath: '/real-time/AAPL.US',
    handshake: () => ({ status: 404 }),
    bodyOf: ({ symbol, price, time }) =>
      JSON.stringify({ code: `${symbol}.US`, timestamp: time, gmtoffset: 0, open: 1, close: price, volume: 10 }),
    namesSymbol: true,
  },
  twelvedata: {
    baseUrlVariable: 'TWELVE_DATA_BASE_URL',
    quotePath: '/quote',
    handshake: () => ({ status: 404 }),
    // Decimal text is how this vendor writes numbers, so a price as text is one that is quoted twice.
    bodyOf: ({ symbol, price, time }) => {
      const close = typeof price === 'string' ? JSON.stringify(price) : price;
      return JSON.stringify({ symbol, currency: 'USD', timestamp: 1, open: '1', close, last_quote_at: time });
    },
    namesSymbol: true,
  },
  yfinance: {
    baseUrlVariable: 'YFINANCE_BASE_URL',
    quotePath: '/v7/finance/quote',
    handshake: ({ path }) =>
      path === '/v1/test/getcrumb'
        ? { body: 'crumb-of-the-stand-in' }
        : { headers: { 'set-cookie': ['A3=stand-in; Max-Age=31536000; Domain=.yahoo.com; Path=/; Secure; HttpOnly'] } },
    bodyOf: ({ symbol, price, time }) => {
      const result = {
        symbol,
        quoteType: 'EQUITY',
        currency: 'USD',
        regularMarketPrice: price,
        regularMarketTime: time,
      };
      return JSON.stringify({ quoteResponse: { result: [result], error: null } });
    },
    namesSymbol: true,
  },
};

/** Starts a stand-in that does a vendor's handshake and gives `reply` for every quote. */
export function startSpeaking({ quotePath, handshake }: Dialect, reply: (request: SeenRequest) => Reply) {
  return startVendor((request) => (request.path === quotePath ? reply(request) : handshake(request)));
}

function send(response: ServerResponse, { status = 200, headers = {}, body = '', manner }: Reply): void {
  if (manner === 'hang') return;
  if (manner === 'cut') {
    response.writeHead(status, { ...headers, 'content-length': body.length + 100 });
    response.write(body, () => response.destroy());
    return;
  }
  response.writeHead(status, headers).end(body);
}
