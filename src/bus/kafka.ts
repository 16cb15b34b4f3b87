import type { Bus, RunningSubscription } from './bus';
import { createTopics, lag, ping, refuseFaultyAccess, resetToBeginning } from './kafka-admin';
import type { KafkaOptions } from './kafka-client';
import { openKafkaPublisher } from './kafka-producer';
import { readTopic } from './kafka-read';
import { openKafkaSubscription } from './kafka-subscription';
import { Subscriptions } from './subscriptions';

/**
 * The bus on Kafka. Keys choose partitions as in Kafka's own clients (murmur2). `start` needs no broker: a process that only publishes lives without one, and
 * each publish says whether it worked. Subscriptions join again by themselves after an outage. `start` throws CONFIG_INVALID for a login or a certificate
 * that is refused.
 */
export function openKafkaBus(options: KafkaOptions): Bus {
  const publisher = openKafkaPublisher(options);
  const subscriptions = new Subscriptions();
  return {
    name: 'kafka',
    start: () => refuseFaultyAccess(options),
    stop: async () => {
      const left = subscriptions.stop();
      await Promise.allSettled([left]);
      await publisher.stop();
      await left;
    },
    publish: (messages) => publisher.publish(messages),
    subscribe: (subscription): Promise<RunningSubscription> =>
      subscriptions.add(() => openKafkaSubscription(options, subscription)),
    createTopics: (topics) => createTopics(options, topics),
    lag: (groups, topics) => lag(options, groups, topics),
    read: (topic) => readTopic(options, topic),
    resetToBeginning: (group, topic) => resetToBeginning(options, group, topic),
    ping: () => ping(options),
  };
}
