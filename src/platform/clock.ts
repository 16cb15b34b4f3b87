/** Where the time comes from; tests give their own. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** Resolves after `ms`, or at once when `signal` aborts. Never rejects, leaves no timer behind. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}
