import { randomUUID } from 'node:crypto';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import { TickwireError } from '../platform/errors';
import { Bell } from './bell';
import type { BusRecord } from './bus';
import { withAdmin } from './kafka-admin';
import { toRecords } from './kafka-batches';
import { type KafkaOptions, kafkaClient, toBusError } from './kafka-client';

const STALL_DEADLINE_MS = 30_000;
const WAIT_MS = 1_000;
/** Memberships that may fail before reading does. */
const ATTEMPTS = 3;

/** Where reading one partition stands. */
interface Stretch {
  readonly partition: number;
  next: bigint;
  readonly end: bigint;
}

/**
 * Reads a topic up to its present end. kafkajs reads only as a member of a group: it joins one with a name of its own, commits nothing, and deletes it
 * after. Partitions come one after the other, because all but the one being read are paused.
 */
export async function* readTopic(options: KafkaOptions, topic: string): AsyncIterable<BusRecord> {
  const stretches = await openStretches(options, topic);
  const isUnread = ({ next, end }: Stretch) => next < end;
  for (let attempt = 1; stretches.some(isUnread); attempt += 1) {
    try {
      yield* readStretches(options, topic, stretches.filter(isUnread));
    } catch (error) {
      if (attempt === ATTEMPTS) throw toBusError(error, `reading ${topic}`);
    }
  }
}

/** One membership. It may end in the middle, as when a coordinator has just come back: what was read is not read again. */
async function* readStretches(
  options: KafkaOptions,
  topic: string,
  stretches: readonly Stretch[],
): AsyncIterable<BusRecord> {
  const groupId = `tickwire-read-${randomUUID()}`;
  const consumer = kafkaClient(options).consumer({ groupId, maxWaitTimeInMs: 100, allowAutoTopicCreation: false });
  const hand = new Hand(topic);
  try {
    await run(consumer, topic, stretches, hand);
    for (const stretch of stretches) {
      consumer.resume([{ topic, partitions: [stretch.partition] }]);
      while (stretch.next < stretch.end) {
        const handful = await hand.take();
        handful.stretch.next = handful.next;
        yield* handful.records;
      }
      consumer.pause([{ topic, partitions: [stretch.partition] }]);
    }
  } finally {
    hand.close();
    await consumer.disconnect().catch(() => undefined);
    await withAdmin(options, `deleting group ${groupId}`, (admin) => admin.deleteGroups([groupId])).catch(
      () => undefined,
    );
  }
}

async function openStretches(options: KafkaOptions, topic: string): Promise<readonly Stretch[]> {
  const offsets = await withAdmin(options, `reading ${topic}`, (admin) => admin.fetchTopicOffsets(topic));
  return offsets
    .map(({ partition, low, high }) => ({ partition, next: BigInt(low), end: BigInt(high) }))
    .filter(({ next, end }) => next < end)
    .sort((a, b) => a.partition - b.partition);
}

async function run(consumer: Consumer, topic: string, stretches: readonly Stretch[], hand: Hand): Promise<void> {
  consumer.on(consumer.events.CRASH, ({ payload }) => hand.fail(payload.error));
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const running = consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    eachBatch: (payload) => handOver(payload, stretches, hand),
  });
  consumer.pause([{ topic, partitions: stretches.map(({ partition }) => partition) }]);
  await running;
}

/** Hands over what has not been read yet and lies before the end; a rebalance may bring records again. */
async function handOver(payload: EachBatchPayload, stretches: readonly Stretch[], hand: Hand): Promise<void> {
  const { topic, partition, messages } = payload.batch;
  const last = payload.batch.lastOffset();
  const stretch = stretches.find((each) => each.partition === partition);
  if (stretch) {
    const fresh = messages.filter(({ offset }) => BigInt(offset) >= stretch.next && BigInt(offset) < stretch.end);
    const records = toRecords(topic, partition, fresh);
    await hand.give({ stretch, records, next: BigInt(last) + 1n }, payload);
  }
  payload.resolveOffset(last);
}

interface Handful {
  /** Not always the one being read: a fetch of the one before may still come in, with nothing more to tell. */
  readonly stretch: Stretch;
  readonly records: readonly BusRecord[];
  /** Where its partition is to be read on. */
  readonly next: bigint;
}

/** Between the one who fetches and the one who reads: one batch at a time, so that memory stays flat however slowly it is read. */
class Hand {
  readonly #topic: string;
  readonly #bell = new Bell();
  #given: Handful | undefined;
  #failure: { error: unknown } | undefined;
  #closed = false;

  constructor(topic: string) {
    this.#topic = topic;
  }

  /** Resolves when it was taken, or nobody will take it any more. @throws when the group has to be joined again. */
  async give(handful: Handful, { heartbeat }: EachBatchPayload): Promise<void> {
    this.#given = handful;
    this.#bell.ring();
    while (this.#given === handful && !this.#closed) {
      await this.#bell.wait(WAIT_MS);
      await heartbeat();
    }
  }

  /** @throws BUS_UNAVAILABLE when nothing came for too long, and what {@link fail} was told. */
  async take(): Promise<Handful> {
    const deadline = Date.now() + STALL_DEADLINE_MS;
    while (!this.#given) {
      if (this.#failure) throw this.#failure.error;
      if (Date.now() > deadline) {
        throw new TickwireError('BUS_UNAVAILABLE', `reading ${this.#topic}: nothing came for ${STALL_DEADLINE_MS} ms`);
      }
      await this.#bell.wait(WAIT_MS);
    }
    const handful = this.#given;
    this.#given = undefined;
    this.#bell.ring();
    return handful;
  }

  fail(error: unknown): void {
    this.#failure = { error };
    this.#bell.ring();
  }

  close(): void {
    this.#closed = true;
    this.#bell.ring();
  }
}
