import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { TickwireError } from '../platform/errors';
import { Child, type Launch } from './child';
import { findOnPath, lastLines, runCommand } from './command';
import type { Engine } from './engine';
import { downloadJars, findKafkaTools, hasJars, unpackRedis } from './engine-jars';
import { exchange } from './exchange';
import { type LocalOptions, portsFile } from './home';
import type { Tool } from './java';
import { rememberedPorts } from './port';

const ADVICE =
  'install one (Debian: apt install redis-server; macOS: brew install redis), put Java 17 and Maven on PATH to download one, or set REDIS_URL';

/** A Redis (or Valkey) that appends each write to its data in `redis/`. Ready when it answers a PING, its data loaded. */
export function openRedis(options: LocalOptions): Engine {
  let port: number | undefined;
  const child = new Child({
    name: 'redis',
    home: options.home,
    stopSignal: 'SIGTERM',
    stopWithinMs: 10_000,
    readyWithinMs: 30_000,
    prepare: async (signal) => {
      const binary = await findRedis(options, signal);
      if (!binary.ok) throw new TickwireError('ENGINE_UNAVAILABLE', binary.problem);
      [port = 0] = await rememberedPorts(portsFile(options.home, 'redis'), 1);
      return launchOf(binary.path, port, options);
    },
  });
  return Object.assign(child, {
    address: () => {
      if (port === undefined) throw new TickwireError('ENGINE_UNAVAILABLE', 'redis was not started');
      return `redis://127.0.0.1:${port}`;
    },
  });
}

/** The Redis on PATH, else the one Maven brings, downloaded where that is possible. */
export async function findRedis(options: LocalOptions, signal?: AbortSignal): Promise<Tool> {
  const installed = findInstalled(options);
  if (installed) return tryBinary(installed);
  const tools = await findKafkaTools(options);
  if (!tools.ok && !hasJars(options.downloads)) return missing('none on PATH');
  await downloadJars(options, signal);
  const unpacked = unpackRedis(options.downloads);
  return unpacked ? tryBinary(unpacked) : missing(`none for ${process.platform} ${process.arch} can be downloaded`);
}

/** `valkey-server` or `redis-server` on PATH. */
export function findInstalled({ environment }: Pick<LocalOptions, 'environment'>): string | undefined {
  return findOnPath('valkey-server', environment) ?? findOnPath('redis-server', environment);
}

/** Runs `--version`: the downloaded binary needs libraries (OpenSSL 3) that not every machine has. */
export async function tryBinary(path: string): Promise<Tool> {
  const { code, output } = await runCommand(path, ['--version'], { timeoutMs: 10_000 });
  const version = /v=(\S+)/.exec(output)?.[1];
  return code === 0 && version ? { ok: true, path, version } : missing(`${path} does not run: ${lastLines(output, 1)}`);
}

function missing(got: string): Tool {
  return { ok: false, problem: `no Redis server found, ${got}: ${ADVICE}` };
}

function launchOf(binary: string, port: number, { home, environment }: LocalOptions): Launch {
  const folder = join(home, 'redis');
  mkdirSync(folder, { recursive: true });
  const network = ['--port', String(port), '--bind', '127.0.0.1'];
  const durability = ['--dir', folder, '--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'];
  return {
    command: binary,
    args: [...network, ...durability],
    cwd: folder,
    environment,
    // Redis replaces its command line by its name and address.
    mark: `127.0.0.1:${port}`,
    isReady: async () => (await exchange(port, Buffer.from('PING\r\n')))?.toString().startsWith('+PONG') ?? false,
  };
}
