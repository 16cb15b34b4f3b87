import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { TickwireError } from '../platform/errors';
import type { Log } from '../platform/log';
import { METRICS_TYPE, type Metrics } from '../platform/metrics';
import type { Service } from '../platform/service';

/** A scraper needs few, and one that does not read its answer is not waited for. */
const MAX_CONNECTIONS = 20;
const REQUEST_TIMEOUT_MS = 5_000;
const IDLE_TIMEOUT_MS = 10_000;

export interface MetricsServerOptions {
  readonly metrics: Metrics;
  readonly host: string;
  /** 0 for any free one; the log says which. */
  readonly port: number;
  readonly log: Log;
}

export interface MetricsServer extends Service {
  /** Where it listens. @throws INTERNAL before the start. */
  port(): number;
}

/**
 * Tells the metrics of a process on a port of their own: `/metrics`, and `/healthz` while the process answers at all. There are no keys here: the port is for the
 * network that the scraper is in. `start` throws CONFIG_INVALID when the port is not to be had.
 */
export function metricsServer({ metrics, host, port, log }: MetricsServerOptions): MetricsServer {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS });
  server.maxConnections = MAX_CONNECTIONS;
  server.setTimeout(IDLE_TIMEOUT_MS);
  server.on('request', (request, response) => void answer(metrics, request, response));
  return {
    name: 'metrics',
    start: async () => {
      await listen(server, host, port);
      log.info({ host, port: portOf(server) }, 'metrics are told');
    },
    stop: () => close(server),
    port: () => portOf(server),
  };
}

async function answer(metrics: Metrics, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url?.split('?', 1)[0];
  if (request.method !== 'GET' && request.method !== 'HEAD') send(response, 405, { Allow: 'GET, HEAD' });
  else if (path === '/metrics') send(response, 200, { 'Content-Type': METRICS_TYPE }, await metrics.text());
  else if (path === '/healthz') send(response, 200, { 'Content-Type': 'application/json' }, '{"status":"ok"}');
  else send(response, 404, {});
}

function send(response: ServerResponse, status: number, headers: Record<string, string>, body = ''): void {
  const common = { 'X-Content-Type-Options': 'nosniff', 'Content-Length': Buffer.byteLength(body) };
  response.writeHead(status, { ...headers, ...common }).end(body);
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException) => {
      const message = `METRICS_PORT: expected a free port of ${host}, got ${port}, which is not to be had (${cause.code})`;
      reject(new TickwireError('CONFIG_INVALID', message, { cause }));
    };
    server.once('error', refuse);
    server.listen({ host, port }, () => {
      server.off('error', refuse);
      resolve();
    });
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address !== null && typeof address === 'object') return address.port;
  throw new TickwireError('INTERNAL', 'metrics: it has no port before it listens');
}

/** Nobody waits for a scrape. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
