import { diagnose } from '../local/doctor';
import { readEnvironment } from '../platform/environment';
import { silentLog } from '../platform/log';
import { busOf, cacheOf, providersOf, storeOf } from '../processes/adapters';
import { type Io, READER_GONE } from './io';

/** A Ctrl-C reaches a child of npm twice within moments; one that comes later means that the user does not want to wait. */
const SAME_KEYSTROKE_MS = 500;

/** How long a command waits for an answer of the cache. */
const CACHE_PATIENCE_MS = 5_000;

/** The real outside world: Kafka, PostgreSQL, Redis, this machine, and the terminal of `owner`. */
export function ioOf(owner: NodeJS.Process): Io {
  return {
    stdout: owner.stdout,
    stderr: owner.stderr,
    signal: stopSignalOf(owner),
    readEnvironment: () => readEnvironment(),
    openBus: (config) => busOf(config, 'tickwire-cli', silentLog),
    openStore: (config) => storeOf(config, silentLog),
    openCache: (config) => cacheOf(config, providersOf(config, silentLog).providers, silentLog, CACHE_PATIENCE_MS),
    diagnose: () => diagnose(),
  };
}

function stopSignalOf(owner: NodeJS.Process): AbortSignal {
  const stop = new AbortController();
  let firstMs: number | undefined;
  const interrupt = (signal: NodeJS.Signals) => {
    stop.abort();
    firstMs ??= Date.now();
    if (Date.now() - firstMs < SAME_KEYSTROKE_MS) return;
    owner.removeListener(signal, interrupt);
    owner.kill(owner.pid, signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) owner.on(signal, interrupt);
  for (const stream of [owner.stdout, owner.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      stop.abort(READER_GONE);
    });
  }
  return stop.signal;
}
