import fc from 'fast-check';
import { millsRatio, normalCdf, normalDensity, normalQuantile } from '../../src/models/normal-distribution';

// By continued fractions with 80 digits.
test.each([
  [-1, 0.15865525393145707],
  [-5, 2.866515718791939e-7],
  [-10, 7.619853024160527e-24],
  [-20, 2.7536241186062337e-89],
  [-37, 5.725571222524577e-300],
])('the probability below %p keeps its digits', (x, expected) => {
  expect(Math.abs(normalCdf(x) / expected - 1)).toBeLessThan(2e-14);
});

test('both tails sum to 1, and the distribution is the integral of its density', () => {
  fc.assert(
    fc.property(fc.double({ min: -8, max: 8, noNaN: true }), (x) => {
      const slope = (normalCdf(x + 1e-5) - normalCdf(x - 1e-5)) / 2e-5;

      expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 15);
      expect(Math.abs(slope - normalDensity(x))).toBeLessThan(1e-9);
    }),
  );
});

test("Mills' ratio is the tail over the density, without a jump between its ranges", () => {
  expect(millsRatio(0)).toBeCloseTo(Math.sqrt(Math.PI / 2), 15);
  for (const x of [0.46875 * Math.SQRT2, 4 * Math.SQRT2]) {
    expect(Math.abs(millsRatio(x * (1 + 1e-15)) / millsRatio(x * (1 - 1e-15)) - 1)).toBeLessThan(1e-14);
  }
  expect(millsRatio(1e8) * 1e8).toBeCloseTo(1, 14);
});

test('the quantile undoes the distribution, far tails included', () => {
  fc.assert(
    fc.property(fc.double({ min: -37, max: 5, noNaN: true }), (x) => {
      expect(Math.abs(normalQuantile(normalCdf(x)) - x)).toBeLessThan(1e-9);
    }),
  );
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
  expect([0, 0.5, 1].map(normalQuantile)).toEqual([Number.NEGATIVE_INFINITY, 0, Number.POSITIVE_INFINITY]);
  expect(normalQuantile(1.1)).toBeNaN();
});
