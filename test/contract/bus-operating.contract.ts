import { randomUUID } from 'node:crypto';
import type { Bus, BusRecord, RunningSubscription } from '../../src/bus/bus';
import { pause } from '../../src/platform/clock';
import { eventually } from '../support/eventually';
import { failTest, type GivenBus, numbered, on, sortedTexts, totalLag } from '../support/given-bus';

/** What holds for stopping and for the operator. */
export function describeOperating(given: GivenBus): void {
  let bus: Bus;
  let topic: string;
  const { subscribe } = given;

  beforeEach(() => {
    ({ bus, topic } = given);
  });

  describe('stopping', () => {
    it('lets the running batch finish and commits it, and is safe twice and at the same time', async () => {
      const group = `group-${randomUUID()}`;
      const gate = aGate();
      let signal: AbortSignal | undefined;
      await bus.publish(on(topic, numbered(0, 3, 'AAPL')));
      const running = await subscribe(
        async (_, context) => {
          signal = context.signal;
          await gate.opened;
        },
        { group },
      );
      await eventually(() => signal !== undefined);

      const stops = [running.stop(), running.stop(), bus.stop()];
      await eventually(() => signal?.aborted === true);
      gate.open();
      await Promise.all(stops);
      await running.stop();

      expect(await lagOnANewBus(given.open, bus, group, topic)).toBe(0);
    });

    it('commits nothing of a batch that left because of the stop', async () => {
      const group = `group-${randomUUID()}`;
      let calls = 0;
      await bus.publish(on(topic, numbered(0, 3, 'AAPL')));
      const running = await subscribe(
        async (_, { signal }) => {
          calls += 1;
          await pause(20_000, signal);
          signal.throwIfAborted();
        },
        { group },
      );
      await eventually(() => calls > 0);

      await running.stop();

      expect(calls).toBe(1);
      expect(totalLag(await bus.lag([group], [topic]))).toBe(3);
    });

    it('hands nothing over afterwards', async () => {
      const seen: BusRecord[] = [];
      const running = await subscribe(async (records) => void seen.push(...records));

      await running.stop();
      await bus.publish(on(topic, numbered(0, 10)));
      await pause(300);

      expect(seen).toEqual([]);
    });

    it('shows signs of life while there is nothing to do', async () => {
      const running: RunningSubscription = await subscribe(async () => undefined);
      const start = running.lastSignOfLifeMs();

      await eventually(() => running.lastSignOfLifeMs() > start);
    });
  });

  describe('operating', () => {
    it('creates what is missing and leaves what exists', async () => {
      const other = `test-${randomUUID()}`;

      const first = await bus.createTopics([
        { name: topic, partitions: 9 },
        { name: other, partitions: 2 },
      ]);
      const second = await bus.createTopics([{ name: other, partitions: 2 }]);

      expect([first, second]).toEqual([{ created: [other] }, { created: [] }]);
      expect(await bus.lag(['nobody'], [topic, other])).toHaveLength(5);
    });

    it('tells the lag: everything before the first commit, nothing after the last', async () => {
      const group = `group-${randomUUID()}`;
      await bus.publish(on(topic, numbered(0, 30)));
      const before = await bus.lag([group], [topic]);

      await subscribe(async () => undefined, { group });

      expect(before.map(({ partition, committed }) => [partition, committed])).toEqual([
        [0, null],
        [1, null],
        [2, null],
      ]);
      expect(totalLag(before)).toBe(30);
      await eventually(async () => totalLag(await bus.lag([group], [topic])) === 0);
      for (const { committed, end } of await bus.lag([group], [topic])) if (end !== '0') expect(committed).toBe(end);
    });

    it('resets a group to the beginning once its members are gone, and refuses to before', async () => {
      const group = `group-${randomUUID()}`;
      const seen: BusRecord[] = [];
      await bus.publish(on(topic, numbered(0, 30)));
      const running = await subscribe(async (records) => void seen.push(...records), { group });
      await eventually(async () => totalLag(await bus.lag([group], [topic])) === 0);

      await expect(bus.resetToBeginning(group, topic)).rejects.toMatchObject({ code: 'CONFLICT' });
      await running.stop();
      await bus.resetToBeginning(group, topic);

      expect(totalLag(await bus.lag([group], [topic]))).toBe(30);
      await subscribe(async (records) => void seen.push(...records), { group });
      await eventually(() => seen.length >= 60);
      expect(sortedTexts(seen.slice(30))).toEqual(sortedTexts(seen.slice(0, 30)));
    });

    it('refuses to subscribe to a topic that does not exist', async () => {
      const subscription = { group: 'g', topic: `test-${randomUUID()}`, maxBatch: 1, onFatal: failTest };

      await expect(bus.subscribe({ ...subscription, handle: async () => undefined })).rejects.toMatchObject({
        code: 'BUS_REFUSED',
      });
    });

    it('answers a ping', async () => {
      await expect(bus.ping()).resolves.toBeUndefined();
    });
  });
}

function aGate(): { opened: Promise<void>; open(): void } {
  const controller = new AbortController();
  const opened = new Promise<void>((resolve) => {
    controller.signal.addEventListener('abort', () => resolve());
  });
  return { opened, open: () => controller.abort() };
}

/** A stopped bus on a broker can be asked through another one; a memory bus still knows. */
async function lagOnANewBus(open: () => Bus, stopped: Bus, group: string, topic: string): Promise<number> {
  const bus = stopped.name === 'memory' ? stopped : open();
  const rows = await bus.lag([group], [topic]);
  await bus.stop();
  return totalLag(rows);
}
