import { type BatchDecoder, recordBatchDecoder } from './kafka-decoding';
import { groupByPartition, type ProduceRequestOf, produceRequest } from './kafka-encoding';
import { type BatchClass, fetchedBatch } from './kafka-fetched-batch';

/**
 * Replaces four modules of kafkajs before it is loaded. The version of kafkajs is pinned; where a module is not to be found, kafkajs works as shipped.
 */
function quickenKafkajs(): void {
  replace<typeof groupByPartition>('producer/groupMessagesPerPartition.js', () => groupByPartition);
  replace<ProduceRequestOf>('protocol/requests/produce/v3/request.js', (original) => {
    const Encoder = require('kafkajs/src/protocol/encoder.js');
    const crc32C = require('kafkajs/src/protocol/recordBatch/crc32C/index.js');
    return produceRequest(original, { newEncoder: () => new Encoder(), crc32C });
  });
  replace<BatchDecoder>('protocol/recordBatch/v0/decoder.js', recordBatchDecoder);
  replace<BatchClass>('consumer/batch.js', fetchedBatch);
}

function replace<Export>(module: string, replacementOf: (original: Export) => Export): void {
  try {
    const path = `kafkajs/src/${module}`;
    const original: Export = require(path);
    const loaded = require.cache[require.resolve(path)];
    if (loaded) loaded.exports = replacementOf(original);
  } catch {
    // Another layout of kafkajs: it works as shipped.
  }
}

quickenKafkajs();
