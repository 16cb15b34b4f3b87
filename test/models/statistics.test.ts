import { covarianceOf, meanOf, quantileOf, sortedOf, sumOf, varianceOf } from '../../src/models/statistics';

test('a sum keeps what is small beside what is large', () => {
  expect(sumOf([1, 1e100, 1, -1e100])).toBe(2);
  expect(meanOf(Array.from({ length: 10 }, () => 0.1))).toBe(0.1);
});

test('variance is about the mean, by the number of values or one less', () => {
  expect(varianceOf([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16], 'T-1')).toBe(30);
  expect(varianceOf([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16], 'T')).toBe(22.5);
  expect(covarianceOf([1, 2, 3], [6, 4, 2], 'T-1')).toBe(-2);
});

// numpy.quantile
test.each([
  [0, 1],
  [0.1, 1],
  [0.25, 1.75],
  [0.5, 3.5],
  [0.9, 6.9],
  [1, 9],
])('quantile %p of eight values is that of NumPy', (probability, expected) => {
  expect(quantileOf(sortedOf([3, 1, 4, 1, 5, 9, 2, 6]), probability)).toBeCloseTo(expected, 14);
});
