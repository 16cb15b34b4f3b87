import type { AnswerOf, TickwireClient } from './client';
import { MODEL_NAMES } from './schema';

/** A model that this version of the API knows. */
export type ModelName = (typeof MODEL_NAMES)[number];

export type ModelJob = AnswerOf<'get', '/api/v1/jobs/{job_id}'>;

/** How often a waiting client asks. */
const ASK_EVERY_MS = 500;

export interface WaitOptions {
  /** Ends the waiting; the job goes on. */
  readonly signal?: AbortSignal;
  /** Told each time the job was looked at. */
  onProgress?(job: ModelJob): void;
}

/** True for the name of a model that has a route. */
export function isModelName(name: string): name is ModelName {
  return MODEL_NAMES.some((known) => known === name);
}

/**
 * The job once it is completed, failed or cancelled, however long that takes. @throws ApiError as `get`; the reason of `signal` when that aborts.
 */
export async function waitForJob(client: TickwireClient, jobId: string, options: WaitOptions = {}): Promise<ModelJob> {
  const { signal, onProgress } = options;
  for (;;) {
    const job = await client.get('/api/v1/jobs/{job_id}', {
      params: { path: { job_id: jobId } },
      ...(signal && { signal }),
    });
    onProgress?.(job);
    if (job.status !== 'queued' && job.status !== 'running') return job;
    await pause(ASK_EVERY_MS, signal);
  }
}

/** Ends early when `signal` aborts: the next request then says so. */
function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}
