import type { SquareMatrix } from './linear-algebra';
import { unusable } from './missing-data';
import { centred, type Observations } from './returns';
import { constantCorrelation, singleIndex } from './shrinkage-targets';

/** What the sample covariance is shrunk towards. */
export const SHRINKAGE_TARGETS = ['identity', 'constant_correlation', 'single_index', 'none'] as const;
export type ShrinkageTarget = (typeof SHRINKAGE_TARGETS)[number];

/** A covariance estimate per period of the observations. */
export interface CovarianceEstimate {
  readonly covariance: SquareMatrix;
  /** 0 leaves the sample covariance, 1 is the target alone. */
  readonly shrinkage: number;
}

/** A target matrix, and what the papers call pi − rho: how much of the sample's own scatter is not the target's too. */
export interface Target {
  readonly matrix: SquareMatrix;
  readonly excess: number;
}

/**
 * Covariance of the observations with 1/T, shrunk by the amount that Ledoit and Wolf show to be best in quadratic loss. `identity`: A well-conditioned estimator for
 * large-dimensional covariance matrices (2004), as scikit-learn's `LedoitWolf`; `constant_correlation`: Honey, I shrunk the sample covariance
 * matrix (2004); `single_index`: Improved estimation of the covariance matrix of stock returns (2003), the index being the equally weighted mean.
 * @throws MODEL_INPUT_UNUSABLE for fewer than two rows, a value that is no number, or series of which none moves.
 */
export function estimateCovariance(observations: Observations, target: ShrinkageTarget): CovarianceEstimate {
  const moves = centred(observations);
  const sample = secondMoments(moves);
  if (!(traceOf(sample) > 0)) throw unusable('no series moves: a covariance cannot be estimated from constant prices');
  if (target === 'none') return { covariance: sample, shrinkage: 0 };
  const { matrix, excess } = TARGETS[target](moves, sample);
  const distance = squaredDistance(sample, matrix);
  // A target that is the sample up to rounding leaves nothing to shrink.
  const isSame = !(distance > Number.EPSILON * squaredNorm(sample));
  const shrinkage = isSame ? 0 : Math.max(0, Math.min(1, excess / distance / moves.rows));
  return { covariance: mixed(sample, matrix, shrinkage), shrinkage };
}

const TARGETS: Record<Exclude<ShrinkageTarget, 'none'>, (moves: Observations, sample: SquareMatrix) => Target> = {
  identity,
  constant_correlation: constantCorrelation,
  single_index: singleIndex,
};

/** Mean outer product of the rows, two by two columns at a time, so that each value read is used twice. */
function secondMoments({ rows, columns, data }: Observations): SquareMatrix {
  const even = columns + (columns % 2);
  const byColumn = new Float64Array(rows * even);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      byColumn[column * rows + row] = data[row * columns + column] ?? 0;
    }
  }
  const moments = new Float64Array(columns * columns);
  const set = (i: number, j: number, sum: number) => {
    if (i >= columns || j >= columns) return;
    moments[i * columns + j] = sum / rows;
    moments[j * columns + i] = sum / rows;
  };
  for (let i = 0; i < even; i += 2) {
    for (let j = 0; j <= i; j += 2) {
      const [i0, i1, j0, j1] = [i * rows, (i + 1) * rows, j * rows, (j + 1) * rows];
      let [s00, s01, s10, s11] = [0, 0, 0, 0];
      for (let row = 0; row < rows; row += 1) {
        const a = byColumn[i0 + row] ?? 0;
        const b = byColumn[i1 + row] ?? 0;
        const c = byColumn[j0 + row] ?? 0;
        const d = byColumn[j1 + row] ?? 0;
        s00 += a * c;
        s01 += a * d;
        s10 += b * c;
        s11 += b * d;
      }
      set(i, j, s00);
      set(i, j + 1, s01);
      set(i + 1, j, s10);
      set(i + 1, j + 1, s11);
    }
  }
  return { size: columns, data: moments };
}

/** Sum of the diagonal. */
function traceOf({ size, data }: SquareMatrix): number {
  let sum = 0;
  for (let index = 0; index < size; index += 1) sum += data[index * size + index] ?? 0;
  return sum;
}

/** Squared Frobenius norm of left − right. */
function squaredDistance(left: SquareMatrix, right: SquareMatrix): number {
  let sum = 0;
  for (let index = 0; index < left.data.length; index += 1) {
    const gap = (left.data[index] ?? 0) - (right.data[index] ?? 0);
    sum += gap * gap;
  }
  return sum;
}

/** The sum over t of ‖x xᵀ − S‖² needs only the squared length of each row: Σ‖x‖⁴ − T‖S‖². */
function identity({ rows, columns, data }: Observations, sample: SquareMatrix): Target {
  const { size } = sample;
  const matrix = { size, data: new Float64Array(size * size) };
  const mean = traceOf(sample) / size;
  for (let index = 0; index < size; index += 1) matrix.data[index * size + index] = mean;
  let fourth = 0;
  for (let row = 0; row < rows; row += 1) {
    let squared = 0;
    for (let index = row * columns; index < (row + 1) * columns; index += 1) {
      const value = data[index] ?? 0;
      squared += value * value;
    }
    fourth += squared * squared;
  }
  return { matrix, excess: fourth / rows - squaredNorm(sample) };
}

function squaredNorm({ data }: SquareMatrix): number {
  let sum = 0;
  for (let index = 0; index < data.length; index += 1) sum += (data[index] ?? 0) * (data[index] ?? 0);
  return sum;
}

function mixed(sample: SquareMatrix, target: SquareMatrix, shrinkage: number): SquareMatrix {
  const data = sample.data.map((value, index) => (1 - shrinkage) * value + shrinkage * (target.data[index] ?? 0));
  return { size: sample.size, data };
}
