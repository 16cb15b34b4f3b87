import { paced } from '../../src/providers/tape';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

async function* tradesAt(...seconds: number[]): AsyncGenerator<{ observedAt: Date }> {
  for (const each of seconds) yield { observedAt: new Date(each * 1000) };
}

/** Seconds after the start at which each trade came, when the receiver takes `workMs` for each. */
async function timesOf(trades: AsyncIterable<unknown>, workMs = 0): Promise<number[]> {
  const startedAt = performance.now();
  const times: number[] = [];
  const receiving = (async () => {
    for await (const _trade of trades) {
      times.push(Math.round(performance.now() - startedAt) / 1000);
      if (workMs > 0) await new Promise((resolve) => setTimeout(resolve, workMs));
    }
  })();
  await jest.advanceTimersByTimeAsync(100_000);
  await receiving;
  return times;
}

test('speed 1 keeps the distances of the tape, whenever it was made', async () => {
  expect(await timesOf(paced(tradesAt(500, 501, 501, 505), 1))).toEqual([0, 1, 1, 5]);
});

test('speed 10 is ten times as fast, 0.5 half as fast', async () => {
  expect(await timesOf(paced(tradesAt(0, 1, 5), 10))).toEqual([0, 0.1, 0.5]);
  expect(await timesOf(paced(tradesAt(0, 1, 5), 0.5))).toEqual([0, 2, 10]);
});

test('Infinity does not wait', async () => {
  expect(await timesOf(paced(tradesAt(0, 1000, 1e9), Number.POSITIVE_INFINITY))).toEqual([0, 0, 0]);
});

test('time spent by the receiver is made up for', async () => {
  expect(await timesOf(paced(tradesAt(0, 1, 2, 3, 9), 1), 1200)).toEqual([0, 1.2, 2.4, 3.6, 9]);
});

test('a trade that lies before its forerunner does not wait, nor does it shift the rest', async () => {
  expect(await timesOf(paced(tradesAt(10, 14, 11, 15), 1))).toEqual([0, 4, 4, 5]);
});

test('a distance beyond what one timer takes is waited for in few timers', async () => {
  const days = 86_400;
  const timers = jest.spyOn(globalThis, 'setTimeout');
  const caller = new AbortController();
  const times = timesOf(paced(tradesAt(0, 40 * days), 1, caller.signal));

  await jest.advanceTimersByTimeAsync(1000);
  const started = timers.mock.calls.length;
  caller.abort();

  expect(await times).toEqual([0]);
  expect(started).toBeLessThanOrEqual(2);
  timers.mockRestore();
});

test('who aborts during a long wait is let go, and the tape is closed', async () => {
  const caller = new AbortController();
  let closed = false;
  async function* trades() {
    try {
      yield* tradesAt(0, 10_000);
    } finally {
      closed = true;
    }
  }
  const receiving = timesOf(paced(trades(), 1, caller.signal));

  caller.abort();

  expect(await receiving).toEqual([]);
  expect(closed).toBe(true);
});

test.each([0, -1, Number.NaN])('a speed of %s is refused', async (speed) => {
  await expect(paced(tradesAt(0), speed).next()).rejects.toMatchObject({ code: 'INVALID_INPUT' });
});
