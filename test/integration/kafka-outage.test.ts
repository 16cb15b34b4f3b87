import { randomUUID } from 'node:crypto';
import type { Bus, Message } from '../../src/bus/bus';
import { openKafkaBus } from '../../src/bus/kafka';
import { pause } from '../../src/platform/clock';
import { silentLog } from '../../src/platform/log';
import { eventually } from '../support/eventually';
import { makeKafkaBrokers, type TestBrokers } from '../support/kafka-brokers';
import { recordsOf } from '../support/records';
import { describeWithKafka } from '../support/services';

jest.setTimeout(120_000);

describeWithKafka('the kafka bus, while its broker comes and goes', () => {
  let kafka: TestBrokers;
  let bus: Bus;
  let topic: string;
  const broker = () => kafka.brokers[0]!;
  const fatal: Error[] = [];

  beforeAll(async () => {
    kafka = await makeKafkaBrokers(1);
    broker().start();
    await kafka.ready();
  });

  afterAll(() => kafka?.remove());

  beforeEach(async () => {
    bus = openKafkaBus({ brokers: kafka.addresses, ssl: false, clientId: 'outage', log: silentLog });
    topic = `test-${randomUUID()}`;
    fatal.length = 0;
    await bus.createTopics([{ name: topic, partitions: 2 }]);
  });

  afterEach(() => bus.stop());

  const messages = (from: number, count: number): Message[] =>
    Array.from({ length: count }, (_, index) => ({ topic, key: `K${index % 5}`, value: String(from + index) }));
  const subscribe = async (seen: Set<string>) =>
    bus.subscribe({
      group: `group-${randomUUID()}`,
      topic,
      maxBatch: 100,
      handle: async (records) => {
        for (const { value } of records) seen.add(String(value));
      },
      onFatal: (error) => void fatal.push(error),
    });

  it('rejects in time while it is down, and publishes and consumes again, on its own, once it is back', async () => {
    const seen = new Set<string>();
    const running = await subscribe(seen);
    await bus.publish(messages(0, 100));
    await eventually(() => seen.size === 100);

    await broker().stop();
    const downAt = Date.now();
    const publishing = bus.publish(messages(100, 1));
    await expect(publishing).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE', retryable: true });
    const rejectedAfterMs = Date.now() - downAt;
    await expect(bus.ping()).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
    await pause(8_000);
    const lastSignMs = running.lastSignOfLifeMs();
    await eventually(() => running.lastSignOfLifeMs() > lastSignMs, 10_000);
    broker().start();
    await eventually(() => bus.publish(messages(100, 100)), 60_000);

    await eventually(() => seen.size === 200, 60_000);
    expect(rejectedAfterMs).toBeLessThan(6_500);
    expect(fatal).toEqual([]);
  });

  it('has every message it acknowledged, killed in the middle of publishing, and three times', async () => {
    const acknowledged = new Set<string>();
    const seen = new Set<string>();
    await subscribe(seen);
    let isOver = false;
    const publishing = (async () => {
      for (let from = 0; !isOver; from += 50) {
        const part = messages(from, 50);
        const done = await bus.publish(part).then(
          () => true,
          () => false,
        );
        if (done) for (const { value } of part) acknowledged.add(String(value));
        else await pause(100);
      }
    })();

    for (let kill = 0; kill < 3; kill++) {
      const before = acknowledged.size;
      await eventually(() => acknowledged.size > before + 1_000, 60_000);
      await broker().stop();
      broker().start();
    }
    const before = acknowledged.size;
    await eventually(() => acknowledged.size > before + 1_000, 60_000);
    isOver = true;
    await publishing;

    const stored = new Set((await recordsOf(bus, topic)).map(({ value }) => String(value)));
    expect([...acknowledged].filter((value) => !stored.has(value))).toEqual([]);
    await eventually(() => seen.size === stored.size, 60_000);
    expect(fatal).toEqual([]);
  });

  it('subscribes, once it is there, when it was not there at first; and stops in time when it is gone', async () => {
    const seen = new Set<string>();
    await bus.publish(messages(0, 10));
    await broker().stop();

    const subscribing = subscribe(seen);
    await pause(2_000);
    broker().start();
    const running = await subscribing;
    await eventually(() => seen.size === 10, 30_000);
    await broker().stop();
    await pause(1_000);
    const stoppingAt = Date.now();
    await running.stop();

    expect(Date.now() - stoppingAt).toBeLessThan(8_000);
    broker().start();
    await kafka.ready();
  });
});
