import { createServer, type RequestListener, type Server } from 'node:http';
import { pause } from '../platform/clock';
import { TickwireError } from '../platform/errors';
import type { Service } from '../platform/service';
import { appOf } from './app';
import { trustOf } from './client-address';
import { boundConnections } from './connections';
import { openContext } from './context';
import type { ApiDependencies } from './dependencies';
import { hotPath } from './hot-path';
import { HTTP_LIMITS, type HttpLimits } from './http-limits';
import { openRequestMetrics } from './request-metrics';
import { upgradeTo } from './upgrade';

/** How long running requests may take to end once the server stops. */
const STOP_DEADLINE_MS = 5_000;
/** How soon a connection that became idle during the stop is closed. */
const LET_GO_EVERY_MS = 20;

export interface HttpServerOptions {
  readonly dependencies: ApiDependencies;
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly limits?: Partial<HttpLimits>;
}

export interface HttpServer extends Service {
  /** Where it listens. @throws INTERNAL before the start. */
  port(): number;
}

/**
 * The API on a port. `stop` takes no new connection, lets running requests end (those that wait or follow do so at once), then closes what is left after five seconds.
 * `start` throws CONFIG_INVALID when the port is not to be had.
 */
export function httpServer({ dependencies, host, port, limits: given }: HttpServerOptions): HttpServer {
  const [stopping, ended] = [new AbortController(), new AbortController()];
  const context = openContext(dependencies, { stopping: stopping.signal, ended: ended.signal });
  const limits = { ...HTTP_LIMITS, ...given };
  const server = openServer(limits);
  const connections = boundConnections(server, { limits, trustsProxy: trustOf(dependencies.security.trustProxy) });
  const answer = dispatch(hotPath(context), appOf(context), openRequestMetrics(dependencies.metrics));
  const upgrade = upgradeTo(dependencies.live, answer, context);
  server.on('request', (request, response) => connections.screens(request, response) || answer(request, response));
  server.on(
    'upgrade',
    (request, socket, head) => connections.isRefused(request.socket) || upgrade(request, socket, head),
  );
  let closing: Promise<void> | undefined;

  return {
    name: 'http-server',
    start: async () => {
      await listen(server, { host, port });
      dependencies.log.info({ host, port: portOf(server) }, 'listening');
    },
    stop: () => {
      stopping.abort();
      closing ??= Promise.all([close(server), dependencies.live.stop()])
        .then(() => undefined)
        .finally(() => ended.abort());
      return closing;
    },
    port: () => portOf(server),
  };
}

function openServer(limits: HttpLimits): Server {
  const server = createServer({
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.lookEveryMs,
    keepAliveTimeout: limits.keepAliveMs,
    // Asked for in our own words.
    requireHostHeader: false,
  });
  server.timeout = limits.idleTimeoutMs;
  return server;
}

function dispatch(hot: ReturnType<typeof hotPath>, app: RequestListener, time: RequestListener): RequestListener {
  return (request, response) => {
    time(request, response);
    if (!hot(request, response)) app(request, response);
  };
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException) => reject(refusalOf(cause, host, port));
    server.once('error', refuse);
    server.listen({ host, port }, () => {
      server.off('error', refuse);
      resolve();
    });
  });
}

function refusalOf(cause: NodeJS.ErrnoException, host: string, port: number): TickwireError {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another program holds it; stop that one, or set PORT to another',
    EACCES: 'this user may not listen there; set PORT to one above 1023',
    EADDRNOTAVAIL: 'this machine has no such address; set HOST to one it has',
  };
  const reason = reasons[cause.code ?? ''] ?? `the system said ${cause.code ?? cause.message}`;
  return new TickwireError('CONFIG_INVALID', `cannot listen on port ${port} of ${host}: ${reason}`, { cause });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address !== null && typeof address === 'object') return address.port;
  throw new TickwireError('INTERNAL', 'http-server: it has no port before it listens');
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const over = new AbortController();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection whose request ends meanwhile is idle then.
  const lettingGo = setInterval(() => server.closeIdleConnections(), LET_GO_EVERY_MS);
  const tooLong = async () => {
    await pause(STOP_DEADLINE_MS, over.signal);
    if (!over.signal.aborted) server.closeAllConnections();
  };
  const guard = tooLong();
  await closed;
  clearInterval(lettingGo);
  over.abort();
  await guard;
}
