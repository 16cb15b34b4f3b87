import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { loadAdjustedBars } from '../history/load-adjusted-bars';
import type { JobRunner } from '../jobs/jobs';
import { openJobRunner } from '../jobs/open-job-runner';
import { openJobThreads } from '../jobs/threads';
import { MODELS } from '../models';
import type { HistoryNeed } from '../models/model';
import type { Store } from '../store/store';
import { gaugeArtifacts } from './gauges';
import type { Resources } from './resources';

/** The runner of model jobs of one process, on threads of its own. Its artifacts are to be started before it. */
export function jobRunnerOf(resources: Resources): JobRunner {
  const { config, store, bus, artifacts, metrics, log } = resources;
  gaugeArtifacts(resources);
  return openJobRunner({
    store,
    bus,
    artifacts,
    metrics,
    log: log.child({ consumer: 'model-runner' }),
    threads: openJobThreads({ size: config.jobThreads }),
    models: MODELS,
    loadHistory: (need) => loadHistory(store, need),
    owner: `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`,
    maxRunning: config.maxConcurrentJobs,
    leaseSeconds: config.jobLeaseSeconds,
    timeoutSeconds: config.jobTimeoutSeconds,
  });
}

/** One symbol after the other: a job of many symbols leaves connections for the rest of the process. */
async function loadHistory(store: Store, { symbols, start, end }: HistoryNeed) {
  const series = new Map<string, Awaited<ReturnType<typeof loadAdjustedBars>>>();
  for (const symbol of symbols) series.set(symbol, await loadAdjustedBars(store, { symbol, start, end }));
  return series;
}
