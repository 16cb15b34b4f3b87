/** A record as a topic holds it: bytes, not yet believed. */
export interface BusRecord {
  readonly topic: string;
  readonly partition: number;
  /** Position in the partition, as text because it is a 64-bit number. */
  readonly offset: string;
  /** When the broker stored it, epoch milliseconds. */
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer>>;
}

/** What is to be published. Records of one key keep their order. */
export interface Message {
  readonly topic: string;
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers?: Readonly<Record<string, string | Buffer>>;
}

/** What a batch handler may ask of the bus while it works. */
export interface BatchContext {
  /**
   * Aborts when the subscription stops or the partition is taken away: leave soon. Work that is nearly done may be finished and is then committed where that
   * is still possible; work that is not must reject.
   */
  readonly signal: AbortSignal;
  /** To be called at least every few seconds during long work or waiting, so that the group keeps this member. Never rejects: what is lost aborts the signal. */
  heartbeat(): Promise<void>;
}

/**
 * Handles records of one partition, in offset order. When it resolves they are committed; when it rejects, or the process dies,
 * they are delivered again from the first of them.
 */
export type BatchHandler = (records: readonly BusRecord[], context: BatchContext) => Promise<void>;

export interface Subscription {
  /** Consumers of one group share the partitions; each group sees every record. A new group starts at the beginning. */
  readonly group: string;
  readonly topic: string;
  /** At most this many records are handed over at once. */
  readonly maxBatch: number;
  /**
   * `now`: the group is of this subscription alone, begins with what is published after the call, keeps its place through outages, and is removed when it
   * stops. The beginning where nothing is said.
   */
  readonly startAt?: 'beginning' | 'now';
  /** Ends a subscription that is still joining. */
  readonly signal?: AbortSignal;
  readonly handle: BatchHandler;
  /** Told once when the subscription is dead for good and the process must start afresh. */
  onFatal(error: Error): void;
}

/** A running subscription. */
export interface RunningSubscription {
  /** Stops taking, lets the running batch finish and commit, leaves the group. Safe twice. */
  stop(): Promise<void>;
  /** Epoch milliseconds of the last sign of life: a fetch answered, a heartbeat, a batch handed over, an attempt to reach a broker that is away. */
  lastSignOfLifeMs(): number;
}

/** How far one group is behind on one partition. */
export interface PartitionLag {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** Next offset the group will read; null when it has not committed one. */
  readonly committed: string | null;
  /** Offset the next record will get. */
  readonly end: string;
  /** Records not yet handled. */
  readonly lag: number;
}

/**
 * The log between the stages. Guarantees, held by every adapter (test/contract/bus.contract.ts):
 * records of one key stay in order; every group sees every record at least once; offsets are committed only after success;
 * `stop` is safe twice and concurrently with work.
 */
export interface Bus {
  readonly name: string;
  /** Needs no broker: a process that only publishes can live without one. */
  start(): Promise<void>;
  /** Stops subscriptions first, then the producer. */
  stop(): Promise<void>;
  /**
   * Resolves when every in-sync replica has every message.
   * @throws BUS_UNAVAILABLE (retryable) when that is not known within the deadline (some may have been stored);
   *         BUS_REFUSED when the broker will never take it (too large, topic unknown).
   */
  publish(messages: readonly Message[]): Promise<void>;
  /** Resolves when the group was joined. */
  subscribe(subscription: Subscription): Promise<RunningSubscription>;
  /** Creates the topics that are missing; leaves those that exist as they are. */
  createTopics(
    topics: readonly { readonly name: string; readonly partitions: number }[],
  ): Promise<{ created: readonly string[] }>;
  /** Lag of each given group on each partition of each given topic. */
  lag(groups: readonly string[], topics: readonly string[]): Promise<readonly PartitionLag[]>;
  /**
   * Reads what a topic holds now, partition by partition in offset order, without a group; ends at the end offsets of the call's moment.
   * Filters by partition or offset are the caller's.
   */
  read(topic: string): AsyncIterable<BusRecord>;
  /** Resets a group to the beginning of a topic. @throws CONFLICT when the group has a running member. */
  resetToBeginning(group: string, topic: string): Promise<void>;
  /** @throws BUS_UNAVAILABLE when no broker answers. */
  ping(): Promise<void>;
}
