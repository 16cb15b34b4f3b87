import { z } from 'zod';
import { listProjectFiles, readProjectFile } from './deployed-product';
import { listOf, mapOf, parseYamlMap, textOf, valueAt } from './yaml-text';

const FOLDER = 'deploy/observability';

/** An expression of a rule or a panel. */
export interface Expression {
  /** Where it stands, in words. */
  readonly place: string;
  readonly text: string;
  /** What a line of it is called; empty for an alert. */
  readonly legend: string;
}

/** A rule that wakes somebody. */
export interface Alert {
  readonly name: string;
  readonly expression: string;
  readonly severity: string;
  /** `summary`, `description` and `runbook`. */
  readonly annotations: Readonly<Record<string, string>>;
}

const targetSchema = z.object({ expr: z.string(), legendFormat: z.string() });
const panelSchema = z.object({
  id: z.number(),
  type: z.enum(['row', 'stat', 'timeseries']),
  title: z.string().min(1),
  description: z.string().optional(),
  datasource: z.object({ uid: z.string() }).optional(),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  fieldConfig: z
    .object({ defaults: z.object({ unit: z.string(), thresholds: z.object({ steps: z.array(z.unknown()).min(1) }) }) })
    .optional(),
  targets: z.array(targetSchema).default([]),
});
const dashboardSchema = z.object({ uid: z.string(), title: z.string(), panels: z.array(panelSchema) });
export type Dashboard = z.infer<typeof dashboardSchema>;

export function readAlerts(): readonly Alert[] {
  const groups = listOf(parseYamlMap(readProjectFile(`${FOLDER}/alerts.yml`)).groups).map(mapOf);
  return groups
    .flatMap(({ rules }) => listOf(rules).map(mapOf))
    .map((rule) => ({
      name: textOf(rule.alert),
      expression: textOf(rule.expr),
      severity: textOf(valueAt(rule, 'labels', 'severity')),
      annotations: Object.fromEntries(
        Object.entries(mapOf(rule.annotations)).map(([key, text]) => [key, textOf(text)]),
      ),
    }));
}

/** By the name of the file. */
export function readDashboards(): ReadonlyMap<string, Dashboard> {
  const files = listProjectFiles(`${FOLDER}/dashboards`);
  return new Map(
    files.map((file) => [file, dashboardSchema.parse(JSON.parse(readProjectFile(`${FOLDER}/dashboards/${file}`)))]),
  );
}

/** Everything that Prometheus is asked. */
export function readExpressions(): readonly Expression[] {
  const ofAlerts = readAlerts().map(({ name, expression }) => ({
    place: `alert ${name}`,
    text: expression,
    legend: '',
  }));
  const ofPanels = [...readDashboards()].flatMap(([file, { panels }]) =>
    panels.flatMap(({ title, targets }) =>
      targets.map(({ expr, legendFormat }) => ({ place: `${file}: ${title}`, text: expr, legend: legendFormat })),
    ),
  );
  return [...ofAlerts, ...ofPanels];
}
