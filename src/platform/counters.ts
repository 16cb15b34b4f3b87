import type { Log } from './log';

/** Milliseconds between two lines about the same counter. */
const QUIET_MS = 10_000;

/** Adds to a named counter. */
export type Count = (name: string, by: number) => void;

/** Counters that say so in the log: the first time at once, then at most every ten seconds, with the total. For what should not pass unseen. */
export function openCounters(log: Log): Count {
  const totals = new Map<string, { total: number; saidAtMs: number }>();
  return (name, by) => {
    const known = totals.get(name) ?? { total: 0, saidAtMs: Number.NEGATIVE_INFINITY };
    const total = known.total + by;
    const due = performance.now() - known.saidAtMs >= QUIET_MS;
    if (due) log.warn({ counter: name, total }, `counted ${name}`);
    totals.set(name, { total, saidAtMs: due ? performance.now() : known.saidAtMs });
  };
}
