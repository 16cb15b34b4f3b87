import { Kafka, logLevel, Partitioners } from 'kafkajs';

/** The producer one would write first: `send` for each event, awaited. Returns events per second. */
export async function sendPerEvent(
  brokers: readonly string[],
  topic: string,
  messages: readonly { key: string; value: string }[],
): Promise<number> {
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  });
  await producer.connect();
  const startMs = performance.now();
  for (const message of messages) await producer.send({ topic, messages: [message] });
  const seconds = (performance.now() - startMs) / 1000;
  await producer.disconnect();
  return messages.length / seconds;
}
