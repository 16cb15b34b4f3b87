import { TickwireError } from '../../src/platform/errors';
import { openBreaker } from '../../src/providers/breaker';
import type { QuoteBatch } from '../../src/providers/provider';
import { anAnswer } from './scripted-provider';

const never = new AbortController().signal;

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A vendor that fails with `code` while it is down, and a breaker before it. */
function aVendor(code: TickwireError['code'] = 'PROVIDER_UNAVAILABLE') {
  const vendor = { down: true, calls: 0 };
  const breaker = openBreaker('scripted');
  const answer = async () => {
    vendor.calls += 1;
    if (vendor.down) throw new TickwireError(code, 'down');
    return anAnswer(['A']);
  };
  const ask = (signal = never) =>
    breaker.run(answer, signal).catch((error: unknown): TickwireError => error as TickwireError);
  return { vendor, breaker, ask };
}

async function times(count: number, work: () => Promise<QuoteBatch | TickwireError>): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await work();
}

test('after five failures the vendor is not called, and failures say when it will be', async () => {
  const { vendor, breaker, ask } = aVendor();

  await times(5, ask);
  const refused = await ask();

  expect(breaker.state()).toBe('open');
  expect(vendor.calls).toBe(5);
  expect(refused).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', retryAfterMs: 30_000 });
  expect(() => breaker.refuse()).toThrow('failed repeatedly and is not called for now');
});

test('four failures do not open it', async () => {
  const { breaker, ask } = aVendor();

  await times(4, ask);

  expect(breaker.state()).toBe('closed');
  expect(() => breaker.refuse()).not.toThrow();
});

test('after half a minute one call probes: a good answer closes it, a failure opens it again', async () => {
  const { vendor, breaker, ask } = aVendor();
  await times(5, ask);

  await jest.advanceTimersByTimeAsync(30_000);
  const stateBefore = breaker.state();
  await ask();
  const stateAfterFailure = breaker.state();
  vendor.down = false;
  await jest.advanceTimersByTimeAsync(30_000);
  await ask();

  expect([stateBefore, stateAfterFailure, breaker.state()]).toEqual(['half-open', 'open', 'closed']);
  expect(vendor.calls).toBe(7);
});

test('a refused key, a 429 and an unknown symbol are answers: they do not open it', async () => {
  for (const code of ['PROVIDER_REFUSED', 'PROVIDER_RATE_LIMITED', 'SYMBOL_UNKNOWN', 'INVALID_INPUT'] as const) {
    const { breaker, ask } = aVendor(code);

    await times(20, ask);

    expect(breaker.state()).toBe('closed');
  }
});

test('late answers open it', async () => {
  const { breaker, ask } = aVendor('PROVIDER_TIMEOUT');

  await times(5, ask);

  expect(breaker.state()).toBe('open');
});

test('callers who give up do not open it, but a probe given up does not close it', async () => {
  const { breaker, ask } = aVendor();

  await times(20, () => ask(AbortSignal.abort()));
  const stateAfterGivingUp = breaker.state();
  await times(40, ask);
  await jest.advanceTimersByTimeAsync(30_000);
  await ask(AbortSignal.abort());

  expect(stateAfterGivingUp).toBe('closed');
  expect(breaker.state()).toBe('open');
});
