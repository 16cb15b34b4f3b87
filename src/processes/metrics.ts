import type { Service } from '../platform/service';
import { gaugeProcess } from './gauges';
import { metricsServer } from './metrics-server';
import type { Resources } from './resources';

/** Has the metrics of this process told on METRICS_PORT, where one is given. To be started before all else, so that a slow start can be seen. */
export function metricsServices(resources: Resources): readonly Service[] {
  const { config, metrics, log } = resources;
  gaugeProcess(resources);
  if (config.metricsPort === undefined) return [];
  return [metricsServer({ metrics, host: config.host, port: config.metricsPort, log })];
}
