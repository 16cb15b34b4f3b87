import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A script of the product as a process of its own, with `NODE_ENV=production`; it is ready when it says so. */
export interface ProductProcess {
  readonly child: ChildProcess;
  /** Signals it and resolves with its exit code, null when the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Resolves with the exit code once it has ended by itself. */
  readonly ended: Promise<number | null>;
}

/** Starts `dist/scripts/<script>.js` and waits until it is ready. Rejects with what it printed when it ends before. */
export async function startProcess(
  script: string,
  environment: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<ProductProcess> {
  const begun = beginProcess(script, environment, args);
  await begun.ready;
  return begun;
}

/** The same without waiting: `ready` settles as `startProcess` does. */
export function beginProcess(
  script: string,
  environment: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): ProductProcess & { readonly ready: Promise<void> } {
  const child = spawn(process.execPath, ['--enable-source-maps', `dist/scripts/${script}.js`, ...args], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      API_KEYS_REQUIRED: 'false',
      RATE_LIMIT_PER_MINUTE: '0',
      LOG_LEVEL: 'warn',
      TICKWIRE_HOME: '/nonexistent',
      ARTIFACT_DIR: join(tmpdir(), 'tickwire-test-artifacts'),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  const keep = (data: Buffer) => {
    output = (output + data.toString()).slice(-4_000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', () => resolve());
    void ended.then((code) => reject(new Error(`${script} ended with code ${code}: ${output}`)));
  });
  // Whoever does not wait for it is told by `ended`.
  ready.catch(() => undefined);
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  return { child, end, ended, ready };
}
