import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { pause } from '../platform/clock';
import { systemCodeOf } from './command';
import { commandLineOf } from './run-record';

/** Runs `work` while no other process on this machine runs work under the same lock file. A lock whose holder is gone is taken over. */
export async function withLock<T>(file: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  while (!tryLock(file)) {
    signal?.throwIfAborted();
    if (await isHolderGone(file)) rmSync(file, { force: true });
    else await pause(200, signal);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function tryLock(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function isHolderGone(file: string): Promise<boolean> {
  const pid = Number(readText(file));
  // An empty file is a lock being written at this moment.
  if (!pid) {
    await pause(200);
    return readText(file) === '';
  }
  return (await commandLineOf(pid)) === undefined;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
