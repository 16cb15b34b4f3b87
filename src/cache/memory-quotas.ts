import type { Clock } from '../platform/clock';

/** Quotas of this process alone: at most `limit` units in a window, which begins with its first unit. */
export function openMemoryQuotas(clock: Clock): (name: string, limit: number, windowMs: number) => Promise<number> {
  const windows = new Map<string, { endsMs: number; taken: number }>();
  return async (name, limit, windowMs) => {
    const nowMs = clock().getTime();
    const key = `${name} ${limit} ${windowMs}`;
    const known = windows.get(key);
    const window = known && known.endsMs > nowMs ? known : { endsMs: nowMs + windowMs, taken: 0 };
    windows.set(key, window);
    if (window.taken >= limit) return window.endsMs - nowMs;
    window.taken += 1;
    return 0;
  };
}
