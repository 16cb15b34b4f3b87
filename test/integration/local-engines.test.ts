import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { openKafkaBus } from '../../src/bus/kafka';
import { stopLeftovers } from '../../src/local/claim';
import type { Engine } from '../../src/local/engine';
import { exchange } from '../../src/local/exchange';
import { downloadsOf, type LocalOptions, prepareHome, recordFile } from '../../src/local/home';
import { openKafka } from '../../src/local/kafka';
import { openPostgres } from '../../src/local/postgres';
import { openRedis } from '../../src/local/redis';
import { commandLineOf } from '../../src/local/run-record';
import { Supervisor } from '../../src/local/supervisor';
import { readConfigured } from '../../src/platform/environment';
import { silentLog } from '../../src/platform/log';
import { eventually } from '../support/eventually';
import { describeWithKafka, describeWithRedis } from '../support/services';
import { temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(180_000);

function aHome(): LocalOptions {
  const home = temporaryFolder();
  prepareHome(home);
  const environment = readConfigured();
  const downloads = downloadsOf(environment.TICKWIRE_HOME ?? join(process.cwd(), '.tickwire'));
  return { home, downloads, environment, note: () => undefined };
}

const pidOf = (local: LocalOptions, name: string): number =>
  JSON.parse(readFileSync(recordFile(local.home, name), 'utf8')).pid;

interface Trial {
  readonly name: string;
  open(local: LocalOptions): Engine;
  write(address: string, text: string): Promise<void>;
  read(address: string): Promise<string>;
}

async function query(url: string, sql: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query({ text: sql, rowMode: 'array' });
  await client.end();
  return rows.flat().join(',');
}

const postgres: Trial = {
  name: 'postgres',
  open: openPostgres,
  write: async (url, text) => {
    await query(url, `CREATE TABLE kept AS SELECT '${text}' AS text`);
  },
  read: (url) => query(url, 'SELECT text FROM kept'),
};

const askRedis = async (url: string, command: string) =>
  (await exchange(Number(new URL(url).port), Buffer.from(`${command}\r\n`)))?.toString() ?? '';

const redis: Trial = {
  name: 'redis',
  open: openRedis,
  write: async (url, text) => void (await askRedis(url, `SET kept ${text}`)),
  read: async (url) => (await askRedis(url, 'GET kept')).split('\r\n')[1] ?? '',
};

async function withBus<T>(broker: string, work: (bus: ReturnType<typeof openKafkaBus>) => Promise<T>): Promise<T> {
  const bus = openKafkaBus({ brokers: [broker], ssl: false, clientId: 'local-engines', log: silentLog });
  await bus.start();
  try {
    return await work(bus);
  } finally {
    await bus.stop();
  }
}

const kafka: Trial = {
  name: 'kafka',
  open: openKafka,
  write: (broker, text) =>
    withBus(broker, async (bus) => {
      await bus.createTopics([{ name: 'kept', partitions: 1 }]);
      await bus.publish([{ topic: 'kept', key: 'a', value: text }]);
    }),
  read: (broker) =>
    withBus(broker, async (bus) => {
      const values: string[] = [];
      for await (const { value } of bus.read('kept')) values.push(String(value));
      return values.join(',');
    }),
};

function healsFor(trial: Trial): void {
  const local = aHome();
  const engine = trial.open(local);
  const giveUp = (error: Error) => notes.push(error.message);
  const notes: string[] = [];
  const supervisor = new Supervisor({ note: (text) => notes.push(text), giveUp, firstPauseMs: 50 });
  let address = '';

  afterAll(async () => {
    await supervisor.stop();
    await engine.stop();
    await stopLeftovers(local.home);
  });

  it('keeps its data and its port over a stop and a start', async () => {
    await engine.start();
    address = engine.address();
    await trial.write(address, 'first');

    await engine.stop();
    await engine.start();

    expect(engine.address()).toBe(address);
    expect(await trial.read(address)).toBe('first');
  });

  it('is found and stopped when the start that owned it was killed, and starts with its data', async () => {
    const orphan = pidOf(local, trial.name);
    const next = trial.open(local);

    await next.start();

    expect(await commandLineOf(orphan)).toBeUndefined();
    expect(next.address()).toBe(address);
    expect(await trial.read(address)).toBe('first');
    await next.stop();
  });

  it('starts with its data after it was killed itself', async () => {
    const first = trial.open(local);
    await first.start();
    process.kill(pidOf(local, trial.name), 'SIGKILL');

    const next = trial.open(local);
    await next.start();

    expect(await trial.read(next.address())).toBe('first');
    await next.stop();
  });

  it('comes back under a supervisor, on the same port', async () => {
    const kept = trial.open(local);
    await supervisor.keep(kept);

    process.kill(pidOf(local, trial.name), 'SIGKILL');
    await eventually(() => notes.includes(`${trial.name} is back`), 60_000);

    expect(kept.address()).toBe(address);
    expect(await eventually(() => trial.read(address))).toBe('first');
  });
}

describe('the embedded PostgreSQL', () => healsFor(postgres));
describeWithRedis('the embedded Redis', () => healsFor(redis));
describeWithKafka('the embedded Kafka', () => healsFor(kafka));

it('PostgreSQL takes no session without its password', async () => {
  const local = aHome();
  const engine = openPostgres(local);
  await engine.start();
  const url = new URL(engine.address());
  url.password = 'wrong';

  await expect(query(url.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);

  await engine.stop();
});
