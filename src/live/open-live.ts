import type { IncomingMessage } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Bus } from '../bus/bus';
import { modelJobEvents, symbolAverages } from '../bus/topics';
import type { Cache } from '../cache/cache';
import { type Caller, isAllowed } from '../domain/access';
import { toJobEventWire } from '../domain/model-job-event';
import { symbolSchema } from '../domain/symbol';
import type { Clock } from '../platform/clock';
import type { Log } from '../platform/log';
import { type Metrics, silentMetrics } from '../platform/metrics';
import type { Store } from '../store/store';
import { MAX_WATCHED } from './client-frame';
import { openEventStream } from './event-stream';
import { Gate } from './gate';
import { Hub } from './hub';
import { LIVE_LIMITS, type LiveLimits } from './limits';
import type { Live } from './live';
import { NewsMirror } from './news-mirror';
import { PriceMirror } from './price-mirror';
import type { JoinRequest } from './seat';
import { openSentEvents } from './sent-events';
import { SideFeed } from './side-feed';
import { SocketClient } from './socket-client';
import type { SideSource } from './source';

const GOING_AWAY = 1001;
const LOOK_AT_CLIENTS_EVERY_MS = 1_000;
/** How long clients may take to answer the close of a stopping service. */
const STOP_PATIENCE_MS = 1_000;

export interface LiveOptions {
  readonly cache: Cache;
  readonly store: Pick<Store, 'prices' | 'news'>;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics?: Metrics;
  /** Origins of pages that may connect besides those of this host. */
  readonly origins?: readonly string[];
  readonly limits?: Partial<LiveLimits>;
}

/** What of it is held, for those who look for leaks. */
export interface OpenedLive extends Live {
  sizes(): {
    readonly connections: number;
    readonly addresses: number;
    readonly places: number;
    readonly watchlists: number;
  };
}

/** Sockets and streams over a cache, a store and a bus, all of which it only reads. */
export function openLive(options: LiveOptions): OpenedLive {
  const limits = { ...LIVE_LIMITS, ...options.limits };
  const gate = new Gate({ limits, origins: options.origins ?? [] });
  const { metrics = silentMetrics } = options;
  const sent = openSentEvents(metrics, () => gate.count > 0);
  metrics.gauge('tickwire_live_connections', () => [{ labels: {}, value: gate.count }]);
  const mirror = new PriceMirror({ ...options, lookEveryMs: limits.lookEveryMs, onApplied: sent.heard });
  const prices = new Hub({ source: mirror, onTold: sent.told, ...limits });
  const news = new Hub({ source: new NewsMirror(options), ...limits });
  const sides = openSides(options, limits.sideLingerMs);
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.maxFrameBytes,
  });
  const clients = new Set<SocketClient>();
  const closed = new Set<() => void>();
  const streams = new Set<AbortController>();
  let looking: NodeJS.Timeout | undefined;

  const welcome = (
    socket: WebSocket,
    request: IncomingMessage,
    { address, caller, isStillGood }: { address: string; caller: Caller; isStillGood(): Promise<boolean> },
  ) => {
    const leave = gate.enter(address);
    const isNews = request.url?.startsWith('/ws/news') ?? false;
    const [hub, offered] = isNews ? [news, {}] : [prices, offeredTo(caller, sides)];
    const client = new SocketClient(socket, { hub, sides: offered, limits, request: wishOf(request), isStillGood });
    clients.add(client);
    looking ??= setInterval(() => {
      for (const each of clients) each.look();
    }, LOOK_AT_CLIENTS_EVERY_MS);
    socket.on('close', () => {
      leave();
      clients.delete(client);
      if (clients.size > 0) return;
      clearInterval(looking);
      looking = undefined;
      for (const tell of closed) tell();
    });
  };

  const allClosed = () =>
    new Promise<void>((resolve) => {
      if (clients.size === 0) return resolve();
      const late = setTimeout(() => {
        for (const client of clients) client.cut();
      }, STOP_PATIENCE_MS);
      const tell = () => {
        clearTimeout(late);
        closed.delete(tell);
        resolve();
      };
      closed.add(tell);
    });

  return {
    name: 'live',
    start: async () => undefined,
    stop: async () => {
      gate.close();
      for (const stream of streams) stream.abort();
      for (const client of clients) client.close(GOING_AWAY, 'the service is stopping');
      await allClosed();
      await Promise.all([prices.stop(), news.stop(), ...Object.values(sides).map((side) => side.stop())]);
    },
    refusalOf: (request, address) => gate.refusalOf(request, address),
    accept: (request, { socket, head, ...who }) =>
      server.handleUpgrade(request, socket, head, (it) => welcome(it, request, who)),
    openStream: async ({ symbols, lastSequence, address, signal }) => {
      const full = gate.fullnessOf(address);
      if (full) throw full;
      const leave = gate.enter(address);
      const stream = new AbortController();
      streams.add(stream);
      const end = () => {
        streams.delete(stream);
        leave();
        stream.abort();
      };
      stream.signal.addEventListener('abort', end, { once: true });
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) end();
      const request = { symbols, resume: lastSequence };
      return openEventStream({ hub: prices, request, signal: stream.signal, maxBehindMs: limits.maxBehindMs });
    },
    connections: () => gate.count,
    sizes: () => ({
      connections: gate.count,
      addresses: gate.addresses,
      places: prices.sizes.places + news.sizes.places,
      watchlists: prices.sizes.watchlists + news.sizes.watchlists,
    }),
  };
}

function openSides({ bus, clock, log }: LiveOptions, lingerMs: number) {
  const shared = { bus, clock, log, lingerMs };
  return {
    averages: new SideFeed({
      ...shared,
      name: 'averages',
      topic: symbolAverages,
      keyOf: ({ symbol, provider, window }) => `${symbol} ${provider} ${window}`,
      symbolOf: ({ symbol }) => symbol,
      ownerOf: () => null,
      viewOf: (average) => average,
    }),
    jobs: new SideFeed({
      ...shared,
      name: 'jobs',
      topic: modelJobEvents,
      keyOf: ({ jobId }) => jobId,
      symbolOf: () => null,
      ownerOf: ({ owner }) => owner ?? null,
      viewOf: (event) => toJobEventWire({ ...event, owner: null }),
    }),
  };
}

/** What a socket may subscribe to: jobs only with the scope that shows them elsewhere. */
function offeredTo(caller: Caller, { averages, jobs }: ReturnType<typeof openSides>): Record<string, SideSource> {
  const ofJobs = isAllowed(caller, 'models:run') ? { jobs: jobs.toldTo(caller) } : {};
  return { averages: averages.toldTo(caller), ...ofJobs };
}

/** `?symbols=A,B` and `?resume=n` spare a client its first snapshot of everything; what is malformed counts as left out. */
function wishOf(request: IncomingMessage): JoinRequest {
  const query = new URLSearchParams(request.url?.split('?')[1] ?? '');
  const named = query.get('symbols')?.split(',') ?? [];
  const symbols = named.flatMap((name) => symbolSchema.safeParse(name).data ?? []).slice(0, MAX_WATCHED);
  const resume = query.get('resume');
  return {
    symbols: named.length > 0 ? symbols : null,
    resume: resume !== null && /^\d{1,16}$/.test(resume) ? Number(resume) : undefined,
  };
}
