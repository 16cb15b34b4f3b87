import * as fc from 'fast-check';
import type { Message } from '../../src/bus/bus';
import { SendQueue } from '../../src/bus/send-queue';
import { pause } from '../../src/platform/clock';
import { TickwireError } from '../../src/platform/errors';

const refused = () => new TickwireError('BUS_REFUSED', 'never');
const unavailable = () => new TickwireError('BUS_UNAVAILABLE', 'not now');

function messages(...values: string[]): Message[] {
  return values.map((value) => ({ topic: 't', key: 'AAPL', value }));
}

function aQueue(send: (values: string[]) => Promise<void>, deadlineMs = 1_000) {
  const sends: string[][] = [];
  const queue = new SendQueue({
    lingerMs: 2,
    deadlineMs,
    send: async (batch) => {
      const values = batch.map(({ value }) => String(value));
      sends.push(values);
      await send(values);
    },
  });
  return { queue, sends };
}

const settle = (calls: Promise<void>[]) =>
  Promise.all(
    calls.map((call) =>
      call.then(
        () => 'acked',
        (error: TickwireError) => error.code,
      ),
    ),
  );

describe('a send queue', () => {
  it('sends together what is published at the same time', async () => {
    const { queue, sends } = aQueue(async () => undefined);

    await Promise.all([queue.publish(messages('1')), queue.publish(messages('2', '3')), queue.publish(messages('4'))]);

    expect(sends).toEqual([['1', '2', '3', '4']]);
  });

  it('has one send under way at a time, and collects meanwhile', async () => {
    let running = 0;
    const { queue, sends } = aQueue(async () => {
      running += 1;
      expect(running).toBe(1);
      await pause(20);
      running -= 1;
    });

    const first = queue.publish(messages('1'));
    await pause(10);
    await Promise.all([first, queue.publish(messages('2')), queue.publish(messages('3'))]);

    expect(sends).toEqual([['1'], ['2', '3']]);
  });

  it('keeps each send below what a broker takes at once, in bytes and in number', async () => {
    const { queue, sends } = aQueue(async () => undefined);

    await queue.publish(messages(...Array.from({ length: 9_000 }, (_, index) => String(index))));
    await queue.publish(messages(...Array.from({ length: 5 }, () => 'x'.repeat(400_000))));

    expect(sends.map(({ length }) => length)).toEqual([4_000, 4_000, 1_000, 2, 2, 1]);
  });

  it('rejects only the call whose message is refused', async () => {
    const { queue, sends } = aQueue(async (values) => {
      if (values.includes('bad')) throw refused();
    });

    const results = await settle([
      queue.publish(messages('1')),
      queue.publish(messages('bad')),
      queue.publish(messages('2')),
    ]);

    expect(results).toEqual(['acked', 'BUS_REFUSED', 'acked']);
    expect(sends).toEqual([['1', 'bad', '2'], ['1'], ['bad'], ['2']]);
  });

  it('refuses a message that is too large before anything of its call is sent', async () => {
    const { queue, sends } = aQueue(async () => undefined);

    await expect(queue.publish(messages('1', 'x'.repeat(1_100_000)))).rejects.toMatchObject({ code: 'BUS_REFUSED' });

    expect(sends).toEqual([]);
  });

  it('does not send the rest of a call after a part of it failed', async () => {
    const { queue, sends } = aQueue(async () => {
      throw unavailable();
    });

    const call = queue.publish(messages(...Array.from({ length: 2_500 }, (_, index) => String(index))));

    await expect(call).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
    await queue.close();
    expect(sends).toHaveLength(1);
  });

  it('rejects all that waits when nothing is acknowledged within the deadline, and sends again once that send is over', async () => {
    let release: () => void = () => undefined;
    const { queue, sends } = aQueue(([first]) => {
      if (first !== 'hangs') return Promise.resolve();
      return new Promise((resolve) => {
        release = resolve;
      });
    }, 50);
    const hanging = queue.publish(messages('hangs'));
    await pause(10);
    const behind = queue.publish(messages('behind'));

    expect(await settle([hanging, behind])).toEqual(['BUS_UNAVAILABLE', 'BUS_UNAVAILABLE']);
    const later = queue.publish(messages('later'));
    release();

    await later;
    expect(sends).toEqual([['hangs'], ['later']]);
  });

  it('gives a long queue its time as long as sends are acknowledged', async () => {
    const { queue } = aQueue(() => pause(30), 50);

    const call = queue.publish(messages(...Array.from({ length: 5_000 }, (_, index) => String(index))));

    await expect(call).resolves.toBeUndefined();
  });

  it('settles every call before it is closed, and takes none after', async () => {
    const { queue } = aQueue(() => pause(20));
    const call = queue.publish(messages('1'));

    await queue.close();

    expect(await settle([call, queue.publish(messages('2'))])).toEqual(['acked', 'BUS_UNAVAILABLE']);
  });

  it('keeps the order of what is acknowledged, and loses nothing it acknowledged, whatever fails', async () => {
    const outcome = fc.constantFrom('ok', 'ok', 'unavailable', 'refused', 'slow');
    const sizes = fc.array(fc.integer({ min: 1, max: 1_500 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.array(outcome, { maxLength: 15 }), async (calls, outcomes) => {
        const stored: number[] = [];
        const script = [...outcomes];
        const { queue } = aQueue(async (values) => {
          const next = script.shift() ?? 'ok';
          if (next === 'unavailable') throw unavailable();
          if (next === 'refused') throw refused();
          if (next === 'slow') await pause(3);
          stored.push(...values.map(Number));
        });
        let next = 0;
        const published = calls.map((size) => Array.from({ length: size }, () => next++));

        const results = await settle(published.map((values) => queue.publish(messages(...values.map(String)))));

        const acked = published.filter((_, index) => results[index] === 'acked').flat();
        const known = new Set(stored);
        expect(acked.filter((value) => !known.has(value))).toEqual([]);
        expect(stored).toEqual(stored.toSorted((a, b) => a - b));
      }),
      { numRuns: 50 },
    );
  });
});
