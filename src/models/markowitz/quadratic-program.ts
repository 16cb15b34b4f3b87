import { TickwireError } from '../../platform/errors';
import { cholesky, choleskySolve, principalPart, times } from '../linear-algebra';
import { unusable } from '../missing-data';
import { checkBounds, gradientOf, kktResidualOf, type WeightProblem } from './weight-problem';

/** A solution and how it moves: while no other bound is met, the weights at another tolerance t are `weights + (t − tolerance) · slope`. */
export interface WeightSolution {
  readonly tolerance: number;
  readonly weights: Float64Array;
  readonly slope: Float64Array;
  /** How far the conditions of Karush, Kuhn and Tucker are missed at most: 0 is exact. */
  readonly kktResidual: number;
}

const KKT_TOLERANCE = 1e-8;

/**
 * The one solution of the problem by the primal active set method (Nocedal and Wright, Numerical Optimization, 2nd ed., 16.5): each step solves the equalities on the weights that
 * are free, by Cholesky, and either meets a bound, or frees the weight whose multiplier has the wrong sign. Exact after finitely many steps; without
 * bounds the first is the closed form. Its KKT conditions are checked. @throws MODEL_INPUT_UNUSABLE without a feasible point or for a singular
 * covariance; MODEL_FAILED when the check fails.
 */
export function solveWeights(problem: WeightProblem, tolerance: number): WeightSolution {
  checkBounds(problem);
  const start = feasibleStart(problem);
  const state: State = { weights: start, free: freeAt(problem, start) };
  const maxSteps = 100 + 50 * start.length;
  for (let step = 0; step < maxSteps; step += 1) {
    const target = targetOf(problem, state, tolerance);
    if (moveTowards(problem, state, target.weights)) continue;
    const wrong = wrongBounds(problem, state, { tolerance, price: target.price, first: step > maxSteps / 2 });
    if (wrong.length > 0) {
      for (const place of wrong) state.free[place] = true;
      continue;
    }
    return verified(problem, state, { tolerance, slope: target.slope });
  }
  throw new TickwireError('MODEL_FAILED', `the active set method did not settle within ${maxSteps} steps`);
}

interface State {
  weights: Float64Array;
  readonly free: boolean[];
}

/** All at their lower bounds, then raised in order until the sum is 1; where a lower bound is infinite, the equal weights or the nearest bound. */
function feasibleStart({ min, max }: WeightProblem): Float64Array {
  const { length } = min;
  const start = Float64Array.from({ length }, (_, i) => {
    const [low, high] = [min[i] ?? 0, max[i] ?? 0];
    return Number.isFinite(low) ? low : Math.min(high, 1 / length);
  });
  let missing = 1 - start.reduce((sum, each) => sum + each, 0);
  for (let i = 0; i < length && missing !== 0; i += 1) {
    const weight = start[i] ?? 0;
    const moved = Math.min(max[i] ?? 0, Math.max(min[i] ?? 0, weight + missing));
    missing -= moved - weight;
    start[i] = moved;
  }
  return start;
}

function freeAt({ min, max }: WeightProblem, weights: Float64Array): boolean[] {
  return Array.from(weights, (weight, i) => weight > (min[i] ?? 0) && weight < (max[i] ?? 0));
}

interface StepTarget {
  readonly weights: Float64Array;
  readonly slope: Float64Array;
  /** Multiplier of the sum: the gradient that free weights share. undefined when none is free. */
  readonly price: number | undefined;
}

/** Where the free weights want to be while the others stay at their bounds. */
function targetOf(problem: WeightProblem, { weights, free }: State, tolerance: number): StepTarget {
  const places = free.flatMap((isFree, place) => (isFree ? [place] : []));
  const slope = new Float64Array(weights.length);
  if (places.length === 0) return { weights, slope, price: undefined };
  const factor = cholesky(principalPart(problem.covariance, places));
  if (!factor) throw singular();
  const fixed = weights.map((weight, place) => (free[place] ? 0 : weight));
  const pull = times(problem.covariance, fixed);
  const returns = places.map((place) => problem.expectedReturns[place] ?? 0);
  const ones = choleskySolve(
    factor,
    places.map(() => 1),
  );
  const byReturn = choleskySolve(factor, returns);
  const byPull = choleskySolve(
    factor,
    places.map((place) => pull[place] ?? 0),
  );
  const [onesSum, returnSum, pullSum] = [ones, byReturn, byPull].map((each) => each.reduce((sum, x) => sum + x, 0));
  const left = 1 - fixed.reduce((sum, weight) => sum + weight, 0);
  const price = (left + (pullSum ?? 0) - tolerance * (returnSum ?? 0)) / (onesSum ?? 1);
  const target = Float64Array.from(fixed);
  places.forEach((place, k) => {
    const [one, ret] = [ones[k] ?? 0, byReturn[k] ?? 0];
    target[place] = price * one + tolerance * ret - (byPull[k] ?? 0);
    slope[place] = ret - ((returnSum ?? 0) / (onesSum ?? 1)) * one;
  });
  return { weights: target, slope, price };
}

