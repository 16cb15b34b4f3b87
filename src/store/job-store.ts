import type { ModelArtifact, ModelJob, ModelJobStatus } from '../domain/model-job';

export interface NewModelJob {
  /** UUID, made by the caller. */
  readonly jobId: string;
  readonly model: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly requestId: string | null;
  /** The key that asks; left out where none does. */
  readonly owner?: string | null;
}

/** A job whose message may not have reached the topic. */
export type UnpublishedJob = Pick<ModelJob, 'jobId' | 'model' | 'requestId' | 'owner'>;

/** A job this process runs under a lease; `fence` tells its writes from those of a holder that lost the lease. */
export interface ClaimedJob {
  readonly job: ModelJob;
  readonly fence: number;
}

export interface JobQuery {
  readonly status?: ModelJobStatus | undefined;
  readonly model?: string | undefined;
  /** Only jobs of this key, and those that are nobody's. */
  readonly knownTo?: string | undefined;
  /** Only jobs older than this one, in the list's order. */
  readonly after?: { readonly createdAt: Date; readonly jobId: string } | undefined;
  readonly limit: number;
}

/** Tables `model_jobs` and `model_artifacts`. Leases and backoffs are by the database's clock only. */
export interface ModelJobs {
  /**
   * One transaction: all or none. Each row is its own outbox entry; it is not offered to `claimUnpublished` for the first `graceSeconds`.
   * The same idempotency key with the same jobs gives the jobs of the first call; with others `conflict`, and nothing is stored.
   */
  create(
    jobs: readonly NewModelJob[],
    options: { idempotencyKey?: string | undefined; graceSeconds: number },
  ): Promise<{ readonly outcome: 'created' | 'existing' | 'conflict'; readonly jobs: readonly ModelJob[] }>;
  find(jobId: string): Promise<ModelJob | undefined>;
  /** A file of a completed job, the fence under which the artifacts port keeps it, and whose job it is. */
  findArtifact(
    jobId: string,
    name: string,
  ): Promise<{ artifact: ModelArtifact; fence: number; owner: string | null } | undefined>;
  /** Newest first. Results are left out (`result` is null). */
  list(query: JobQuery): Promise<readonly ModelJob[]>;
  markPublished(jobIds: readonly string[]): Promise<void>;
  /** As the outbox of prices: queued jobs not yet published whose grace is over. */
  claimUnpublished(limit: number, graceSeconds: number): Promise<readonly UnpublishedJob[]>;
  /**
   * Claims up to `limit` jobs in one transaction under one lock for all runners, so that never more than `maxRunning` have a live lease: first those in
   * `wanted` that are due, then the oldest due ones. Due is a queued job whose backoff is over, and a running one whose lease ran out. `attempts` + 1.
   */
  claim(claim: {
    owner: string;
    leaseSeconds: number;
    maxRunning: number;
    limit: number;
    wanted: readonly string[];
  }): Promise<readonly ClaimedJob[]>;
  /**
   * Extends the lease and stores the progress. `lost` when the fence is stale or the lease ran out: its slot may be another job's by now; `cancelled`
   * when the job was.
   */
  renew(
    claimed: { jobId: string; fence: number },
    change: { progress: number; leaseSeconds: number },
  ): Promise<'renewed' | 'cancelled' | 'lost'>;
  /** Result, artifacts and `completed` in one transaction. False, and nothing changed, when the fence is stale or the job is final. */
  complete(
    claimed: { jobId: string; fence: number },
    outcome: {
      result: unknown;
      metrics: Readonly<Record<string, number>>;
      warnings: readonly string[];
      artifacts: readonly ModelArtifact[];
    },
  ): Promise<boolean>;
  /** `failed`, or `queued` again after `retryAfterSeconds`. False, and nothing changed, when the fence is stale or the job is final. */
  fail(
    claimed: { jobId: string; fence: number },
    error: { code: string; message: string },
    retryAfterSeconds: number | null,
  ): Promise<boolean>;
  /** A queued or running job becomes `cancelled`. `final` when it already was; undefined when there is none. */
  cancel(jobId: string): Promise<'cancelled' | 'final' | undefined>;
  /** Gives a running job back to `queued` at once, its attempt uncounted: for a runner that stops. False when the fence is stale. */
  release(claimed: { jobId: string; fence: number }): Promise<boolean>;
  /** Jobs with a live lease. */
  countRunning(): Promise<number>;
  /** Jobs that wait, those whose backoff is not over included. */
  countQueued(): Promise<number>;
}
