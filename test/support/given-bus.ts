import { randomUUID } from 'node:crypto';
import type { BatchHandler, Bus, BusRecord, Message, RunningSubscription } from '../../src/bus/bus';

export interface BusUnderTest {
  open(): Bus;
  /** Longer than a member may be silent before the group drops it. */
  readonly longHandlingMs: number;
}

/** A bus of each test's own, with a topic of three partitions. */
export interface GivenBus extends BusUnderTest {
  readonly bus: Bus;
  readonly topic: string;
  /** To the topic, as a group of its own unless one is named. */
  subscribe(
    handle: BatchHandler,
    options?: { group?: string; maxBatch?: number; startAt?: 'beginning' | 'now' },
  ): Promise<RunningSubscription>;
}

/** Opens it before each test and stops it after. */
export function givenBus(underTest: BusUnderTest): GivenBus {
  let bus: Bus;
  let topic: string;

  beforeEach(async () => {
    bus = underTest.open();
    topic = `test-${randomUUID()}`;
    await bus.start();
    await bus.createTopics([{ name: topic, partitions: 3 }]);
  });

  afterEach(() => bus.stop());

  return {
    ...underTest,
    get bus() {
      return bus;
    },
    get topic() {
      return topic;
    },
    subscribe: (handle, { group = `group-${randomUUID()}`, maxBatch = 1_000, startAt = 'beginning' } = {}) =>
      bus.subscribe({ group, topic, maxBatch, startAt, handle, onFatal: failTest }),
  };
}

export function failTest(error: Error): void {
  throw error;
}

export type Numbered = Omit<Message, 'topic'>;

/** Messages whose values count up from `from`; over ten keys, or one. */
export function numbered(from: number, count: number, key?: string): Numbered[] {
  return Array.from({ length: count }, (_, index) => ({
    key: key ?? `K${(from + index) % 10}`,
    value: String(from + index),
  }));
}

export function on(topic: string, messages: readonly Numbered[]): Message[] {
  return messages.map((message) => ({ topic, ...message }));
}

export function textsOf(records: readonly BusRecord[]): string[] {
  return records.map(({ value }) => String(value));
}

export function sortedTexts(records: readonly BusRecord[]): string[] {
  return textsOf(records).toSorted();
}

export function totalLag(rows: readonly { lag: number }[]): number {
  return rows.reduce((sum, { lag }) => sum + lag, 0);
}
