import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import type { Environment } from '../platform/environment';
import { TickwireError } from '../platform/errors';
import { findOnPath, runCommand } from './command';

/**
 * Ports for engines lie below the systems' ephemeral ranges (32768 and 49152): a port out of those may be taken by any outgoing
 * connection while the engine restarts, even by a client that connects to itself.
 */
const LOWEST = 20_000;
const HIGHEST = 31_999;

/** True when nothing listens on it. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A free port of the range for engines, not one of `taken`. @throws ENGINE_UNAVAILABLE after a hundred that are in use. */
export async function findFreePort(taken: readonly number[] = []): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST + 1));
    if (!taken.includes(port) && (await isPortFree(port))) return port;
  }
  throw new TickwireError('ENGINE_UNAVAILABLE', `no free port found between ${LOWEST} and ${HIGHEST} in 100 attempts`);
}

/** The first free port at or after `first`. @throws ENGINE_UNAVAILABLE when the next hundred are in use. */
export async function findNextFreePort(first: number, host: string): Promise<number> {
  for (let port = first; port < first + 100 && port <= 65_535; port += 1) {
    if (await isPortFree(port, host)) return port;
  }
  throw new TickwireError('ENGINE_UNAVAILABLE', `no free port from ${first} on, 100 tried`);
}

/** The ports written in `file` when they are all free, else new ones, written there for the next time. */
export async function rememberedPorts(file: string, count: number): Promise<readonly number[]> {
  const remembered = readPorts(file);
  const free = await Promise.all(remembered.map((port) => isPortFree(port)));
  if (remembered.length === count && free.every(Boolean)) return remembered;
  const ports: number[] = [];
  while (ports.length < count) ports.push(await findFreePort(ports));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${ports.join(' ')}\n`);
  return ports;
}

/** Who listens on a port, as `node (pid 4711)`; undefined when neither lsof nor ss can tell. */
export async function holderOf(port: number, environment: Environment): Promise<string | undefined> {
  return (await askLsof(port, environment)) ?? (await askSs(port, environment));
}

async function askLsof(port: number, environment: Environment): Promise<string | undefined> {
  const lsof = findOnPath('lsof', { PATH: `${environment.PATH ?? ''}:/usr/sbin` });
  if (!lsof) return undefined;
  const args = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'];
  const { output } = await runCommand(lsof, args, { environment, timeoutMs: 5_000 });
  const [pid, name] = [/^p(\d+)/m.exec(output)?.[1], /^c(.+)/m.exec(output)?.[1]];
  return pid && name ? `${name} (pid ${pid})` : undefined;
}

async function askSs(port: number, environment: Environment): Promise<string | undefined> {
  const ss = findOnPath('ss', environment);
  if (!ss) return undefined;
  const { output } = await runCommand(ss, ['-Hltnp', `sport = :${port}`], { environment, timeoutMs: 5_000 });
  const match = /users:\(\("([^"]+)",pid=(\d+)/.exec(output);
  return match ? `${match[1]} (pid ${match[2]})` : undefined;
}

function readPorts(file: string): number[] {
  if (!existsSync(file)) return [];
  const ports = readFileSync(file, 'utf8').trim().split(/\s+/).map(Number);
  return ports.every((port) => Number.isInteger(port) && port > 0 && port <= 65_535) ? ports : [];
}
