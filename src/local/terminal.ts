import { type Log, silentLog } from '../platform/log';

/** Prints one line. */
export type Print = (line: string) => void;

/** A log for a terminal: warnings and errors only, one short line each. */
export function terminalLog(print: Print): Log {
  const say = (fields: object, message: string) => print(`tickwire: ${shortLine({ ...fields }, message)}`);
  const log: Log = { ...silentLog, warn: say, error: say, child: () => log };
  return log;
}

/** The short form of a JSON log line when it is a warning or an error, else undefined. */
export function warningOf(line: string): string | undefined {
  if (!/"level":"(warn|error|fatal)"/.test(line)) return undefined;
  try {
    const { level, msg, ...fields } = JSON.parse(line);
    return `${level}: ${shortLine(fields, String(msg))}`;
  } catch {
    return undefined;
  }
}

function shortLine(fields: Readonly<Record<string, unknown>>, message: string): string {
  const { error } = fields;
  if (typeof error !== 'string') return message;
  return message === 'fatal' ? error : `${message}: ${error}`;
}

/** Runs one step of the start and prints it with its time, when it is done or has failed. `detail` words the result. */
export async function step<T>(print: Print, name: string, work: () => Promise<T>, detail?: (result: T) => string) {
  const startedMs = performance.now();
  const line = (mark: string, text: string) =>
    print(`  ${mark.padEnd(6)} ${name.padEnd(12)} ${text.padEnd(48)} ${seconds(startedMs).padStart(7)}`.trimEnd());
  try {
    const result = await work();
    line('ok', detail?.(result) ?? '');
    return result;
  } catch (error) {
    line('failed', '');
    throw error;
  }
}

/** Time since `startedMs` of `performance.now()`, as `1.3 s`. */
export function seconds(startedMs: number): string {
  return `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
}