/** The error of a covariance matrix that has no Cholesky factor. */
export function singular(): TickwireError {
  return unusable(
    'the covariance matrix is singular: a series is constant, or a combination of others; shrink it (`target`) or leave a series out',
  );
}

/** Goes to the target, or up to the first bound in the way, which then holds its weight; true when there was one. */
function moveTowards({ min, max }: WeightProblem, state: State, target: Float64Array): boolean {
  let share = 1;
  let blocking = -1;
  target.forEach((to, place) => {
    if (!state.free[place]) return;
    const from = state.weights[place] ?? 0;
    const bound = to < from ? (min[place] ?? 0) : (max[place] ?? 0);
    const isPast = to < from ? to < bound : to > bound;
    const reach = isPast ? (bound - from) / (to - from) : 1;
    if (isPast && reach < share) [share, blocking] = [reach, place];
  });
  if (blocking < 0) {
    state.weights = target;
    return false;
  }
  const bound = (target[blocking] ?? 0) < (state.weights[blocking] ?? 0) ? min[blocking] : max[blocking];
  state.weights = state.weights.map((from, place) => from + share * ((target[place] ?? from) - from));
  state.weights[blocking] = bound ?? 0;
  state.free[blocking] = false;
  return true;
}

interface Judgement {
  readonly tolerance: number;
  readonly price: number | undefined;
  /** Take the first wrong one rather than the worst: that cannot cycle (Bland). */
  readonly first: boolean;
}

/** Bounds that hold a weight back from a better place: one, or where no weight is free, the two that would trade. */
function wrongBounds(
  problem: WeightProblem,
  { weights, free }: State,
  { tolerance, price, first }: Judgement,
): number[] {
  const gradient = gradientOf(problem, weights, tolerance);
  const gap = gradientScale(gradient) * 1e-12;
  const held = Array.from(weights.keys()).filter(
    (place) => !free[place] && (problem.min[place] ?? 0) < (problem.max[place] ?? 0),
  );
  const canRise = held.filter((place) => weights[place] === problem.min[place]);
  const canFall = held.filter((place) => weights[place] === problem.max[place]);
  const valueAt = (place: number) => gradient[place] ?? 0;
  if (price === undefined) {
    const up = least(canRise, valueAt);
    const down = least(canFall, (place) => -valueAt(place));
    return up !== undefined && down !== undefined && valueAt(up) < valueAt(down) - gap ? [up, down] : [];
  }
  const missedBy = (place: number) =>
    weights[place] === problem.min[place] ? price - valueAt(place) : valueAt(place) - price;
  const wrong = [...canRise, ...canFall].filter((place) => missedBy(place) > gap);
  const chosen = first ? least(wrong, (place) => place) : least(wrong, (place) => -missedBy(place));
  return chosen === undefined ? [] : [chosen];
}

function gradientScale(gradient: Float64Array): number {
  return gradient.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
}

function least(places: readonly number[], by: (place: number) => number): number | undefined {
  return places.reduce<number | undefined>(
    (best, place) => (best === undefined || by(place) < by(best) ? place : best),
    undefined,
  );
}

interface Candidate {
  readonly tolerance: number;
  readonly slope: Float64Array;
}

function verified(problem: WeightProblem, { weights }: State, { tolerance, slope }: Candidate): WeightSolution {
  const kktResidual = kktResidualOf(problem, weights, tolerance);
  if (!(kktResidual <= KKT_TOLERANCE)) {
    throw new TickwireError(
      'MODEL_FAILED',
      `the weights miss their optimality conditions by ${kktResidual}, more than ${KKT_TOLERANCE}`,
    );
  }
  return { tolerance, weights, slope, kktResidual };
}
