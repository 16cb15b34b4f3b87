import { openWatchdog, type WatchdogOptions, type WatchedConsumer } from '../../src/consumers/watchdog';

type Status = ReturnType<WatchedConsumer['status']>;

let nowMs = 0;
let faults: string[] = [];

beforeEach(() => {
  jest.useFakeTimers();
  nowMs = 1_000_000;
  faults = [];
});

afterEach(() => jest.useRealTimers());

function aConsumer({
  silentMs = 0,
  status = { state: 'idle', sinceMs: nowMs } as Status,
  name = 'moving-average',
} = {}) {
  const lastSignOfLifeMs = nowMs - silentMs;
  return { name, lastSignOfLifeMs: () => lastSignOfLifeMs, status: () => status };
}

async function watch(consumers: readonly WatchedConsumer[], changes: Partial<WatchdogOptions> = {}) {
  const watchdog = openWatchdog({
    consumers: () => consumers,
    fatal: (error) => faults.push(`${error.code}: ${error.message}`),
    clock: () => new Date(nowMs),
    ...changes,
  });
  await watchdog.start();
  return watchdog;
}

describe('the watchdog', () => {
  it('lets consumers live that show signs of life, retry for hours or have handled for less than the limit', async () => {
    await watch([
      aConsumer({ silentMs: 59_000 }),
      aConsumer({ status: { state: 'retrying', sinceMs: nowMs - 3_600_000 } }),
      aConsumer({ status: { state: 'handling', sinceMs: nowMs - 59_000 } }),
      aConsumer({ status: { state: 'idle', sinceMs: nowMs - 3_600_000 } }),
    ]);

    jest.advanceTimersByTime(5_000);

    expect(faults).toEqual([]);
  });

  it('reports a consumer without signs of life, by name, once', async () => {
    await watch([aConsumer(), aConsumer({ name: 'latest-price', silentMs: 60_001 })]);

    jest.advanceTimersByTime(5_000);

    expect(faults).toEqual([
      'CONSUMER_STUCK: consumer latest-price: no sign of life from the bus for 60001 ms, expected one within 60000 ms',
    ]);
  });

  it('reports a consumer with one handler call that never ends', async () => {
    await watch([aConsumer({ status: { state: 'handling', sinceMs: nowMs - 60_001 } })]);

    jest.advanceTimersByTime(1_000);

    expect(faults).toEqual([
      'CONSUMER_STUCK: consumer moving-average: one batch has been handled for 60001 ms, expected at most 60000 ms',
    ]);
  });

  it('goes by the limits it is given', async () => {
    await watch([aConsumer({ silentMs: 2_000 })], { staleAfterMs: 1_500 });

    jest.advanceTimersByTime(1_000);

    expect(faults).toHaveLength(1);
  });

  it('checks every second, and sees consumers that come later', async () => {
    const consumers: WatchedConsumer[] = [];
    await watch(consumers);
    jest.advanceTimersByTime(3_000);
    consumers.push(aConsumer({ silentMs: 70_000 }));

    jest.advanceTimersByTime(1_000);

    expect(faults).toHaveLength(1);
  });

  it('leaves no timer behind, stopped once or twice', async () => {
    const watchdog = await watch([aConsumer({ silentMs: 70_000 })]);

    await watchdog.stop();
    await watchdog.stop();
    jest.advanceTimersByTime(5_000);

    expect(jest.getTimerCount()).toBe(0);
    expect(faults).toEqual([]);
  });
});
