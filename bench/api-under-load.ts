import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKafkaBus } from '../src/bus/kafka';
import { TOPIC_NAMES } from '../src/bus/topics';
import { pause } from '../src/platform/clock';
import { silentLog } from '../src/platform/log';
import { migrate } from '../src/store/postgres/migrate';
import { writeBenchPrice } from './bench-price';
import { type BenchServices, check, type Measured } from './benchmark';

const ROUNDS = 5;
const SECONDS = 4;
const PORT = 18433;
const SYMBOL = 'LOADED';
/** Requests a second that come whether or not the answers do: the load of a busy page, not a race. */
const RATE = 500;
/** Longer than a round. */
const MONTE_CARLO = { spot: 100, drift: 0.05, volatility: 0.2, horizon: 1, time_steps: 1000, simulations: 2_000_000 };

/** The p99 of `GET /prices/latest` while a Monte Carlo job takes every core that it may, against the same without; alternating rounds, median. */
export async function apiUnderLoad(services: BenchServices): Promise<Measured> {
  await migrate({ databaseUrl: services.databaseUrl });
  await createTopics(services);
  await writeBenchPrice(services.redisUrl, SYMBOL);
  const folder = mkdtempSync(join(tmpdir(), 'tickwire-bench-'));
  const environment = environmentOf(services, folder);
  const children: ChildProcess[] = [];
  try {
    children.push(await startProcess(['dist/scripts/api.js'], environment));
    children.push(await startProcess(['dist/scripts/consumer.js', 'model-runner'], environment));
    const [loaded, quiet]: [number[], number[]] = [[], []];
    await p99();
    for (let round = 0; round < ROUNDS; round += 1) {
      quiet.push(await p99());
      loaded.push(await duringJob(p99));
    }
    const [with_, without] = [median(loaded), median(quiet)];
    return {
      what: `GET /prices/latest while a Monte Carlo job runs (${RATE} requests/s): 1000 / p99`,
      unit: '1/s',
      ours: 1000 / with_,
      peer: 1000 / without,
      peerName: 'the same without the job',
      wanted: 0.5,
      notes: [
        `p99 with the job ${with_.toFixed(2)} ms, without ${without.toFixed(2)} ms`,
        `rounds: ${loaded.map((ms) => ms.toFixed(1)).join(' ')} / ${quiet.map((ms) => ms.toFixed(1)).join(' ')} ms`,
      ],
    };
  } finally {
    for (const child of children) child.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function createTopics({ kafkaBrokers }: BenchServices): Promise<void> {
  const bus = openKafkaBus({ brokers: kafkaBrokers, ssl: false, clientId: 'bench', log: silentLog });
  await bus.start();
  await bus.createTopics(TOPIC_NAMES.map((name) => ({ name, partitions: 6 })));
  await bus.stop();
}

function environmentOf({ databaseUrl, redisUrl, kafkaBrokers }: BenchServices, folder: string): Record<string, string> {
  return {
    NODE_ENV: 'production',
    API_KEYS_REQUIRED: 'false',
    RATE_LIMIT_PER_MINUTE: '0',
    LOG_LEVEL: 'warn',
    USE_FIXTURE: 'true',
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    KAFKA_BOOTSTRAP_SERVERS: kafkaBrokers.join(','),
    PORT: String(PORT),
    ARTIFACT_DIR: folder,
  };
}

function startProcess(args: readonly string[], env: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    // Each leads a session, as under `npm start`.
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with code ${code}`)));
    child.once('message', () => resolve(child));
  });
}

/** Milliseconds that 99 of 100 requests stay under; each is sent at its time, whether or not the ones before are answered. */
async function p99(): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const latencies: number[] = [];
  const startedMs = performance.now();
  const sent: Promise<void>[] = [];
  for (let index = 0; index < RATE * SECONDS; index += 1) {
    await pause(Math.max(0, startedMs + (index * 1000) / RATE - performance.now()));
    sent.push(time(agent).then((ms) => void latencies.push(ms)));
  }
  await Promise.all(sent);
  agent.destroy();
  return latencies.sort((a, b) => a - b)[Math.floor(latencies.length * 0.99)] ?? Number.NaN;
}

function time(agent: Agent): Promise<number> {
  const path = `/prices/latest?symbol=${SYMBOL}&provider=fixture`;
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    get({ agent, port: PORT, path }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${path} answered ${response.statusCode}`));
      response.resume().once('end', () => resolve(performance.now() - startedMs));
    }).once('error', reject);
  });
}

/** What `measure` finds while a job runs from its beginning to its end; the job is cancelled after it. */
async function duringJob(measure: () => Promise<number>): Promise<number> {
  const { job_id: id } = await ask<{ job_id: string }>('/api/v1/montecarlo', 'POST', MONTE_CARLO);
  const path = `/api/v1/jobs/${id}`;
  const statusIs = async (wanted: string) => (await ask<{ status: string }>(path)).status === wanted;
  for (let look = 0; look < 100 && !(await statusIs('running')); look += 1) await pause(50);
  const found = await measure();
  check(await statusIs('running'), `job ${id} was not running all the time`);
  await ask(path, 'DELETE');
  // The runner notices within about a second.
  await pause(1_500);
  return found;
}

async function ask<Answer>(path: string, method = 'GET', body?: object): Promise<Answer> {
  const answer = await fetch(`http://127.0.0.1:${PORT}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  check(answer.ok, `${method} ${path} answered ${answer.status}: ${answer.ok ? '' : await answer.text()}`);
  return (await answer.json()) as Answer;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
