import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { lastLines } from './command';

/** A log larger than this is set aside as `.1` at the next start, in the place of the one before. */
const LARGEST_LOG_BYTES = 10 * 1024 * 1024;

/** Opens a log for appending and returns its descriptor, which the caller closes. */
export function openLogFile(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  if (existsSync(file) && statSync(file).size > LARGEST_LOG_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, 'a');
}

/** Runs `use` with a log open for appending. */
export function withLogFile<T>(file: string, use: (descriptor: number) => T): T {
  const descriptor = openLogFile(file);
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** What was written after byte `from`, its last lines in one line. */
export function tailOf(file: string, from: number): string {
  return existsSync(file) ? lastLines(readFileSync(file).subarray(from).toString('utf8'), 3) : '';
}

export function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}
