import fc from 'fast-check';
import type { Message } from '../../src/bus/bus';
import { publishInOrder } from '../../src/cli/publish-in-order';

const NEVER = new AbortController().signal;

const aMessage = (value: string): Message => ({ topic: 'price-events', key: 'AAPL', value });

/** Lets other work go on for so many turns. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
}

it('keeps the order and loses nothing, however reading and publishing interleave', async () => {
  const delays = fc.array(fc.nat(4), { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(delays, delays, async (readDelays, publishDelays) => {
      const published: string[] = [];
      let concurrent = 0;
      let publishes = 0;

      await publishInOrder({
        bus: {
          publish: async (messages) => {
            concurrent += 1;
            expect(concurrent).toBe(1);
            await turns(publishDelays[publishes % publishDelays.length]!);
            publishes += 1;
            published.push(...messages.map(({ value }) => String(value)));
            concurrent -= 1;
          },
        },
        messages: async function* () {
          for (const [index, delay] of readDelays.entries()) {
            await turns(delay);
            yield aMessage(String(index));
          }
        },
        signal: NEVER,
        onPublished: () => undefined,
      });

      expect(published).toEqual(readDelays.map((_, index) => String(index)));
    }),
    { numRuns: 40 },
  );
});

it('publishes a lone message at once, though the next one is long in coming', async () => {
  const published: number[] = [];
  let next: () => void = () => undefined;
  const later = new Promise<void>((resolve) => {
    next = resolve;
  });

  const running = publishInOrder({
    bus: { publish: async () => undefined },
    messages: async function* () {
      yield aMessage('1');
      await later;
      yield aMessage('2');
    },
    signal: NEVER,
    onPublished: (count) => published.push(count),
  });
  await turns(3);

  expect(published).toEqual([1]);
  next();
  await running;
  expect(published).toEqual([1, 1]);
});

it('bounds a publish by messages and by bytes, and reads no further ahead', async () => {
  const sizes: number[] = [];
  let read = 0;
  let ahead = 0;
  const large = 'x'.repeat(1024 * 1024);

  await publishInOrder({
    bus: {
      publish: async (messages) => {
        sizes.push(messages.length);
        ahead = Math.max(ahead, read - sizes.reduce((sum, size) => sum + size, 0));
        await turns(2);
      },
    },
    messages: async function* () {
      for (read = 1; read <= 5_000; read += 1) yield aMessage('small');
      for (; read <= 5_010; read += 1) yield aMessage(large);
    },
    signal: NEVER,
    onPublished: () => undefined,
  });

  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(5_010);
  expect(Math.max(...sizes)).toBe(2_000);
  expect(sizes.at(-1)).toBeLessThanOrEqual(4);
  expect(ahead).toBeLessThanOrEqual(2_001);
});

it('ends with the failure of a publish, reads no more and publishes nothing behind it', async () => {
  let publishes = 0;
  let ended = false;

  const running = publishInOrder({
    bus: {
      publish: async () => {
        publishes += 1;
        await turns(2);
        throw new Error('the broker is away');
      },
    },
    messages: async function* (signal) {
      try {
        for (let index = 0; !signal.aborted; index += 1) {
          await turns(1);
          yield aMessage(String(index));
        }
      } finally {
        ended = true;
      }
    },
    signal: NEVER,
    onPublished: () => undefined,
  });

  await expect(running).rejects.toThrow('the broker is away');
  expect(publishes).toBe(1);
  expect(ended).toBe(true);
});

it('ends with the failure also when the source goes on whatever happens', async () => {
  let read = 0;

  const running = publishInOrder({
    bus: {
      publish: async () => {
        throw new Error('the broker is away');
      },
    },
    messages: async function* () {
      for (; read < 1_000; read += 1) {
        await turns(1);
        yield aMessage(String(read));
      }
    },
    signal: NEVER,
    onPublished: () => undefined,
  });

  await expect(running).rejects.toThrow('the broker is away');
  expect(read).toBeLessThan(10);
});

it('publishes what was read before the source failed, then fails like the source', async () => {
  const published: unknown[] = [];

  const running = publishInOrder({
    bus: {
      publish: async (messages) => {
        await turns(3);
        published.push(...messages.map(({ value }) => value));
      },
    },
    messages: async function* () {
      yield aMessage('1');
      yield aMessage('2');
      throw new Error('the file is damaged');
    },
    signal: NEVER,
    onPublished: () => undefined,
  });

  await expect(running).rejects.toThrow('the file is damaged');
  expect(published).toEqual(['1', '2']);
});
