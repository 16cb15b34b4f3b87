import type { ModelJob } from '../domain/model-job';
import type { Finished, FoundHistory } from './thread-task';
import type { JobThreads } from './threads';

/** Parts are handed to threads in at most this many pieces, each a step of the progress. */
const MAX_PIECES = 64;
/** The rest is for combining, rendering and storing. */
const PROGRESS_OF_PARTS = 0.95;

export interface Computation {
  readonly job: ModelJob;
  /** What the model asked for; null when it asked for nothing. */
  readonly history: FoundHistory | null;
  readonly threads: JobThreads;
  /** How many threads this job may use now; asked again before each piece, as other jobs come and go. */
  lanes(): number;
  onProgress(progress: number): void;
}

/**
 * One job on the threads: planned, its parts computed wherever a thread is free and put together in their order, combined and rendered. When `signal`
 * aborts, every thread that works for the job is ended and the promise rejects. @throws what the model threw.
 */
export async function compute(computation: Computation, signal: AbortSignal): Promise<Finished> {
  const { job, history, threads, onProgress } = computation;
  const { model, params, jobId, createdAt } = job;
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const { input, parts: count } = await threads.run({ kind: 'plan', model, params, history }, either);
  const pieces = piecesOf(count);
  const parts: unknown[] = new Array(count);
  let done = 0;
  const runPiece = async (indexes: readonly number[]) => {
    const found = await threads.run({ kind: 'parts', model, input, indexes }, either);
    for (const [place, index] of indexes.entries()) parts[index] = found[place];
    done += indexes.length;
    onProgress((PROGRESS_OF_PARTS * done) / count);
  };
  await inLanes(pieces, computation.lanes, runPiece, () => failed.abort());
  return threads.run({ kind: 'finish', model, input, parts, job: { jobId, createdAt } }, either);
}

/** Consecutive part numbers in pieces of one size. */
function piecesOf(count: number): readonly (readonly number[])[] {
  const size = Math.ceil(count / MAX_PIECES);
  return Array.from({ length: Math.ceil(count / size) }, (_, piece) => {
    const from = piece * size;
    return Array.from({ length: Math.min(size, count - from) }, (_unused, offset) => from + offset);
  });
}

/** Works through `items`, as many at once as `lanes` says at the time. At the first failure `abandon` is called, the others are awaited, and it is thrown. */
async function inLanes<T>(
  items: readonly T[],
  lanes: () => number,
  work: (item: T) => Promise<void>,
  abandon: () => void,
): Promise<void> {
  const waiting = [...items];
  const active = new Set<Promise<void>>();
  const begin = (item: T) => {
    const one = work(item).finally(() => active.delete(one));
    active.add(one);
  };
  try {
    while (waiting.length + active.size > 0) {
      for (const item of waiting.splice(0, Math.max(0, Math.max(1, lanes()) - active.size))) begin(item);
      await Promise.race(active);
    }
  } catch (error) {
    abandon();
    await Promise.allSettled(active);
    throw error;
  }
}
