import type { Message as KafkaMessage, Producer } from 'kafkajs';
import { pause } from '../platform/clock';
import { TickwireError } from '../platform/errors';
import type { Message } from './bus';
import { within } from './deadline';
import { type KafkaOptions, kafkaClient, protocolTypeOf, toBusError } from './kafka-client';
import { Partitioners } from './kafkajs';
import { SendQueue } from './send-queue';

const LINGER_MS = 2;
const DEADLINE_MS = 5_000;
const DISCONNECT_DEADLINE_MS = 2_000;

/** The second try follows a leader that moved or a topic another broker does not know yet; the third is for both at once. */
const ATTEMPTS = 3;
const BETWEEN_ATTEMPTS_MS = 150;

export interface KafkaPublisher {
  publish(messages: readonly Message[]): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Publishes with acks of all in-sync replicas, and connects at the first message, so that a process can live while no broker does.
 * Not idempotent: the idempotent producer of kafkajs retries for ever, and once a send is given up its sequence numbers go to other messages, which the broker
 * then takes for repetitions and drops. A message twice is harmless here (ids are derived), a message lost is not.
 * The retries of kafkajs are off too: with several brokers they skip those that answered, and so lose what moved to one of them in between.
 */
export function openKafkaPublisher(options: KafkaOptions): KafkaPublisher {
  const producer = kafkaClient(options, DEADLINE_MS).producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: { retries: 0 },
  });
  const connect = connectOnce(producer);
  const queue = new SendQueue({
    lingerMs: LINGER_MS,
    deadlineMs: DEADLINE_MS,
    send: async (messages) => {
      await connect();
      await sendWhole(producer, messages);
    },
  });
  return {
    publish: (messages) => queue.publish(messages),
    stop: async () => {
      await queue.close();
      await within(producer.disconnect(), DISCONNECT_DEADLINE_MS, disconnectIsLate).catch(() => undefined);
    },
  };
}

function disconnectIsLate(): Error {
  return new TickwireError('TIMEOUT', `the producer did not disconnect within ${DISCONNECT_DEADLINE_MS} ms`);
}

function connectOnce(producer: Producer): () => Promise<void> {
  let connected: Promise<void> | undefined;
  return async () => {
    connected ??= producer.connect();
    try {
      await connected;
    } catch (error) {
      connected = undefined;
      throw toBusError(error, 'connecting to the broker');
    }
  };
}

/** Sends all of it, again from the start when a part failed: order per key holds, and a part may be there twice. */
async function sendWhole(producer: Producer, messages: readonly Message[], attempt = 1): Promise<void> {
  const topicMessages = byTopic(messages);
  try {
    await producer.sendBatch({ acks: -1, timeout: DEADLINE_MS, topicMessages });
  } catch (cause) {
    const error = toBusError(cause, `publishing to ${topicMessages.map(({ topic }) => topic).join(', ')}`);
    const isFinal = error.code === 'BUS_REFUSED' && protocolTypeOf(cause) !== 'UNKNOWN_TOPIC_OR_PARTITION';
    if (isFinal || attempt === ATTEMPTS) throw error;
    await pause(BETWEEN_ATTEMPTS_MS);
    await sendWhole(producer, messages, attempt + 1);
  }
}

function byTopic(messages: readonly Message[]): { topic: string; messages: KafkaMessage[] }[] {
  const topics = new Map<string, KafkaMessage[]>();
  for (const { topic, key, value, headers } of messages) {
    const message = headers ? { key, value, headers } : { key, value };
    const list = topics.get(topic);
    if (list) list.push(message);
    else topics.set(topic, [message]);
  }
  return [...topics].map(([topic, list]) => ({ topic, messages: list }));
}
