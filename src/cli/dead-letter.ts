import type { Bus, BusRecord, Message } from '../bus/bus';
import { DEAD_LETTERS } from '../bus/topics';

/** Headers that the pipeline added when it set a record aside; all others are the record's own. */
const ADDED_HEADERS: ReadonlySet<string> = new Set([
  'x-original-topic',
  'x-original-partition',
  'x-original-offset',
  'x-original-timestamp',
  'x-error-code',
  'x-error-message',
  'x-attempts',
  'x-consumer-group',
  'x-first-failed-at',
  'x-original-size',
]);

/** What is known of a dead letter without its bytes. */
export interface DeadLetter {
  /** `PARTITION:OFFSET` on `dead-letters`. */
  readonly at: string;
  /** Where it came from, `TOPIC:PARTITION:OFFSET`; its own place when the headers do not say. */
  readonly origin: string;
  readonly originalTopic: string | null;
  readonly group: string | null;
  readonly code: string | null;
  readonly reason: string | null;
  readonly failedAt: string;
  /** Of the original value; null when that was null. */
  readonly bytes: number | null;
  /** False for a record so large that only its place was kept. */
  readonly isWhole: boolean;
}

/** Every dead letter there is now, with its record, partition by partition, until `signal` aborts. */
export async function* readDeadLetters(
  bus: Pick<Bus, 'read'>,
  signal: AbortSignal,
): AsyncGenerator<{ letter: DeadLetter; record: BusRecord }> {
  for await (const record of bus.read(DEAD_LETTERS)) {
    if (signal.aborted) return;
    yield { letter: toDeadLetter(record), record };
  }
}

/** The headers of a record as text. */
export function toDeadLetter(record: BusRecord): DeadLetter {
  const text = (name: string) => record.headers[name]?.toString('utf8') ?? null;
  const at = placeOf(record);
  const topic = text('x-original-topic');
  const droppedBytes = text('x-original-size');
  return {
    at,
    origin: topic === null ? at : `${topic}:${text('x-original-partition')}:${text('x-original-offset')}`,
    originalTopic: topic,
    group: text('x-consumer-group'),
    code: text('x-error-code'),
    reason: text('x-error-message'),
    failedAt: text('x-first-failed-at') ?? new Date(record.timestampMs).toISOString(),
    bytes: droppedBytes === null ? (record.value?.length ?? null) : Number(droppedBytes),
    isWhole: droppedBytes === null,
  };
}

/** The record as it was first published: key, bytes and own headers, to the topic it came from. */
export function toOriginalMessage({ key, value, headers }: BusRecord, topic: string): Message {
  const own = Object.entries(headers).filter(([name]) => !ADDED_HEADERS.has(name));
  return own.length === 0 ? { topic, key, value } : { topic, key, value, headers: Object.fromEntries(own) };
}

/** `PARTITION:OFFSET`. */
export function placeOf({ partition, offset }: Pick<BusRecord, 'partition' | 'offset'>): string {
  return `${partition}:${offset}`;
}
