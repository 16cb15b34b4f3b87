import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Environment } from '../platform/environment';

/** What a command printed, both streams together, and how it ended; `code` is null when it was ended from outside. */
export interface CommandResult {
  readonly code: number | null;
  readonly output: string;
}

export interface CommandOptions {
  readonly environment?: Environment;
  readonly cwd?: string;
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Runs a command to its end. Never rejects: a command that cannot be run has code null and the reason as its output. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const { environment, timeoutMs, user, cwd, signal } = options;
  const execOptions = { env: environment, timeout: timeoutMs, cwd, signal, ...user, maxBuffer: 16 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile(command, args, execOptions, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`.trim();
      if (!error) return resolve({ code: 0, output });
      resolve({ code: typeof error.code === 'number' ? error.code : null, output: output || error.message });
    });
  });
}

/** The absolute path of an executable on PATH; undefined when there is none. */
export function findOnPath(name: string, environment: Environment): string | undefined {
  const folders = (environment.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The last lines of a command's output, for the end of a sentence. */
export function lastLines(text: string, count: number): string {
  return text.trim().split('\n').slice(-count).join(' | ').slice(-600);
}

/** The system's code of an error, as `EEXIST`; undefined when it has none. */
export function systemCodeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
