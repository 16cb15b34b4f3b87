import type { RateLimit, TakeQuota } from '../../src/providers/provider';
import { localQuota, quotaWithStandIn, takeEveryBucket } from '../../src/providers/quota';

const minute: RateLimit = { name: 'minute', limit: 60, windowMs: 60_000 };
const second: RateLimit = { name: 'second', limit: 30, windowMs: 1000 };
const never = new AbortController().signal;

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const take = (takeQuota: TakeQuota, signal = never) =>
  takeEveryBucket({ provider: 'scripted', limits: [second, minute], takeQuota, patienceMs: 5000, signal });

test('every bucket is asked, under the name of the provider, the longest window first', async () => {
  const asked: string[] = [];

  await take(async (bucket) => {
    asked.push(bucket);
    return 0;
  });

  expect(asked).toEqual(['scripted:minute', 'scripted:second']);
});

test('a bucket that refuses for long is a failure that says for how long, and takes nothing from the others', async () => {
  const asked: string[] = [];

  const taking = take(async (bucket) => {
    asked.push(bucket);
    return bucket === 'scripted:minute' ? 59_000 : 0;
  });

  await expect(taking).rejects.toMatchObject({ code: 'PROVIDER_RATE_LIMITED', retryAfterMs: 59_000 });
  expect(asked).toEqual(['scripted:minute']);
});

test('a bucket that refuses for a moment is waited for and asked again alone', async () => {
  const asked: string[] = [];
  const taking = take(async (bucket) => {
    asked.push(bucket);
    return asked.length === 2 ? 400 : 0;
  });

  await jest.advanceTimersByTimeAsync(399);
  const askedBefore = asked.length;
  await jest.advanceTimersByTimeAsync(1);
  await taking;

  expect(askedBefore).toBe(2);
  expect(asked).toEqual(['scripted:minute', 'scripted:second', 'scripted:second']);
});

test('the patience is one for all buckets and all turns', async () => {
  const taking = take(async () => 2000);
  const outcome = expect(taking).rejects.toMatchObject({ code: 'PROVIDER_RATE_LIMITED' });

  await jest.advanceTimersByTimeAsync(4000);

  await outcome;
});

test('who leaves while waiting is let go', async () => {
  const caller = new AbortController();
  const taking = take(async () => 4000, caller.signal);
  const outcome = expect(taking).rejects.toBe('gone');

  await jest.advanceTimersByTimeAsync(10);
  caller.abort('gone');

  await outcome;
});

test('both buckets hold over any window, however the calls come', async () => {
  const quota = localQuota();
  const takenAtMs: number[] = [];
  const ask = async () => {
    const waitMs = (await quota('second', second)) || (await quota('minute', minute));
    if (waitMs === 0) takenAtMs.push(performance.now());
    return waitMs;
  };

  for (let turn = 0; turn < 1500; turn += 1) {
    await ask();
    await jest.advanceTimersByTimeAsync(turn % 7 === 0 ? 911 : 3);
  }

  const mostWithin = (windowMs: number) =>
    Math.max(...takenAtMs.map((from) => takenAtMs.filter((at) => at >= from && at < from + windowMs).length));
  expect(mostWithin(1000)).toBeLessThanOrEqual(30);
  expect(mostWithin(60_000)).toBe(60);
});

test('the wait of a local quota ends when a unit is there', async () => {
  const quota = localQuota();
  const limit = { name: 'second', limit: 1, windowMs: 1000 };

  const first = await quota('bucket', limit);
  const waitMs = await quota('bucket', limit);
  const other = await quota('another', limit);
  await jest.advanceTimersByTimeAsync(waitMs);

  expect([first, waitMs, other]).toEqual([0, 1000, 0]);
  expect(await quota('bucket', limit)).toBe(0);
});

test('where the shared quota does not answer, the limits of this process hold', async () => {
  const quota = quotaWithStandIn(() => Promise.reject(new Error('no cache')), localQuota());
  const limit = { name: 'minute', limit: 1, windowMs: 60_000 };

  expect(await quota('bucket', limit)).toBe(0);
  expect(await quota('bucket', limit)).toBeGreaterThan(0);
});
