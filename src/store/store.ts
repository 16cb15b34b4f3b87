import type { AverageWindow } from '../domain/moving-average';
import type {
  ClaimedPoll,
  PollConfig,
  PollFailure,
  PollJob,
  PollJobStatus,
  PollOutcome,
  PollRun,
} from '../domain/poll-job';
import type { EventKey, PriceEvent } from '../domain/price-event';
import type { SymbolAverage } from '../domain/symbol-average';
import type { ApiKeys, AuditLog } from './access-store';
import type { Bars, CorporateActions, IngestProgresses, Instruments, Partitions, TickBars } from './history-store';
import type { ModelJobs } from './job-store';
import type { News } from './news-store';
import type { Retention } from './retention-store';

/** One (symbol, provider). */
export interface SeriesKey {
  readonly symbol: string;
  readonly provider: string;
}

/** An answer of a provider on its way into `raw_market_data`, the outbox. */
export interface RawResponse {
  /** UUID, made by the caller: the events name it. */
  readonly id: string;
  readonly provider: string;
  readonly symbols: readonly string[];
  /** The vendor's answer as it came, as a JSON value. */
  readonly body: unknown;
  readonly events: readonly PriceEvent[];
  readonly fetchedAt: Date;
  readonly requestId: string | null;
  readonly pollingRunId: string | null;
  /** Market capitalisation by symbol, in the quote's currency, where the answer has one; kept in `ticker_metadata`. */
  readonly marketCaps: Readonly<Record<string, number>>;
}

/** A stored answer whose events may not have reached the topic. */
export type UnpublishedResponse = Pick<RawResponse, 'id' | 'events' | 'requestId'>;

export interface CreatedPollJob {
  /** `conflict`: the idempotency key belongs to `job`, which has another configuration; nothing was created. */
  readonly outcome: 'created' | 'existing' | 'conflict';
  readonly job: PollJob;
}

/** Table `polling_jobs` and `polling_runs`: the database is the schedule, and only its clock counts. */
export interface PollJobs {
  /** The same idempotency key with the same configuration gives the same job, also when called concurrently. The first tick is now. */
  create(
    config: PollConfig,
    options: { idempotencyKey?: string | undefined; requestId?: string | undefined; owner?: string | null },
  ): Promise<CreatedPollJob>;
  find(jobId: string): Promise<PollJob | undefined>;
  /** Newest first. */
  list(): Promise<readonly PollJob[]>;
  /** Newest first, at most `limit`. */
  listRuns(jobId: string, limit: number): Promise<readonly PollRun[]>;
  /** A changed interval keeps the anchor: the next tick is the next point of the new grid. Resuming a paused job does not run missed ticks. */
  update(
    jobId: string,
    change: {
      symbols?: readonly string[] | undefined;
      intervalSeconds?: number | undefined;
      status?: PollJobStatus | undefined;
    },
  ): Promise<PollJob | undefined>;
  /** False when there was none. */
  remove(jobId: string): Promise<boolean>;
  /** Asks for one run now, also of a paused job. False when there is no such job. */
  requestRun(jobId: string): Promise<boolean>;
  /**
   * Claims due jobs in one statement (`FOR UPDATE SKIP LOCKED`): each gets a run for its newest due tick, a lease and a higher fence, and its
   * next tick on the grid after now. Ticks that passed unserved are counted, not run. A job whose lease ran out is claimed again: for its newest tick
   * when one is due (the dead run becomes `abandoned`), else for the dead run's own tick (`attempts` + 1).
   */
  claimDue(claim: { owner: string; leaseSeconds: number; limit: number }): Promise<readonly ClaimedPoll[]>;
  /**
   * Stores the outcome and frees the job. Where `resumeAt` is given, the next tick is the first point of the grid at or after it, unless that would come
   * before the next tick already set. False, and nothing changed, when the fence is stale or the job is gone.
   */
  completeRun(
    run: Pick<ClaimedPoll, 'runId' | 'jobId' | 'fence'>,
    result: {
      outcome: PollOutcome;
      quotes: number;
      failures: readonly PollFailure[];
      resumeAt?: Date | undefined;
    },
  ): Promise<boolean>;
}

/** Table `raw_market_data`. */
export interface RawResponses {
  /** One transaction: the answer, its events, market caps. It is not offered to `claimUnpublished` for the first `graceSeconds`. */
  save(response: RawResponse, graceSeconds: number): Promise<void>;
  /** Keeps an answer that makes no events: history, reference data, news. Never offered to `claimUnpublished`. */
  archive(
    response: Pick<RawResponse, 'id' | 'provider' | 'symbols' | 'body' | 'fetchedAt' | 'requestId'>,
  ): Promise<void>;
  markPublished(ids: readonly string[]): Promise<void>;
  /** Unpublished answers whose grace is over, oldest first; each is then hidden for `graceSeconds`, so that two callers do not publish the same one at once. */
  claimUnpublished(limit: number, graceSeconds: number): Promise<readonly UnpublishedResponse[]>;
  countUnpublished(): Promise<number>;
}

