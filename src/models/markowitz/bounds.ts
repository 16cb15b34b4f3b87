import type { MarkowitzParams } from './parameters';

/** Least and greatest weight of each asset; infinite where there is none. */
export interface WeightBounds {
  readonly min: readonly number[];
  readonly max: readonly number[];
}

/** The bounds of a request, by asset. */
export function boundsOf(
  { bounds, long_only: isLongOnly }: MarkowitzParams['params'],
  names: readonly string[],
): WeightBounds {
  const sideOf = (side: number | Record<string, number> | undefined, name: string, none: number) =>
    typeof side === 'object' ? (side[name] ?? none) : (side ?? none);
  const [low, high] = isLongOnly ? [0, 1] : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return {
    min: names.map((name) => Math.max(low, sideOf(bounds?.min, name, low))),
    max: names.map((name) => Math.min(high, sideOf(bounds?.max, name, high))),
  };
}

/** The same set of weights, said with finite bounds on both sides where one side was finite: what the others leave of the sum. */
export function tightened({ min, max }: WeightBounds): WeightBounds {
  const [least, most] = [min, max].map((side) => side.reduce((sum, each) => sum + each, 0));
  const leftOf = (total: number | undefined, own: number, none: number) =>
    total !== undefined && Number.isFinite(total) ? 1 - (total - own) : none;
  return {
    min: min.map((each, place) => (Number.isFinite(each) ? each : leftOf(most, max[place] ?? 0, each))),
    max: max.map((each, place) => (Number.isFinite(each) ? each : leftOf(least, min[place] ?? 0, each))),
  };
}
