import fc from 'fast-check';
import {
  cholesky,
  choleskySolve,
  conditionNumber,
  matrixOf,
  nearestPositiveDefinite,
  rowsOf,
  symmetricEigen,
  times,
} from '../../src/models/linear-algebra';

/** Gram matrices of random vectors, with something on the diagonal. */
const positiveDefinite = fc
  .integer({ min: 1, max: 8 })
  .chain((size) =>
    fc.array(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: size, maxLength: size }), {
      minLength: size,
      maxLength: size,
    }),
  )
  .map((rows) =>
    matrixOf(rows.map((a, i) => rows.map((b, j) => a.reduce((sum, each, k) => sum + each * b[k]!, i === j ? 0.1 : 0)))),
  );

test('the solution by Cholesky solves the equations', () => {
  fc.assert(
    fc.property(positiveDefinite, (matrix) => {
      const right = Float64Array.from({ length: matrix.size }, (_, i) => i + 1);

      const solved = times(matrix, choleskySolve(cholesky(matrix)!, right));

      solved.forEach((each, i) => {
        expect(each).toBeCloseTo(right[i]!, 9);
      });
    }),
  );
});

test.each([
  [
    'an indefinite matrix',
    [
      [1, 2],
      [2, 1],
    ],
  ],
  [
    'a singular one',
    [
      [1, 1],
      [1, 1],
    ],
  ],
  [
    'one that is singular but for rounding',
    [
      [0.1 + 0.2, 0.3],
      [0.3, 0.3],
    ],
  ],
  ['one of zeros', [[0]]],
  ['one that holds no number', [[Number.NaN]]],
])('%s has no Cholesky factor', (_, rows) => {
  expect(cholesky(matrixOf(rows))).toBeUndefined();
});

test('eigenvectors are turned by their eigenvalue alone, and are of length 1', () => {
  fc.assert(
    fc.property(positiveDefinite, (matrix) => {
      const { values, vectors } = symmetricEigen(matrix);

      vectors.forEach((vector, k) => {
        const turned = times(matrix, vector);
        turned.forEach((each, i) => {
          expect(each).toBeCloseTo(values[k]! * vector[i]!, 12);
        });
        expect(Math.hypot(...vector)).toBeCloseTo(1, 13);
      });
      expect(values).toEqual([...values].sort((a, b) => b - a));
    }),
  );
});

test('the condition number is the largest over the smallest eigenvalue', () => {
  expect(
    conditionNumber(
      matrixOf([
        [2, 1],
        [1, 2],
      ]),
    ),
  ).toBeCloseTo(3, 13);
  expect(
    conditionNumber(
      matrixOf([
        [1, 2],
        [2, 1],
      ]),
    ),
  ).toBe(Number.POSITIVE_INFINITY);
});

test('the nearest positive definite matrix differs by the negative eigenvalues only', () => {
  const nearest = nearestPositiveDefinite(
    matrixOf([
      [1, 2],
      [2, 1],
    ]),
  )!;

  // Eigenvalues 3 and −1: what is left is 3 · (1, 1)(1, 1)ᵀ / 2.
  expect(nearest.distance).toBeCloseTo(1, 8);
  for (const each of rowsOf(nearest.matrix).flat()) expect(each).toBeCloseTo(1.5, 8);
  expect(cholesky(nearest.matrix)).toBeDefined();
});

test('a positive definite matrix is its own nearest, and one without a positive eigenvalue has none', () => {
  const matrix = matrixOf([
    [2, 1],
    [1, 2],
  ]);

  expect(nearestPositiveDefinite(matrix)).toEqual({ matrix, distance: 0 });
  expect(nearestPositiveDefinite(matrixOf([[-1]]))).toBeUndefined();
});
