import { covarianceOf, meanOf, varianceOf } from '../statistics';
import { type Plan, REPLICATIONS } from './plan';

/** An estimated expectation and how far it may be off. */
export interface Estimate {
  readonly mean: number;
  readonly standardError: number;
}

/** A quantity per path whose expectation is known. */
export interface Control {
  readonly values: Float64Array;
  readonly expectation: number;
}

/**
 * The mean of `values` with the standard error that fits the method: of independent paths, of independent antithetic pairs, of the residuals from the
 * control, or of the independent Sobol replications.
 */
export function estimateMean(values: Float64Array, plan: Plan, control?: Control): Estimate {
  if (plan.method === 'antithetic') return ofIndependent(meansOfRuns(values, 2));
  if (plan.method === 'sobol') return ofIndependent(meansOfRuns(values, values.length / REPLICATIONS));
  return control ? ofControlled(values, control) : ofIndependent(values);
}

function ofIndependent(values: Float64Array): Estimate {
  return { mean: meanOf(values), standardError: Math.sqrt(varianceOf(values, 'T-1') / values.length) };
}

/** Regression on the control (Glasserman, Monte Carlo Methods in Financial Engineering, 2003, section 4.1). */
function ofControlled(values: Float64Array, control: Control): Estimate {
  const controlVariance = varianceOf(control.values, 'T-1');
  const covariance = covarianceOf(values, control.values, 'T-1');
  const slope = controlVariance > 0 ? covariance / controlVariance : 0;
  const residual = Math.max(0, varianceOf(values, 'T-1') - slope * covariance);
  return {
    mean: meanOf(values) - slope * (meanOf(control.values) - control.expectation),
    standardError: Math.sqrt(residual / values.length),
  };
}

/** Means of `values` in runs of `length`. */
function meansOfRuns(values: Float64Array, length: number): Float64Array {
  return Float64Array.from({ length: values.length / length }, (_, run) =>
    meanOf(values.subarray(run * length, (run + 1) * length)),
  );
}
