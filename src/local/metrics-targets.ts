import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../platform/environment';

/** Where a running `npm start` says which of its processes tell metrics, as Prometheus reads it (`file_sd_configs`). */
export const metricsTargetsFile = (home: string) => join(home, 'metrics-targets.json');

/** METRICS_PORT is that of the first process; the others take those after it. With 0 each takes any, which its log says. */
export function metricsVariables(metricsPort: number | undefined, index: number): Environment {
  if (metricsPort === undefined) return {};
  return { METRICS_PORT: String(metricsPort === 0 ? 0 : metricsPort + index) };
}

/** Replaces the file in one step; there is none where the ports are not known. */
export function writeMetricsTargets(
  home: string,
  { host, metricsPort }: { host: string; metricsPort: number | undefined },
  processes: readonly { readonly name: string }[],
): void {
  if (!metricsPort) return;
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const address = reachable.includes(':') ? `[${reachable}]` : reachable;
  const targets = processes.map((_, index) => `${address}:${metricsPort + index}`);
  const part = `${metricsTargetsFile(home)}.part`;
  writeFileSync(part, `${JSON.stringify([{ targets }], null, 2)}\n`);
  renameSync(part, metricsTargetsFile(home));
}

export function removeMetricsTargets(home: string): void {
  rmSync(metricsTargetsFile(home), { force: true });
}
