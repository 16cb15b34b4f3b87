import type { ResultTable } from '../model';
import { quantileOf, sortedOf } from '../statistics';
import type { Simulation } from './simulation';

/** Percentiles of the fan, from the lowest. */
export const FAN_PERCENTILES = [5, 25, 50, 75, 95] as const;

/** Percentiles of the value at one time. */
export interface FanRow extends Readonly<Record<string, number>> {
  readonly step: number;
  /** In years. */
  readonly time: number;
  readonly p5: number;
  readonly p25: number;
  readonly p50: number;
  readonly p75: number;
  readonly p95: number;
}

/** Where the paths lie over time, and the course of the first few. */
export interface Fan {
  readonly rows: readonly FanRow[];
  /** Values at the times of the rows, path by path. */
  readonly samples: readonly (readonly number[])[];
}

/** @param samplePaths how many single paths at most. */
export function fanOf({ market, plan, fan }: Simulation, samplePaths: number): Fan {
  const times = plan.fanSteps.length;
  const valueAt = (path: number, place: number) => market.initialValue * (fan[path * times + place] ?? 0);
  const rows = plan.fanSteps.map((step, place) => {
    const values = Float64Array.from({ length: plan.fanPaths }, (_, path) => valueAt(path, place));
    return rowOf(step, step * plan.stepYears, values);
  });
  const samples = Array.from({ length: Math.min(samplePaths, plan.fanPaths) }, (_, path) =>
    plan.fanSteps.map((_step, place) => valueAt(path, place)),
  );
  return { rows, samples };
}

/** The fan as a table: `fan.csv`. */
export function fanTable({ rows }: Fan): ResultTable {
  const columns = ['step', 'time', ...FAN_PERCENTILES.map((percent) => `p${percent}`)];
  return {
    name: 'fan',
    title: 'Percentiles of the value over time',
    columns,
    rows: rows.map((row) => columns.map((column) => row[column] ?? null)),
  };
}

/** The sample of paths as a table: `paths.csv`. */
export function samplePathTable({ rows, samples }: Fan): ResultTable {
  return {
    name: 'paths',
    title: `The first ${samples.length} paths`,
    columns: ['step', 'time', ...samples.map((_, path) => `path_${path + 1}`)],
    rows: rows.map(({ step, time }, place) => [step, time, ...samples.map((sample) => sample[place] ?? null)]),
  };
}

function rowOf(step: number, time: number, values: Float64Array): FanRow {
  const sorted = sortedOf(values);
  const [p5 = 0, p25 = 0, p50 = 0, p75 = 0, p95 = 0] = FAN_PERCENTILES.map((percent) =>
    quantileOf(sorted, percent / 100),
  );
  return { step, time, p5, p25, p50, p75, p95 };
}
