/**
 * kafkajs 2.2.4 writes a record through an encoder of its own, copies it into that of its batch, and that into that of the request. Producing is half of what the moving
 * average costs, so the writing of a request is replaced, before kafkajs loads it, by one that measures the batch and writes it once: the same bytes
 * (test/bus/kafka-encoding.test.ts). What is rare is left to the original: compression, transactions, headers, timestamps of the caller's.
 */

import { AT } from './record-batch';

type Bytes = Buffer | string | null;

/** A message as kafkajs hands it to a request. */
export interface ProducedMessage {
  readonly key?: Bytes;
  readonly value: Bytes;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly timestamp?: string;
}

interface PartitionData {
  readonly partition: number;
  readonly firstSequence?: number;
  readonly messages: readonly ProducedMessage[];
}

export interface ProduceOptions {
  readonly acks: number;
  readonly timeout: number;
  readonly transactionalId?: string | null;
  readonly producerId?: unknown;
  readonly producerEpoch?: number;
  readonly compression?: number;
  readonly topicData: readonly { readonly topic: string; readonly partitions: readonly PartitionData[] }[];
}

/** As much of kafkajs's encoder as is needed here. */
interface Encoder {
  readonly buffer: Buffer;
  writeString(text: string | null): Encoder;
  writeInt16(value: number): Encoder;
  writeInt32(value: number): Encoder;
  writeBuffer(bytes: Buffer): Encoder;
}

export interface ProduceRequest {
  encode(): Promise<Encoder>;
}

export type ProduceRequestOf = (options: ProduceOptions) => ProduceRequest;

interface KafkajsParts {
  newEncoder(): Encoder;
  crc32C(bytes: Buffer): number;
}

/** Writes requests of plain messages in one pass; leaves the others to `original`. */
export function produceRequest(original: ProduceRequestOf, parts: KafkajsParts): ProduceRequestOf {
  return (options) => {
    const request = original(options);
    return isPlain(options) ? { ...request, encode: async () => encodeRequest(options, parts) } : request;
  };
}

function isPlain({ transactionalId = null, producerId, compression = 0, topicData }: ProduceOptions): boolean {
  return (
    transactionalId === null &&
    (producerId === undefined || Number(producerId) === -1) &&
    compression === 0 &&
    topicData.every(({ partitions }) => partitions.every(({ messages }) => messages.every(isPlainMessage)))
  );
}

function isPlainMessage({ headers, timestamp }: ProducedMessage): boolean {
  if (timestamp !== undefined) return false;
  for (const _ in headers) return false;
  return true;
}

function encodeRequest({ acks, timeout, producerEpoch = 0, topicData }: ProduceOptions, parts: KafkajsParts): Encoder {
  const encoder = parts
    .newEncoder()
    .writeString(null)
    .writeInt16(acks)
    .writeInt32(timeout)
    .writeInt32(topicData.length);
  for (const { topic, partitions } of topicData) {
    encoder.writeString(topic).writeInt32(partitions.length);
    for (const { partition, messages, firstSequence = 0 } of partitions) {
      const batch = encodeBatch(messages, { producerEpoch, firstSequence }, parts.crc32C);
      encoder.writeInt32(partition).writeInt32(batch.length).writeBuffer(batch);
    }
  }
  return encoder;
}

const MAGIC = 2;

/** What an idempotent producer would count; kafkajs tells its rest values. */
interface ProducerState {
  readonly producerEpoch: number;
  readonly firstSequence: number;
}

/** A record batch of messages that all carry this moment's time. */
function encodeBatch(
  messages: readonly ProducedMessage[],
  producer: ProducerState,
  crc32C: KafkajsParts['crc32C'],
): Buffer {
  const measured = messages.map(measure);
  const sizes = measured.map(({ bodySize }) => sizeOfVarInt(bodySize) + bodySize);
  const batch = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + size, AT.records));
  writeHead(batch, messages.length, producer);
  let at: number = AT.records;
  for (const record of measured) at = writeRecord(batch, at, record);
  batch.writeUInt32BE(crc32C(batch.subarray(AT.attributes)), AT.crc);
  return batch;
}

