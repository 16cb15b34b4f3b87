import type { Metrics } from './metrics';

/** How far a price event has come: into the outbox, onto the topic, into a row, an average, the cache, and out to clients. */
export type Stage = 'fetched' | 'published' | 'stored' | 'averaged' | 'cached' | 'sent';

/** The two clocks of a price event: the market's and ours. */
interface Clocked {
  readonly observedAt: Date;
  readonly fetchedAt: Date;
}

/** Where the time an event took is worth knowing. */
const ARRIVALS: Partial<Record<Stage, 'row' | 'cache' | 'socket'>> = { stored: 'row', cached: 'cache', sent: 'socket' };

/**
 * Tells that events have come so far. Their age is that of the first, which is in live prices about that of all: one look a batch, however many there are.
 */
export function passed(metrics: Metrics, stage: Stage, events: readonly Clocked[]): void {
  tellPassed(metrics, stage, { count: events.length, first: events[0] });
}

/** The same where only their number and the first are at hand. */
export function tellPassed(
  metrics: Metrics,
  stage: Stage,
  { count, first }: { readonly count: number; readonly first: Clocked | undefined },
): void {
  metrics.counter('tickwire_events_total', { stage })(count);
  const to = ARRIVALS[stage];
  if (!first || !to) return;
  metrics.histogram('tickwire_event_age_seconds', { from: 'market', to })(secondsSince(first.observedAt));
  metrics.histogram('tickwire_event_age_seconds', { from: 'fetch', to })(secondsSince(first.fetchedAt));
}

/** Not below 0: a market's clock may be ahead of ours. */
function secondsSince(at: Date): number {
  return Math.max(0, (Date.now() - at.getTime()) / 1000);
}
