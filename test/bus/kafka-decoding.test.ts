import fc from 'fast-check';
import { type BatchDecoder, type DecodedRecord, recordBatchDecoder } from '../../src/bus/kafka-decoding';
import { type BatchClass, fetchedBatch } from '../../src/bus/kafka-fetched-batch';

const original: BatchDecoder = jest.requireActual('kafkajs/src/protocol/recordBatch/v0/decoder');
const OriginalBatch: BatchClass = jest.requireActual('kafkajs/src/consumer/batch');
const Decoder = jest.requireActual('kafkajs/src/protocol/decoder');
const Record = jest.requireActual('kafkajs/src/protocol/recordBatch/record/v0');
const { RecordBatch } = jest.requireActual('kafkajs/src/protocol/recordBatch/v0');

const refuse: BatchDecoder = () => Promise.reject(new Error('left to the original'));
const ours = recordBatchDecoder(refuse);

interface Written {
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly timestampDelta: number;
}

const bytes = fc.option(
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
  ),
);
const written = fc.record<Written>({
  key: bytes,
  value: bytes,
  headers: fc.dictionary(
    fc.stringMatching(/^[a-z-]{1,12}$/),
    fc.oneof(fc.string({ maxLength: 20 }), fc.array(fc.string(), { minLength: 2, maxLength: 3 })),
    { maxKeys: 3, noNullPrototype: true },
  ),
  timestampDelta: fc.oneof(fc.constant(0), fc.nat(100_000), fc.constant(2 ** 40)),
});

/** A record batch as a broker keeps it. */
async function batchOf(records: readonly Written[], more: Readonly<Record<string, unknown>> = {}): Promise<Buffer> {
  const encoded = records.map((record, offsetDelta) => Record({ ...record, offsetDelta }));
  const batch = await RecordBatch({
    firstTimestamp: 1_700_000_000_000,
    maxTimestamp: 1_700_000_099_000,
    lastOffsetDelta: records.length - 1,
    records: encoded,
    ...more,
  });
  return batch.buffer;
}

/** Everything of a record, each part asked for. */
function partsOf(record: DecodedRecord): unknown {
  const { magicByte, attributes, timestamp, offset, key, value, headers, isControlRecord, batchContext } = record;
  return { magicByte, attributes, timestamp, offset, key, value, headers, isControlRecord, batchContext };
}

const A_RECORD: Written = { key: 'AAPL', value: '{}', headers: {}, timestampDelta: 0 };
const LOG_APPEND_TIME = 0x8;
const CONTROL = 0x20;
/** Place of the lower byte of a batch's attributes. */
const ATTRIBUTES_AT = 22;

test('records are read as kafkajs reads them', async () => {
  const offset = fc.oneof(fc.nat(1000), fc.constant(2 ** 40), fc.constant(2 ** 52));
  await fc.assert(
    fc.asyncProperty(fc.array(written, { maxLength: 60 }), offset, async (records, firstOffset) => {
      const buffer = await batchOf(records, { firstOffset });

      const { records: read, ...context } = await ours(new Decoder(buffer));

      const { records: expected, ...expectedContext } = await original(new Decoder(buffer));
      expect(context).toEqual(expectedContext);
      expect(read.map(partsOf)).toEqual(expected.map(partsOf));
    }),
    { numRuns: 300 },
  );
});

test("of a batch stamped by the broker every record has the batch's latest time", async () => {
  const buffer = await batchOf([A_RECORD, A_RECORD]);
  buffer[ATTRIBUTES_AT] = LOG_APPEND_TIME;

  const { records } = await ours(new Decoder(buffer));

  expect(records.map(({ timestamp }) => timestamp)).toEqual(['1700000099000', '1700000099000']);
});

test('reading goes on behind the batch', async () => {
  const buffer = Buffer.concat([await batchOf([A_RECORD]), await batchOf([A_RECORD, A_RECORD], { firstOffset: 1 })]);
  const decoder = new Decoder(buffer);

  const first = await ours(decoder);
  const second = await ours(decoder);

  expect([first.records.length, second.records.length]).toEqual([1, 2]);
  expect(decoder.offset).toBe(buffer.length);
});

test.each([
  ['a compressed batch', (buffer: Buffer) => buffer.fill(1, ATTRIBUTES_AT, ATTRIBUTES_AT + 1)],
  ["a batch of the broker's own", (buffer: Buffer) => buffer.fill(CONTROL, ATTRIBUTES_AT, ATTRIBUTES_AT + 1)],
  ['a batch that is cut off', (buffer: Buffer) => buffer.subarray(0, buffer.length - 1)],
  ['a batch cut off in its head', (buffer: Buffer) => buffer.subarray(0, 40)],
])('%s is left to kafkajs, unread', async (_, change) => {
  const decoder = new Decoder(change(await batchOf([A_RECORD])));

  await expect(ours(decoder)).rejects.toThrow('left to the original');
  expect(decoder.offset).toBe(0);
});

const NO_BATCH = class {
  constructor() {
    throw new Error('left to the original');
  }
} as unknown as BatchClass;

function fetched(firstOffset: number, count: number, more: object = {}) {
  const messages = Array.from({ length: count }, (_, index) => ({
    offset: String(firstOffset + index),
    isControlRecord: false,
    batchContext: {},
  }));
  return { partition: 3, highWatermark: String(firstOffset + count), abortedTransactions: [], messages, ...more };
}

test('a fetched batch holds what kafkajs would hold, from the offset that was asked for', () => {
  fc.assert(
    fc.property(fc.nat(50), fc.nat(20), fc.nat(100), (firstOffset, count, wanted) => {
      const Batch = fetchedBatch(OriginalBatch);

      const batch = new Batch('t', String(wanted), fetched(firstOffset, count));

      expect({ ...batch }).toEqual({ ...new OriginalBatch('t', String(wanted), fetched(firstOffset, count)) });
      expect(batch).toBeInstanceOf(OriginalBatch);
    }),
  );
});

test.each([
  ['aborted transactions', fetched(0, 1, { abortedTransactions: [{ producerId: '1', firstOffset: '0' }] })],
  ["the broker's own records", fetched(0, 0, { messages: [{ offset: '0', isControlRecord: true }] })],
])('one with %s is left to kafkajs', (_, data) => {
  const Batch = fetchedBatch(NO_BATCH);

  expect(() => new Batch('t', '0', data)).toThrow('left to the original');
});
