import type { ReliableHandler } from '../bus/reliably';
import { type Count, openCounters } from '../platform/counters';
import type { Log } from '../platform/log';
import type { CounterName } from '../platform/metric-definitions';
import type { Metrics } from '../platform/metrics';

/** Counters of ordinary work; a retry has a log line of its own. */
const NOT_WORTH_A_WARNING = new Set(['handled', 'retried']);

/** What a consumer counts, by the name it has in the metrics. A counter of a consumer's own that is not here is told by the log alone. */
const COUNTERS = {
  handled: 'tickwire_consumer_events_total',
  retried: 'tickwire_consumer_retries_total',
  undecodable: 'tickwire_undecodable_records_total',
  dead_lettered: 'tickwire_dead_letters_total',
  dead_letters_lost: 'tickwire_dead_letters_lost_total',
  late_beyond_slack: 'tickwire_late_events_total',
} as const satisfies Record<string, CounterName>;

/** Counts for a consumer, in the metrics and, where it should not pass unseen, in the log. */
export function countEach({ consumer, metrics, log }: { consumer: string; metrics: Metrics; log: Log }): Count {
  const warn = openCounters(log);
  const told = new Map(Object.entries(COUNTERS).map(([name, metric]) => [name, metrics.counter(metric, { consumer })]));
  return (name, by) => {
    told.get(name)?.(by);
    if (!NOT_WORTH_A_WARNING.has(name)) warn(name, by);
  };
}

/** The same handler, with the time of each batch told. */
export function timeEach(
  reliable: ReliableHandler,
  { consumer, metrics }: { consumer: string; metrics: Metrics },
): ReliableHandler {
  const tell = metrics.histogram('tickwire_consumer_batch_duration_seconds', { consumer });
  return {
    status: () => reliable.status(),
    handle: async (records, context) => {
      const startedMs = performance.now();
      try {
        await reliable.handle(records, context);
      } finally {
        tell((performance.now() - startedMs) / 1000);
      }
    },
  };
}
