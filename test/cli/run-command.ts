import { PassThrough } from 'node:stream';
import { run } from '../../src/cli/index';
import type { Io, Output } from '../../src/cli/io';

interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions
  extends Partial<Pick<Io, 'openBus' | 'openStore' | 'openCache' | 'diagnose' | 'signal' | 'readEnvironment'>> {
  readonly environment?: Record<string, string>;
  /** Both streams are terminals. */
  readonly isTerminal?: boolean;
  /** Told after each write what standard output holds. */
  readonly onStdout?: (text: string) => void;
}

/** Runs `tickwire …argv` in this process, without any service but those given. */
export async function runCommand(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const out = capture(options.isTerminal === true, options.onStdout);
  const err = capture(options.isTerminal === true);
  const none = () => {
    throw new Error('this test gave no such service');
  };
  const exitCode = await run(argv, {
    openBus: none,
    openStore: none,
    openCache: none,
    diagnose: none,
    signal: new AbortController().signal,
    readEnvironment: () => options.environment ?? {},
    ...options,
    stdout: out.stream,
    stderr: err.stream,
  });
  return { exitCode, stdout: out.text(), stderr: err.text() };
}

function capture(isTTY: boolean, onText?: (text: string) => void): { stream: Output; text(): string } {
  const chunks: string[] = [];
  const stream = new PassThrough({ encoding: 'utf8' }).on('data', (chunk: string) => {
    chunks.push(chunk);
    onText?.(chunks.join(''));
  });
  return { stream: Object.assign(stream, { isTTY }), text: () => chunks.join('') };
}
