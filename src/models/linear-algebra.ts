/** A square matrix, row after row. */
export interface SquareMatrix {
  readonly size: number;
  readonly data: Float64Array;
}

/** Eigenvalues in falling order, and the unit vector of each: `vectors[k]` belongs to `values[k]`. */
export interface Eigen {
  readonly values: readonly number[];
  readonly vectors: readonly Float64Array[];
}

/** A matrix of rows of equal length. */
export function matrixOf(rows: readonly (readonly number[])[]): SquareMatrix {
  const size = rows.length;
  const data = new Float64Array(size * size);
  rows.forEach((row, index) => {
    data.set(row, index * size);
  });
  return { size, data };
}

/** Rows of a matrix, as JSON holds them. */
export function rowsOf({ size, data }: SquareMatrix): number[][] {
  return Array.from({ length: size }, (_, row) => Array.from(data.subarray(row * size, (row + 1) * size)));
}

/** The same matrix, each entry times `factor`. */
export function scaled({ size, data }: SquareMatrix, factor: number): SquareMatrix {
  return { size, data: data.map((value) => value * factor) };
}

/** Rows and columns `places` of a matrix. */
export function principalPart({ size, data }: SquareMatrix, places: readonly number[]): SquareMatrix {
  const part = new Float64Array(places.length * places.length);
  let next = 0;
  for (const row of places) {
    for (const column of places) {
      part[next] = data[row * size + column] ?? Number.NaN;
      next += 1;
    }
  }
  return { size: places.length, data: part };
}

/** Matrix times vector. */
export function times({ size, data }: SquareMatrix, vector: ArrayLike<number>): Float64Array {
  const product = new Float64Array(size);
  for (let row = 0; row < size; row += 1) {
    let sum = 0;
    for (let column = 0; column < size; column += 1) sum += (data[row * size + column] ?? 0) * (vector[column] ?? 0);
    product[row] = sum;
  }
  return product;
}

/** Inner product; `left` says how many entries. */
export function dot(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < left.length; index += 1) sum += (left[index] ?? 0) * (right[index] ?? 0);
  return sum;
}

/**
 * The lower triangle L with L·Lᵀ = matrix; undefined unless the matrix is positive definite to working precision: a pivot at or below
 * size · 2⁻⁵² of its own diagonal entry is rounding and counts as zero. Only the lower triangle is read.
 */
export function cholesky({ size, data }: SquareMatrix): SquareMatrix | undefined {
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = data[row * size + column] ?? Number.NaN;
      for (let k = 0; k < column; k += 1) sum -= (lower[row * size + k] ?? 0) * (lower[column * size + k] ?? 0);
      if (column < row) {
        lower[row * size + column] = sum / (lower[column * size + column] ?? Number.NaN);
        continue;
      }
      const floor = size * Number.EPSILON * (data[row * size + row] ?? 0);
      if (!(sum > floor) || sum === Number.POSITIVE_INFINITY) return undefined;
      lower[row * size + row] = Math.sqrt(sum);
    }
  }
  return { size, data: lower };
}

/** Solves L·Lᵀ·x = right by forward and backward substitution. */
export function choleskySolve({ size, data }: SquareMatrix, right: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(right);
  for (let row = 0; row < size; row += 1) {
    let sum = x[row] ?? Number.NaN;
    for (let k = 0; k < row; k += 1) sum -= (data[row * size + k] ?? 0) * (x[k] ?? 0);
    x[row] = sum / (data[row * size + row] ?? Number.NaN);
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = x[row] ?? Number.NaN;
    for (let k = row + 1; k < size; k += 1) sum -= (data[k * size + row] ?? 0) * (x[k] ?? 0);
    x[row] = sum / (data[row * size + row] ?? Number.NaN);
  }
  return x;
}

const MAX_SWEEPS = 60;

