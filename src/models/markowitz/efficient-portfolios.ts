import { dot, times } from '../linear-algebra';
import { unusable } from '../missing-data';
import { solveWeights, type WeightSolution } from './quadratic-program';
import type { WeightProblem } from './weight-problem';

/** Expected return and variance of weights, per year. */
export function momentsOf({ covariance, expectedReturns }: WeightProblem, weights: Float64Array) {
  return { mean: dot(weights, expectedReturns), variance: dot(weights, times(covariance, weights)) };
}

/** Relative to the size of what is sought. */
const PRECISION = 1e-12;
const ACCEPTED = 1e-8;
const MAX_STEPS = 200;
/** Tolerances beyond this many times the natural one change nothing any more. */
const FARTHEST = 1e6;

/**
 * The portfolio of least variance among those with this expected return: the one tolerance (below 0 on the lower half of the frontier) at which the solution has it. Between two
 * bounds the return is linear in the tolerance, so the step along the slope is exact once the right bounds are met.
 * @throws MODEL_INPUT_UNUSABLE when no weights within the bounds have that return.
 */
export function portfolioOfReturn(problem: WeightProblem, targetReturn: number): WeightSolution {
  const least = solveWeights(problem, 0);
  const scale = Math.max(...Array.from(problem.expectedReturns, Math.abs), Math.abs(targetReturn), Number.MIN_VALUE);
  const side = momentsOf(problem, least.weights).mean < targetReturn ? 1 : -1;
  const found = search(problem, least, {
    side,
    missOf: ({ weights }) => (side * (momentsOf(problem, weights).mean - targetReturn)) / scale,
    guessOf: ({ tolerance, weights, slope }) =>
      tolerance + (targetReturn - momentsOf(problem, weights).mean) / dot(slope, problem.expectedReturns),
  });
  if (found.reached) return found.solution;
  const { mean } = momentsOf(problem, found.solution.weights);
  throw unusable(
    `target_return: no weights within the bounds have an expected return of ${targetReturn}; the nearest is ${mean}`,
  );
}

/**
 * The portfolio with the highest (return − riskFreeRate) / volatility: where the line from the riskless rate touches the frontier, tolerance · (return − rate) = variance.
 * @throws MODEL_INPUT_UNUSABLE when there is none: no portfolio beats the rate, or ever larger positions always do better.
 */
export function portfolioOfMaxSharpe(problem: WeightProblem, riskFreeRate: number): WeightSolution {
  const found = search(problem, solveWeights(problem, 0), {
    side: 1,
    missOf: ({ tolerance, weights }) => {
      const { mean, variance } = momentsOf(problem, weights);
      return (tolerance * (mean - riskFreeRate)) / variance - 1;
    },
    guessOf: ({ tolerance, weights, slope }) => {
      const { mean, variance } = momentsOf(problem, weights);
      const rise = dot(slope, problem.expectedReturns);
      return (variance - rise * tolerance * tolerance) / (mean - tolerance * rise - riskFreeRate);
    },
  });
  if (found.reached) return found.solution;
  throw unusable(
    `objective max_sharpe: no portfolio within the bounds has the highest Sharpe ratio at a risk-free rate of ${riskFreeRate}; ` +
      'expected returns are too low, or positions without bounds do ever better',
  );
}

interface Search {
  /** 1 towards higher tolerances, −1 towards lower ones. */
  readonly side: 1 | -1;
  /** Below 0 before the sought tolerance, above 0 behind it, seen along `side`. */
  missOf(solution: WeightSolution): number;
  /** The tolerance sought, exact if no other bound is met on the way; may be nonsense. */
  guessOf(solution: WeightSolution): number;
}

/** Guesses kept inside a bracket that is doubled until it holds the tolerance sought, then halved where a guess falls outside. */
function search(
  problem: WeightProblem,
  start: WeightSolution,
  { side, missOf, guessOf }: Search,
): { readonly reached: boolean; readonly solution: WeightSolution } {
  const natural = naturalTolerance(problem, start);
  let [near, far] = [0, Number.POSITIVE_INFINITY];
  let solution = start;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const miss = missOf(solution);
    if (Math.abs(miss) <= PRECISION) return { reached: true, solution };
    const at = side * solution.tolerance;
    if (miss < 0) near = at;
    else far = at;
    const isClosed = Number.isFinite(far) && far - near <= PRECISION * far;
    if (isClosed || near > FARTHEST * natural) break;
    const guess = side * guessOf(solution);
    const middle = far === Number.POSITIVE_INFINITY ? Math.max(natural, 4 * near) : 0.5 * (near + far);
    solution = solveWeights(problem, side * (guess > near && guess < far ? guess : middle));
  }
  return { reached: Math.abs(missOf(solution)) <= ACCEPTED, solution };
}

/** The tolerance at which return and risk weigh about the same. */
function naturalTolerance(problem: WeightProblem, { weights }: WeightSolution): number {
  const size = Math.max(...Array.from(problem.expectedReturns, Math.abs));
  return momentsOf(problem, weights).variance / Math.max(size, 1e-9);
}

/** The highest expected return within finite bounds: everything that is free goes to the best first. Infinite where a bound is. */
export function highestReturnOf({ expectedReturns, min, max }: WeightProblem): number {
  const order = Array.from(Array(min.length).keys()).sort(
    (a, b) => (expectedReturns[b] ?? 0) - (expectedReturns[a] ?? 0),
  );
  let left = 1;
  let total = 0;
  for (const place of order) left -= min[place] ?? 0;
  for (const place of order) {
    const [low, high] = [min[place] ?? 0, max[place] ?? 0];
    if (!Number.isFinite(low) || !Number.isFinite(high)) return Number.POSITIVE_INFINITY;
    const more = Math.min(left, high - low);
    total += (low + more) * (expectedReturns[place] ?? 0);
    left -= more;
  }
  return total;
}

/** `points` portfolios of least variance, from the least of all up to the return `top`, evenly spaced in return. */
export function frontierOf(problem: WeightProblem, points: number, top: number): WeightSolution[] {
  const least = solveWeights(problem, 0);
  const bottom = momentsOf(problem, least.weights).mean;
  if (points < 2 || !(top - bottom > 1e-9 * Math.abs(top))) return points > 0 ? [least] : [];
  return Array.from({ length: points }, (_, index) =>
    index === 0 ? least : portfolioOfReturn(problem, bottom + ((top - bottom) * index) / (points - 1)),
  );
}
