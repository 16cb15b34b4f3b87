import { pause } from '../platform/clock';
import { TickwireError } from '../platform/errors';

export type Probed<T> =
  | { readonly ok: true; readonly value: T; readonly latencyMs: number }
  | { readonly ok: false; readonly error: unknown };

/** Calls and times something that may hang. Never rejects; gives up after `timeoutMs`. */
export async function probe<T>(call: () => Promise<T>, timeoutMs: number): Promise<Probed<T>> {
  const started = performance.now();
  const over = new AbortController();
  const tooLong = async () => {
    await pause(timeoutMs, over.signal);
    throw new TickwireError('TIMEOUT', `no answer within ${timeoutMs} ms`);
  };
  try {
    const value = await Promise.race([call(), tooLong()]);
    return { ok: true, value, latencyMs: Math.round((performance.now() - started) * 10) / 10 };
  } catch (error) {
    return { ok: false, error };
  } finally {
    over.abort();
  }
}
