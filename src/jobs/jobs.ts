import type { Bus, Message } from '../bus/bus';
import { modelJobEvents, modelJobs } from '../bus/topics';
import type { ModelJob, ModelJobStatus } from '../domain/model-job';
import { messageOf } from '../platform/errors';
import type { Log } from '../platform/log';
import type { Service } from '../platform/service';
import { causeHeaders } from '../platform/trace';
import type { UnpublishedJob } from '../store/job-store';
import type { Store } from '../store/store';

/** How long a stored job waits for its own publisher before a runner publishes it. */
export const JOB_PUBLISH_GRACE_SECONDS = 10;

/** Runs model jobs: claims those that are due, computes them on threads, stores what came out. */
export interface JobRunner extends Service {
  /** These jobs wait: they go first at the next claim, which is now where there is room. Never throws; what is forgotten is found by the beat. */
  wake(jobIds: readonly string[]): void;
}

/** The message that tells one change of a job; `error` only where the job has one. */
export function jobEventMessage(
  job: Pick<ModelJob, 'jobId' | 'requestId' | 'owner'>,
  change: { status: ModelJobStatus; progress: number; error?: ModelJob['error'] },
  at: Date,
): Message {
  const { status, progress, error } = change;
  const event = { jobId: job.jobId, owner: job.owner, status, progress, at, ...(error && { error }) };
  return modelJobEvents.message(event, causeHeaders(job.requestId));
}

/**
 * Publishes the messages of stored jobs, tells that they are queued, and marks them. False when any of it failed: then the rows stay unmarked and a
 * runner does it again. Never rejects.
 */
export async function publishJobs(
  { store, bus, log }: { store: Pick<Store, 'modelJobs'>; bus: Pick<Bus, 'publish'>; log: Log },
  jobs: readonly UnpublishedJob[],
  at: Date,
): Promise<boolean> {
  if (jobs.length === 0) return true;
  const waking = jobs.map((job) => modelJobs.message(job, causeHeaders(job.requestId)));
  const telling = jobs.map((job) => jobEventMessage(job, { status: 'queued', progress: 0 }, at));
  try {
    await bus.publish([...waking, ...telling]);
    await store.modelJobs.markPublished(jobs.map(({ jobId }) => jobId));
    return true;
  } catch (error) {
    log.warn({ jobs: jobs.length, error: messageOf(error) }, 'jobs not published yet, kept in the outbox');
    return false;
  }
}
