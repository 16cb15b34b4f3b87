import fc from 'fast-check';
import { type EncodedRecord, groupByPartition, type RecordEncoder, recordEncoder } from '../../src/bus/kafka-encoding';

const original: RecordEncoder = jest.requireActual('kafkajs/src/protocol/recordBatch/record/v0');
const originalGrouping: typeof groupByPartition = jest.requireActual('kafkajs/src/producer/groupMessagesPerPartition');

const bytes = fc.option(
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
  ),
);
const delta = fc.oneof(fc.nat(200), fc.nat(2 ** 30), fc.constant(2 ** 31), fc.constant(2 ** 40));
const headers = fc.constantFrom<EncodedRecord['headers']>(undefined, {}, { 'x-request-id': 'a' });

test('a record is written in the bytes kafkajs writes', () => {
  const record = fc.record({ offsetDelta: fc.nat(100_000), timestampDelta: delta, key: bytes, value: bytes });
  fc.assert(
    fc.property(record, headers, (plain, extra) => {
      const given = extra === undefined ? plain : { ...plain, headers: extra };

      expect(recordEncoder(original)(given).buffer.equals(original(given).buffer)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('records without headers are not left to the original', () => {
  const refuse: RecordEncoder = () => {
    throw new Error('left to the original');
  };

  expect(recordEncoder(refuse)({ key: 'k', value: 'v', headers: {} }).buffer).toEqual(
    original({ key: 'k', value: 'v' }).buffer,
  );
});

test('messages are grouped as kafkajs groups them', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), fc.integer({ min: 0, max: 7 }), (messages, partitions) => {
      const grouping = {
        topic: 't',
        messages,
        partitionMetadata: Array.from({ length: partitions }),
        partitioner: ({ message }: { message: number }) => message % partitions,
      };

      expect(groupByPartition(grouping)).toEqual(originalGrouping(grouping));
    }),
  );
});
