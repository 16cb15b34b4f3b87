import type { Artifacts } from '../artifacts/artifacts';
import { openDirectoryArtifacts } from '../artifacts/directory';
import type { Bus } from '../bus/bus';
import { openMemoryBus } from '../bus/memory';
import { tracedBus } from '../bus/traced-bus';
import type { Cache } from '../cache/cache';
import { openMemoryCache } from '../cache/memory';
import { type Config, parseConfig } from '../platform/config';
import { readEnvironment } from '../platform/environment';
import type { Log } from '../platform/log';
import { type Metrics, openProcessMetrics, silentMetrics } from '../platform/metrics';
import { productVersion } from '../platform/version';
import type { Providers } from '../providers/provider';
import type { Store } from '../store/store';
import { busOf, cacheOf, providersOf, storeOf } from './adapters';

/** What the stages of one process share. */
export interface Resources {
  readonly config: Config;
  /** Canonical name of the provider of requests that name none. */
  readonly defaultProvider: string;
  readonly store: Store;
  readonly cache: Cache;
  readonly bus: Bus;
  readonly providers: Providers;
  /** Of model jobs; to be started where they are written. */
  readonly artifacts: Artifacts;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** A process that serves the API tells its metrics there, every other one on METRICS_PORT or not at all: then nothing is counted. */
const SERVES_API = new Set(['api', 'all']);

/** How long a reader waits for the cache: it has the database to turn to. */
const READER_PATIENCE_MS = 250;
/** How long a writer does: a slow moment is no reason to write the batch again. */
const WRITER_PATIENCE_MS = 5_000;

/** Opens the real adapters at the configured addresses, for a process that reads the cache or writes it. @throws CONFIG_INVALID naming what is missing. */
export function openResources(processName: string, log: Log, cacheUse: 'read' | 'write' = 'read'): Resources {
  const config = parseConfig(readEnvironment());
  const metrics = metricsOf(config, processName);
  const { providers, shareQuotas } = providersOf(config, log, metrics);
  const cache = cacheOf(config, providers, log, cacheUse === 'read' ? READER_PATIENCE_MS : WRITER_PATIENCE_MS);
  shareQuotas(cache);
  const bus = busOf(config, `tickwire-${processName}`, log);
  return {
    config,
    defaultProvider: providers.nameOf(config.provider),
    store: storeOf(config, log, metrics),
    cache,
    bus,
    providers,
    artifacts: openDirectoryArtifacts({ folder: config.artifactDir, log }),
    metrics,
    log,
  };
}

function metricsOf({ metricsPort }: Config, processName: string): Metrics {
  const isRead = metricsPort !== undefined || SERVES_API.has(processName);
  return isRead ? openProcessMetrics(processName, productVersion()) : silentMetrics;
}

/** The same for one process without a broker: the memory bus, and the memory cache where no Redis is configured. */
export function openLocalResources(log: Log): Resources {
  const config = parseConfig(readEnvironment());
  const metrics = metricsOf(config, 'all');
  const { providers, shareQuotas } = providersOf(config, log, metrics);
  const defaultProvider = providers.nameOf(config.provider);
  const cache = config.redisUrl
    ? cacheOf(config, providers, log, READER_PATIENCE_MS)
    : openMemoryCache({ ttlSeconds: config.redisTtlSeconds, defaultProvider });
  shareQuotas(cache);
  const bus = tracedBus(openMemoryBus({ partitions: config.kafkaPartitions }));
  const artifacts = openDirectoryArtifacts({ folder: config.artifactDir, log });
  const store = storeOf(config, log, metrics);
  return { config, defaultProvider, store, cache, bus, providers, artifacts, metrics, log };
}
