import type { TickwireError } from '../platform/errors';
import type { BusRecord, Message } from './bus';
import { DEAD_LETTERS } from './topics';

/** Why a record could not be handled, and after how much trying. */
export interface Failure {
  readonly group: string;
  readonly error: Pick<TickwireError, 'code' | 'message'>;
  /** Times the record was tried, 1 or more. */
  readonly attempts: number;
  readonly firstFailedAt: Date;
}

/** Longest text of one header of ours, so that a record of nearly 1 MiB still fits with them. */
const MAX_HEADER_CHARACTERS = 500;

/** The record as it came (key, bytes, headers), with headers that say where from and why. */
export function deadLetterOf(record: BusRecord, failure: Failure): Message {
  return {
    topic: DEAD_LETTERS,
    key: record.key,
    value: record.value,
    headers: { ...record.headers, ...headersOf(record, failure) },
  };
}

/** For a record that leaves no room for headers: only where it lies and why, with its size in place of its bytes and headers. */
export function bodilessDeadLetterOf(record: BusRecord, failure: Failure): Message {
  const size = String(record.value?.length ?? 0);
  return {
    topic: DEAD_LETTERS,
    key: null,
    value: null,
    headers: { ...headersOf(record, failure), 'x-original-size': size },
  };
}

function headersOf({ topic, partition, offset, timestampMs }: BusRecord, failure: Failure): Record<string, string> {
  return {
    'x-original-topic': topic,
    'x-original-partition': String(partition),
    'x-original-offset': offset,
    'x-original-timestamp': instant(timestampMs),
    'x-error-code': failure.error.code,
    'x-error-message': failure.error.message.slice(0, MAX_HEADER_CHARACTERS),
    'x-attempts': String(failure.attempts),
    'x-consumer-group': failure.group,
    'x-first-failed-at': failure.firstFailedAt.toISOString(),
  };
}

/** A producer may give any 64-bit number as a record's time. */
function instant(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}
