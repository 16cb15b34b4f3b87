/** What a user asks to be fetched again and again. */
export interface PollConfig {
  readonly symbols: readonly string[];
  /** 1 to 86400. */
  readonly intervalSeconds: number;
  readonly provider: string;
  /** Only while the market of its symbols is open; absent is false. */
  readonly marketHoursOnly?: boolean;
}

export type PollJobStatus = 'active' | 'paused';

/** A stored schedule. Its ticks are `anchorAt + n × intervalSeconds`: they never drift with the length of the work. */
export interface PollJob extends PollConfig {
  readonly jobId: string;
  readonly marketHoursOnly: boolean;
  readonly status: PollJobStatus;
  readonly anchorAt: Date;
  readonly nextRunAt: Date;
  readonly missedTicks: number;
  readonly createdAt: Date;
  /** The key that asked for it; null: it is everybody's. */
  readonly owner: string | null;
  readonly lastRun: PollRun | null;
}

/** `running` until it is completed; `abandoned` when its poller died and a newer tick took its place; `skipped` when the market was closed. */
export type PollOutcome = 'running' | 'succeeded' | 'partial' | 'failed' | 'abandoned' | 'skipped';

/** Why one symbol of a run has no price. */
export interface PollFailure {
  readonly symbol: string;
  readonly code: string;
  readonly detail: string;
}

/** One tick that was claimed: at most one for each (job, `scheduledFor`). */
export interface PollRun {
  readonly runId: string;
  /** The tick, on the job's grid; for "run now" the instant of the request. */
  readonly scheduledFor: Date;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly outcome: PollOutcome;
  /** How many symbols got a price. */
  readonly quotes: number;
  readonly failures: readonly PollFailure[];
}

/** A run this process holds under a lease; `fence` tells its writes from those of a holder that lost the lease. */
export interface ClaimedPoll extends PollConfig {
  readonly runId: string;
  readonly jobId: string;
  readonly marketHoursOnly: boolean;
  readonly scheduledFor: Date;
  readonly fence: number;
  /** Ticks that passed unserved before this one. */
  readonly missedTicks: number;
  readonly requestId: string | null;
}
