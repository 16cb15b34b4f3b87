import { type ChildProcess, spawn } from 'node:child_process';
import autocannon from 'autocannon';
import { migrate } from '../src/store/postgres/migrate';
import { writeBenchPrice } from './bench-price';
import { type BenchServices, check, type Measured } from './benchmark';

const ROUNDS = 5;
const SECONDS = 4;
const SYMBOL = 'BENCH';

/** `GET /prices/latest` on a cache hit, per second, against a bare http server that reads the same Redis; alternating rounds, median. */
export async function latest(services: BenchServices): Promise<Measured> {
  await migrate({ databaseUrl: services.databaseUrl });
  await writeBenchPrice(services.redisUrl, SYMBOL);
  const api = await startServer(['dist/scripts/api.js'], { ...apiEnvironment(services), PORT: '18431' }, ['ipc']);
  const raw = await startServer(
    ['-r', 'esbuild-register', 'bench/peers/raw-http-redis.ts', services.redisUrl, '18432'],
    {},
    [],
  );
  try {
    const [ours, peer]: [number[], number[]] = [[], []];
    await requestsPerSecond(18431);
    await requestsPerSecond(18432);
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push(await requestsPerSecond(18431));
      peer.push(await requestsPerSecond(18432));
    }
    return {
      what: 'GET /prices/latest on a cache hit (32 connections, keep-alive)',
      unit: 'requests/s',
      ours: median(ours),
      peer: median(peer),
      peerName: 'raw http and one Redis GET',
      wanted: 0.9,
      notes: [`rounds: ${ours.map((rate, round) => (rate / (peer[round] ?? 1)).toFixed(2)).join(' ')}`],
    };
  } finally {
    for (const child of [api, raw]) child.kill('SIGTERM');
  }
}

function apiEnvironment({ databaseUrl, redisUrl, kafkaBrokers }: BenchServices): Record<string, string> {
  return {
    NODE_ENV: 'production',
    API_KEYS_REQUIRED: 'false',
    RATE_LIMIT_PER_MINUTE: '0',
    LOG_LEVEL: 'warn',
    USE_FIXTURE: 'true',
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    KAFKA_BOOTSTRAP_SERVERS: kafkaBrokers.join(','),
  };
}

/** Starts a server and waits until it says it is ready: over IPC, or by its first line. */
function startServer(
  args: readonly string[],
  env: Record<string, string>,
  extra: readonly 'ipc'[],
): Promise<ChildProcess> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', extra.length ? 'ignore' : 'pipe', 'inherit', ...extra],
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with code ${code}`)));
    child.once('message', () => resolve(child));
    child.stdout?.once('data', () => resolve(child));
  });
}

async function requestsPerSecond(port: number): Promise<number> {
  const url = `http://127.0.0.1:${port}/prices/latest?symbol=${SYMBOL}&provider=fixture`;
  const body = (await (await fetch(url)).json()) as { price: number; symbol: string };
  check(body.price === 101.25 && body.symbol === SYMBOL, `${url} answered ${JSON.stringify(body)}`);
  const result = await autocannon({ url, connections: 32, duration: SECONDS });
  check(result.non2xx === 0 && result.errors === 0, `${result.non2xx} answers were not 2xx, ${result.errors} failed`);
  return result.requests.total / result.duration;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
