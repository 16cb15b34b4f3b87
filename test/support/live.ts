import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Admit } from '../../src/api/admission';
import { upgradeTo } from '../../src/api/upgrade';
import { openMemoryBus } from '../../src/bus/memory';
import { openMemoryCache } from '../../src/cache/memory';
import { ANYBODY } from '../../src/domain/access';
import type { LiveLimits } from '../../src/live/limits';
import { type OpenedLive, openLive } from '../../src/live/open-live';
import { systemClock } from '../../src/platform/clock';
import { silentLog } from '../../src/platform/log';
import { type Metrics, silentMetrics } from '../../src/platform/metrics';
import { openMemoryStore } from '../../src/store/memory';
import { LiveClient } from './live-client';
import { type LosableCache, losable } from './losable-cache';
import { eventAt } from './series';

/** Sockets served over memory adapters. */
export interface ServedLive {
  readonly live: OpenedLive;
  readonly cache: LosableCache;
  readonly store: ReturnType<typeof openMemoryStore>;
  readonly bus: ReturnType<typeof openMemoryBus>;
  readonly port: number;
  connect(path?: string, options?: ConstructorParameters<typeof LiveClient>[1]): LiveClient;
  /** Writes the next prices of these symbols. */
  publish(prices: Record<string, number>): Promise<void>;
  /** What the cache holds. */
  truth(): Promise<Record<string, number>>;
  stop(): Promise<void>;
}

let second = 0;

/** A batch of events, each newer than all before. */
export function nextEvents(prices: Record<string, number>) {
  second += 1;
  return Object.entries(prices).map(([symbol, price]) => ({
    event: eventAt({ symbol, provider: 'fixture' }, second, price),
  }));
}

/** Admission by the address of the connection alone. */
const letEverybodyIn: Admit = async ({ socket }) => {
  const address = socket.remoteAddress ?? 'unknown';
  return { ok: true, caller: ANYBODY, address, headers: {} };
};

export async function serveLive(
  limits: Partial<LiveLimits> = {},
  origins: readonly string[] = [],
  metrics: Metrics = silentMetrics,
): Promise<ServedLive> {
  const memory = openMemoryCache({ ttlSeconds: 300, defaultProvider: 'fixture' });
  const [cache, store, bus] = [losable(memory), openMemoryStore(), openMemoryBus()];
  const live = openLive({ cache, store, bus, clock: systemClock, log: silentLog, metrics, limits, origins });
  const answer: Parameters<typeof upgradeTo>[1] = (_request, response) => void response.end('plain');
  const server = createServer(answer);
  server.on('upgrade', upgradeTo(live, answer, { admit: letEverybodyIn, log: silentLog }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const clients: LiveClient[] = [];
  return {
    live,
    cache,
    store,
    bus,
    port,
    connect: (path = '/ws/prices', options = {}) => {
      const client = new LiveClient(`ws://127.0.0.1:${port}${path}`, options);
      clients.push(client);
      return client;
    },
    publish: async (prices) => {
      await memory.writeLatest(nextEvents(prices));
    },
    truth: async () => {
      const { prices } = await memory.readSnapshot();
      return Object.fromEntries(
        Object.entries(prices)
          .map(([symbol, { price }]) => [symbol, price] as const)
          .sort(),
      );
    },
    stop: async () => {
      await live.stop();
      await Promise.all(clients.map((client) => client.end()));
      await bus.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
