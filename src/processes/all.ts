import { TOPIC_NAMES } from '../bus/topics';
import { CONSUMERS } from '../consumers';
import type { ProcessContext } from '../platform/run-process';
import type { Service } from '../platform/service';
import { apiServices } from './api';
import { consumerServices } from './consumers';
import { metricsServices } from './metrics';
import { pollerServices } from './poller';
import { openLocalResources } from './resources';

/** Every stage in one process on the memory bus, for a machine without a broker. Events do not survive a restart; what is stored does. */
export function allProcess({ log, fatal }: ProcessContext): readonly Service[] {
  const resources = openLocalResources(log);
  const { store, cache, bus, config } = resources;
  const topics: Service = {
    name: 'topics',
    start: async () => {
      await bus.createTopics(TOPIC_NAMES.map((name) => ({ name, partitions: config.kafkaPartitions })));
    },
    stop: () => Promise.resolve(),
  };
  const consumers = consumerServices(resources, CONSUMERS, fatal);
  return [
    ...metricsServices(resources),
    store,
    cache,
    bus,
    topics,
    ...consumers,
    ...pollerServices(resources),
    ...apiServices(resources),
  ];
}
