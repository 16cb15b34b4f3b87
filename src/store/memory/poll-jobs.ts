import { randomUUID } from 'node:crypto';
import type { ClaimedPoll, PollConfig, PollJob, PollRun } from '../../domain/poll-job';
import type { Clock } from '../../platform/clock';
import type { PollJobs } from '../store';
import { newestTickMs, nextTickAt, tickAtOrAfter } from './tick-grid';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

interface StoredRun extends Mutable<PollRun> {
  fence: number;
}

interface StoredJob extends Mutable<Omit<PollJob, 'lastRun'>> {
  readonly idempotencyKey: string | undefined;
  readonly requestId: string | null;
  runRequestedAt: Date | null;
  leaseUntil: Date | null;
  fence: number;
  /** Newest first. */
  runs: StoredRun[];
}

/** What retention does to it beside the port. */
export interface MemoryPollJobs extends PollJobs {
  /** Deletes at most `limit` runs that finished before `before` and are none of the newest 20 of their job; returns how many. */
  deleteRuns(before: Date, limit: number): number;
}

/** Runs of one job that stay, however old. */
const KEPT_RUNS = 20;

/** `polling_jobs` and `polling_runs` in memory; the given clock stands for the database's. */
export function openMemoryPollJobs(clock: Clock): MemoryPollJobs {
  const jobs = new Map<string, StoredJob>();

  return {
    async create(config, { idempotencyKey, requestId, owner = null }) {
      const existing = [...jobs.values()].find((job) => idempotencyKey && job.idempotencyKey === idempotencyKey);
      if (existing) return { outcome: isSameConfig(existing, config) ? 'existing' : 'conflict', job: jobOf(existing) };
      const job = newJob(config, { idempotencyKey, requestId, owner }, clock());
      jobs.set(job.jobId, job);
      return { outcome: 'created', job: jobOf(job) };
    },
    find: async (jobId) => {
      const job = jobs.get(jobId);
      return job && jobOf(job);
    },
    list: async () => [...jobs.values()].map(jobOf).reverse(),
    listRuns: async (jobId, limit) => (jobs.get(jobId)?.runs ?? []).slice(0, limit).map(runOf),
    deleteRuns(before, limit) {
      const old = [...jobs.values()].flatMap(({ runs }) =>
        runs.slice(KEPT_RUNS).filter(({ finishedAt }) => finishedAt && finishedAt < before),
      );
      const deleted = new Set(old.slice(0, limit));
      for (const job of jobs.values()) job.runs = job.runs.filter((run) => !deleted.has(run));
      return deleted.size;
    },
    async update(jobId, { symbols, intervalSeconds, status }) {
      const job = jobs.get(jobId);
      if (!job) return undefined;
      const resumed = job.status === 'paused' && status === 'active';
      const regridded = intervalSeconds !== undefined && intervalSeconds !== job.intervalSeconds;
      const waitsForFirstTick = job.nextRunAt.getTime() === job.anchorAt.getTime();
      job.symbols = symbols ?? job.symbols;
      job.intervalSeconds = intervalSeconds ?? job.intervalSeconds;
      job.status = status ?? job.status;
      if (resumed || (regridded && !waitsForFirstTick)) job.nextRunAt = nextTickAt(job, clock());
      return jobOf(job);
    },
    remove: async (jobId) => jobs.delete(jobId),
    async requestRun(jobId) {
      const job = jobs.get(jobId);
      if (job) job.runRequestedAt ??= clock();
      return job !== undefined;
    },
    async claimDue({ leaseSeconds, limit }) {
      const now = clock();
      const due = [...jobs.values()].filter((job) => isClaimable(job, now)).sort((a, b) => dueMs(a) - dueMs(b));
      return due.slice(0, limit).map((job) => claim(job, now, leaseSeconds));
    },
    async completeRun({ runId, jobId, fence }, { outcome, quotes, failures, resumeAt }) {
      const job = jobs.get(jobId);
      const run = job?.runs.find((one) => one.runId === runId);
      if (!job?.leaseUntil || !run || job.fence !== fence || run.fence !== fence) return false;
      job.leaseUntil = null;
      const resumed = resumeAt && tickAtOrAfter(job, resumeAt);
      if (resumed && resumed > job.nextRunAt) job.nextRunAt = resumed;
      Object.assign(run, { outcome, quotes, failures, finishedAt: clock() });
      return true;
    },
  };
}