function writeHead(batch: Buffer, count: number, { producerEpoch, firstSequence }: ProducerState): void {
  const nowMs = BigInt(Date.now());
  batch.fill(0, 0, AT.records);
  batch.writeInt32BE(batch.length - AT.leaderEpoch, AT.length);
  batch[AT.magic] = MAGIC;
  batch.writeInt32BE(count - 1, AT.lastOffsetDelta);
  batch.writeBigInt64BE(nowMs, AT.firstTimestamp);
  batch.writeBigInt64BE(nowMs, AT.maxTimestamp);
  batch.writeBigInt64BE(-1n, AT.producerId);
  batch.writeInt16BE(producerEpoch, AT.producerEpoch);
  batch.writeInt32BE(firstSequence, AT.firstSequence);
  batch.writeInt32BE(count, AT.count);
}

/** A record, and the sizes of its parts in bytes; −1 stands for null. */
interface Measured {
  readonly index: number;
  readonly key: Bytes;
  readonly keySize: number;
  readonly value: Bytes;
  readonly valueSize: number;
  /** All but its own length. */
  readonly bodySize: number;
}

/** Attributes, the difference of the timestamp and the number of headers are one byte each. */
function measure({ key = null, value }: ProducedMessage, index: number): Measured {
  const [keySize, valueSize] = [sizeOf(key), sizeOf(value)];
  const bodySize = 3 + sizeOfVarInt(index) + sizeOfBytes(keySize) + sizeOfBytes(valueSize);
  return { index, key, keySize, value, valueSize, bodySize };
}

function writeRecord(
  buffer: Buffer,
  from: number,
  { index, key, keySize, value, valueSize, bodySize }: Measured,
): number {
  let at = writeVarInt(buffer, from, bodySize);
  buffer[at] = 0;
  buffer[at + 1] = 0;
  at = writeVarInt(buffer, at + 2, index);
  at = writeBytes(buffer, at, key, keySize);
  at = writeBytes(buffer, at, value, valueSize);
  buffer[at] = 0;
  return at + 1;
}

function sizeOf(bytes: Bytes): number {
  if (bytes === null) return -1;
  return typeof bytes === 'string' ? Buffer.byteLength(bytes) : bytes.length;
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

function writeBytes(buffer: Buffer, from: number, bytes: Bytes, size: number): number {
  const at = writeVarInt(buffer, from, size);
  if (bytes === null) return at;
  if (typeof bytes === 'string') return at + buffer.write(bytes, at);
  return at + bytes.copy(buffer, at);
}

interface Routed {
  readonly key?: Bytes;
  readonly partition?: number;
}

interface Grouping<Message extends Routed> {
  readonly topic: string;
  readonly partitionMetadata: readonly unknown[];
  readonly messages: readonly Message[];
  partitioner(choice: { topic: string; partitionMetadata: readonly unknown[]; message: Message }): number;
}

/** Messages by partition, in their order. A key is hashed once a send: kafkajs hashes with BigInt, which costs more than writing the message. */
export function groupByPartition<Message extends Routed>({
  topic,
  partitionMetadata,
  messages,
  partitioner,
}: Grouping<Message>) {
  const groups: Record<number, Message[]> = {};
  if (partitionMetadata.length === 0) return groups;
  const known = new Map<string, number>();
  for (const message of messages) {
    const { key, partition: given } = message;
    const isHashed = typeof key === 'string' && given === undefined;
    const partition = (isHashed ? known.get(key) : undefined) ?? partitioner({ topic, partitionMetadata, message });
    if (isHashed) known.set(key, partition);
    const group = groups[partition];
    if (group) group.push(message);
    else groups[partition] = [message];
  }
  return groups;
}
