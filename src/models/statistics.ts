/** Sum with compensation (Neumaier 1974): its error does not grow with the number of values. */
export function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  let lost = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? Number.NaN;
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}

/** Arithmetic mean; NaN of no values. */
export function meanOf(values: ArrayLike<number>): number {
  return sumOf(values) / values.length;
}

/** By what a sum of squares is divided: the number of values, or one less. */
export type Divisor = 'T' | 'T-1';

/** Variance about the mean. */
export function varianceOf(values: ArrayLike<number>, divisor: Divisor): number {
  return covarianceOf(values, values, divisor);
}

/** Covariance of two series of equal length about their means. */
export function covarianceOf(left: ArrayLike<number>, right: ArrayLike<number>, divisor: Divisor): number {
  const [leftMean, rightMean] = [meanOf(left), meanOf(right)];
  const products = new Float64Array(left.length);
  for (let index = 0; index < left.length; index += 1) {
    products[index] = ((left[index] ?? Number.NaN) - leftMean) * ((right[index] ?? Number.NaN) - rightMean);
  }
  return sumOf(products) / (divisor === 'T' ? left.length : left.length - 1);
}

/**
 * Quantile of type 7 (Hyndman and Fan 1996), the default of NumPy and R: linear between the two values around `probability` · (n − 1).
 * `sorted` is in rising order and not empty; `probability` is 0 to 1.
 */
export function quantileOf(sorted: ArrayLike<number>, probability: number): number {
  const place = probability * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return low + (place - below) * (high - low);
}

/** A copy in rising order. */
export function sortedOf(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}
