import * as fc from 'fast-check';
import type { BatchContext, Bus, BusRecord, Message } from '../../src/bus/bus';
import { openMemoryBus } from '../../src/bus/memory';
import { type ReliablyOptions, reliably } from '../../src/bus/reliably';
import { DEAD_LETTERS, priceEvents, symbolAverages } from '../../src/bus/topics';
import type { PriceEvent } from '../../src/domain/price-event';
import { systemClock } from '../../src/platform/clock';
import { TickwireError } from '../../src/platform/errors';
import { silentLog } from '../../src/platform/log';
import { eventually } from '../support/eventually';
import { aPriceEvent } from '../support/price-events';
import { recordsOf } from '../support/records';

const GROUP = 'price-history';
const TOPIC = priceEvents.name;

let bus: Bus;

beforeEach(() => {
  bus = openMemoryBus({ partitions: 1 });
});

afterEach(() => bus.stop());

describe('a record that cannot be decoded', () => {
  const wire = JSON.parse(String(priceEvents.message(aPriceEvent()).value));
  const poison: Record<string, Omit<Message, 'topic'>> = {
    'malformed JSON': { key: 'AAPL', value: '{"event_id":' },
    'a null value': { key: 'AAPL', value: null },
    'another schema': { key: 'AAPL', value: '{"price":"dear"}' },
    'bytes that are not UTF-8': { key: 'AAPL', value: Buffer.from([0x22, 0xc3, 0x28, 0x22]) },
    '900 kB of something else': { key: 'AAPL', value: Buffer.alloc(900_000, 'x') },
    'no key': { key: null, value: JSON.stringify(wire) },
    'the key of another symbol': { key: 'MSFT', value: JSON.stringify(wire) },
    'a time far ahead': { key: 'AAPL', value: JSON.stringify({ ...wire, timestamp: '2999-01-01T00:00:00.000Z' }) },
  };

  it.each(Object.entries(poison))(
    'for %s is dead-lettered once, as it came, and the good ones around it go on',
    async (_, bad) => {
      const headers = { 'x-request-id': 'r1' };
      await bus.publish([good(1), { topic: TOPIC, ...bad, headers }, good(2)]);
      const { handled } = await consume();

      await eventually(() => handled.length === 2);
      const letters = await eventually(() => lettersOf(1));

      expect(handled.map(({ sequence }) => sequence)).toEqual([1, 2]);
      expect(letters[0]?.key).toEqual(bad.key === null ? null : Buffer.from(bad.key));
      expect(letters[0]?.value).toEqual(bad.value === null ? null : Buffer.from(bad.value));
      expect(textHeadersOf(letters[0]!)).toEqual({
        'x-request-id': 'r1',
        'x-original-topic': TOPIC,
        'x-original-partition': '0',
        'x-original-offset': '1',
        'x-original-timestamp': expect.stringMatching(/^\d{4}-.*Z$/),
        'x-error-code': 'EVENT_INVALID',
        'x-error-message': expect.stringMatching(/./),
        'x-attempts': '1',
        'x-consumer-group': GROUP,
        'x-first-failed-at': expect.stringMatching(/^\d{4}-.*Z$/),
      });
    },
  );

  it('is dead-lettered by the writer group only; another group counts it and goes on', async () => {
    await bus.publish([{ topic: TOPIC, key: 'AAPL', value: 'garbage' }, good(1)]);

    const { handled, counts } = await consume({ group: 'latest-price' });

    await eventually(() => handled.length === 1);
    expect(counts.undecodable).toBe(1);
    expect(await recordsOf(bus, DEAD_LETTERS)).toEqual([]);
  });

  it('is dead-lettered once although its batch is delivered again', async () => {
    const { handle } = reliably(anOptions());
    const records = [aRecord(0, 'garbage'), aRecord(1, 'rubbish')];

    await handle(records, aContext());
    await handle(records, aContext());
    await handle(records.slice(1), aContext());

    expect(await recordsOf(bus, DEAD_LETTERS)).toHaveLength(2);
  });

  it('is not dead-lettered before the good events of its batch went through', async () => {
    const { handle } = reliably(
      anOptions({
        handle: async () => {
          throw new TickwireError('STORE_UNAVAILABLE', 'the database does not answer');
        },
      }),
    );
    const leaving = new AbortController();
    const delivery = handle([aRecord(0, 'garbage'), aGoodRecord(1)], aContext(leaving.signal));

    leaving.abort();

    await expect(delivery).rejects.toThrow();
    expect(await recordsOf(bus, DEAD_LETTERS)).toEqual([]);
  });

  it('does not stop the partition when its decoder throws', async () => {
    const topic = {
      ...priceEvents,
      decode: () => {
        throw new RangeError('a mistake in the decoder');
      },
    };

    await reliably(anOptions({ topic })).handle([aGoodRecord(0)], aContext());

    const [letter] = await recordsOf(bus, DEAD_LETTERS);
    expect(textHeadersOf(letter!)).toMatchObject({ 'x-error-message': 'a mistake in the decoder' });
  });
});

