/**
 * kafkajs 2.2.4 reads a record through three buffers, a dozen numbers boxed as BigInt and a copy of its headers for each header, and compares each offset as a BigInt
 * once more. Reading is what every group does with every event, so both modules are replaced, before kafkajs loads them, by ones that give the same
 * records (test/bus/kafka-decoding.test.ts) in one pass over the bytes. What is rare is left to the original: compressed, control and cut off batches.
 */

import { AT } from './record-batch';

/** As much of kafkajs's decoder as is needed here: a place in a buffer. */
interface Reader {
  readonly buffer: Buffer;
  offset: number;
}

/** What kafkajs says of the batch a record came in. */
interface BatchContext {
  readonly firstOffset: string;
  readonly firstTimestamp: string;
  readonly partitionLeaderEpoch: number;
  readonly inTransaction: boolean;
  readonly isControlBatch: boolean;
  readonly lastOffsetDelta: number;
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly maxTimestamp: string;
  readonly timestampType: number;
}

type Header = Buffer | null | readonly (Buffer | null)[];
type Headers = Readonly<Record<string, Header>>;

/** A record as kafkajs hands it on. */
export interface DecodedRecord {
  readonly magicByte: number;
  readonly attributes: number;
  readonly timestamp: string;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
  readonly isControlRecord: boolean;
  readonly batchContext: BatchContext & { readonly magicByte: number };
}

export type BatchDecoder = (reader: Reader) => Promise<BatchContext & { readonly records: readonly DecodedRecord[] }>;

const COMPRESSION = 0x7;
const LOG_APPEND_TIME = 0x8;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

const NO_HEADERS: Headers = Object.freeze({});

/** Reads plain batches at once and leaves the others to `original`. */
export function recordBatchDecoder(original: BatchDecoder): BatchDecoder {
  return async (reader) => {
    const { buffer, offset: start } = reader;
    const context = plainContextOf(buffer, start);
    if (!context) return original(reader);
    reader.offset = start + AT.leaderEpoch + buffer.readInt32BE(start + AT.length);
    return { ...context, records: readRecords(buffer, start, context) };
  };
}

/** Undefined for a batch that is not whole, compressed, of the broker's own, or counts beyond what a number holds exactly. */
function plainContextOf(buffer: Buffer, start: number): BatchContext | undefined {
  if (buffer.length < start + AT.records) return undefined;
  if (buffer.length < start + AT.leaderEpoch + buffer.readInt32BE(start + AT.length)) return undefined;
  const attributes = buffer.readInt16BE(start + AT.attributes);
  if ((attributes & (COMPRESSION | CONTROL)) !== 0) return undefined;
  const firstOffset = Number(buffer.readBigInt64BE(start));
  const lastOffsetDelta = buffer.readInt32BE(start + AT.lastOffsetDelta);
  if (!Number.isSafeInteger(firstOffset + lastOffsetDelta)) return undefined;
  return {
    firstOffset: String(firstOffset),
    firstTimestamp: String(buffer.readBigInt64BE(start + AT.firstTimestamp)),
    partitionLeaderEpoch: buffer.readInt32BE(start + AT.leaderEpoch),
    inTransaction: (attributes & TRANSACTIONAL) > 0,
    isControlBatch: false,
    lastOffsetDelta,
    producerId: String(buffer.readBigInt64BE(start + AT.producerId)),
    producerEpoch: buffer.readInt16BE(start + AT.producerEpoch),
    firstSequence: buffer.readInt32BE(start + AT.firstSequence),
    maxTimestamp: String(buffer.readBigInt64BE(start + AT.maxTimestamp)),
    timestampType: (attributes & LOG_APPEND_TIME) > 0 ? 1 : 0,
  };
}

