import type { ModelOutput } from '../models/model';

const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Refuses what would be written as a lie: JSON turns NaN into null, a chart leaves the point out. @throws Error naming the place. */
export function checkOutput(output: ModelOutput): void {
  checkNames('table', output.tables);
  checkNames('chart', output.charts);
  checkFinite(output.result, 'result');
  checkFinite(output.metrics, 'metrics');
  for (const { name, rows } of output.tables) checkFinite(rows, `table ${name}`);
  for (const { name, series } of output.charts) checkFinite(series, `chart ${name}`);
}

function checkNames(what: string, named: readonly { name: string }[]): void {
  const seen = new Set<string>();
  for (const { name } of named) {
    if (!NAME.test(name)) throw new Error(`name of a ${what}: expected kebab-case, got ${JSON.stringify(name)}`);
    if (seen.has(name)) throw new Error(`name of a ${what}: expected each once, got ${name} twice`);
    seen.add(name);
  }
}

function checkFinite(value: unknown, place: string): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Error(`${place}: expected a finite number, got ${value}`);
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value))
    checkFinite(inner, Array.isArray(value) ? `${place}[${name}]` : `${place}.${name}`);
}
