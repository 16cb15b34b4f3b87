import { TickwireError } from '../platform/errors';
import type { Message } from './bus';

/** Largest message a bus takes, in bytes as {@link sizeOf} counts: Kafka's default of 1 MiB, less what a record batch adds. */
export const MAX_MESSAGE_BYTES = 1_048_576 - 128;

/** Lengths, deltas and attributes around one record, and around one header; an upper bound. */
const RECORD_OVERHEAD_BYTES = 32;
const HEADER_OVERHEAD_BYTES = 10;

/** Bytes a message takes in a record batch, rounded up by a few. */
export function sizeOf({ key, value, headers }: Message): number {
  let bytes = RECORD_OVERHEAD_BYTES + lengthOf(key) + lengthOf(value);
  for (const name in headers)
    bytes += HEADER_OVERHEAD_BYTES + Buffer.byteLength(name) + lengthOf(headers[name] ?? null);
  return bytes;
}

/** @throws BUS_REFUSED when the message is larger than {@link MAX_MESSAGE_BYTES}. */
export function refuseTooLarge(message: Message, bytes = sizeOf(message)): void {
  if (bytes <= MAX_MESSAGE_BYTES) return;
  throw new TickwireError(
    'BUS_REFUSED',
    `a message for ${message.topic} is too large: expected at most ${MAX_MESSAGE_BYTES} bytes, got ${bytes}`,
  );
}

function lengthOf(part: string | Buffer | null): number {
  if (part === null) return 0;
  return typeof part === 'string' ? Buffer.byteLength(part) : part.length;
}
