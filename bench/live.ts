import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { upgradeTo } from '../src/api/upgrade';
import { openMemoryBus } from '../src/bus/memory';
import type { Cache } from '../src/cache/cache';
import { openMemoryCache } from '../src/cache/memory';
import { ANYBODY } from '../src/domain/access';
import { openLive } from '../src/live/open-live';
import { pause, systemClock } from '../src/platform/clock';
import { silentLog } from '../src/platform/log';
import { openMemoryStore } from '../src/store/memory';
import { check, type Measured } from './benchmark';
import { makeEvents } from './events';
import type { ClientsReport, ClientsTask } from './live-clients';
import { servePerClient } from './peers/live-per-client';

const CLIENTS = 200;
const SYMBOLS = 200;
const TICK_MS = 10;
const THROUGHPUT_SECONDS = 5;
/** Where latency is measured, the wire is not full: what is compared is what the deaf do to the others, not how full a pipe is. */
const CALM_TICK_MS = 100;
const CALM_SECONDS = 4;
const DEAF = CLIENTS / 10;
const WANTED_P99_RATIO = 1.2;
const MEGABYTE = 1_048_576;

/**
 * Price updates that reach clients per second: 200 clients that watch 200 symbols, all of which change every 10 ms, against a loop that stringifies and sends for each
 * client and update. Server and publisher are this process, the clients another. Then what clients that never read do to the others.
 */
export async function live(): Promise<Measured> {
  const cache = openMemoryCache({ ttlSeconds: 300, defaultProvider: 'bench' });
  const publisher = openPublisher(cache);
  const clients = openClients();
  const peer = await servePerClient(cache);
  const peerRate = await rate(clients, publisher, { port: peer.port, perFrame: 1 });
  await peer.stop();

  const ours = await serveOurs(cache);
  const rated = await rate(clients, publisher, { port: ours.port, perFrame: SYMBOLS });
  const [all, some]: [Calm[], Calm[]] = [[], []];
  for (let round = 0; round < 2; round += 1) {
    all.push(await calm(clients, publisher, ours.port, 0));
    some.push(await calm(clients, publisher, ours.port, DEAF));
  }
  clients.stop();
  await ours.stop();

  const [p99All, p99Some] = [all, some].map((rounds) => Math.min(...rounds.map(({ p99Ms }) => p99Ms)));
  const ratio = (p99Some ?? 0) / Math.max(p99All ?? 0, 1);
  const grownMb = Math.max(...some.map(({ grownBytes }) => grownBytes)) / MEGABYTE;
  return {
    what: `price updates that reach clients (${CLIENTS} clients × ${SYMBOLS} symbols, a tick of ${TICK_MS} ms)`,
    unit: 'updates/s',
    ours: rated,
    peer: peerRate,
    peerName: 'one JSON.stringify and one send for each client and update',
    wanted: 10,
    notes: [
      `p99 from publishing to the client with ${DEAF} of ${CLIENTS} never reading: ${p99Some} ms, with none ${p99All} ms, ratio ${ratio.toFixed(2)} (${WANTED_P99_RATIO} wanted): ${ratio <= WANTED_P99_RATIO ? 'reached' : 'NOT REACHED'} (a tick of ${CALM_TICK_MS} ms)`,
      `memory of the server while ${DEAF} never read: ${grownMb.toFixed(0)} MB more at the end than at the beginning`,
    ],
  };
}

interface Publisher {
  /** Every symbol gets a new price every `tickMs`, for so long. Resolves with the last price. */
  run(tickMs: number, seconds: number): Promise<number>;
}

function openPublisher(cache: Cache): Publisher {
  let tick = 0;
  const publish = async () => {
    tick += 1;
    const writes = [...makeEvents(SYMBOLS, SYMBOLS, 'bench')].map((event) => ({
      event: {
        ...event,
        price: tick,
        observedAt: new Date(event.observedAt.getTime() + tick * 1000),
        fetchedAt: new Date(),
        eventId: `bench:${event.symbol}:${tick}`,
      },
    }));
    await cache.writeLatest(writes);
  };
  return {
    run: async (tickMs, seconds) => {
      const endMs = performance.now() + seconds * 1000;
      for (let nextMs = performance.now(); nextMs < endMs; nextMs = Math.max(nextMs + tickMs, performance.now())) {
        await pause(nextMs - performance.now());
        await publish();
      }
      return tick;
    },
  };
}

interface Clients {
  connect(task: Omit<Extract<ClientsTask, { do: 'connect' }>, 'do' | 'clients'>): Promise<void>;
  report(): Promise<ClientsReport>;
  stop(): void;
}

function openClients(): Clients {
  const child = spawn(process.execPath, ['-r', 'esbuild-register', 'bench/live-clients.ts'], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return {
    connect: async (task) => {
      await ask(child, { do: 'connect', clients: CLIENTS, ...task });
    },
    report: async () => (await ask(child, { do: 'report' })) as ClientsReport,
    stop: () => child.disconnect(),
  };
}

function ask(child: ChildProcess, task: ClientsTask): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null) => reject(new Error(`the clients ended with code ${code}`));
    child.once('exit', died);
    child.once('message', (answer) => {
      child.off('exit', died);
      resolve(answer);
    });
    child.send(task);
  });
}

async function serveOurs(cache: Cache): Promise<{ port: number; stop(): Promise<void> }> {
  const parts = { cache, store: openMemoryStore(), bus: openMemoryBus(), clock: systemClock, log: silentLog };
  const opened = openLive(parts);
  const server = createServer();
  server.on(
    'upgrade',
    upgradeTo(opened, () => undefined, {
      admit: async () => ({ ok: true, caller: ANYBODY, address: '127.0.0.1', headers: {} }),
      log: silentLog,
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      await opened.stop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function rate(
  clients: Clients,
  publisher: Publisher,
  { port, perFrame }: { port: number; perFrame: number },
): Promise<number> {
  await clients.connect({ url: `ws://127.0.0.1:${port}/ws/prices`, deaf: 0, perFrame });
  await publisher.run(TICK_MS, 1);
  await clients.report();
  const last = await publisher.run(TICK_MS, THROUGHPUT_SECONDS);
  const { updates, seconds } = await clients.report();
  await checkTruth(clients, last, perFrame);
  return updates / seconds;
}

/** Waits until the last price is at every client that reads. */
async function checkTruth(clients: Clients, price: number, perFrame: number): Promise<void> {
  const deadlineMs = performance.now() + 10_000;
  for (;;) {
    const { last } = await clients.report();
    const wrong = last.filter((text) => text.split(`"price":${price},`).length - 1 !== perFrame);
    if (wrong.length === 0) return;
    check(
      performance.now() < deadlineMs,
      `${wrong.length} clients did not end with the price ${price} of every symbol`,
    );
    await pause(100);
  }
}

interface Calm {
  readonly p99Ms: number;
  readonly grownBytes: number;
}

async function calm(clients: Clients, publisher: Publisher, port: number, deaf: number): Promise<Calm> {
  await clients.connect({ url: `ws://127.0.0.1:${port}/ws/prices`, deaf, perFrame: SYMBOLS });
  await publisher.run(CALM_TICK_MS, 1);
  await clients.report();
  const before = process.memoryUsage.rss();
  const last = await publisher.run(CALM_TICK_MS, CALM_SECONDS);
  const grownBytes = process.memoryUsage.rss() - before;
  const { p99Ms } = await clients.report();
  await checkTruth(clients, last, SYMBOLS);
  return { p99Ms, grownBytes };
}
