import type { InstrumentHistory } from './model';

/** Variance of each session from its range: ln(H/L)² / (4 ln 2) (Parkinson 1980). */
export function parkinsonVariances({ high, low }: Pick<InstrumentHistory, 'high' | 'low'>): Float64Array {
  return Float64Array.from(high, (top, i) => Math.log(top / (low[i] ?? Number.NaN)) ** 2 / (4 * Math.LN2));
}

/** Variance of each session from all four prices: ½ ln(H/L)² − (2 ln 2 − 1) ln(C/O)² (Garman and Klass 1980). */
export function garmanKlassVariances({ open, high, low, close }: Omit<InstrumentHistory, 'symbol'>): Float64Array {
  return Float64Array.from(high, (top, i) => {
    const range = Math.log(top / (low[i] ?? Number.NaN));
    const body = Math.log((close[i] ?? Number.NaN) / (open[i] ?? Number.NaN));
    return 0.5 * range * range - (2 * Math.LN2 - 1) * body * body;
  });
}

/** λ · variance before + (1 − λ) · return², begun at the first square (RiskMetrics 1996); one value after each return. */
export function ewmaVariances(returns: Float64Array, lambda: number): Float64Array {
  let variance = (returns[0] ?? 0) ** 2;
  return returns.map((each) => {
    variance = lambda * variance + (1 - lambda) * each * each;
    return variance;
  });
}
