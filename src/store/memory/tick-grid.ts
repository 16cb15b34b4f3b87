import type { PollJob } from '../../domain/poll-job';

type Grid = Pick<PollJob, 'anchorAt' | 'intervalSeconds'>;

/** The newest point of `anchorAt + n × interval` at or before `now`, in epoch milliseconds. */
export function newestTickMs({ anchorAt, intervalSeconds }: Grid, now: Date): number {
  const intervalMs = intervalSeconds * 1000;
  return anchorAt.getTime() + Math.floor((now.getTime() - anchorAt.getTime()) / intervalMs) * intervalMs;
}

/** The first point after `now`. */
export function nextTickAt(grid: Grid, now: Date): Date {
  return new Date(newestTickMs(grid, now) + grid.intervalSeconds * 1000);
}

/** The first point at or after `from`. */
export function tickAtOrAfter(grid: Grid, from: Date): Date {
  const newestMs = newestTickMs(grid, from);
  return newestMs === from.getTime() ? from : nextTickAt(grid, from);
}
