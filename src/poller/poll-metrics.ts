import type { ClaimedPoll, PollOutcome } from '../domain/poll-job';
import type { Metrics } from '../platform/metrics';

/** Tells how late a run was claimed, and which ticks before it had none. */
export function tellClaimed(metrics: Metrics, { scheduledFor, missedTicks }: ClaimedPoll, at: Date): void {
  metrics.histogram('tickwire_poll_lateness_seconds', {})(Math.max(0, (at.getTime() - scheduledFor.getTime()) / 1000));
  metrics.counter('tickwire_poll_missed_ticks_total', {})(missedTicks);
}

/** Tells what became of a run; `lost` where its outcome is not in the database, because that or the lease was away. */
export function tellEnded(metrics: Metrics, { provider }: ClaimedPoll, outcome: PollOutcome | 'lost'): void {
  metrics.counter('tickwire_poll_runs_total', { provider, outcome })(1);
}
