import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import { messageOf } from '../platform/errors';
import type { Log } from '../platform/log';
import type { BatchContext, BusRecord, Subscription } from './bus';
import { KafkaJSError } from './kafkajs';

/** Redelivery after a rejected handler: 100 ms, doubled each time in a row, at most this. */
const MAX_BACKOFF_MS = 5_000;
const FIRST_BACKOFF_MS = 100;

/** Most records of one chunk, whatever a subscription asks for: a commit for each chunk costs little, and memory stays flat. */
const MAX_CHUNK = 4_000;

const NO_HEADERS: BusRecord['headers'] = Object.freeze({});

/**
 * Turns the batches of kafkajs into chunks for one handler: commit after success, redelivery after an error. What a handler throws never reaches kafkajs,
 * which stops for good at some error classes and restarts at others; only errors of kafkajs's own heartbeats and commits do, so that it joins again.
 */
export class KafkaBatches {
  readonly #subscription: Subscription;
  readonly #log: Log;
  readonly #stopping: AbortSignal;
  /** Rejections in a row, by partition. */
  readonly #failures = new Map<number, number>();

  constructor(subscription: Subscription, log: Log, stopping: AbortSignal) {
    this.#subscription = subscription;
    this.#log = log;
    this.#stopping = stopping;
  }

  /** Leaves early, with the rest of the batch unresolved, when the consumer stops, lost the partition or the handler rejected. */
  async handle(payload: EachBatchPayload): Promise<void> {
    try {
      await payload.heartbeat();
      const { messages } = payload.batch;
      const size = Math.min(this.#subscription.maxBatch, MAX_CHUNK);
      for (let from = 0; from < messages.length; from += size) {
        if (this.#stopping.aborted || !payload.isRunning() || payload.isStale()) return;
        if (!(await this.#handleChunk(payload, messages.slice(from, from + size)))) return;
        await payload.heartbeat();
      }
    } catch (error) {
      throw error instanceof KafkaJSError ? error : new KafkaJSError(messageOf(error));
    }
  }

  /** True when it was handled and committed. @throws what kafkajs threw, when the group has to be joined again. */
  async #handleChunk(payload: EachBatchPayload, messages: readonly KafkaMessage[]): Promise<boolean> {
    const { topic, partition } = payload.batch;
    const lease = new Lease(payload, this.#stopping);
    const rejection = await this.#rejectionOf(toRecords(topic, partition, messages), lease);
    lease.end();
    if (!rejection) await commit(payload, messages);
    lease.throwIfLost();
    if (rejection && !this.#stopping.aborted) this.#holdBack(payload, rejection.error);
    if (!rejection) this.#failures.delete(partition);
    return !rejection;
  }

  async #rejectionOf(records: readonly BusRecord[], lease: Lease): Promise<{ error: unknown } | undefined> {
    try {
      await this.#subscription.handle(records, lease);
      return undefined;
    } catch (error) {
      return { error };
    }
  }

  /** Pauses the partition; as nothing was resolved, the next fetch after it starts at the first record of the chunk. */
  #holdBack({ batch, pause }: EachBatchPayload, error: unknown): void {
    const failures = (this.#failures.get(batch.partition) ?? 0) + 1;
    this.#failures.set(batch.partition, failures);
    const backoffMs = Math.min(FIRST_BACKOFF_MS * 2 ** (failures - 1), MAX_BACKOFF_MS);
    const { group, topic } = this.#subscription;
    this.#log.warn(
      { group, topic, partition: batch.partition, failures, backoffMs, error: messageOf(error) },
      'batch rejected, to be delivered again',
    );
    const resume = pause();
    const timer = setTimeout(() => {
      this.#stopping.removeEventListener('abort', forget);
      resume();
    }, backoffMs);
    const forget = () => clearTimeout(timer);
    this.#stopping.addEventListener('abort', forget, { once: true });
  }
}

/** The hold on a partition during one chunk. */
class Lease implements BatchContext {
  readonly #controller = new AbortController();
  readonly #payload: EachBatchPayload;
  readonly #stopping: AbortSignal;
  readonly #abort = () => this.#controller.abort();
  #lost: unknown;

  constructor(payload: EachBatchPayload, stopping: AbortSignal) {
    this.#payload = payload;
    this.#stopping = stopping;
    if (stopping.aborted) this.#abort();
    else stopping.addEventListener('abort', this.#abort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** A property, because handlers take it off the context. */
  readonly heartbeat = async (): Promise<void> => {
    try {
      await this.#payload.heartbeat();
    } catch (error) {
      this.#lost ??= error;
      this.#abort();
    }
  };

  throwIfLost(): void {
    if (this.#lost !== undefined) throw this.#lost;
  }

  end(): void {
    this.#stopping.removeEventListener('abort', this.#abort);
  }
}

/** A commit in a rebalance still counts where the broker takes it: the group's generation fences it. */
async function commit(payload: EachBatchPayload, messages: readonly KafkaMessage[]): Promise<void> {
  const last = messages.at(-1);
  if (!last) return;
  const { topic, partition } = payload.batch;
  const offset = (BigInt(last.offset) + 1n).toString();
  await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] });
  payload.resolveOffset(last.offset);
}

/** The one pass over the records between kafkajs and a handler: no copies but the object itself. */
export function toRecords(topic: string, partition: number, messages: readonly KafkaMessage[]): BusRecord[] {
  return messages.map(({ offset, timestamp, key, value, headers }) => ({
    topic,
    partition,
    offset,
    timestampMs: Number(timestamp),
    key,
    value,
    headers: toHeaders(headers),
  }));
}

/** A header given more than once counts with its last value, as in Kafka's own clients. */
function toHeaders(headers: KafkaMessage['headers']): BusRecord['headers'] {
  let given: Record<string, Buffer> | undefined;
  for (const name in headers) {
    const value = headers[name];
    const last = Array.isArray(value) ? value.at(-1) : value;
    given ??= {};
    given[name] = Buffer.isBuffer(last) ? last : Buffer.from(last ?? '');
  }
  return given ?? NO_HEADERS;
}
