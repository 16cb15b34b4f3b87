import { randomUUID } from 'node:crypto';
import { openKafkaBus } from '../../src/bus/kafka';
import { type Log, silentLog } from '../../src/platform/log';
import { describeBus } from '../contract/bus.contract';
import { eventually } from '../support/eventually';
import { describeWithKafka, testServices } from '../support/services';

const open = (log: Log = silentLog) =>
  openKafkaBus({ brokers: testServices().kafkaBrokers, ssl: false, clientId: 'bus-contract', log });

describeWithKafka('on a real broker', () => {
  describeBus('kafka', { open: () => open(), longHandlingMs: 13_000 });

  const poisons = [TypeError, SyntaxError, RangeError, ReferenceError].map((Poison) => ({ Poison, name: Poison.name }));

  it.each(poisons)(
    'a $name of a handler neither ends its consumer nor makes it leave the group',
    async ({ Poison }) => {
      const lines: string[] = [];
      const bus = open({ ...silentLog, info: (_, message) => void lines.push(message) });
      const topic = `test-${randomUUID()}`;
      let calls = 0;
      const fatal: Error[] = [];
      await bus.createTopics([{ name: topic, partitions: 1 }]);
      await bus.publish([{ topic, key: 'AAPL', value: 'poison' }]);

      await bus.subscribe({
        group: `group-${randomUUID()}`,
        topic,
        maxBatch: 10,
        handle: async () => {
          calls += 1;
          if (calls < 6) throw new Poison('poison');
        },
        onFatal: (error) => void fatal.push(error),
      });

      await eventually(() => calls === 6);
      await bus.stop();
      expect(fatal).toEqual([]);
      expect(lines).toEqual(['consumer joined its group']);
    },
  );
});
