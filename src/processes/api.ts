import type { ApiDependencies } from '../api/dependencies';
import { httpServer } from '../api/server';
import { tickerUpdates } from '../api/ticker-updates';
import { CONSUMERS } from '../consumers';
import { openLive } from '../live/open-live';
import { MODELS } from '../models';
import { systemClock } from '../platform/clock';
import type { ProcessContext } from '../platform/run-process';
import type { Service } from '../platform/service';
import { productVersion } from '../platform/version';
import { apiSecurityOf } from './api-security';
import { gaugeProduct } from './gauges';
import { metricsServices } from './metrics';
import { openResources, type Resources } from './resources';

/** The API as a process of its own. */
export function apiProcess({ log }: ProcessContext): readonly Service[] {
  const resources = openResources('api', log);
  const { store, cache, bus } = resources;
  return [...metricsServices(resources), store, cache, bus, ...apiServices(resources)];
}

/** The HTTP server, and the listener for requested updates. */
export function apiServices(resources: Resources): readonly Service[] {
  const { host, port } = resources.config;
  const dependencies = apiDependencies(resources);
  gaugeProduct(resources);
  return [dependencies.live, httpServer({ dependencies, host, port }), tickerUpdates(dependencies)];
}

/** What the API needs of a process's resources. */
export function apiDependencies(resources: Resources): ApiDependencies {
  const { config, defaultProvider, store, cache, bus, providers, artifacts, metrics, log } = resources;
  return {
    store,
    cache,
    bus,
    providers,
    artifacts,
    live: openLive({ store, cache, bus, log, metrics, clock: systemClock, origins: config.allowedOrigins }),
    models: MODELS,
    security: apiSecurityOf(config, log),
    log,
    metrics,
    clock: systemClock,
    version: productVersion(),
    defaults: {
      provider: defaultProvider,
      intervalSeconds: config.intervalSeconds,
      movingAverageWindow: config.movingAverageWindow,
    },
    consumers: CONSUMERS,
  };
}
