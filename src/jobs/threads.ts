import { join, sep } from 'node:path';
import Piscina from 'piscina';
import { messageOf, TickwireError } from '../platform/errors';
import type { Finished, Plan, ThreadAnswer, ThreadTask } from './thread-task';

/** Worker threads for models: nothing of a model runs on the thread that serves and renews leases. */
export interface JobThreads {
  readonly size: number;
  /** Runs one task. When `signal` aborts, the thread it runs on is ended at once, whatever it is doing. @throws what the model threw. */
  run(task: Extract<ThreadTask, { kind: 'plan' }>, signal: AbortSignal): Promise<Plan>;
  run(task: Extract<ThreadTask, { kind: 'parts' }>, signal: AbortSignal): Promise<readonly unknown[]>;
  run(task: Extract<ThreadTask, { kind: 'finish' }>, signal: AbortSignal): Promise<Finished>;
  /** Ends every thread. */
  stop(): Promise<void>;
}

export interface JobThreadsOptions {
  readonly size: number;
  /** The file of a thread; the built one when left out. */
  readonly worker?: string;
  readonly execArgv?: readonly string[];
}

/** Threads run built JavaScript: beside this file where this file is built, else in `dist`. */
const BUILT = __dirname.includes(`${sep}dist${sep}`) ? __dirname : join(__dirname, '..', '..', 'dist', 'src', 'jobs');

/** Heap of one thread: a model that wants more fails alone. */
const MAX_HEAP_MB = 1024;
/** Below the threads that answer requests, where the system knows such a thing. */
const NICE = 19;
const IDLE_MS = 10_000;

export function openJobThreads({ size, worker, execArgv = [] }: JobThreadsOptions): JobThreads {
  const pool = new Piscina<ThreadTask, ThreadAnswer>({
    filename: worker ?? join(BUILT, 'worker.js'),
    minThreads: 0,
    maxThreads: size,
    idleTimeout: IDLE_MS,
    niceIncrement: NICE,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    execArgv: [...execArgv],
  });
  const run = async (task: ThreadTask, signal: AbortSignal) => opened(await answerOf(pool, task, signal));
  return {
    size,
    // A border: what a thread answers to each kind of task is for `answer-task.ts` to keep.
    run: run as JobThreads['run'],
    stop: () => pool.destroy(),
  };
}

async function answerOf(pool: Piscina<ThreadTask, ThreadAnswer>, task: ThreadTask, signal: AbortSignal) {
  try {
    return await pool.run(task, { signal });
  } catch (cause) {
    if (signal.aborted) throw cause;
    const message = `the thread of model ${task.model} ended before its work did (${messageOf(cause)})`;
    throw new TickwireError('MODEL_FAILED', message, { cause });
  }
}

function opened(answer: ThreadAnswer): unknown {
  if (answer.ok) return answer.value;
  const { code, message, fault } = answer;
  throw new TickwireError(code, message, { cause: fault });
}
