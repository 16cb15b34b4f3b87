import fc from 'fast-check';
import {
  groupByPartition,
  type ProducedMessage,
  type ProduceOptions,
  type ProduceRequestOf,
  produceRequest,
} from '../../src/bus/kafka-encoding';

const original: ProduceRequestOf = jest.requireActual('kafkajs/src/protocol/requests/produce/v3/request');
const originalGrouping: typeof groupByPartition = jest.requireActual('kafkajs/src/producer/groupMessagesPerPartition');
const Encoder = jest.requireActual('kafkajs/src/protocol/encoder');
const crc32C = jest.requireActual('kafkajs/src/protocol/recordBatch/crc32C');

const parts = { newEncoder: () => new Encoder(), crc32C };
const refuse: ProduceRequestOf = () => ({ encode: () => Promise.reject(new Error('left to the original')) });

beforeEach(() => jest.useFakeTimers({ now: Date.UTC(2026, 0, 5, 15) }));
afterEach(() => jest.useRealTimers());

const bytes = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
);
const plainMessage = fc.record({ key: fc.option(bytes), value: fc.option(bytes) });

/** The messages on three partitions of two topics. */
function optionsOf(messages: readonly ProducedMessage[], more: Partial<ProduceOptions> = {}): ProduceOptions {
  const partitions = [
    { partition: 0, firstSequence: 0, messages },
    { partition: 4, firstSequence: 0, messages: messages.slice(0, 1) },
  ];
  const topicData = [
    { topic: 'price-events', partitions },
    { topic: 'symbol-averages', partitions: partitions.slice(0, 1) },
  ];
  return { acks: -1, timeout: 5000, producerId: -1, producerEpoch: 0, topicData, ...more };
}

async function bytesOf(request: { encode(): Promise<{ buffer: Buffer }> }): Promise<Buffer> {
  return (await request.encode()).buffer;
}

test('a request of plain messages is written in the bytes kafkajs writes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(plainMessage, { minLength: 1, maxLength: 80 }), async (messages) => {
      const options = optionsOf(messages);

      const written = await bytesOf(produceRequest(refuse, parts)(options));

      expect(written.equals(await bytesOf(original(options)))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('so is a batch whose places need more than two bytes', async () => {
  const messages = Array.from({ length: 20_000 }, (_, index) => ({
    key: `K${index % 7}`,
    value: 'v'.repeat(index % 99),
  }));

  const written = await bytesOf(produceRequest(refuse, parts)(optionsOf(messages)));

  expect(written.equals(await bytesOf(original(optionsOf(messages))))).toBe(true);
});

test.each<[string, ProduceOptions]>([
  ['headers', optionsOf([{ key: 'k', value: 'v', headers: { 'x-request-id': 'a' } }])],
  ["the caller's timestamps", optionsOf([{ key: 'k', value: 'v', timestamp: '1700000000000' }])],
  ['a transaction', optionsOf([{ key: 'k', value: 'v' }], { transactionalId: 't' })],
  ['an idempotent producer', optionsOf([{ key: 'k', value: 'v' }], { producerId: 7 })],
  ['compression', optionsOf([{ key: 'k', value: 'v' }], { compression: 1 })],
])('a request with %s is left to kafkajs', async (_, options) => {
  const request = produceRequest(refuse, parts)(options);

  await expect(request.encode()).rejects.toThrow('left to the original');
});

test('messages are grouped as kafkajs groups them', () => {
  const message = fc.record({ key: fc.option(fc.constantFrom('AAPL', 'MSFT', 'GOOGL')), value: fc.nat() });
  fc.assert(
    fc.property(fc.array(message), fc.integer({ min: 0, max: 7 }), (messages, partitions) => {
      const grouping = {
        topic: 't',
        messages,
        partitionMetadata: Array.from({ length: partitions }),
        partitioner: ({ message: { key, value } }: { message: { key: string | null; value: number } }) =>
          (key?.length ?? value) % partitions,
      };

      expect(groupByPartition(grouping)).toEqual(originalGrouping(grouping));
    }),
  );
});

test('a message that names its partition goes there whatever its key', () => {
  const messages = [{ key: 'k' }, { key: 'k', partition: 1 }, { key: 'k' }];

  const groups = groupByPartition({
    topic: 't',
    messages,
    partitionMetadata: [{}, {}, {}],
    partitioner: ({ message }: { message: { partition?: number } }) => message.partition ?? 2,
  });

  expect(groups).toEqual({ 1: [messages[1]], 2: [messages[0], messages[2]] });
});
