import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { TickwireError } from '../platform/errors';
import { removeAddresses } from './addresses';
import { recordFile } from './home';
import { withLock } from './lock';
import { findRunning, type RunRecord, removeRunRecord, stopLeftover, writeRunRecord } from './run-record';

const START = 'start';

/** The `npm start` that runs in this home; undefined when none does. */
export function findStart(home: string): Promise<RunRecord | undefined> {
  return findRunning(recordFile(home, START));
}

/** Takes the home for this process, or tells who has it. @throws CONFLICT naming the process and its URL. */
export async function claimHome(home: string, script: string): Promise<void> {
  await withLock(join(home, 'run', 'claim.lock'), async () => {
    const other = await findStart(home);
    if (other) throw new TickwireError('CONFLICT', alreadyRuns(other));
    recordStart(home, script);
  });
}

/** Writes down who runs in this home, and where it answers once it does. */
export function recordStart(home: string, script: string, url?: string): void {
  const record = { pid: process.pid, mark: basename(script), signal: 'SIGTERM' } as const;
  writeRunRecord(recordFile(home, START), url ? { ...record, url } : record);
}

export function releaseHome(home: string): void {
  removeAddresses(home);
  removeRunRecord(recordFile(home, START));
}

/** Records of processes that a killed start left running, by name. */
export async function findLeftovers(home: string): Promise<readonly string[]> {
  const names = recordedNames(home);
  const running = await Promise.all(names.map((name) => findRunning(recordFile(home, name))));
  return names.filter((_, index) => running[index] !== undefined);
}

/** Stops what a killed start left running, and returns the names. @throws ENGINE_UNAVAILABLE when one cannot be stopped. */
export async function stopLeftovers(home: string): Promise<readonly string[]> {
  const names = recordedNames(home);
  const stopped = await Promise.all(names.map((name) => stopLeftover(recordFile(home, name))));
  return names.filter((_, index) => stopped[index]);
}

function recordedNames(home: string): readonly string[] {
  const folder = join(home, 'run');
  const records = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  return records.map((name) => basename(name, '.json')).filter((name) => name !== START);
}

function alreadyRuns({ pid, url }: RunRecord): string {
  return `npm start already runs here, as process ${pid}${url ? ` at ${url}` : ''}: stop it first, or set TICKWIRE_HOME to another folder`;
}
