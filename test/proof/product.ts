import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { eventually } from '../support/eventually';

/** Addresses a running start has written. */
export interface Addresses {
  readonly KAFKA_BOOTSTRAP_SERVERS: string;
  readonly DATABASE_URL: string;
  readonly REDIS_URL: string;
  readonly PORT: string;
}

/** The whole product as a user starts it, in a home of its own, with `NODE_ENV=production`. */
export interface Product {
  readonly addresses: Addresses;
  readonly environment: NodeJS.ProcessEnv;
  /** SIGKILL to one of its processes, by the name its record has in `run/`; resolves when the supervisor has another one running. */
  killAndAwaitReturn(name: string): Promise<void>;
  /** SIGSTOP to some of its processes while `work` is tried until it succeeds, then SIGCONT. */
  whileFrozen(names: readonly string[], work: () => Promise<void>): Promise<void>;
  /** Ctrl-C; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** Starts `npm start`'s own script in `home` and waits until it has written its addresses. */
export async function startProduct(home: string, variables: Record<string, string> = {}): Promise<Product> {
  const environment = {
    ...process.env,
    NODE_ENV: 'production',
    API_KEYS_REQUIRED: 'false',
    RATE_LIMIT_PER_MINUTE: '0',
    TICKWIRE_HOME: home,
    PORT: '18500',
    ...variables,
  };
  const child = spawn(process.execPath, ['dist/scripts/start.js'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  const file = join(home, 'addresses.env');
  await eventually(() => {
    if (child.exitCode !== null) throw new Error(`the start ended with code ${child.exitCode}: ${output}`);
    return existsSync(file) && output.includes('curl');
  }, 180_000);
  const recordOf = (name: string) => join(home, 'run', `${name}.json`);
  const addresses = parse(readFileSync(file)) as unknown as Addresses;
  return {
    addresses,
    environment,
    killAndAwaitReturn: (name) => killAndAwaitReturn(recordOf(name)),
    whileFrozen: (names, work) =>
      whileFrozen(
        names.map((name) => pidIn(recordOf(name))),
        work,
      ),
    stop: () => stop(child),
  };
}

function pidIn(record: string): number {
  return JSON.parse(readFileSync(record, 'utf8')).pid;
}

async function killAndAwaitReturn(record: string): Promise<void> {
  const before = pidIn(record);
  process.kill(before, 'SIGKILL');
  await eventually(() => pidIn(record) !== before, 60_000);
}

async function whileFrozen(pids: readonly number[], work: () => Promise<void>): Promise<void> {
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  try {
    await eventually(work, 60_000, 1_000);
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
}

function stop(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill('SIGINT');
  });
}
