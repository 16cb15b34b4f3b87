import { randomUUID } from 'node:crypto';
import type { BatchHandler, Bus, BusRecord } from '../../src/bus/bus';
import { pause } from '../../src/platform/clock';
import { eventually } from '../support/eventually';
import { type GivenBus, numbered, on, sortedTexts, textsOf, totalLag } from '../support/given-bus';
import { recordsOf } from '../support/records';

/** What holds for groups: who gets what, when, and how often. */
export function describeGroups(given: GivenBus): void {
  let bus: Bus;
  let topic: string;
  const { subscribe } = given;

  beforeEach(() => {
    ({ bus, topic } = given);
  });

  describe('a group', () => {
    it('starts at the beginning, and every group sees every record', async () => {
      const first: BusRecord[] = [];
      const second: BusRecord[] = [];
      await bus.publish(on(topic, numbered(0, 50)));

      await subscribe(async (records) => void first.push(...records));
      await subscribe(async (records) => void second.push(...records));
      await bus.publish(on(topic, numbered(50, 50)));

      await eventually(() => first.length >= 100 && second.length >= 100);
      expect(sortedTexts(first)).toEqual(sortedTexts(second));
      expect(new Set(textsOf(first)).size).toBe(100);
    });

    it('that starts now gets what is published after it subscribed, all of it, and is gone when it stops', async () => {
      const records: BusRecord[] = [];
      const again: BusRecord[] = [];
      const group = `now-${randomUUID()}`;
      await bus.publish(on(topic, numbered(0, 50)));

      const running = await subscribe(async (batch) => void records.push(...batch), { group, startAt: 'now' });
      await bus.publish(on(topic, numbered(50, 50)));
      await eventually(() => records.length >= 50);
      await running.stop();
      await subscribe(async (batch) => void again.push(...batch), { group });
      await eventually(() => again.length >= 100);

      expect(sortedTexts(records)).toEqual(
        numbered(50, 50)
          .map(({ value }) => value as string)
          .toSorted(),
      );
      expect(again).toHaveLength(100);
    });

    it('gets at most maxBatch records at once, of one partition, in offset order', async () => {
      const batches: BusRecord[][] = [];
      await bus.publish(on(topic, numbered(0, 100)));

      await subscribe(async (records) => void batches.push([...records]), { maxBatch: 7 });

      await eventually(() => batches.flat().length >= 100);
      for (const batch of batches) {
        expect(batch.length).toBeLessThanOrEqual(7);
        expect(new Set(batch.map(({ partition }) => partition)).size).toBe(1);
        expect(batch.map(({ offset }) => Number(offset))).toEqual(
          batch.map((_, index) => Number(batch[0]!.offset) + index),
        );
      }
    });

    it('gets a batch again from its first record when the handler rejects', async () => {
      const batches: string[][] = [];
      await bus.publish(on(topic, numbered(0, 10, 'AAPL')));

      await subscribe(
        async (records) => {
          batches.push(textsOf(records));
          if (batches.length === 2 || batches.length === 3) throw new TypeError('not this time');
        },
        { maxBatch: 5 },
      );

      await eventually(() => batches.length >= 4);
      await pause(100);
      expect(batches).toEqual([
        ['0', '1', '2', '3', '4'],
        ['5', '6', '7', '8', '9'],
        ['5', '6', '7', '8', '9'],
        ['5', '6', '7', '8', '9'],
      ]);
    });

    it('goes on with other partitions while one of them is rejected again and again, and waits longer each time', async () => {
      const seen: string[] = [];
      let rejections = 0;
      const handle: BatchHandler = async (records) => {
        if (records[0]?.key?.toString() === 'BAD') {
          rejections += 1;
          throw new Error('never');
        }
        seen.push(...textsOf(records));
      };
      await bus.publish([{ topic, key: 'BAD', value: 'x' }]);
      const others = await keysApartFrom(bus, topic, 'BAD');
      await subscribe(handle);
      await eventually(() => rejections >= 2);

      for (const [index, key] of others.entries()) {
        await bus.publish([{ topic, key, value: `good ${index}` }]);
        await eventually(() => seen.includes(`good ${index}`));
      }

      await pause(1_000);
      expect(rejections).toBeLessThan(12);
    });

    it('commits only what was handled: the next member starts with what failed', async () => {
      const group = `group-${randomUUID()}`;
      const seen: string[] = [];
      await bus.publish(on(topic, numbered(0, 6, 'AAPL')));
      let failures = 0;
      const failing = await subscribe(
        async (records) => {
          if (textsOf(records).includes('3')) {
            failures += 1;
            throw new Error('always');
          }
        },
        { group, maxBatch: 3 },
      );
      await eventually(() => failures > 0);
      await failing.stop();

      await subscribe(async (records) => void seen.push(...textsOf(records)), { group, maxBatch: 3 });

      await eventually(() => seen.length >= 3);
      expect(seen).toEqual(['3', '4', '5']);
    });

    it('shares partitions among members, and when one leaves the other takes over with nothing lost', async () => {
      const group = `group-${randomUUID()}`;
      const seen = new Set<string>();
      const byMember = [new Set<number>(), new Set<number>()];
      const member = (index: number) =>
        subscribe(
          async (records) => {
            for (const record of records) {
              seen.add(String(record.value));
              byMember[index]!.add(record.partition);
            }
          },
          { group },
        );
      const first = await member(0);
      await member(1);
      let published = 0;
      const more = async () => {
        published += 30;
        await bus.publish(on(topic, numbered(published - 30, 30)));
      };

      await eventually(async () => {
        await more();
        return byMember[0]!.size > 0 && byMember[1]!.size > 0;
      });
      await Promise.all([first.stop(), more(), more()]);
      byMember[1]!.clear();
      await eventually(async () => {
        await more();
        return byMember[1]!.size === 3;
      });

      await eventually(() => seen.size === published);
    });

    it('hands a partition to a new member only when the old one, told by its signal, has let go of it', async () => {
      const group = `group-${randomUUID()}`;
      const inHand = new Set<number>();
      const clashes: number[] = [];
      const seen = new Set<string>();
      let aborted = 0;
      let isHeld = true;
      const handle: BatchHandler = async (records, { signal, heartbeat }) => {
        const partition = records[0]!.partition;
        if (inHand.has(partition)) clashes.push(partition);
        inHand.add(partition);
        while (isHeld && partition > 0 && !signal.aborted) {
          await heartbeat();
          await pause(50);
        }
        if (signal.aborted) aborted += 1;
        await pause(300);
        inHand.delete(partition);
        for (const { value } of records) seen.add(String(value));
      };
      await bus.publish(on(topic, numbered(0, 60)));
      await subscribe(handle, { group });
      await eventually(() => inHand.has(1) || inHand.has(2));

      await Promise.all([1, 2, 3].map(() => subscribe(handle, { group })));
      await eventually(() => aborted > 0);
      isHeld = false;

      await eventually(() => seen.size === 60);
      expect(clashes).toEqual([]);
    }, 60_000);

    it('keeps a member that handles one batch for long and gives heartbeats', async () => {
      const group = `group-${randomUUID()}`;
      const handled: string[] = [];
      await bus.publish(on(topic, numbered(0, 3, 'AAPL')));

      await subscribe(
        async (records, context) => {
          for (const end = Date.now() + given.longHandlingMs; Date.now() < end; await pause(500))
            await context.heartbeat();
          handled.push(...textsOf(records));
        },
        { group },
      );

      await eventually(() => handled.length >= 3, given.longHandlingMs + 10_000);
      await eventually(async () => totalLag(await bus.lag([group], [topic])) === 0);
      expect(handled).toEqual(['0', '1', '2']);
    }, 60_000);
  });
}

/** One key for each partition that `key` is not in. */
async function keysApartFrom(bus: Bus, topic: string, key: string): Promise<string[]> {
  await bus.publish(
    on(
      topic,
      numbered(0, 50).map((message, index) => ({ ...message, key: `P${index}` })),
    ),
  );
  const records = await recordsOf(bus, topic);
  const taken = records.find((record) => record.key?.toString() === key)?.partition;
  const byPartition = new Map(records.map((record) => [record.partition, String(record.key)]));
  return [...byPartition].filter(([partition]) => partition !== taken).map(([, other]) => other);
}
