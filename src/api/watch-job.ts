import type { ModelJob } from '../domain/model-job';
import { pause } from '../platform/clock';
import type { Store } from '../store/store';
import { isFinal } from './job-view';

/** How often a waiting request looks at its job; between two looks it holds nothing but its socket. */
const LOOK_EVERY_MS = 250;

export interface Watch {
  readonly store: Pick<Store, 'modelJobs'>;
  /** Ends the watch: the caller left, or the server stops. */
  readonly signal: AbortSignal;
}

/** The job as soon as it is final, else as it is after `seconds`. */
export async function waitForJob(job: ModelJob, seconds: number, { store, signal }: Watch): Promise<ModelJob> {
  const deadlineMs = performance.now() + seconds * 1000;
  let seen = job;
  while (!isFinal(seen.status) && !signal.aborted) {
    const leftMs = deadlineMs - performance.now();
    if (leftMs <= 0) return seen;
    await pause(Math.min(LOOK_EVERY_MS, leftMs), signal);
    seen = (await store.modelJobs.find(job.jobId)) ?? seen;
  }
  return seen;
}

/** What an event stream says where nothing happens, so that no proxy takes it for dead. */
const HEARTBEAT_MS = 15_000;

/**
 * Server-sent events of one job: its state now, then every change of status or progress that is seen, until it is final. A client that comes back
 * starts with the state of that moment, so it needs no memory of what it missed.
 */
export async function* jobEvents(job: ModelJob, { store, signal }: Watch): AsyncGenerator<string, void> {
  let [seen, id, saidMs] = [job, 1, performance.now()];
  yield `retry: 3000\n\n${eventOf(seen, id)}`;
  while (!isFinal(seen.status) && !signal.aborted) {
    await pause(LOOK_EVERY_MS, signal);
    const now = signal.aborted ? undefined : await store.modelJobs.find(job.jobId);
    if (!now) return;
    const isNews = now.status !== seen.status || now.progress !== seen.progress || now.attempts !== seen.attempts;
    const isSilent = performance.now() - saidMs > HEARTBEAT_MS;
    seen = now;
    if (!isNews && !isSilent) continue;
    saidMs = performance.now();
    id += isNews ? 1 : 0;
    yield isNews ? eventOf(now, id) : ': still there\n\n';
  }
}

function eventOf({ jobId, status, progress, attempts, error }: ModelJob, id: number): string {
  const data = { job_id: jobId, status, progress, attempts, ...(error && { error }) };
  return `id: ${id}\nevent: ${isFinal(status) ? 'end' : 'progress'}\ndata: ${JSON.stringify(data)}\n\n`;
}
