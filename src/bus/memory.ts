import { TickwireError } from '../platform/errors';
import type { Bus, BusRecord, Message, PartitionLag, RunningSubscription } from './bus';
import { MemoryGroup } from './memory-group';
import { MemoryMember } from './memory-member';
import { MemoryTopic } from './memory-topic';
import { refuseTooLarge } from './message-size';
import { Subscriptions } from './subscriptions';
import { TOPIC_NAMES } from './topics';

/**
 * The bus within one process, for tests and for machines without Kafka: the product's topics are there from the start, with `partitions` each (default 6).
 * It keeps the newest 100,000 records of a partition, so that memory is flat, but none that a running consumer has not read: publishing is refused
 * (BUS_UNAVAILABLE) while one is that far behind. Everything is gone when the process ends.
 */
export function openMemoryBus({ partitions = 6 }: { readonly partitions?: number } = {}): Bus {
  const broker = new MemoryBroker(partitions);
  return {
    name: 'memory',
    start: async () => undefined,
    stop: () => broker.stop(),
    publish: (messages) => broker.publish(messages),
    subscribe: (subscription) => broker.subscribe(subscription),
    createTopics: (topics) => broker.createTopics(topics),
    lag: (groups, topics) => broker.lag(groups, topics),
    read: (topic) => broker.read(topic),
    resetToBeginning: (group, topic) => broker.resetToBeginning(group, topic),
    ping: () => broker.ping(),
  };
}

class MemoryBroker {
  readonly #topics: Map<string, MemoryTopic>;
  readonly #groups = new Map<string, MemoryGroup>();
  readonly #subscriptions = new Subscriptions();
  #stopped = false;

  constructor(partitions: number) {
    this.#topics = new Map(TOPIC_NAMES.map((name) => [name, new MemoryTopic(name, partitions)]));
  }

  async stop(): Promise<void> {
    try {
      await this.#subscriptions.stop();
    } finally {
      this.#stopped = true;
    }
  }

  /** All of the messages, or none. */
  async publish(messages: readonly Message[]): Promise<void> {
    if (this.#stopped) throw new TickwireError('BUS_UNAVAILABLE', 'the bus is stopped and takes no more messages');
    const placed = messages.map((message) => {
      refuseTooLarge(message);
      const topic = this.#topic(message.topic);
      return { message, topic, partition: topic.partitionOf(message) };
    });
    const touched = new Map(placed.map(({ topic, partition }) => [`${partition} ${topic.name}`, { topic, partition }]));
    for (const { topic, partition } of touched.values())
      topic.refuseWhenFull(partition, this.#slowest(topic, partition));
    for (const { message, topic, partition } of placed) topic.append(partition, message);
    for (const { topic, partition } of touched.values()) topic.drop(partition, this.#slowest(topic, partition));
    for (const topic of new Set(placed.map((each) => each.topic))) this.#ring(topic);
  }

  subscribe(subscription: Parameters<Bus['subscribe']>[0]): ReturnType<Bus['subscribe']> {
    return this.#subscriptions.add(async () => {
      const topic = this.#topic(subscription.topic);
      const group = this.#group(subscription.group, topic);
      if (subscription.startAt !== 'now') return new MemoryMember(group, subscription);
      for (const [partition, { end }] of topic.partitions.entries()) group.commit(partition, end);
      return this.#removedAfter(new MemoryMember(group, subscription), group);
    });
  }

  #removedAfter(member: MemoryMember, group: MemoryGroup): RunningSubscription {
    return {
      lastSignOfLifeMs: () => member.lastSignOfLifeMs(),
      stop: async () => {
        await member.stop();
        if (group.size === 0) this.#groups.delete(`${group.name} ${group.topic.name}`);
      },
    };
  }

  async createTopics(topics: Parameters<Bus['createTopics']>[0]): Promise<{ created: readonly string[] }> {
    const missing = topics.filter(({ name }) => !this.#topics.has(name));
    for (const { name, partitions } of missing) this.#topics.set(name, new MemoryTopic(name, partitions));
    return { created: missing.map(({ name }) => name) };
  }

  async lag(groups: readonly string[], topics: readonly string[]): Promise<readonly PartitionLag[]> {
    return topics.flatMap((name) => {
      const topic = this.#topic(name);
      return groups.flatMap((group) =>
        topic.partitions.map(({ end }, partition) => lagOf(this.#group(group, topic), partition, end)),
      );
    });
  }

  async *read(name: string): AsyncIterable<BusRecord> {
    const ends = this.#topic(name).partitions.map((log) => ({ log, low: log.low, end: log.end }));
    for (const { log, low, end } of ends) yield* log.from(low, end - low);
  }

  async resetToBeginning(name: string, topicName: string): Promise<void> {
    const group = this.#group(name, this.#topic(topicName));
    if (group.size > 0) {
      throw new TickwireError(
        'CONFLICT',
        `group ${name} has ${group.size} running member(s); stop them, then reset it`,
      );
    }
    group.reset();
  }

  async ping(): Promise<void> {
    if (this.#stopped) throw new TickwireError('BUS_UNAVAILABLE', 'the bus is stopped');
  }

  #topic(name: string): MemoryTopic {
    const topic = this.#topics.get(name);
    if (topic) return topic;
    throw new TickwireError('BUS_REFUSED', `there is no topic ${name}; create it with createTopics`);
  }

  #group(name: string, topic: MemoryTopic): MemoryGroup {
    const id = `${name} ${topic.name}`;
    const group = this.#groups.get(id) ?? new MemoryGroup(name, topic);
    this.#groups.set(id, group);
    return group;
  }

  /** Where the slowest group that is running stands; the end when none is. */
  #slowest(topic: MemoryTopic, partition: number): number {
    const running = [...this.#groups.values()].filter((group) => group.topic === topic && group.size > 0);
    const end = topic.partitions[partition]?.end ?? 0;
    return Math.min(end, ...running.map((group) => group.position(partition)));
  }

  #ring(topic: MemoryTopic): void {
    for (const group of this.#groups.values()) if (group.topic === topic) group.bell.ring();
  }
}

function lagOf(group: MemoryGroup, partition: number, end: number): PartitionLag {
  const committed = group.committed(partition);
  return {
    group: group.name,
    topic: group.topic.name,
    partition,
    committed: committed === undefined ? null : String(committed),
    end: String(end),
    lag: end - group.position(partition),
  };
}
