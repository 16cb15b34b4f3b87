import type { Target } from './covariance';
import type { SquareMatrix } from './linear-algebra';
import { unusable } from './missing-data';
import type { Observations } from './returns';

/** Same variances, every correlation the mean one (Ledoit and Wolf, Honey, I shrunk the sample covariance matrix, 2004, appendices A and B). */
export function constantCorrelation(moves: Observations, sample: SquareMatrix): Target {
  const { size } = sample;
  const deviations = deviationsOf(sample);
  let correlations = 0;
  forPairs(size, (i, j) => {
    correlations += at(sample, i, j) / ((deviations[i] ?? 0) * (deviations[j] ?? 0));
  });
  const mean = size > 1 ? correlations / (size * (size - 1)) : 0;
  const matrix = { size, data: Float64Array.from(sample.data) };
  forPairs(size, (i, j) => {
    matrix.data[i * size + j] = mean * (deviations[i] ?? 0) * (deviations[j] ?? 0);
  });
  const own = ownMoments(moves, sample);
  // theta(i, j) of the paper: the covariance of the estimates of s(i, i) and s(i, j).
  const theta = momentsOf(moves, (x, i, j) => (x[i] ?? 0) ** 3 * (x[j] ?? 0));
  let rho = own.diagonal;
  forPairs(size, (i, j) => {
    const ratio = (deviations[j] ?? 0) / (deviations[i] ?? 1);
    rho += mean * ratio * (at(theta, i, j) - at(sample, i, i) * at(sample, i, j));
  });
  return { matrix, excess: own.all - rho };
}

/** One factor, the equally weighted mean of all series (Ledoit and Wolf, Improved estimation of the covariance matrix of stock returns, 2003, 3.2). */
export function singleIndex(moves: Observations, sample: SquareMatrix): Target {
  const { size } = sample;
  const toIndex = Float64Array.from({ length: size }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < size; j += 1) sum += at(sample, i, j);
    return sum / size;
  });
  const variance = toIndex.reduce((sum, each) => sum + each, 0) / size;
  if (!(variance > 0))
    throw unusable('the mean of the series does not move: it cannot be the index of target single_index');
  const matrix = { size, data: Float64Array.from(sample.data) };
  forPairs(size, (i, j) => {
    matrix.data[i * size + j] = ((toIndex[i] ?? 0) * (toIndex[j] ?? 0)) / variance;
  });
  const own = ownMoments(moves, sample);
  const rho = own.diagonal + indexRho({ moves, sample, toIndex, variance });
  return { matrix, excess: own.all - rho };
}

interface Index {
  readonly moves: Observations;
  readonly sample: SquareMatrix;
  readonly toIndex: Float64Array;
  readonly variance: number;
}

/** The part of rho off the diagonal: r(i, j) = [s(j, 0)·v(i, 0) + s(i, 0)·v(j, 0) − s(i, 0)·s(j, 0)·v(0, 0)/s(0, 0)] / s(0, 0), by symmetry in two sums. */
function indexRho({ moves, sample, toIndex, variance }: Index): number {
  const { size } = sample;
  const first = momentsOf(moves, (x, i, j) => (x[i] ?? 0) ** 2 * (x[j] ?? 0) * (x[size] ?? 0));
  const third = momentsOf(moves, (x, i, j) => (x[i] ?? 0) * (x[j] ?? 0) * (x[size] ?? 0) ** 2);
  let rho = 0;
  forPairs(size, (i, j) => {
    const [si, sj, sij] = [toIndex[i] ?? 0, toIndex[j] ?? 0, at(sample, i, j)];
    const withOne = at(first, i, j) - si * sij;
    const withIndex = at(third, i, j) - variance * sij;
    rho += (2 * sj * withOne - (si * sj * withIndex) / variance) / variance;
  });
  return rho;
}

/** Sums of pi(i, j) = mean of (x(i)·x(j) − s(i, j))² over all pairs and over the diagonal. */
function ownMoments(moves: Observations, sample: SquareMatrix): { readonly all: number; readonly diagonal: number } {
  const squares = momentsOf(moves, (x, i, j) => ((x[i] ?? 0) * (x[j] ?? 0)) ** 2);
  let [all, diagonal] = [0, 0];
  for (let i = 0; i < sample.size; i += 1) {
    for (let j = 0; j < sample.size; j += 1) {
      const pi = at(squares, i, j) - at(sample, i, j) ** 2;
      all += pi;
      if (i === j) diagonal += pi;
    }
  }
  return { all, diagonal };
}

/** Means over the rows of a product; the row has the mean of its values (the index) as one value more at its end. */
function momentsOf(
  { rows, columns, data }: Observations,
  productOf: (x: Float64Array, i: number, j: number) => number,
): SquareMatrix {
  const sums = new Float64Array(columns * columns);
  const x = new Float64Array(columns + 1);
  for (let row = 0; row < rows; row += 1) {
    const values = data.subarray(row * columns, (row + 1) * columns);
    x.set(values);
    x[columns] = values.reduce((sum, value) => sum + value, 0) / columns;
    for (let i = 0; i < columns; i += 1) {
      for (let j = 0; j < columns; j += 1) {
        const place = i * columns + j;
        sums[place] = (sums[place] ?? 0) + productOf(x, i, j) / rows;
      }
    }
  }
  return { size: columns, data: sums };
}

function deviationsOf(sample: SquareMatrix): Float64Array {
  return Float64Array.from({ length: sample.size }, (_, i) => {
    const variance = at(sample, i, i);
    if (variance > 0) return Math.sqrt(variance);
    throw unusable(`series ${i + 1} does not move: it has no correlation for target constant_correlation`);
  });
}

function at({ size, data }: SquareMatrix, i: number, j: number): number {
  return data[i * size + j] ?? Number.NaN;
}

function forPairs(size: number, visit: (i: number, j: number) => void): void {
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < size; j += 1) if (i !== j) visit(i, j);
  }
}
