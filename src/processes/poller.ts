import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { systemClock } from '../platform/clock';
import type { ProcessContext } from '../platform/run-process';
import type { Service } from '../platform/service';
import { heartbeat } from '../poller/heartbeat';
import { pollReference } from '../poller/poll-reference';
import { republish } from '../poller/republish';
import { runDuePolls } from '../poller/run-due-polls';
import { seedJobs } from '../poller/seed-jobs';
import { openResources, type Resources } from './resources';

/** Seconds between two looks for symbols whose news are due. */
const REFERENCE_SECONDS = 10;
/** Partitions of the bar tables are made this far ahead, looked at every hour. */
const PARTITIONS_AHEAD_MS = 365 * 24 * 60 * 60 * 1000;
const PARTITIONS_SECONDS = 3_600;
/** Seconds between two looks into the outbox. */
const REPUBLISH_SECONDS = 5;

/** The poller as a process of its own. */
export function pollerProcess({ log }: ProcessContext): readonly Service[] {
  const resources = openResources('poller', log);
  const { store, cache, bus } = resources;
  return [store, cache, bus, ...pollerServices(resources)];
}

/** Seeds the configured jobs, then beats: due polls each second, the outbox every few. */
export function pollerServices(resources: Resources): readonly Service[] {
  const { config, store, bus, providers, log, defaultProvider } = resources;
  const owner = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  const dependencies = { store, bus, providers, log, owner, clock: systemClock };
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
      run: () => store.partitions.ensure(new Date(Date.now() + PARTITIONS_AHEAD_MS)),
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
