import type { Json } from '../model';
import { estimateMean } from './estimate';
import type { OrderedSample } from './order-statistics';
import type { Plan } from './plan';

/** Loss figures at one confidence level, as amounts and as fractions of the starting value; losses are positive. */
export interface TailRisk extends Readonly<Record<string, Json>> {
  readonly confidence: number;
  readonly value_at_risk: number;
  readonly value_at_risk_fraction: number;
  readonly conditional_value_at_risk: number;
  readonly conditional_value_at_risk_fraction: number;
}

/**
 * Value at risk: the loss that is not exceeded with the given confidence, the empirical quantile of the values. Conditional value at risk: the mean loss of
 * the paths at or beyond it (Rockafellar and Uryasev 2000). Both over the whole horizon, against the starting value, without discounting.
 *
 * @param sample values as multiples of the starting value.
 */
export function tailRisks(sample: OrderedSample, initialValue: number, confidences: readonly number[]): TailRisk[] {
  const thresholds = sample.quantiles(confidences.map((confidence) => 1 - confidence));
  return confidences.map((confidence, place) => {
    const threshold = thresholds[place] ?? 1;
    const [atRisk, beyond] = [1 - threshold, 1 - meanUpTo(sample.values, threshold)];
    return {
      confidence,
      value_at_risk: initialValue * atRisk,
      value_at_risk_fraction: atRisk,
      conditional_value_at_risk: initialValue * beyond,
      conditional_value_at_risk_fraction: beyond,
    };
  });
}

/** Share of paths that end below the starting value. */
export function lossProbability(values: Float64Array, plan: Plan): { [key: string]: Json } {
  const losses = values.map((value) => (value < 1 ? 1 : 0));
  const { mean, standardError } = estimateMean(losses, plan);
  return { value: mean, standard_error: standardError };
}

/** Mean of the values at or below `threshold`; there is always one, since a quantile is no less than the least value. */
function meanUpTo(values: Float64Array, threshold: number): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (value > threshold) continue;
    sum += value;
    count += 1;
  }
  return sum / count;
}
