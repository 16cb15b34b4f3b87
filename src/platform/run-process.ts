import { readEnvironment } from './environment';
import { messageOf } from './errors';
import { type Log, openProcessLog } from './log';
import { type Service, startAll, stopAll } from './service';
import { tracingOf } from './tracing';

/** How long a stop may take before the process ends anyway. */
const STOP_DEADLINE_MS = 10_000;

export interface ProcessContext {
  readonly log: Log;
  /** For what cannot be healed inside the process: logs it, stops everything and exits 1, so that a supervisor starts afresh. */
  fatal(error: unknown): void;
}

export interface ProcessOptions {
  /** Instead of JSON lines on standard output. */
  readonly log?: Log;
  /** How long the stop of all services may take. */
  readonly stopDeadlineMs?: number;
}

/**
 * The life of one process of the product, and the only caller of `process.exit`: builds the services, starts them in order,
 * undoes a failed start, and stops them in reverse on SIGTERM, SIGINT or SIGHUP, under a deadline. Exit code 0 after a clean stop, 1 on anything fatal.
 * A parent with an IPC channel is told `ready`; when that parent goes away, the process stops too.
 */
export async function runProcess(
  name: string,
  build: (context: ProcessContext) => Promise<readonly Service[]> | readonly Service[],
  { log = openProcessLog(name, readEnvironment()), stopDeadlineMs = STOP_DEADLINE_MS }: ProcessOptions = {},
): Promise<void> {
  let services: readonly Service[] = [];
  let leaving = false;

  const leave = async (code: number) => {
    if (leaving) return;
    leaving = true;
    const deadline = setTimeout(() => {
      log.error({ deadlineMs: stopDeadlineMs }, 'stop did not finish in time');
      process.exit(1);
    }, stopDeadlineMs);
    const clean = await stopAll(services).then(
      () => true,
      (error: unknown) => log.error({ error: messageOf(error) }, 'stop failed'),
    );
    clearTimeout(deadline);
    process.exit(clean ? code : 1);
  };
  const fatal = (error: unknown) => {
    log.error({ error: messageOf(error), stack: error instanceof Error ? error.stack : undefined }, 'fatal');
    void leave(1);
  };

  process.on('uncaughtException', fatal);
  process.on('unhandledRejection', fatal);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void leave(0));
  process.on('disconnect', () => void leave(0));

  try {
    const built = await build({ log, fatal });
    services = [...tracingOf(name, readEnvironment(), { log }), ...built];
    await startAll(services);
    log.info({ pid: process.pid }, `${name} is ready`);
    process.send?.('ready');
  } catch (error) {
    fatal(error);
  }
}

/** A command that does one thing and ends: exit code 0 when it did, 1 with one line when it did not. */
export async function runOnce(name: string, work: (log: Log) => Promise<void>): Promise<void> {
  const log = openProcessLog(name, readEnvironment());
  try {
    await work(log);
  } catch (error) {
    log.error({ error: messageOf(error) }, `${name} failed`);
    process.exitCode = 1;
  }
}
