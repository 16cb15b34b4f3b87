import { TickwireError } from '../../src/platform/errors';
import { openVendorPause } from '../../src/providers/vendor-pause';

const DAY_MS = 24 * 60 * 60 * 1000;
const asking = (retryAfterMs?: number) => () =>
  Promise.reject(new TickwireError('PROVIDER_RATE_LIMITED', 'scripted answered 429', { retryAfterMs }));

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('a shorter wait asked for by a later answer does not shorten the pause', async () => {
  const pause = openVendorPause('scripted');
  await pause.heed(asking(60_000)).catch(() => undefined);

  await pause.heed(asking(1000)).catch(() => undefined);
  await jest.advanceTimersByTimeAsync(59_999);

  expect(pause.isOver()).toBe(false);
  expect(() => pause.refuse()).toThrow(expect.objectContaining({ code: 'PROVIDER_RATE_LIMITED', retryAfterMs: 1 }));
});

test('an error that asks for no wait does not close the door', async () => {
  const pause = openVendorPause('scripted');

  await pause.heed(asking()).catch(() => undefined);

  expect(pause.isOver()).toBe(true);
  expect(() => pause.refuse()).not.toThrow();
});

test('no answer shuts us out for more than a day', async () => {
  const pause = openVendorPause('scripted');

  await pause.heed(asking(1000 * DAY_MS)).catch(() => undefined);
  await jest.advanceTimersByTimeAsync(DAY_MS);

  expect(pause.isOver()).toBe(true);
});
