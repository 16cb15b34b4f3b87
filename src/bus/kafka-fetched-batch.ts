import type { DecodedRecord } from './kafka-decoding';

/** The messages of one fetch of one partition, as kafkajs tells them. */
interface PartitionData {
  readonly partition: number;
  readonly highWatermark: string;
  readonly abortedTransactions?: readonly unknown[];
  readonly messages: readonly Pick<DecodedRecord, 'offset' | 'isControlRecord'>[];
}

interface FetchedBatch {
  fetchedOffset: string;
  topic: string;
  partition: number;
  highWatermark: string;
  rawMessages: PartitionData['messages'];
  messagesWithinOffset: PartitionData['messages'];
  messages: PartitionData['messages'];
}

export type BatchClass = new (topic: string, fetchedOffset: string, data: PartitionData) => FetchedBatch;

/** A batch whose messages are compared as numbers, and only up to the first that was asked for; one with aborted transactions is left to `Original`. */
export function fetchedBatch(Original: BatchClass): BatchClass {
  function Batch(topic: string, fetchedOffset: string, data: PartitionData): FetchedBatch {
    const { messages, abortedTransactions = [] } = data;
    const wanted = Number(fetchedOffset);
    const hasControl = messages.some(({ isControlRecord }) => isControlRecord);
    if (abortedTransactions.length > 0 || hasControl || !Number.isSafeInteger(wanted)) {
      return new Original(topic, fetchedOffset, data);
    }
    const first = messages.findIndex(({ offset }) => Number(offset) >= wanted);
    const within = first === 0 ? messages : first === -1 ? [] : messages.slice(first);
    const batch: FetchedBatch = Object.create(Original.prototype);
    return Object.assign(batch, {
      fetchedOffset,
      topic,
      partition: data.partition,
      highWatermark: data.highWatermark,
      rawMessages: messages,
      messagesWithinOffset: within,
      messages: within,
    });
  }
  return Batch as unknown as BatchClass;
}
