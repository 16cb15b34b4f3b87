import { join } from 'node:path';
import type { Environment } from '../platform/environment';
import { Child } from './child';

/** A process of the product and its script in `scripts/`. */
export interface ProductProcess {
  readonly name: string;
  readonly script: string;
}

/** Every stage a process of its own, on a broker. */
export const PROCESSES: readonly ProductProcess[] = [
  { name: 'api', script: 'api.js' },
  { name: 'poller', script: 'run-polling-jobs.js' },
  { name: 'consumers', script: 'consumer.js' },
];

/** Every stage in one process, on the memory bus. */
export const ONE_PROCESS: readonly ProductProcess[] = [{ name: 'all', script: 'all.js' }];

export interface ProductOptions {
  readonly home: string;
  /** Folder of the built scripts. */
  readonly scripts: string;
  readonly environment: Environment;
  readonly onLine: (line: string) => void;
}

/** A process of the product as a child: ready when it says so, and gone by itself when this process is. */
export function openProductProcess({ name, script }: ProductProcess, options: ProductOptions): Child {
  const path = join(options.scripts, script);
  return new Child({
    name,
    home: options.home,
    stopSignal: 'SIGTERM',
    // Longer than the process gives itself.
    stopWithinMs: 12_000,
    readyWithinMs: 60_000,
    prepare: async () => ({
      command: process.execPath,
      args: ['--enable-source-maps', path],
      environment: options.environment,
      mark: path,
    }),
    onLine: options.onLine,
  });
}
