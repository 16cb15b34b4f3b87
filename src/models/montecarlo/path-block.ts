import type { Plan } from './plan';

/** What a part leaves of its paths: values as multiples of the starting value. */
export interface PathBlock {
  /** Value of the holding at the horizon, one for each path. */
  readonly values: Float64Array;
  /** Greatest fall from an earlier value (the start included), as a fraction of it, one for each path. */
  readonly drawdowns: Float64Array;
  /** Weighted sum of the assets' log returns to the horizon: the control; empty for methods without. */
  readonly controls: Float64Array;
  /** Value at each of the plan's fan steps, path after path, for those of the part that belong to the fan. */
  readonly fan: Float64Array;
  /** Sums of the assets' log returns to the horizon, then of the products of each two; empty for a single asset. */
  readonly moments: Float64Array;
}

/** First path of a part, and the one after its last. */
export function pathsOfPart(plan: Plan, index: number): { from: number; to: number } {
  return { from: index * plan.partPaths, to: Math.min(plan.paths, (index + 1) * plan.partPaths) };
}

/** A block to be filled. */
export function emptyBlock(plan: Plan, { from, to }: { from: number; to: number }): PathBlock {
  const recorded = Math.max(0, Math.min(plan.fanPaths, to) - from);
  return {
    values: new Float64Array(to - from),
    drawdowns: new Float64Array(to - from),
    controls: new Float64Array(plan.method === 'control_variate' ? to - from : 0),
    fan: new Float64Array(recorded * plan.fanSteps.length),
    moments: new Float64Array(plan.assets > 1 ? plan.assets * (plan.assets + 1) : 0),
  };
}
