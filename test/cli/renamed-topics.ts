import type { Bus } from '../../src/bus/bus';
import { sharedBus } from './shared-bus';

/** `bus` with every topic and group under a name of its own, so that a test shares a broker with nobody. */
export function renamedTopics(bus: Bus, suffix: string): Bus {
  const outside = (name: string) => `${name}-${suffix}`;
  const inside = (name: string) => name.slice(0, -suffix.length - 1);
  return sharedBus(bus, {
    publish: (messages) => bus.publish(messages.map((message) => ({ ...message, topic: outside(message.topic) }))),
    subscribe: (subscription) =>
      bus.subscribe({ ...subscription, topic: outside(subscription.topic), group: outside(subscription.group) }),
    createTopics: (topics) => bus.createTopics(topics.map((topic) => ({ ...topic, name: outside(topic.name) }))),
    lag: async (groups, topics) => {
      const lags = await bus.lag(groups.map(outside), topics.map(outside));
      return lags.map((lag) => ({ ...lag, group: inside(lag.group), topic: inside(lag.topic) }));
    },
    read: async function* (topic) {
      for await (const record of bus.read(outside(topic))) yield { ...record, topic };
    },
    resetToBeginning: (group, topic) => bus.resetToBeginning(outside(group), outside(topic)),
  });
}
