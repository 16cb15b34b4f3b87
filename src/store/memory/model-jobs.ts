import { isDeepStrictEqual } from 'node:util';
import type { ModelJob, ModelJobStatus } from '../../domain/model-job';
import type { Clock } from '../../platform/clock';
import type { JobQuery, ModelJobs, NewModelJob } from '../job-store';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

interface StoredJob extends Mutable<ModelJob> {
  readonly idempotencyKey: string | undefined;
  fence: number;
  leaseUntil: Date | null;
  runAfter: Date;
  publishAfter: Date;
  isPublished: boolean;
}

type Claimed = { readonly jobId: string; readonly fence: number };

/** `model_jobs` and `model_artifacts` in memory; the given clock stands for the database's. */
export function openMemoryModelJobs(clock: Clock): ModelJobs {
  const jobs = new Map<string, StoredJob>();
  const isLive = ({ leaseUntil }: StoredJob) => leaseUntil !== null && leaseUntil > clock();
  const countLive = () => [...jobs.values()].filter(isLive).length;
  /** The job while the claim holds: the only one its runner may write. */
  const heldBy = ({ jobId, fence }: Claimed): StoredJob | undefined => {
    const job = jobs.get(jobId);
    return job?.status === 'running' && job.fence === fence ? job : undefined;
  };
  const end = (job: StoredJob | undefined, status: ModelJobStatus, change: Partial<StoredJob>): boolean => {
    if (job) Object.assign(job, { status, leaseUntil: null, finishedAt: clock(), ...change });
    return job !== undefined;
  };

  return {
    async create(wanted, { idempotencyKey, graceSeconds }) {
      const existing = [...jobs.values()].filter((job) => idempotencyKey && job.idempotencyKey === idempotencyKey);
      if (existing.length > 0) {
        return { outcome: isSame(existing, wanted) ? 'existing' : 'conflict', jobs: existing.map(jobOf) };
      }
      const created = wanted.map((job) => newJob(job, { idempotencyKey, graceSeconds }, clock()));
      for (const job of created) jobs.set(job.jobId, job);
      return { outcome: 'created', jobs: created.map(jobOf) };
    },
    find: async (jobId) => {
      const job = jobs.get(jobId);
      return job && jobOf(job);
    },
    async findArtifact(jobId, name) {
      const job = jobs.get(jobId);
      const artifact = job?.artifacts.find((one) => one.name === name);
      return job && artifact && { artifact, fence: job.fence, owner: job.owner };
    },
    list: async (query) =>
      [...jobs.values()]
        .filter((job) => isAsked(job, query))
        .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.jobId < b.jobId ? 1 : -1))
        .slice(0, query.limit)
        .map((job) => ({ ...jobOf(job), result: null })),
    async markPublished(jobIds) {
      for (const id of jobIds) Object.assign(jobs.get(id) ?? {}, { isPublished: true });
    },
    async claimUnpublished(limit, graceSeconds) {
      const now = clock();
      const waiting = [...jobs.values()].filter(
        (job) => job.status === 'queued' && !job.isPublished && job.publishAfter <= now,
      );
      return waiting.slice(0, limit).map((job) => {
        job.publishAfter = later(now, graceSeconds);
        return { jobId: job.jobId, model: job.model, requestId: job.requestId, owner: job.owner };
      });
    },
    async claim({ leaseSeconds, maxRunning, limit, wanted }) {
      const now = clock();
      const due = [...jobs.values()].filter((job) => isDue(job, now));
      const first = due.filter(({ jobId }) => wanted.includes(jobId));
      const ordered = [...first, ...due.filter((job) => !first.includes(job))];
      return ordered.slice(0, Math.max(0, Math.min(limit, maxRunning - countLive()))).map((job) => {
        const { attempts, fence, startedAt } = job;
        Object.assign(job, { status: 'running', progress: 0, attempts: attempts + 1, fence: fence + 1 });
        Object.assign(job, { leaseUntil: later(now, leaseSeconds), startedAt: startedAt ?? now });
        return { job: jobOf(job), fence: job.fence };
      });
    },
    async renew(claimed, { progress, leaseSeconds }) {
      const job = heldBy(claimed);
      if (!job || !isLive(job)) return jobs.get(claimed.jobId)?.status === 'cancelled' ? 'cancelled' : 'lost';
      job.leaseUntil = later(clock(), leaseSeconds);
      job.progress = Math.max(job.progress, progress);
      return 'renewed';
    },
    complete: async (claimed, outcome) =>
      end(heldBy(claimed), 'completed', { ...structuredClone(outcome), progress: 1, error: null }),
    async fail(claimed, error, retryAfterSeconds) {
      if (retryAfterSeconds === null) return end(heldBy(claimed), 'failed', { error });
      return end(heldBy(claimed), 'queued', { error, finishedAt: null, runAfter: later(clock(), retryAfterSeconds) });
    },
    async cancel(jobId) {
      const job = jobs.get(jobId);
      if (!job) return undefined;
      if (job.status !== 'queued' && job.status !== 'running') return 'final';
      end(job, 'cancelled', {});
      return 'cancelled';
    },
    async release(claimed) {
      const job = heldBy(claimed);
      return end(job, 'queued', { finishedAt: null, runAfter: clock(), attempts: (job?.attempts ?? 1) - 1 });
    },
    countRunning: async () => countLive(),
    countQueued: async () => [...jobs.values()].filter(({ status }) => status === 'queued').length,
  };
}

function newJob(
  { jobId, model, params, requestId, owner = null }: NewModelJob,
  options: { idempotencyKey: string | undefined; graceSeconds: number },
  now: Date,
): StoredJob {
  return {
    jobId,
    model,
    params: structuredClone(params),
    status: 'queued',
    progress: 0,
    createdAt: now,
    startedAt: null,
    finishedAt: null,
    attempts: 0,
    result: null,
    metrics: {},
    warnings: [],
    error: null,
    artifacts: [],
    requestId,
    owner,
    idempotencyKey: options.idempotencyKey,
    fence: 0,
    leaseUntil: null,
    runAfter: now,
    publishAfter: later(now, options.graceSeconds),
    isPublished: false,
  };
}

function isDue({ status, runAfter, leaseUntil }: StoredJob, now: Date): boolean {
  if (status === 'running') return leaseUntil !== null && leaseUntil <= now;
  return status === 'queued' && runAfter <= now;
}

function isAsked(job: StoredJob, { status, model, knownTo, after }: JobQuery): boolean {
  if ((status && job.status !== status) || (model && job.model !== model)) return false;
  if (knownTo !== undefined && job.owner !== null && job.owner !== knownTo) return false;
  if (!after) return true;
  const [mine, theirs] = [job.createdAt.getTime(), after.createdAt.getTime()];
  return mine === theirs ? job.jobId < after.jobId : mine < theirs;
}

function isSame(existing: readonly ModelJob[], wanted: readonly NewModelJob[]): boolean {
  const contentOf = (jobs: readonly Pick<ModelJob, 'model' | 'params'>[]) =>
    jobs.map(({ model, params }) => ({ model, params: JSON.parse(JSON.stringify(params)) }));
  return isDeepStrictEqual(contentOf(existing), contentOf(wanted));
}

function later(instant: Date, seconds: number): Date {
  return new Date(instant.getTime() + seconds * 1000);
}

function jobOf(stored: StoredJob): ModelJob {
  const { idempotencyKey, fence, leaseUntil, runAfter, publishAfter, isPublished, ...job } = stored;
  return job;
}