function newJob(
  config: PollConfig,
  keys: { idempotencyKey: string | undefined; requestId: string | undefined; owner: string | null },
  now: Date,
): StoredJob {
  return {
    ...config,
    marketHoursOnly: config.marketHoursOnly ?? false,
    jobId: randomUUID(),
    status: 'active',
    anchorAt: now,
    nextRunAt: now,
    missedTicks: 0,
    createdAt: now,
    idempotencyKey: keys.idempotencyKey,
    requestId: keys.requestId ?? null,
    owner: keys.owner,
    runRequestedAt: null,
    leaseUntil: null,
    fence: 0,
    runs: [],
  };
}

function isTickDue(job: StoredJob, now: Date): boolean {
  return job.status === 'active' && job.nextRunAt <= now;
}

function isClaimable(job: StoredJob, now: Date): boolean {
  if (job.leaseUntil) return job.leaseUntil <= now;
  return job.runRequestedAt !== null || isTickDue(job, now);
}

function dueMs(job: StoredJob): number {
  return Math.min(job.nextRunAt.getTime(), job.runRequestedAt?.getTime() ?? Number.POSITIVE_INFINITY);
}

function claim(job: StoredJob, now: Date, leaseSeconds: number): ClaimedPoll {
  const dead = job.runs.find((run) => run.fence === job.fence && run.outcome === 'running');
  const { missedTicks, scheduledFor } = isTickDue(job, now) ? claimTick(job, now, dead) : claimOther(job, now, dead);
  job.missedTicks += missedTicks;
  job.fence += 1;
  job.leaseUntil = new Date(now.getTime() + leaseSeconds * 1000);
  const { runId } = startRun(job, scheduledFor, now);
  const { jobId, fence, requestId, symbols, intervalSeconds, provider, marketHoursOnly } = job;
  const config = { symbols, intervalSeconds, provider, marketHoursOnly };
  return { runId, jobId, scheduledFor, fence, missedTicks, requestId, ...config };
}

function claimTick(job: StoredJob, now: Date, dead: StoredRun | undefined) {
  if (dead) Object.assign(dead, { outcome: 'abandoned', finishedAt: now });
  const scheduledFor = new Date(newestTickMs(job, now));
  const missedTicks = (scheduledFor.getTime() - job.nextRunAt.getTime()) / (job.intervalSeconds * 1000);
  job.nextRunAt = nextTickAt(job, now);
  job.runRequestedAt = null;
  return { scheduledFor, missedTicks };
}

/** The dead run's own tick, which leaves a request waiting; else the request. */
function claimOther(job: StoredJob, now: Date, dead: StoredRun | undefined) {
  if (dead) return { scheduledFor: dead.scheduledFor, missedTicks: 0 };
  const scheduledFor = job.runRequestedAt ?? now;
  job.runRequestedAt = null;
  return { scheduledFor, missedTicks: 0 };
}

/** At most one run for each tick: a tick that has one gets it again. */
function startRun(job: StoredJob, scheduledFor: Date, startedAt: Date): StoredRun {
  const known = job.runs.find((run) => run.scheduledFor.getTime() === scheduledFor.getTime());
  const fresh = { startedAt, finishedAt: null, outcome: 'running' as const, quotes: 0, failures: [], fence: job.fence };
  if (known) return Object.assign(known, fresh);
  const run = { runId: randomUUID(), scheduledFor, ...fresh };
  job.runs = [run, ...job.runs].sort((a, b) => b.scheduledFor.getTime() - a.scheduledFor.getTime());
  return run;
}

function isSameConfig(a: PollConfig, b: PollConfig): boolean {
  const rest = (config: PollConfig) =>
    [config.provider, config.intervalSeconds, config.marketHoursOnly ?? false, ...config.symbols].join();
  return rest(a) === rest(b);
}

function jobOf(job: StoredJob): PollJob {
  const { jobId, symbols, intervalSeconds, provider, marketHoursOnly } = job;
  const { status, anchorAt, nextRunAt, missedTicks, createdAt, owner } = job;
  const lastRun = job.runs[0] ? runOf(job.runs[0]) : null;
  const config = { symbols, intervalSeconds, provider, marketHoursOnly };
  return { jobId, ...config, status, anchorAt, nextRunAt, missedTicks, createdAt, owner, lastRun };
}

function runOf({ fence: _, ...run }: StoredRun): PollRun {
  return { ...run };
}
