import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { openKafkaBus } from '../../src/bus/kafka';
import { silentLog } from '../../src/platform/log';
import { eventually } from '../support/eventually';
import { makeKafkaBrokers, type TestBrokers } from '../support/kafka-brokers';
import { recordsOf } from '../support/records';
import { describeWithKafka } from '../support/services';

jest.setTimeout(180_000);

describeWithKafka('the kafka bus on three brokers', () => {
  let kafka: TestBrokers;

  beforeAll(async () => {
    kafka = await makeKafkaBrokers(3);
    for (const broker of kafka.brokers) broker.start();
    await kafka.ready();
  });

  afterAll(() => kafka?.remove());

  it('keeps three copies of each topic, two of them needed, and goes on when one broker is killed', async () => {
    const bus = openKafkaBus({ brokers: kafka.addresses, ssl: false, clientId: 'cluster', log: silentLog });
    const topic = `test-${randomUUID()}`;
    const seen = new Set<string>();
    const acknowledged = new Set<string>();
    const publish = async (value: string) => {
      await bus.publish(Array.from({ length: 6 }, (_, key) => ({ topic, key: `K${key}`, value })));
      acknowledged.add(value);
    };
    await bus.createTopics([{ name: topic, partitions: 6 }]);
    await bus.subscribe({
      group: `group-${randomUUID()}`,
      topic,
      maxBatch: 100,
      handle: async (records) => {
        for (const { key, value } of records) seen.add(`${key} ${value}`);
      },
      onFatal: (error) => {
        throw error;
      },
    });
    await publish('before');

    expect(await replicationOf(kafka.addresses, topic)).toEqual({ replicas: [3], minInSync: '2' });
    await kafka.brokers[0]!.stop();
    for (let index = 0; index < 20; index++) await eventually(() => publish(`after ${index}`), 60_000);

    await eventually(() => seen.size === acknowledged.size * 6, 60_000);
    const stored = (await recordsOf(bus, topic)).map(({ key, value }) => `${key} ${value}`);
    expect(new Set(stored)).toEqual(seen);
    await expect(bus.createTopics([{ name: `late-${topic}`, partitions: 1 }])).rejects.toThrow(
      /expected 3 of the 3 brokers.*2 answered.*too few copies/,
    );
    await bus.stop();
  });
});

async function replicationOf(brokers: string[], topic: string) {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type: 2, name: topic }] });
  await admin.disconnect();
  const minInSync = resources[0]?.configEntries.find(({ configName }) => configName === 'min.insync.replicas');
  const replicas = topics[0]?.partitions.map((partition) => partition.replicas.length);
  return { replicas: [...new Set(replicas)], minInSync: minInSync?.configValue };
}
