import type { Bus } from '../../src/bus/bus';

/** `bus` for several commands in a row: what one of them stops is not the bus itself. Members in `changes` take the place of its own. */
export function sharedBus(bus: Bus, changes: Partial<Bus> = {}): Bus {
  return {
    name: bus.name,
    start: async () => undefined,
    stop: async () => undefined,
    publish: (messages) => bus.publish(messages),
    subscribe: (subscription) => bus.subscribe(subscription),
    createTopics: (topics) => bus.createTopics(topics),
    lag: (groups, topics) => bus.lag(groups, topics),
    read: (topic) => bus.read(topic),
    resetToBeginning: (group, topic) => bus.resetToBeginning(group, topic),
    ping: () => bus.ping(),
    ...changes,
  };
}
