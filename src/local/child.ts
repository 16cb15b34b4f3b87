import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { pause } from '../platform/clock';
import { messageOf, TickwireError } from '../platform/errors';
import type { Service } from '../platform/service';
import { logFile, recordFile } from './home';
import { openLogFile, sizeOf, tailOf, withLogFile } from './log-file';
import { removeRunRecord, stopLeftover, writeRunRecord } from './run-record';

/** A command, and how to know that it works and that it is ours. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Another user to run as. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** A part of its command line that no other process has. */
  readonly mark: string;
  /** Asked until true. Without it the process says `ready` itself, over an IPC channel. */
  readonly isReady?: () => Promise<boolean>;
}

export interface ChildPlan {
  readonly name: string;
  readonly home: string;
  readonly stopSignal: 'SIGTERM' | 'SIGINT';
  /** After this it is killed. */
  readonly stopWithinMs: number;
  readonly readyWithinMs: number;
  /** What is to be done before each launch; `signal` aborts when the child is stopped meanwhile. */
  prepare(signal: AbortSignal): Promise<Launch>;
  /** Given each line of standard output of a process with an IPC channel. */
  onLine?(line: string): void;
}

interface Running {
  readonly child: ChildProcess;
  /** Settles with how it ended. */
  readonly ended: Promise<string>;
  /** How it ended, once it has. */
  ending: string | undefined;
  saidReady: boolean;
  stopping: Promise<void> | undefined;
}

/**
 * A child process as a service, with its log in `logs/` and its record in `run/`. A leftover of an earlier start is stopped before it is started.
 * Its own session keeps a Ctrl-C of the terminal from it: the order of stopping is the parent's.
 */
export class Child implements Service {
  readonly name: string;
  private readonly plan: ChildPlan;
  private running: Running | undefined;
  private starting: Promise<void> | undefined;
  private abort = new AbortController();
  private tellDeath: (reason: string) => void = () => undefined;

  constructor(plan: ChildPlan) {
    this.name = plan.name;
    this.plan = plan;
  }

  get pid(): number | undefined {
    return this.running?.child.pid;
  }

  /** Told when it ends without having been asked to, after it was ready. */
  onDeath(listener: (reason: string) => void): void {
    this.tellDeath = listener;
  }

  /** @throws ENGINE_UNAVAILABLE with the last lines of its log when it ends, or is not ready in time. */
  start(): Promise<void> {
    if (this.running && !this.starting) return Promise.resolve();
    this.starting ??= this.launch().finally(() => {
      this.starting = undefined;
    });
    return this.starting;
  }

  async stop(): Promise<void> {
    this.abort.abort();
    await this.end();
    await this.starting?.catch(() => undefined);
  }

  private async launch(): Promise<void> {
    this.abort = new AbortController();
    const { signal } = this.abort;
    await stopLeftover(this.record);
    const launch = await this.plan.prepare(signal);
    if (signal.aborted) throw this.failure('was stopped before it was started');
    const logFrom = sizeOf(this.log);
    const running = this.spawn(launch);
    this.running = running;
    try {
      await this.untilReady(running, launch, signal);
    } catch (error) {
      await this.end();
      const tail = tailOf(this.log, logFrom);
      throw this.failure(`${messageOf(error)}; log ${this.log}${tail ? `, last lines: ${tail}` : ' is empty'}`);
    }
    void running.ended.then((reason) => this.died(running, reason));
  }

  private spawn(launch: Launch): Running {
    const child = launch.isReady ? this.spawnEngine(launch) : this.spawnProcess(launch);
    const running: Running = {
      child,
      ending: undefined,
      saidReady: false,
      stopping: undefined,
      ended: new Promise((resolve) => {
        child.once('error', (error) => resolve(`cannot be run (${error.message})`));
        child.once('exit', (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`));
      }),
    };
    void running.ended.then((how) => {
      running.ending = how;
    });
    child.on('message', (message) => {
      if (message === 'ready') running.saidReady = true;
    });
    if (child.pid) writeRunRecord(this.record, { pid: child.pid, mark: launch.mark, signal: this.plan.stopSignal });
    return running;
  }

  /** Logs by its own descriptor, so that it goes on unharmed when this process is killed. */
  private spawnEngine({ command, args, cwd, environment, user }: Launch): ChildProcess {
    return withLogFile(this.log, (log) =>
      spawn(command, args, { cwd, env: environment, ...user, detached: true, stdio: ['ignore', log, log] }),
    );
  }

  private spawnProcess({ command, args, cwd, environment, user }: Launch): ChildProcess {
    const log = openLogFile(this.log);
    const stdio = ['ignore', 'pipe', log, 'ipc'] as const;
    const child = spawn(command, args, { cwd, env: environment, ...user, detached: true, stdio: [...stdio] });
    if (!child.stdout) throw this.failure('has no standard output');
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      writeSync(log, `${line}\n`);
      this.plan.onLine?.(line);
    });
    lines.once('close', () => closeSync(log));
    return child;
  }

  private async untilReady(running: Running, launch: Launch, signal: AbortSignal): Promise<void> {
    const deadline = Date.now() + this.plan.readyWithinMs;
    const isReady = launch.isReady ?? (async () => running.saidReady);
    for (;;) {
      const ready = await isReady();
      if (running.ending) throw new Error(running.ending);
      if (signal.aborted) throw new Error('was stopped while it started');
      if (ready) return;
      if (Date.now() > deadline) throw new Error(`was not ready after ${this.plan.readyWithinMs} ms`);
      await pause(25, signal);
    }
  }

  private async end(): Promise<void> {
    const running = this.running;
    if (!running) return;
    running.stopping ??= this.endOf(running);
    await running.stopping;
    this.running = undefined;
  }

  private async endOf({ child, ended }: Running): Promise<void> {
    child.kill(this.plan.stopSignal);
    const waited = new AbortController();
    const inTime = await Promise.race([
      ended.then(() => true),
      pause(this.plan.stopWithinMs, waited.signal).then(() => false),
    ]);
    waited.abort();
    if (!inTime) child.kill('SIGKILL');
    await ended;
    removeRunRecord(this.record);
  }

  private died(running: Running, reason: string): void {
    if (running.stopping || this.running !== running) return;
    this.running = undefined;
    removeRunRecord(this.record);
    this.tellDeath(reason);
  }

  private failure(what: string): TickwireError {
    return new TickwireError('ENGINE_UNAVAILABLE', `${this.name} ${what}`);
  }

  private get record(): string {
    return recordFile(this.plan.home, this.name);
  }

  private get log(): string {
    return logFile(this.plan.home, this.name);
  }
}
