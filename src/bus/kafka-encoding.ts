/**
 * kafkajs 2.2.4 spends most of a publish on two of its own modules: a record is written through an encoder of 511 zeroed bytes with its timestamp as a BigInt, and
 * messages are grouped by partition with a copy of the group for each message. Producing is half of what the moving average costs, so both are replaced, before
 * kafkajs loads them, by modules that do the same in one pass: the same bytes (test/bus/kafka-encoding.test.ts), a third of the time. What is rare is left to
 * the original. The version of kafkajs is pinned; where these modules are not to be found, it works as shipped.
 */

/** A record as kafkajs hands it to its encoder. */
export interface EncodedRecord {
  readonly offsetDelta?: number;
  readonly timestampDelta?: number;
  readonly key?: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** As much of kafkajs's encoder as it asks of an encoded record. */
interface Encoded {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}

export type RecordEncoder = (record: EncodedRecord) => Encoded;

interface Grouping<Message> {
  readonly topic: string;
  readonly partitionMetadata: readonly unknown[];
  readonly messages: readonly Message[];
  partitioner(choice: { topic: string; partitionMetadata: readonly unknown[]; message: Message }): number;
}

const RECORD_MODULE = 'kafkajs/src/protocol/recordBatch/record/v0/index.js';
const GROUPING_MODULE = 'kafkajs/src/producer/groupMessagesPerPartition.js';

/** To be called before the first import of kafkajs. */
export function quickenKafkajs(): void {
  replace<RecordEncoder>(RECORD_MODULE, recordEncoder);
  replace<typeof groupByPartition>(GROUPING_MODULE, () => groupByPartition);
}

function replace<Export>(module: string, replacementOf: (original: Export) => Export): void {
  try {
    const original: Export = require(module);
    const loaded = require.cache[require.resolve(module)];
    if (loaded) loaded.exports = replacementOf(original);
  } catch {
    // Another layout of kafkajs: it works as shipped.
  }
}

/** Writes records without headers into one buffer of the right size; leaves the others to `original`. */
export function recordEncoder(original: RecordEncoder): RecordEncoder {
  return (record) => {
    const { offsetDelta = 0, timestampDelta = 0, key = null, value, headers } = record;
    const plain =
      (headers === undefined || Object.keys(headers).length === 0) && isSmall(timestampDelta) && isSmall(offsetDelta);
    if (!plain) return original(record);
    const [keySize, valueSize] = [sizeOf(key), sizeOf(value)];
    // Attributes and the number of headers are one byte each.
    const bodySize =
      2 + sizeOfVarInt(timestampDelta) + sizeOfVarInt(offsetDelta) + sizeOfBytes(keySize) + sizeOfBytes(valueSize);
    const buffer = Buffer.allocUnsafe(sizeOfVarInt(bodySize) + bodySize);
    let at = writeVarInt(buffer, 0, bodySize);
    buffer[at] = 0;
    at = writeVarInt(buffer, at + 1, timestampDelta);
    at = writeVarInt(buffer, at, offsetDelta);
    at = writeBytes(buffer, at, key, keySize);
    at = writeBytes(buffer, at, value, valueSize);
    buffer[at] = 0;
    return { buf: buffer, buffer };
  };
}

/** Messages by partition, in their order. */
export function groupByPartition<Message>({ topic, partitionMetadata, messages, partitioner }: Grouping<Message>) {
  const groups: Record<number, Message[]> = {};
  if (partitionMetadata.length === 0) return groups;
  for (const message of messages) {
    const partition = partitioner({ topic, partitionMetadata, message });
    const group = groups[partition];
    if (group) group.push(message);
    else groups[partition] = [message];
  }
  return groups;
}

/** Zigzag doubles a number: the result must stay below 31 bits. */
function isSmall(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < 2 ** 30;
}

function sizeOf(bytes: Buffer | string | null): number {
  return bytes === null ? -1 : Buffer.byteLength(bytes);
}

function sizeOfBytes(size: number): number {
  return sizeOfVarInt(size) + Math.max(size, 0);
}

function zigzag(value: number): number {
  return (value << 1) ^ (value >> 31);
}

function sizeOfVarInt(value: number): number {
  let size = 1;
  for (let rest = zigzag(value) >>> 7; rest > 0; rest >>>= 7) size += 1;
  return size;
}

function writeVarInt(buffer: Buffer, from: number, value: number): number {
  let at = from;
  let rest = zigzag(value);
  for (; rest > 0x7f; rest >>>= 7) {
    buffer[at] = (rest & 0x7f) | 0x80;
    at += 1;
  }
  buffer[at] = rest;
  return at + 1;
}

function writeBytes(buffer: Buffer, from: number, bytes: Buffer | string | null, size: number): number {
  const at = writeVarInt(buffer, from, size);
  if (bytes === null) return at;
  if (typeof bytes === 'string') return at + buffer.write(bytes, at);
  return at + bytes.copy(buffer, at);
}
