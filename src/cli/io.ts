import type { Bus } from '../bus/bus';
import type { Cache } from '../cache/cache';
import type { Check } from '../local/doctor';
import type { Config } from '../platform/config';
import type { Environment } from '../platform/environment';
import type { Store } from '../store/store';

/** Where text goes. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly rows?: number };

/** Everything the command line touches outside itself; tests give their own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborts when the user wants the command to end. The reason is {@link READER_GONE} when nobody reads the output any more. */
  readonly signal: AbortSignal;
  readEnvironment(): Environment;
  /** Neither started nor connected yet. */
  openBus(config: Config): Bus;
  /** Neither started nor connected yet. */
  openStore(config: Config): Store;
  /** Neither started nor connected yet. */
  openCache(config: Config): Cache;
  /** What this machine has and lacks for `npm start`. */
  diagnose(): Promise<readonly Check[]>;
}

/** Abort reason for a closed pipe (`tickwire … | head`). */
export const READER_GONE = 'nobody reads the output';
