import { pause } from '../../src/platform/clock';

/** Waits until `probe` returns without throwing and not `false`; fails with the last reason after `deadlineMs`. */
export async function eventually<T>(probe: () => Promise<T> | T, deadlineMs = 15_000, everyMs = 25): Promise<T> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    try {
      const result = await probe();
      if (result !== false) return result;
      if (Date.now() > deadline) throw new Error(`still false after ${deadlineMs} ms`);
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await pause(everyMs);
  }
}
