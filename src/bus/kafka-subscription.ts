import type { Consumer, ConsumerConfig } from 'kafkajs';
import { pause } from '../platform/clock';
import { messageOf, TickwireError } from '../platform/errors';
import type { RunningSubscription, Subscription } from './bus';
import { within } from './deadline';
import { removeGroup, startAtEnd } from './kafka-admin';
import { KafkaBatches } from './kafka-batches';
import { type KafkaOptions, kafkaClient, toBusError } from './kafka-client';

/** How long the first join may take before `subscribe` gives up. */
const JOIN_DEADLINE_MS = 30_000;
/** How long `stop` waits for a running batch. Below the deadline of a process's stop. */
const STOP_DEADLINE_MS = 8_000;
const BETWEEN_SESSIONS_MS = 500;

/** About one chunk of small records: more would only wait in memory, decoded. A larger record still comes, alone. */
const MAX_BYTES_PER_PARTITION = 786_432;
/** While one partition waits for the database or the broker, another is decoded. */
const PARTITIONS_AT_ONCE = 3;

/** How a session ended: kafkajs says whether a new one may do better. */
interface SessionEnd {
  readonly error: unknown;
  readonly mayRetry: boolean;
}

/** Joins the group and hands over batches until it is stopped. @throws BUS_UNAVAILABLE when the group could not be joined in time, BUS_REFUSED for an unknown topic. */
export async function openKafkaSubscription(
  options: KafkaOptions,
  subscription: Subscription,
): Promise<RunningSubscription> {
  const { group, topic, startAt, signal } = subscription;
  if (startAt === 'now') await startAtEnd(options, group, topic);
  const running = new KafkaSubscription(options, subscription);
  const leave = () => void running.stop().catch(() => undefined);
  signal?.addEventListener('abort', leave, { once: true });
  if (signal?.aborted) leave();
  await running.join();
  signal?.removeEventListener('abort', leave);
  return running;
}

/**
 * One session after another: connect, join, consume until kafkajs gives up. Its own restart is off, because a consumer that is stopped while it
 * restarts stays behind as a member that handles nothing; a fresh client also forgets what a dead broker left in the old one.
 */
class KafkaSubscription implements RunningSubscription {
  readonly #options: KafkaOptions;
  readonly #subscription: Subscription;
  readonly #stopping = new AbortController();
  readonly #batches: KafkaBatches;
  readonly #sessions: Promise<void>;
  readonly #joined: Promise<void>;
  #onJoined: () => void = () => undefined;
  #onJoinFailed: (error: Error) => void = () => undefined;
  #hasJoined = false;
  #lastFailure: string | undefined;
  #lastSignOfLifeMs = Date.now();
  #stop: Promise<void> | undefined;

  constructor(options: KafkaOptions, subscription: Subscription) {
    this.#options = options;
    this.#subscription = subscription;
    this.#batches = new KafkaBatches(subscription, options.log, this.#stopping.signal);
    this.#joined = new Promise((resolve, reject) => {
      this.#onJoined = resolve;
      this.#onJoinFailed = reject;
    });
    this.#sessions = this.#run();
  }

  async join(): Promise<void> {
    const { group, topic } = this.#subscription;
    const late = () => {
      const reason = this.#lastFailure ? `: ${this.#lastFailure}` : '';
      return new TickwireError('BUS_UNAVAILABLE', `${group} did not join ${topic} in ${JOIN_DEADLINE_MS} ms${reason}`);
    };
    try {
      await within(this.#joined, JOIN_DEADLINE_MS, late);
    } catch (error) {
      await this.stop().catch(() => undefined);
      throw error;
    }
  }

  lastSignOfLifeMs(): number {
    return this.#lastSignOfLifeMs;
  }

  stop(): Promise<void> {
    this.#stop ??= this.#leave();
    return this.#stop;
  }

  async #leave(): Promise<void> {
    this.#stopping.abort();
    const { group, startAt } = this.#subscription;
    const late = () => new TickwireError('TIMEOUT', `consumer ${group} did not stop within ${STOP_DEADLINE_MS} ms`);
    await within(this.#sessions, STOP_DEADLINE_MS, late);
    if (startAt === 'now') await removeGroup(this.#options, group);
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const { error, mayRetry } = await this.#session();
      this.#lastSignOfLifeMs = Date.now();
      if (this.#stopping.signal.aborted) break;
      const { group, topic } = this.#subscription;
      const reason = toBusError(error, `consuming ${topic} as ${group}`);
      if (!mayRetry || reason.code === 'BUS_REFUSED') return this.#giveUp(reason);
      this.#lastFailure = reason.message;
      this.#options.log.warn({ group, topic, error: reason.message }, 'consumer lost the broker, joining again');
      await pause(BETWEEN_SESSIONS_MS, this.#stopping.signal);
    }
    this.#onJoinFailed(new TickwireError('BUS_UNAVAILABLE', 'the subscription was stopped before it joined'));
  }

  #giveUp(error: TickwireError): void {
    if (this.#hasJoined) this.#subscription.onFatal(error);
    else this.#onJoinFailed(error);
  }

  /** Resolves when the session has ended and its consumer has left the group. */
  async #session(): Promise<SessionEnd> {
    let mayRetry = false;
    const { topic } = this.#subscription;
    const consumer = kafkaClient(this.#options).consumer({
      ...consumerConfig(this.#subscription.group),
      retry: {
        restartOnFailure: async () => {
          mayRetry = true;
          return false;
        },
      },
    });
    const over = new AbortController();
    const ended = this.#watch(consumer, over.signal);
    try {
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
        eachBatch: (payload) => this.#batches.handle(payload),
      });
      return { error: await ended, mayRetry };
    } catch (error) {
      return { error, mayRetry: true };
    } finally {
      over.abort();
      await consumer
        .disconnect()
        .catch((error: unknown) => this.#options.log.debug({ error: messageOf(error) }, 'left'));
    }
  }

  /** Resolves with what crashed the consumer, or with nothing when it is to stop. */
  #watch(consumer: Consumer, over: AbortSignal): Promise<unknown> {
    const alive = () => {
      this.#lastSignOfLifeMs = Date.now();
    };
    const { FETCH, HEARTBEAT, START_BATCH_PROCESS, END_BATCH_PROCESS, GROUP_JOIN, CRASH } = consumer.events;
    for (const event of [FETCH, HEARTBEAT, START_BATCH_PROCESS, END_BATCH_PROCESS] as const) consumer.on(event, alive);
    consumer.on(GROUP_JOIN, ({ payload }) => this.#tellJoined(payload.memberAssignment));
    return new Promise((resolve) => {
      consumer.on(CRASH, ({ payload }) => resolve(payload.error));
      this.#stopping.signal.addEventListener('abort', () => resolve(undefined), { once: true, signal: over });
    });
  }

  #tellJoined(assignment: Record<string, number[]>): void {
    const { group, topic } = this.#subscription;
    this.#lastSignOfLifeMs = Date.now();
    this.#hasJoined = true;
    this.#onJoined();
    this.#options.log.info({ group, topic, partitions: assignment[topic] ?? [] }, 'consumer joined its group');
  }
}

function consumerConfig(groupId: string): ConsumerConfig {
  return {
    groupId,
    allowAutoTopicCreation: false,
    sessionTimeout: 10_000,
    heartbeatInterval: 2_000,
    maxWaitTimeInMs: 250,
    maxBytesPerPartition: MAX_BYTES_PER_PARTITION,
  };
}