function readRecords(buffer: Buffer, start: number, context: BatchContext): DecodedRecord[] {
  const cursor = new Cursor(buffer, start + AT.records);
  const batch = {
    buffer,
    firstOffset: Number(context.firstOffset),
    firstMs: Number(context.firstTimestamp),
    context: { ...context, magicByte: buffer.readInt8(start + AT.magic) },
  };
  const records: DecodedRecord[] = new Array(Math.max(buffer.readInt32BE(start + AT.count), 0));
  for (let index = 0; index < records.length; index += 1) {
    const length = cursor.varInt();
    records[index] = new RecordView(batch, cursor.at);
    cursor.at += length;
  }
  return records;
}

interface BatchBytes {
  readonly buffer: Buffer;
  readonly firstOffset: number;
  readonly firstMs: number;
  readonly context: DecodedRecord['batchContext'];
}

/**
 * A record that makes its parts when they are asked for. A fetch brings tens of thousands of records, most of which wait for others: what they are made
 * of would be copied by every collection of garbage until then.
 */
class RecordView implements DecodedRecord {
  readonly #batch: BatchBytes;
  readonly #at: number;
  readonly #timestampDelta: number;
  readonly #offsetDelta: number;
  readonly #keyAt: number;

  constructor(batch: BatchBytes, at: number) {
    const cursor = new Cursor(batch.buffer, at + 1);
    this.#batch = batch;
    this.#at = at;
    this.#timestampDelta = cursor.varInt();
    this.#offsetDelta = cursor.varInt();
    this.#keyAt = cursor.at;
  }
  get magicByte() {
    return this.#batch.context.magicByte;
  }
  get batchContext() {
    return this.#batch.context;
  }
  get isControlRecord() {
    return false;
  }
  get attributes() {
    return this.#batch.buffer.readInt8(this.#at);
  }
  get timestamp() {
    const { context, firstMs } = this.#batch;
    return context.timestampType === 1 ? context.maxTimestamp : String(firstMs + this.#timestampDelta);
  }
  get offset() {
    return String(this.#batch.firstOffset + this.#offsetDelta);
  }
  get key() {
    return new Cursor(this.#batch.buffer, this.#keyAt).bytes();
  }
  get value() {
    return this.#cursorBehindKey().bytes();
  }
  get headers() {
    const cursor = this.#cursorBehindKey();
    cursor.skipBytes();
    return cursor.headers();
  }
  #cursorBehindKey(): Cursor {
    const cursor = new Cursor(this.#batch.buffer, this.#keyAt);
    cursor.skipBytes();
    return cursor;
  }
}

/** Reads the primitive types of Kafka's protocol one after another. */
class Cursor {
  readonly #buffer: Buffer;
  at: number;

  constructor(buffer: Buffer, at: number) {
    this.#buffer = buffer;
    this.at = at;
  }

  /** A zigzag number of up to 63 bits; exact to 53. */
  varInt(): number {
    let byte = this.#next();
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1);
    let value = byte & 0x7f;
    for (let factor = 0x80; byte >= 0x80; factor *= 0x80) {
      byte = this.#next();
      value += (byte & 0x7f) * factor;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  skipBytes(): void {
    const length = this.varInt();
    this.at += Math.max(length, 0);
  }

  /** A view of the bytes, not a copy. */
  bytes(): Buffer | null {
    const length = this.varInt();
    if (length < 0) return null;
    this.at += length;
    return this.#buffer.subarray(this.at - length, this.at);
  }

  /** By name; a name given more than once has a list. */
  headers(): Headers {
    const count = this.varInt();
    if (count <= 0) return NO_HEADERS;
    const headers: Record<string, Header> = {};
    for (let index = 0; index < count; index += 1) {
      const name = String(this.bytes());
      const value = this.bytes();
      const given = headers[name];
      headers[name] = given === undefined ? value : [...(Array.isArray(given) ? given : [given]), value];
    }
    return headers;
  }

  #next(): number {
    this.at += 1;
    return this.#buffer[this.at - 1] ?? 0;
  }
}