describe('an event that cannot be handled', () => {
  it('is found in its batch and dead-lettered; those around it are handled in order', async () => {
    const handled: number[] = [];
    let calls = 0;
    const refuse = async (events: readonly PriceEvent[]) => {
      calls += 1;
      if (events.some(({ sequence }) => sequence === 37)) throw new TypeError('cannot read this one');
      handled.push(...events.map(({ sequence }) => sequence));
      return [];
    };
    await bus.publish(Array.from({ length: 100 }, (_, index) => good(index)));

    const { counts } = await consume({ group: 'moving-average', handle: refuse });

    const [letter] = await eventually(() => lettersOf(1));
    expect(handled).toEqual(Array.from({ length: 100 }, (_, index) => index).filter((index) => index !== 37));
    expect(calls).toBeLessThan(20);
    expect(counts).toMatchObject({ handled: 99, dead_lettered: 1 });
    expect(textHeadersOf(letter!)).toMatchObject({
      'x-original-offset': '37',
      'x-error-code': 'INTERNAL',
      'x-error-message': 'cannot read this one',
      'x-consumer-group': 'moving-average',
      'x-attempts': '7',
    });
    expect(letter?.value).toEqual(Buffer.from(String(good(37).value)));
  });

  it('is one whose output the broker refuses', async () => {
    const handle = async (events: readonly PriceEvent[]): Promise<readonly Message[]> =>
      events.map(({ sequence }) => ({
        topic: symbolAverages.name,
        key: 'AAPL',
        value: sequence === 2 ? Buffer.alloc(1_100_000) : String(sequence),
      }));
    await bus.publish([good(1), good(2), good(3)]);

    await consume({ handle });

    const [letter] = await eventually(() => lettersOf(1));
    expect(textHeadersOf(letter!)).toMatchObject({ 'x-original-offset': '1', 'x-error-code': 'BUS_REFUSED' });
    expect((await recordsOf(bus, symbolAverages.name)).map(({ value }) => String(value))).toEqual(['1', '3']);
  });

  it('leaves a letter without its bytes when they leave no room for headers, rather than being tried for ever', async () => {
    const value = Buffer.alloc(1_048_300, 'x');
    await bus.publish([{ topic: TOPIC, key: 'AAPL', value }, good(1)]);

    const { handled } = await consume();

    await eventually(() => handled.length === 1);
    const [letter] = await eventually(() => lettersOf(1));
    expect(letter?.value).toBeNull();
    expect(textHeadersOf(letter!)).toMatchObject({ 'x-original-offset': '0', 'x-original-size': '1048300' });
  });

  it('is given up, counted and passed over when not even that letter is taken', async () => {
    const counts: Record<string, number> = {};
    const publish = () => Promise.reject(new TickwireError('BUS_REFUSED', 'there is no topic dead-letters'));
    const { handle } = reliably(anOptions({ publish, counts }));

    await handle([aRecord(0, 'garbage')], aContext());

    expect(counts.dead_letters_lost).toBe(1);
  });

  it('has its reason cut to a length that fits', async () => {
    const handle = () => Promise.reject(new Error('long '.repeat(10_000)));
    await reliably(anOptions({ handle })).handle([aGoodRecord(0)], aContext());

    const [letter] = await recordsOf(bus, DEAD_LETTERS);
    expect(letter?.headers['x-error-message']?.length).toBe(500);
  });
});