/** A stored price, with the time it was stored. */
export interface PricePoint extends PriceEvent {
  readonly ingestedAt: Date;
}

export interface HistoryQuery extends SeriesKey {
  /** Inclusive. */
  readonly start?: Date | undefined;
  /** Exclusive. */
  readonly end?: Date | undefined;
  /** Only points after this key, in event order. */
  readonly after?: EventKey | undefined;
  readonly limit: number;
}

/** The newest price of a symbol from any provider, and what its change is measured against. */
export interface SnapshotPoint {
  readonly event: PriceEvent;
  /** Last price of the symbol before the event's UTC day, else its first price of that day. */
  readonly referencePrice: number;
}

/** Table `price_points`. */
export interface Prices {
  /** Idempotent by event: one statement a batch. Returns how many were new. A batch may hold the same event twice. */
  insert(events: readonly PriceEvent[]): Promise<number>;
  /** Those of `events` that are not stored, in that order. */
  listMissing(events: readonly PriceEvent[]): Promise<readonly PriceEvent[]>;
  /** The newest in event order; from any provider when none is named. */
  findLatest(symbol: string, provider?: string): Promise<PriceEvent | undefined>;
  /** The newest of each symbol that has one, from any provider or the one named. */
  findLatestOf(symbols: readonly string[], provider?: string): Promise<readonly PriceEvent[]>;
  /** Oldest first. */
  list(query: HistoryQuery): Promise<readonly PricePoint[]>;
  /** The newest `count` of a series, oldest first. */
  listNewest(series: SeriesKey, count: number): Promise<readonly PriceEvent[]>;
  /** One entry for each symbol known. */
  snapshot(): Promise<readonly SnapshotPoint[]>;
  /** The newest of each (symbol, provider). */
  latestOfEverySeries(): Promise<readonly PriceEvent[]>;
  listSeries(): Promise<readonly SeriesKey[]>;
  /** Market capitalisation of `symbol`, null when unknown. */
  findMarketCap(symbol: string): Promise<number | null>;
}

/** A window as stored; `version` 0 means there is none yet. */
export interface StoredWindow extends SeriesKey {
  readonly window: AverageWindow;
  readonly version: number;
}

/** A page of one series' averages. */
export interface AverageQuery extends SeriesKey {
  readonly size: number;
  /** Only rows after this key, in event order. */
  readonly after?: EventKey | undefined;
  readonly limit: number;
}

/** Tables `symbol_averages` and `average_windows`, always written together. */
export interface Averages {
  /** One for each series asked for, in that order; an empty window with version 0 where none is stored. */
  loadWindows(series: readonly SeriesKey[], size: number): Promise<readonly StoredWindow[]>;
  /**
   * One transaction: rows upserted, windows replaced, version + 1. `conflict`, and nothing written, when a window's stored version is not
   * the given one: somebody else advanced it.
   */
  save(change: {
    size: number;
    windows: readonly StoredWindow[];
    averages: readonly SymbolAverage[];
  }): Promise<'saved' | 'conflict'>;
  /** For each key: the stored rows at and after it, at most `size`, in event order; used to give again what a redelivered event gave before. */
  listFrom(keys: readonly (SeriesKey & EventKey)[], size: number): Promise<readonly SymbolAverage[]>;
  findLatest(symbol: string, size: number, provider?: string): Promise<SymbolAverage | undefined>;
  /** The stored rows of one series after a key, oldest first. */
  list(query: AverageQuery): Promise<readonly SymbolAverage[]>;
  /** Replaces every row and the window of one series by what `price_points` says now. Returns how many rows changed, were added or removed. */
  rebuild(series: SeriesKey, size: number): Promise<number>;
}

/** The durable state of the pipeline. Every method throws STORE_UNAVAILABLE (retryable) when the database does not answer. */
export interface Store {
  readonly name: string;
  readonly pollJobs: PollJobs;
  readonly rawResponses: RawResponses;
  readonly prices: Prices;
  readonly averages: Averages;
  readonly bars: Bars;
  readonly tickBars: TickBars;
  readonly corporateActions: CorporateActions;
  readonly instruments: Instruments;
  readonly ingestProgress: IngestProgresses;
  /** Years of the bar tables. */
  readonly partitions: Partitions;
  /** Months of `price_points` and `symbol_averages`; `ensure` begins at this month. All before 1990 is one, from the year 0. */
  readonly pricePartitions: Partitions;
  readonly retention: Retention;
  readonly modelJobs: ModelJobs;
  readonly news: News;
  readonly apiKeys: ApiKeys;
  readonly auditLog: AuditLog;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** @throws STORE_UNAVAILABLE when the database does not answer within two seconds. */
  ping(): Promise<void>;
}
