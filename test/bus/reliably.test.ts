import type { Bus, Message } from '../../src/bus/bus';
import { openMemoryBus } from '../../src/bus/memory';
import { reliably } from '../../src/bus/reliably';
import { DEAD_LETTERS, symbolAverages } from '../../src/bus/topics';
import type { PriceEvent } from '../../src/domain/price-event';
import { TickwireError } from '../../src/platform/errors';
import { eventually } from '../support/eventually';
import { recordsOf } from '../support/records';
import { aContext, aGoodRecord, anOptions, consume, good } from '../support/reliable';

let bus: Bus;

beforeEach(() => {
  bus = openMemoryBus({ partitions: 1 });
});

afterEach(() => bus.stop());

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

    const { counts } = await consume(bus, { handle });

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

    await reliably(anOptions(bus, { handle, publish })).handle([aGoodRecord(0)], aContext());

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

    await reliably(anOptions(bus, { handle, backoff: { firstMs: 20, maxMs: 80 } })).handle(
      [aGoodRecord(0)],
      aContext(),
    );

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
    const delivery = reliably(anOptions(bus, { handle, backoff: { firstMs: 60_000, maxMs: 60_000 } })).handle(
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

    await expect(
      reliably(anOptions(bus, { handle })).handle([aGoodRecord(0)], aContext(leaving.signal)),
    ).rejects.toThrow();

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
      const delivery = reliably(anOptions(bus, { handle })).handle([aGoodRecord(0)], context);

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
      anOptions(bus, {
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
