import { withDeadline } from '../../src/providers/deadline';

test('what settles in time is passed on, and neither timer nor listener is left', async () => {
  jest.useFakeTimers();
  const caller = new AbortController();
  const removed = jest.spyOn(caller.signal, 'removeEventListener');
  const deadline = { vendor: 'scripted', timeoutMs: 1000, signal: caller.signal };

  const answer = await withDeadline(deadline, async () => 'answer');
  const failure = await withDeadline(deadline, () => Promise.reject(new Error('no'))).catch(
    (error: Error) => error.message,
  );
  const timers = jest.getTimerCount();
  jest.useRealTimers();

  expect([answer, failure, timers]).toEqual(['answer', 'no', 0]);
  expect(removed).toHaveBeenCalledTimes(2);
});

test('when the time is over the work is told, and a late failure of it disturbs nobody', async () => {
  let told: unknown;
  const work = (signal: AbortSignal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        told = signal.reason;
        setTimeout(() => reject(new Error('late')), 5);
      });
    });

  const outcome = withDeadline({ vendor: 'scripted', timeoutMs: 10, signal: new AbortController().signal }, work);

  await expect(outcome).rejects.toMatchObject({
    code: 'PROVIDER_TIMEOUT',
    message: 'scripted did not answer within 10 ms',
  });
  expect(told).toMatchObject({ code: 'PROVIDER_TIMEOUT' });
  await new Promise((resolve) => setTimeout(resolve, 20));
});

test('a caller who has left before does not make the work begin', async () => {
  let begun = false;

  const outcome = withDeadline({ vendor: 'scripted', timeoutMs: 10, signal: AbortSignal.abort() }, async () => {
    begun = true;
  });

  await expect(outcome).rejects.toMatchObject({ code: 'PROVIDER_TIMEOUT' });
  expect(begun).toBe(false);
});