describe('an error that may pass', () => {
  const unavailable = () => new TickwireError('STORE_UNAVAILABLE', 'the database does not answer');

  it('is retried with the same events until it has passed, and dead-letters nothing', async () => {
    const batches: number[][] = [];
    const handle = async (events: readonly PriceEvent[]) => {
      batches.push(events.map(({ sequence }) => sequence));
      if (batches.length < 4) throw unavailable();
      return [];
    };
    await bus.publish([good(1), good(2)]);

    const { counts } = await consume({ handle });

    await eventually(() => batches.length === 4);
    expect(batches).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    await eventually(() => counts.handled === 2);
    expect(counts.retried).toBe(3);
    expect(await recordsOf(bus, DEAD_LETTERS)).toEqual([]);
  });

  it('of a publish repeats the publish and not the handling', async () => {
    let handled = 0;
    let published = 0;
    const output: Message = { topic: symbolAverages.name, key: 'AAPL', value: 'average' };
    const handle = async () => {
      handled += 1;
      return [output];
    };
    const publish = async (messages: readonly Message[]) => {
      published += 1;
      if (published < 3) throw new TickwireError('BUS_UNAVAILABLE', 'the broker does not answer');
      await bus.publish(messages);
    };

    await reliably(anOptions({ handle, publish })).handle([aGoodRecord(0)], aContext());

    expect([handled, published]).toEqual([1, 3]);
    expect(await recordsOf(bus, symbolAverages.name)).toHaveLength(1);
  });

  it('waits longer each time, at most maxMs', async () => {
    const callsAt: number[] = [];
    const handle = async () => {
      callsAt.push(performance.now());
      if (callsAt.length < 6) throw unavailable();
      return [];
    };

    await reliably(anOptions({ handle, backoff: { firstMs: 20, maxMs: 80 } })).handle([aGoodRecord(0)], aContext());

    const waits = callsAt.slice(1).map((at, index) => at - (callsAt[index] ?? 0));
    const least = [10, 20, 40, 40, 40];
    for (const [index, wait] of waits.entries()) expect(wait).toBeGreaterThanOrEqual((least[index] ?? 0) - 2);
    expect(Math.max(...waits)).toBeLessThan(1_000);
  });

  it('ends with a rejection, so that nothing is committed, when the signal aborts', async () => {
    const leaving = new AbortController();
    let calls = 0;
    const handle = () => {
      calls += 1;
      return Promise.reject(unavailable());
    };
    const delivery = reliably(anOptions({ handle, backoff: { firstMs: 60_000, maxMs: 60_000 } })).handle(
      [aGoodRecord(0)],
      aContext(leaving.signal),
    );
    await eventually(() => calls === 1);

    leaving.abort();

    await expect(delivery).rejects.toThrow();
    expect(calls).toBe(1);
  });

  it('does not dead-letter what fails because the signal aborted', async () => {
    const leaving = new AbortController();
    const handle = async (_: readonly PriceEvent[], signal: AbortSignal): Promise<readonly Message[]> => {
      leaving.abort();
      signal.throwIfAborted();
      return [];
    };

    await expect(reliably(anOptions({ handle })).handle([aGoodRecord(0)], aContext(leaving.signal))).rejects.toThrow();

    expect(await recordsOf(bus, DEAD_LETTERS)).toEqual([]);
  });

  it('gives heartbeats all the while', async () => {
    jest.useFakeTimers();
    try {
      let beats = 0;
      const context = { ...aContext(), heartbeat: async () => void beats++ };
      let finish: (messages: readonly Message[]) => void = () => undefined;
      const handle = () =>
        new Promise<readonly Message[]>((resolve) => {
          finish = resolve;
        });
      const delivery = reliably(anOptions({ handle })).handle([aGoodRecord(0)], context);

      await jest.advanceTimersByTimeAsync(11_000);
      finish([]);
      await delivery;

      expect(beats).toBeGreaterThanOrEqual(4);
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('the status', () => {
  it('says idle, handling and retrying, and since when', async () => {
    const startMs = Date.parse('2026-01-05T15:00:02.000Z');
    let nowMs = startMs;
    const states: unknown[] = [];
    let calls = 0;
    const reliable = reliably(
      anOptions({
        clock: () => new Date(nowMs),
        backoff: { firstMs: 400, maxMs: 400 },
        handle: async () => {
          calls += 1;
          nowMs += 500;
          states.push(reliable.status());
          if (calls === 1) throw new TickwireError('STORE_UNAVAILABLE', 'away');
          return [];
        },
      }),
    );

    states.push(reliable.status());
    const delivery = reliable.handle([aGoodRecord(0)], aContext());
    await eventually(() => reliable.status().state === 'retrying');
    states.push(reliable.status());
    await delivery;
    states.push(reliable.status());

    expect(states).toEqual([
      { state: 'idle', sinceMs: startMs },
      { state: 'handling', sinceMs: startMs },
      { state: 'retrying', sinceMs: startMs + 500 },
      { state: 'handling', sinceMs: startMs + 500 },
      { state: 'idle', sinceMs: startMs + 1_000 },
    ]);
  });
});

describe('whatever fails in whatever order', () => {
  const outcome = fc.constantFrom('ok', 'ok', 'retryable', 'retryable after its effect', 'broken', 'move member');
  const scenario = fc.record({
    keys: fc.array(fc.constantFrom('AAPL', 'MSFT', 'IBM'), { minLength: 1, maxLength: 40 }),
    garbageAt: fc.uniqueArray(fc.nat(39), { maxLength: 5 }),
    unhandleable: fc.uniqueArray(fc.nat(39), { maxLength: 4 }),
    outcomes: fc.array(outcome, { maxLength: 30 }),
    publishFailures: fc.array(fc.boolean(), { maxLength: 10 }),
    maxBatch: fc.integer({ min: 1, max: 20 }),
  });

  it('nothing is lost, each letter is sent once, and the order per key is kept', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ keys, garbageAt, unhandleable, outcomes, publishFailures, maxBatch }) => {
        const own = openMemoryBus({ partitions: 2 });
        const script = [...outcomes];
        const failures = [...publishFailures];
        const handled: PriceEvent[] = [];
        let moves = 0;
        const handle = async (events: readonly PriceEvent[]): Promise<readonly Message[]> => {
          const next = script.shift() ?? 'ok';
          if (next === 'move member') moves += 1;
          if (next === 'retryable') throw new TickwireError('STORE_UNAVAILABLE', 'away');
          if (next === 'broken') throw new Error('broken');
          if (events.some(({ sequence }) => unhandleable.includes(sequence))) throw new TypeError('not this one');
          handled.push(...events);
          if (next === 'retryable after its effect') throw new TickwireError('STORE_UNAVAILABLE', 'away');
          return events.map(({ symbol, sequence }) => ({
            topic: symbolAverages.name,
            key: symbol,
            value: `${sequence}`,
          }));
        };
        const publish = async (messages: readonly Message[]) => {
          if (failures.shift()) throw new TickwireError('BUS_UNAVAILABLE', 'away');
          await own.publish(messages);
        };
        const reliable = reliably({ ...anOptions({ handle, publish }), backoff: { firstMs: 0, maxMs: 1 } });
        const subscription = {
          group: GROUP,
          topic: TOPIC,
          maxBatch,
          handle: reliable.handle,
          onFatal: () => undefined,
        };
        const messages = keys.map((symbol, sequence) =>
          garbageAt.includes(sequence)
            ? { topic: TOPIC, key: symbol, value: `garbage ${sequence}` }
            : priceEvents.message(aPriceEvent({ symbol, sequence })),
        );

        await own.publish(messages);
        let member = await own.subscribe(subscription);
        await eventually(
          async () => {
            if (moves > 0) {
              moves -= 1;
              const other = await own.subscribe(subscription);
              await member.stop();
              member = other;
            }
            return (await own.lag([GROUP], [TOPIC])).every(({ lag }) => lag === 0);
          },
          10_000,
          1,
        );
        await own.stop();

        const letters = (await recordsOf(own, DEAD_LETTERS)).map(
          ({ headers }) => `${headers['x-original-partition']}:${headers['x-original-offset']}`,
        );
        const outputs = new Set((await recordsOf(own, symbolAverages.name)).map(({ value }) => Number(value)));
        const lettered = (await recordsOf(own, DEAD_LETTERS)).map(({ value }) => sequenceOf(String(value)));
        expect(new Set(letters).size).toBe(letters.length);
        expect(new Set([...outputs, ...lettered])).toEqual(new Set(keys.keys()));
        for (const bad of [...garbageAt, ...unhandleable].filter((index) => index < keys.length))
          expect(lettered).toContain(bad);
        for (const key of new Set(keys)) {
          const order = firstHandlings(handled.filter(({ symbol }) => symbol === key));
          expect(order).toEqual(order.toSorted((a, b) => a - b));
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

interface Consuming {
  readonly handled: PriceEvent[];
  readonly counts: Record<string, number>;
}

type Changes = Partial<ReliablyOptions<PriceEvent>> & { readonly counts?: Record<string, number> };

function anOptions({ counts = {}, ...changes }: Changes = {}): ReliablyOptions<PriceEvent> {
  return {
    group: GROUP,
    topic: priceEvents,
    handle: async () => [],
    publish: (messages) => bus.publish(messages),
    log: silentLog,
    count: (name, by) => {
      counts[name] = (counts[name] ?? 0) + by;
    },
    clock: systemClock,
    backoff: { firstMs: 1, maxMs: 5 },
    ...changes,
  };
}

async function consume(changes: Changes = {}): Promise<Consuming> {
  const handled: PriceEvent[] = [];
  const counts: Record<string, number> = {};
  const handle = async (events: readonly PriceEvent[]) => {
    handled.push(...events);
    return [];
  };
  const options = anOptions({ handle, ...changes, counts });
  const subscription = { group: options.group, topic: TOPIC, maxBatch: 1_000, onFatal: () => undefined };
  await bus.subscribe({ ...subscription, handle: reliably(options).handle });
  return { handled, counts };
}

function good(sequence: number): Message {
  return priceEvents.message(aPriceEvent({ sequence }));
}

function aRecord(offset: number, value: string): BusRecord {
  const place = { topic: TOPIC, partition: 0, offset: String(offset), timestampMs: 1_700_000_000_000 };
  return { ...place, key: Buffer.from('AAPL'), value: Buffer.from(value), headers: {} };
}

function aGoodRecord(offset: number): BusRecord {
  return aRecord(offset, String(good(offset).value));
}

function aContext(signal = new AbortController().signal): BatchContext {
  return { signal, heartbeat: async () => undefined };
}

async function lettersOf(count: number): Promise<BusRecord[]> {
  const letters = await recordsOf(bus, DEAD_LETTERS);
  expect(letters).toHaveLength(count);
  return letters;
}

function textHeadersOf({ headers }: BusRecord): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.toString()]));
}

function sequenceOf(value: string): number {
  return value.startsWith('garbage') ? Number(value.slice('garbage '.length)) : JSON.parse(value).sequence;
}

/** Sequences in the order in which each was first handled. */
function firstHandlings(events: readonly PriceEvent[]): number[] {
  return [...new Set(events.map(({ sequence }) => sequence))];
}
