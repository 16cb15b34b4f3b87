import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { pause } from '../platform/clock';
import { TickwireError } from '../platform/errors';
import { runCommand, systemCodeOf } from './command';

/** How long a leftover may take to stop by itself. */
const STOP_WITHIN_MS = 15_000;

const schema = z.object({
  pid: z.number().int().positive(),
  /** A part of its command line that no other process has. */
  mark: z.string().min(1),
  /** What makes it stop cleanly. */
  signal: z.enum(['SIGTERM', 'SIGINT']),
  /** Where it answers, if anywhere. */
  url: z.string().optional(),
});

/** What is known of a process that was started here. */
export type RunRecord = z.infer<typeof schema>;

export function writeRunRecord(file: string, record: RunRecord): void {
  writeFileSync(file, `${JSON.stringify(record)}\n`);
}

export function removeRunRecord(file: string): void {
  rmSync(file, { force: true });
}

/** The recorded process if it still runs and is the one recorded: a process that got its number later is not. Undefined otherwise. */
export async function findRunning(file: string): Promise<RunRecord | undefined> {
  const record = readRecord(file);
  if (!record || record.pid === process.pid) return undefined;
  return (await isRunning(record)) ? record : undefined;
}

/** Stops the recorded process if it still runs, and forgets it. True when there was one. @throws ENGINE_UNAVAILABLE when it cannot be stopped. */
export async function stopLeftover(file: string): Promise<boolean> {
  const record = await findRunning(file);
  if (record) await stopRecorded(record);
  removeRunRecord(file);
  return record !== undefined;
}

/** The command line of a process; undefined when there is no such process (a zombie counts as none). */
export async function commandLineOf(pid: number): Promise<string | undefined> {
  if (existsSync('/proc/self/cmdline')) return commandLineFromProc(pid);
  const { code, output } = await runCommand('ps', ['-ww', '-p', String(pid), '-o', 'command='], { timeoutMs: 5_000 });
  return code === 0 && output !== '' ? output : undefined;
}

function commandLineFromProc(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || undefined;
  } catch {
    return undefined;
  }
}

async function isRunning({ pid, mark }: RunRecord): Promise<boolean> {
  return (await commandLineOf(pid))?.includes(mark) ?? false;
}

async function stopRecorded(record: RunRecord): Promise<void> {
  for (const signal of [record.signal, 'SIGKILL'] as const) {
    send(record, signal);
    const deadline = Date.now() + STOP_WITHIN_MS;
    while (Date.now() < deadline) {
      if (!(await isRunning(record))) return;
      await pause(50);
    }
  }
  throw new TickwireError(
    'ENGINE_UNAVAILABLE',
    `process ${record.pid} (${record.mark}) of an earlier start does not end`,
  );
}

function send({ pid, mark }: RunRecord, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (systemCodeOf(error) !== 'EPERM') return;
    throw new TickwireError(
      'ENGINE_UNAVAILABLE',
      `process ${pid} (${mark}) of an earlier start belongs to another user: stop it, or set TICKWIRE_HOME to another folder`,
      { cause: error },
    );
  }
}

function readRecord(file: string): RunRecord | undefined {
  try {
    return schema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
