import { TOPIC_NAMES } from '../bus/topics';
import { parseConfig } from '../platform/config';
import { readEnvironment } from '../platform/environment';
import type { Log } from '../platform/log';
import { busOf } from './adapters';

/** Creates the topics that are missing; leaves the others as they are. Safe to repeat. */
export async function createTopics(log: Log): Promise<void> {
  const config = parseConfig(readEnvironment());
  const bus = busOf(config, 'tickwire-create-topics', log);
  await bus.start();
  try {
    const { created } = await bus.createTopics(
      TOPIC_NAMES.map((name) => ({ name, partitions: config.kafkaPartitions })),
    );
    log.info({ created }, created.length > 0 ? 'topics created' : 'every topic is there');
  } finally {
    await bus.stop();
  }
}
