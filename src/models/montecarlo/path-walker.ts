import type { Market } from './market';
import { GROUP, type PathKernel } from './path-kernel';
import type { Plan } from './plan';

/** One of the eight paths of the kernel's current normals, as they are (1) or with every normal's sign turned (-1). */
export interface PathChoice {
  readonly path: number;
  readonly sign: 1 | -1;
}

/** Turns normals into the course of the holding. */
export interface PathWalker {
  /** Log returns of the assets to the horizon, after either call. */
  readonly logReturns: Float64Array;
  /** Value after each step, the start (1) included, after `trace`. */
  readonly course: Float64Array;
  /** Greatest fall from an earlier value as a fraction of it, after `trace`. */
  drawdown(): number;
  /** Follows one path step by step. */
  trace(choice: PathChoice): void;
}

/** Log return of each asset in one step: `drift + Σ factor · normal`; see {@link walkerOf}. */
export interface StepLaw {
  readonly drifts: Float64Array;
  /** Lower triangle of the factor of the covariance of one step, row by row. */
  readonly factor: Float64Array;
}

/** The exact law of geometric Brownian motion over one step: d ln S = (μ − σ²/2) dt + σ dW, so steps add no error of their own. */
export function stepLawOf({ assets, factor }: Market, stepYears: number): StepLaw {
  const rootYears = Math.sqrt(stepYears);
  return {
    drifts: Float64Array.from(assets, ({ drift, volatility }) => (drift - volatility ** 2 / 2) * stepYears),
    factor: Float64Array.from(factor.flatMap((row, i) => row.slice(0, i + 1).map((entry) => entry * rootYears))),
  };
}

/** A walker over the kernel's rows: row `step · assets + asset`. Amounts are held from the start, without rebalancing. */
export function walkerOf(kernel: PathKernel, market: Market, plan: Plan): PathWalker {
  const { drifts, factor } = stepLawOf(market, plan.stepYears);
  const weights = Float64Array.from(market.assets, ({ weight }) => weight);
  const count = weights.length;
  const logReturns = new Float64Array(count);
  const course = new Float64Array(plan.steps + 1).fill(1);
  let drawdown = 0;

  const valueAfter = (place: number, sign: number) => {
    let value = 0;
    for (let asset = 0, entry = 0; asset < count; asset += 1) {
      let shock = 0;
      for (let other = 0; other <= asset; other += 1, entry += 1) {
        shock += (factor[entry] ?? 0) * (kernel.normals[place + GROUP * other] ?? 0);
      }
      const logReturn = (logReturns[asset] ?? 0) + ((drifts[asset] ?? 0) + sign * shock);
      logReturns[asset] = logReturn;
      value += (weights[asset] ?? 0) * Math.exp(logReturn);
    }
    return value;
  };

  return {
    logReturns,
    course,
    drawdown: () => drawdown,
    trace: ({ path, sign }) => {
      logReturns.fill(0);
      drawdown = 0;
      for (let step = 0, peak = 1; step < plan.steps; step += 1) {
        const value = valueAfter(step * count * GROUP + path, sign);
        course[step + 1] = value;
        if (value > peak) peak = value;
        else if (value < (1 - drawdown) * peak) drawdown = 1 - value / peak;
      }
    },
  };
}