/** Eigenvalues and vectors of a symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, 4th ed., 8.5). */
export function symmetricEigen(matrix: SquareMatrix): Eigen {
  const { size } = matrix;
  const a = Float64Array.from(matrix.data);
  const vectors = Array.from({ length: size }, (_, place) =>
    Float64Array.from({ length: size }, (_x, i) => +(i === place)),
  );
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep += 1) {
    let rotations = 0;
    for (let p = 0; p < size; p += 1) {
      for (let q = p + 1; q < size; q += 1) rotations += rotate({ a, size, vectors, p, q });
    }
    if (rotations === 0) break;
  }
  const values = Array.from({ length: size }, (_, index) => a[index * size + index] ?? Number.NaN);
  const order = values.map((_, index) => index).sort((left, right) => (values[right] ?? 0) - (values[left] ?? 0));
  return {
    values: order.map((index) => values[index] ?? Number.NaN),
    vectors: order.flatMap((index) => vectors[index] ?? []),
  };
}

interface Rotation {
  readonly a: Float64Array;
  readonly size: number;
  readonly vectors: readonly Float64Array[];
  readonly p: number;
  readonly q: number;
}

/** Makes entry (p, q) zero; returns how many rotations that took. */
function rotate({ a, size, vectors, p, q }: Rotation): number {
  const off = a[p * size + q] ?? 0;
  const [app, aqq] = [a[p * size + p] ?? 0, a[q * size + q] ?? 0];
  if (Math.abs(off) <= (Number.EPSILON / 4) * Math.sqrt(Math.abs(app * aqq)) || Math.abs(off) < Number.MIN_VALUE)
    return 0;
  const theta = (aqq - app) / (2 * off);
  const tangent =
    Math.abs(theta) > 1e150 ? 0.5 / theta : (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  for (let k = 0; k < size; k += 1) {
    const [akp, akq] = [a[k * size + p] ?? 0, a[k * size + q] ?? 0];
    if (k === p || k === q) continue;
    a[k * size + p] = cosine * akp - sine * akq;
    a[p * size + k] = a[k * size + p] ?? 0;
    a[k * size + q] = sine * akp + cosine * akq;
    a[q * size + k] = a[k * size + q] ?? 0;
  }
  a[p * size + p] = app - tangent * off;
  a[q * size + q] = aqq + tangent * off;
  a[p * size + q] = 0;
  a[q * size + p] = 0;
  turn(vectors, { p, q, cosine, sine });
  return 1;
}

function turn(
  vectors: readonly Float64Array[],
  { p, q, cosine, sine }: { p: number; q: number; cosine: number; sine: number },
): void {
  const [first, second] = [vectors[p], vectors[q]];
  if (!first || !second) return;
  for (let k = 0; k < first.length; k += 1) {
    const [vp, vq] = [first[k] ?? 0, second[k] ?? 0];
    first[k] = cosine * vp - sine * vq;
    second[k] = sine * vp + cosine * vq;
  }
}

/** Largest over smallest eigenvalue of a symmetric matrix; infinite where the smallest is not above zero. */
export function conditionNumber(matrix: SquareMatrix): number {
  const { values } = symmetricEigen(matrix);
  const [largest, smallest] = [values[0] ?? 0, values.at(-1) ?? 0];
  return smallest > 0 ? largest / smallest : Number.POSITIVE_INFINITY;
}

/** Eigenvalues are raised to this part of the largest. */
const EIGENVALUE_FLOOR = 1e-10;

/**
 * The positive definite matrix nearest to a symmetric one in the Frobenius norm, by raising eigenvalues to 1e-10 of the largest (Higham 1988, Computing a
 * nearest symmetric positive semidefinite matrix, with a floor above zero). `distance` is the Frobenius norm of the change. undefined when
 * no eigenvalue is above zero.
 */
export function nearestPositiveDefinite(
  matrix: SquareMatrix,
): { readonly matrix: SquareMatrix; readonly distance: number } | undefined {
  const { size } = matrix;
  const { values, vectors } = symmetricEigen(matrix);
  const floor = EIGENVALUE_FLOOR * (values[0] ?? 0);
  if (!(floor > 0)) return undefined;
  const data = Float64Array.from(matrix.data);
  let squared = 0;
  values.forEach((value, k) => {
    const raise = Math.max(0, floor - value);
    const vector = vectors[k];
    if (raise === 0 || !vector) return;
    squared += raise * raise;
    for (let index = 0; index < data.length; index += 1) {
      const [row, column] = [Math.floor(index / size), index % size];
      data[index] = (data[index] ?? 0) + raise * (vector[row] ?? 0) * (vector[column] ?? 0);
    }
  });
  return { matrix: { size, data }, distance: Math.sqrt(squared) };
}
