import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { metricsTargetsFile } from '../local/metrics-targets';
import { withExample } from './arguments';
import type { CommandDefinition } from './context';

/** Where compose publishes them. */
const GRAFANA = 'http://127.0.0.1:3000/d/tickwire-overview';
const PROMETHEUS = 'http://127.0.0.1:9090';
const COMPOSE = 'docker compose --profile observability up --build --detach --wait';
const LOCAL = 'prometheus --config.file=deploy/observability/prometheus-local.yml';

const targetsSchema = z.array(z.object({ targets: z.array(z.string()) }));

/** `tickwire dashboard`: where metrics are told, and how to look at them; starts nothing. */
export const dashboard: CommandDefinition = (program, context) => {
  const command = program
    .command('dashboard')
    .description('where metrics are told, and how to open the dashboards; starts nothing')
    .action(() => {
      const targets = runningTargets(context.config().home);
      const document = { targets, grafana: GRAFANA, prometheus: PROMETHEUS, compose: COMPOSE, local: LOCAL };
      context.print(document, () => textOf(targets));
    });
  withExample(command, 'tickwire dashboard');
};

/** What a running `npm start` tells metrics on. */
function runningTargets(home: string): readonly string[] {
  const file = metricsTargetsFile(home);
  if (!existsSync(file)) return [];
  return targetsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).flatMap(({ targets }) => targets);
}

function textOf(targets: readonly string[]): string {
  const told = targets.map((target) => `  http://${target}/metrics`);
  const local =
    targets.length > 0
      ? ['npm start tells metrics on', ...told, 'A Prometheus of your own scrapes them, with the alerts:', `  ${LOCAL}`]
      : ['npm start tells metrics when METRICS_PORT is set, one port for each process from there on:'];
  const start = targets.length > 0 ? [] : ['  METRICS_PORT=9400 npm start'];
  return [
    'With compose, Prometheus and Grafana beside the product:',
    `  ${COMPOSE}`,
    `  Grafana     ${GRAFANA}`,
    `  Prometheus  ${PROMETHEUS}`,
    ...local,
    ...start,
    'The dashboards are deploy/observability/dashboards/*.json, for any Grafana.',
  ].join('\n');
}
