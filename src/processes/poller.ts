import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { DAY_MS } from '../domain/instant';
import { systemClock } from '../platform/clock';
import type { ProcessContext } from '../platform/run-process';
import type { Service } from '../platform/service';
import { dropOld } from '../poller/drop-old';
import { heartbeat } from '../poller/heartbeat';
import { pollReference } from '../poller/poll-reference';
import { republish } from '../poller/republish';
import { runDuePolls } from '../poller/run-due-polls';
import { seedJobs } from '../poller/seed-jobs';
import { metricsServices } from './metrics';
import { openResources, type Resources } from './resources';

/** Seconds between two looks for symbols whose news are due. */
const REFERENCE_SECONDS = 10;
const YEARS_AHEAD_MS = 365 * DAY_MS;
const MONTHS_AHEAD_MS = 62 * DAY_MS;
const PARTITIONS_SECONDS = 3_600;
/** Seconds between two looks into the outbox. */
const REPUBLISH_SECONDS = 5;

/** The poller as a process of its own. */
export function pollerProcess({ log }: ProcessContext): readonly Service[] {
  const resources = openResources('poller', log);
  const { store, cache, bus } = resources;
  return [...metricsServices(resources), store, cache, bus, ...pollerServices(resources)];
}

/** Seeds the configured jobs, then beats: due polls each second, the outbox every few. */
export function pollerServices(resources: Resources): readonly Service[] {
  const { config, store, bus, providers, metrics, log, defaultProvider } = resources;
  const owner = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  const dependencies = { store, bus, providers, metrics, log, owner, clock: systemClock };
  const seeding: Service = {
    name: 'seed-jobs',
    start: () =>
      seedJobs(
        { store, log },
        [
          { variable: 'SYMBOLS', symbols: config.symbols, intervalSeconds: config.intervalSeconds },
          { variable: 'TICKERS', symbols: config.tickers, intervalSeconds: config.pollFrequencySeconds },
        ],
        defaultProvider,
      ),
    stop: () => Promise.resolve(),
  };
  // An alert misses it where no poller runs.
  metrics.counter('tickwire_poll_missed_ticks_total', {});
  const beats = [
    {
      name: 'run-due-polls',
      everySeconds: 1,
      mode: 'overlapping',
      run: (signal: AbortSignal) => runDuePolls(dependencies, signal),
    },
    {
      name: 'republish',
      everySeconds: REPUBLISH_SECONDS,
      mode: 'one-at-a-time',
      run: (signal: AbortSignal) => republish(dependencies, signal),
    },
    {
      name: 'make-partitions',
      everySeconds: PARTITIONS_SECONDS,
      mode: 'one-at-a-time',
      run: async () => {
        await store.partitions.ensure(new Date(Date.now() + YEARS_AHEAD_MS));
        await store.pricePartitions.ensure(new Date(Date.now() + MONTHS_AHEAD_MS));
      },
    },
    {
      name: 'drop-old',
      everySeconds: PARTITIONS_SECONDS,
      mode: 'one-at-a-time',
      run: (signal: AbortSignal) =>
        dropOld(
          { ...dependencies, priceDays: config.priceRetentionDays, recordDays: config.recordRetentionDays },
          signal,
        ),
    },
    ...(config.newsIntervalSeconds > 0
      ? [
          {
            name: 'poll-reference',
            everySeconds: REFERENCE_SECONDS,
            mode: 'one-at-a-time' as const,
            run: (signal: AbortSignal) =>
              pollReference({ ...dependencies, newsIntervalSeconds: config.newsIntervalSeconds }, signal),
          },
        ]
      : []),
  ] as const;
  return [seeding, heartbeat({ beats, log })];
}
