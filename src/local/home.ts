import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Environment } from '../platform/environment';
import { messageOf, TickwireError } from '../platform/errors';

/** Where the embedded engines live and what they may use. */
export interface LocalOptions {
  /** Data, logs and records of what runs; absolute (`TICKWIRE_HOME`). */
  readonly home: string;
  /** What is downloaded once and can be shared by several homes; absolute. */
  readonly downloads: string;
  readonly environment: Environment;
  /** Told one sentence that the user should read. */
  readonly note: (sentence: string) => void;
}

/** The file that says which process of this name runs, or ran when all were killed. */
export const recordFile = (home: string, name: string) => join(home, 'run', `${name}.json`);
export const logFile = (home: string, name: string) => join(home, 'logs', `${name}.log`);
export const portsFile = (home: string, name: string) => join(home, 'ports', name);
export const downloadsOf = (home: string) => join(home, 'engines');

/** Makes the home's folders. @throws ENGINE_UNAVAILABLE when they cannot be written. */
export function prepareHome(home: string): void {
  try {
    for (const folder of ['run', 'logs', 'ports']) mkdirSync(join(home, folder), { recursive: true });
    accessSync(home, constants.W_OK);
  } catch (error) {
    throw new TickwireError('ENGINE_UNAVAILABLE', `${unwritable(home)} (${messageOf(error)})`, { cause: error });
  }
}

/** One sentence when `home` could not be written, else undefined. Writes nothing. */
export function homeProblem(home: string): string | undefined {
  try {
    accessSync(nearestExisting(home), constants.W_OK | constants.X_OK);
    return undefined;
  } catch {
    return unwritable(home);
  }
}

function unwritable(home: string): string {
  return `cannot write to ${home}: set TICKWIRE_HOME to a folder that can be written`;
}

function nearestExisting(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearestExisting(dirname(folder));
}
