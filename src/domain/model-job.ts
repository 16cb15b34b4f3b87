/** `queued` → `running` → one of the other three, which are final. A retry goes back to `queued`. */
export const MODEL_JOB_STATUSES = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const;
export type ModelJobStatus = (typeof MODEL_JOB_STATUSES)[number];

/** A file a job left: kept by the artifacts port, listed with the job. */
export interface ModelArtifact {
  /** `result.json`, `paths.csv`, `fan.svg`, `report.html`. */
  readonly name: string;
  readonly contentType: string;
  readonly bytes: number;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
}

/** One run of one model with one set of parameters. */
export interface ModelJob {
  readonly jobId: string;
  readonly model: string;
  /** Validated, defaults filled in. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly status: ModelJobStatus;
  /** 0 to 1. */
  readonly progress: number;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** How often a worker began it. */
  readonly attempts: number;
  /** Set when it is `completed`. */
  readonly result: unknown;
  readonly metrics: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
  /** Why it failed, in one sentence; also set while a retry waits. */
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly artifacts: readonly ModelArtifact[];
  readonly requestId: string | null;
  /** The key that asked for it; null: it is everybody's. */
  readonly owner: string | null;
}
