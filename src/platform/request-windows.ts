import type { Clock } from './clock';

/** What came of taking one unit of an allowance. */
export interface Taken {
  /** False when none was left. */
  readonly isTaken: boolean;
  /** Units that are left in this window. */
  readonly remaining: number;
  /** Milliseconds until the window is over and the whole allowance is there again. */
  readonly resetMs: number;
}

/** Takes one unit of a subject's `limit` in a window of `windowMs`, which begins with its first unit. */
export type TakeAllowance = (subject: string, limit: number, windowMs: number) => Promise<Taken>;

/** More subjects than this at once are not remembered: whoever invents new ones must not fill the memory. The oldest window is given up first. */
const MAX_SUBJECTS = 100_000;

/** Allowances counted in this process alone, by `clock`. */
export function openLocalAllowances(clock: Clock, maxSubjects = MAX_SUBJECTS): TakeAllowance {
  const windows = new Map<string, { readonly endsMs: number; taken: number }>();
  const forget = (nowMs: number) => {
    for (const [key, { endsMs }] of windows) {
      if (endsMs > nowMs && windows.size <= maxSubjects) return;
      windows.delete(key);
    }
  };

  return async (subject, limit, windowMs) => {
    const nowMs = clock().getTime();
    const key = `${limit} ${windowMs} ${subject}`;
    const known = windows.get(key);
    const window = known && known.endsMs > nowMs ? known : { endsMs: nowMs + windowMs, taken: 0 };
    if (window !== known) {
      // The newest comes last, so that what is over lies in front.
      windows.delete(key);
      windows.set(key, window);
      forget(nowMs);
    }
    window.taken += 1;
    const remaining = Math.max(0, limit - window.taken);
    return { isTaken: window.taken <= limit, remaining, resetMs: window.endsMs - nowMs };
  };
}
