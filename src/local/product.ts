import { join } from 'node:path';
import { CONSUMERS } from '../consumers';
import type { Environment } from '../platform/environment';
import { Child } from './child';

/** A process of the product and its script in `scripts/`. */
export interface ProductProcess {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
}

/** Every stage a process of its own, on a broker. */
export const PROCESSES: readonly ProductProcess[] = [
  { name: 'api', script: 'api.js', args: [] },
  { name: 'poller', script: 'run-polling-jobs.js', args: [] },
  ...CONSUMERS.map(({ name }) => ({ name, script: 'consumer.js', args: [name] })),
];

/** Every stage in one process, on the memory bus. */
export const ONE_PROCESS: readonly ProductProcess[] = [{ name: 'all', script: 'all.js', args: [] }];

export interface ProductOptions {
  readonly home: string;
  /** Folder of the built scripts. */
  readonly scripts: string;
  readonly environment: Environment;
  readonly onLine: (line: string) => void;
}

/** A process of the product as a child: ready when it says so, and gone by itself when this process is. */
export function openProductProcess({ name, script, args }: ProductProcess, options: ProductOptions): Child {
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
      // A small nursery: batches die young, and a large one only holds memory.
      args: ['--enable-source-maps', '--max-semi-space-size=8', path, ...args],
      environment: options.environment,
      mark: [path, ...args].join(' '),
    }),
    onLine: options.onLine,
  });
}
