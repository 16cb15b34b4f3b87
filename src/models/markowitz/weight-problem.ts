import { type SquareMatrix, times } from '../linear-algebra';
import { unusable } from '../missing-data';

/** Weights that sum to 1, each between its bounds (which may be infinite), that maximise tolerance · return − variance / 2. */
export interface WeightProblem {
  /** Positive definite. */
  readonly covariance: SquareMatrix;
  readonly expectedReturns: ArrayLike<number>;
  readonly min: ArrayLike<number>;
  readonly max: ArrayLike<number>;
}

/** @throws MODEL_INPUT_UNUSABLE when no weights within the bounds sum to 1. */
export function checkBounds({ min, max }: Pick<WeightProblem, 'min' | 'max'>): void {
  const [least, most] = [Array.from(min), Array.from(max)].map((side) => side.reduce((sum, each) => sum + each, 0));
  if (least === undefined || most === undefined) return;
  if (least <= 1 + 1e-12 && most >= 1 - 1e-12) return;
  throw unusable(
    `bounds: expected weights that can sum to 1, got bounds that allow sums from ${least} to ${most} only`,
  );
}

/** Half the gradient of variance less tolerance times return. */
export function gradientOf(
  { covariance, expectedReturns }: WeightProblem,
  weights: Float64Array,
  tolerance: number,
): Float64Array {
  return times(covariance, weights).map((each, place) => each - tolerance * (expectedReturns[place] ?? 0));
}

/**
 * How far weights miss the conditions of the optimum, at most: the sum, the bounds, and one gradient shared by all weights strictly between their bounds, not above that of
 * any at its minimum nor below that of any at its maximum. Gradients are relative to the largest of their terms, the sum to that of all sizes.
 */
export function kktResidualOf(problem: WeightProblem, weights: Float64Array, tolerance: number): number {
  const gradient = gradientOf(problem, weights, tolerance);
  const pulls = times(problem.covariance, weights);
  const terms = Array.from(pulls, (each, i) =>
    Math.max(Math.abs(each), Math.abs(tolerance * (problem.expectedReturns[i] ?? 0))),
  );
  const scale = Math.max(...terms, Number.MIN_VALUE);
  const size = weights.reduce((sum, weight) => sum + Math.abs(weight), 0);
  let residual = Math.abs(weights.reduce((sum, weight) => sum + weight, -1)) / size;
  // Every weight that may rise must have a gradient at least as high as every one that may fall.
  let [mayRise, mayFall] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  weights.forEach((weight, place) => {
    const [low, high, slope] = [problem.min[place] ?? 0, problem.max[place] ?? 0, gradient[place] ?? 0];
    residual = Math.max(residual, low - weight, weight - high);
    if (weight < high) mayRise = Math.min(mayRise, slope);
    if (weight > low) mayFall = Math.max(mayFall, slope);
  });
  return Math.max(residual, (mayFall - mayRise) / scale);
}
