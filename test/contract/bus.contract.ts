import { randomUUID } from 'node:crypto';
import type { BatchHandler, Bus, BusRecord, Message, RunningSubscription } from '../../src/bus/bus';
import { pause } from '../../src/platform/clock';
import { eventually } from '../support/eventually';

export interface BusUnderTest {
  open(): Bus;
  /** Longer than a member may be silent before the group drops it. */
  readonly longHandlingMs: number;
}

/** What every bus guarantees. */
export function describeBus(name: string, { open, longHandlingMs }: BusUnderTest): void {
  describe(`the ${name} bus`, () => {
    let bus: Bus;
    let topic: string;

    beforeEach(async () => {
      bus = open();
      topic = `test-${randomUUID()}`;
      await bus.start();
      await bus.createTopics([{ name: topic, partitions: 3 }]);
    });

    afterEach(() => bus.stop());

    const subscribe = (handle: BatchHandler, options: { group?: string; maxBatch?: number; from?: Bus } = {}) => {
      const { group = `group-${randomUUID()}`, maxBatch = 1_000, from = bus } = options;
      return from.subscribe({ group, topic, maxBatch, handle, onFatal: failTest });
    };

    describe('publishing', () => {
      it('keeps the order of one key, over many calls and more messages than fit into one send', async () => {
        const seen: BusRecord[] = [];
        const calls = Array.from({ length: 60 }, (_, call) => numbered(call * 100, 100, 'AAPL'));

        await Promise.all(calls.map((messages) => bus.publish(on(topic, messages))));
        await subscribe(async (records) => void seen.push(...records));

        await eventually(() => seen.length >= 6_000);
        expect(textsOf(seen)).toEqual(calls.flat().map(({ value }) => value));
        expect(new Set(seen.map(({ partition }) => partition)).size).toBe(1);
      });

      it('takes one call that is larger than any batch may be', async () => {
        const value = Buffer.alloc(300_000, 'x');

        await bus.publish(Array.from({ length: 10 }, () => ({ topic, key: 'AAPL', value })));

        expect(await all(bus.read(topic))).toHaveLength(10);
      });

      it('refuses a message that is too large, and nothing that is published beside it', async () => {
        const tooLarge = bus.publish([{ topic, key: 'AAPL', value: Buffer.alloc(1_100_000) }]);
        const fine = bus.publish([{ topic, key: 'AAPL', value: 'fine' }]);

        await expect(tooLarge).rejects.toMatchObject({ code: 'BUS_REFUSED', retryable: false });
        await fine;
        expect(textsOf(await all(bus.read(topic)))).toEqual(['fine']);
      });

      it('takes a message of 900 kB with headers', async () => {
        const value = Buffer.alloc(900_000, 7);

        await bus.publish([{ topic, key: 'AAPL', value, headers: { 'x-error-message': 'e'.repeat(500) } }]);

        expect((await all(bus.read(topic)))[0]?.value?.equals(value)).toBe(true);
      });

      it('refuses a topic that does not exist, and nothing that is published beside it', async () => {
        const unknown = bus.publish([{ topic: `test-${randomUUID()}`, key: 'AAPL', value: 'lost' }]);
        const fine = bus.publish([{ topic, key: 'AAPL', value: 'fine' }]);

        await expect(unknown).rejects.toMatchObject({ code: 'BUS_REFUSED' });
        await fine;
        expect(textsOf(await all(bus.read(topic)))).toEqual(['fine']);
      });

      it('resolves for no messages at all', async () => {
        await expect(bus.publish([])).resolves.toBeUndefined();
      });

      it('is refused, as unavailable, once the bus is stopped', async () => {
        await bus.stop();

        await expect(bus.publish([{ topic, key: 'AAPL', value: '1' }])).rejects.toMatchObject({
          code: 'BUS_UNAVAILABLE',
        });
      });
    });

    describe('a record', () => {
      it('keeps null keys, null values, any bytes and its headers', async () => {
        const bytes = Buffer.from([0, 255, 254, 0xc3, 0x28]);
        const before = Date.now() - 5_000;

        await bus.publish([
          { topic, key: null, value: bytes, headers: { 'x-request-id': 'r1', binary: bytes } },
          { topic, key: bytes, value: null },
          { topic, key: '', value: '' },
        ]);

        const records = await all(bus.read(topic));
        const byValue = (value: Buffer | null) => records.find((record) => String(record.value) === String(value));
        expect(byValue(bytes)).toMatchObject({ key: null, value: bytes, topic });
        expect(byValue(bytes)?.headers).toEqual({ 'x-request-id': Buffer.from('r1'), binary: bytes });
        expect(byValue(null)).toMatchObject({ key: bytes, value: null, headers: {} });
        expect(byValue(Buffer.alloc(0))).toMatchObject({ key: Buffer.alloc(0), value: Buffer.alloc(0) });
        expect(records.every(({ timestampMs }) => timestampMs > before && timestampMs < Date.now() + 5_000)).toBe(true);
      });
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
            for (const end = Date.now() + longHandlingMs; Date.now() < end; await pause(500)) await context.heartbeat();
            handled.push(...textsOf(records));
          },
          { group },
        );

        await eventually(() => handled.length >= 3, longHandlingMs + 10_000);
        await eventually(async () => totalLag(await bus.lag([group], [topic])) === 0);
        expect(handled).toEqual(['0', '1', '2']);
      }, 60_000);
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

        expect(await lagOnANewBus(open, bus, group, topic)).toBe(0);
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

    describe('reading a topic', () => {
      it('gives everything, partition by partition in offset order, and ends at what was there when it began', async () => {
        await bus.publish(on(topic, numbered(0, 200)));
        const seen: BusRecord[] = [];

        for await (const record of bus.read(topic)) {
          if (seen.length === 0) await bus.publish(on(topic, numbered(200, 20)));
          seen.push(record);
        }

        expect(sortedTexts(seen)).toEqual(
          numbered(0, 200)
            .map(({ value }) => value)
            .toSorted(),
        );
        const places = seen.map(({ partition, offset }) => partition * 1_000_000 + Number(offset));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
      });

      it('ends at once when there is nothing', async () => {
        expect(await all(bus.read(topic))).toEqual([]);
      });

      it('can be left early and begun again', async () => {
        await bus.publish(on(topic, numbered(0, 20)));
        for await (const record of bus.read(topic)) {
          expect(record.topic).toBe(topic);
          break;
        }

        expect(await all(bus.read(topic))).toHaveLength(20);
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
  });
}

function failTest(error: Error): void {
  throw error;
}

type Numbered = Omit<Message, 'topic'>;

/** Messages whose values count up from `from`; over ten keys, or one. */
function numbered(from: number, count: number, key?: string): Numbered[] {
  return Array.from({ length: count }, (_, index) => ({
    key: key ?? `K${(from + index) % 10}`,
    value: String(from + index),
  }));
}

function on(topic: string, messages: readonly Numbered[]): Message[] {
  return messages.map((message) => ({ topic, ...message }));
}

async function all(records: AsyncIterable<BusRecord>): Promise<BusRecord[]> {
  const list: BusRecord[] = [];
  for await (const record of records) list.push(record);
  return list;
}

function textsOf(records: readonly BusRecord[]): string[] {
  return records.map(({ value }) => String(value));
}

function sortedTexts(records: readonly BusRecord[]): string[] {
  return textsOf(records).toSorted();
}

function totalLag(rows: readonly { lag: number }[]): number {
  return rows.reduce((sum, { lag }) => sum + lag, 0);
}

function aGate(): { opened: Promise<void>; open(): void } {
  const controller = new AbortController();
  const opened = new Promise<void>((resolve) => {
    controller.signal.addEventListener('abort', () => resolve());
  });
  return { opened, open: () => controller.abort() };
}

/** One key for each partition that `key` is not in. */
async function keysApartFrom(bus: Bus, topic: string, key: string): Promise<string[]> {
  await bus.publish(
    on(
      topic,
      numbered(0, 50).map((message, index) => ({ ...message, key: `P${index}` })),
    ),
  );
  const records = await all(bus.read(topic));
  const taken = records.find((record) => record.key?.toString() === key)?.partition;
  const byPartition = new Map(records.map((record) => [record.partition, String(record.key)]));
  return [...byPartition].filter(([partition]) => partition !== taken).map(([, other]) => other);
}

/** A stopped bus on a broker can be asked through another one; a memory bus still knows. */
async function lagOnANewBus(open: () => Bus, stopped: Bus, group: string, topic: string): Promise<number> {
  const bus = stopped.name === 'memory' ? stopped : open();
  const rows = await bus.lag([group], [topic]);
  await bus.stop();
  return totalLag(rows);
}
