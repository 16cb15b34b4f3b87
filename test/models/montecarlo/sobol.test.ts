import { openBrownianBridge } from '../../../src/models/montecarlo/brownian-bridge';
import { openSobolSequence, SOBOL_DIMENSIONS } from '../../../src/models/montecarlo/sobol-sequence';

function points(dimensions: number, count: number, from = 0): number[][] {
  const sequence = openSobolSequence(dimensions);
  sequence.seek(from);
  return Array.from({ length: count }, () => {
    const point = Array.from(sequence.point, (word) => word / 2 ** 32);
    sequence.advance();
    return point;
  });
}

test('the first points are those of the table that Joe and Kuo publish', () => {
  expect(points(10, 10)).toEqual([
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
    [0.75, 0.25, 0.25, 0.25, 0.75, 0.75, 0.25, 0.75, 0.75, 0.75],
    [0.25, 0.75, 0.75, 0.75, 0.25, 0.25, 0.75, 0.25, 0.25, 0.25],
    [0.375, 0.375, 0.625, 0.875, 0.375, 0.125, 0.375, 0.875, 0.875, 0.625],
    [0.875, 0.875, 0.125, 0.375, 0.875, 0.625, 0.875, 0.375, 0.375, 0.125],
    [0.625, 0.125, 0.875, 0.625, 0.625, 0.875, 0.125, 0.125, 0.125, 0.375],
    [0.125, 0.625, 0.375, 0.125, 0.125, 0.375, 0.625, 0.625, 0.625, 0.875],
    [0.1875, 0.3125, 0.9375, 0.4375, 0.5625, 0.3125, 0.4375, 0.9375, 0.9375, 0.3125],
    [0.6875, 0.8125, 0.4375, 0.9375, 0.0625, 0.8125, 0.9375, 0.4375, 0.4375, 0.8125],
  ]);
});

test('going to a point gives what walking to it gives', () => {
  const walked = points(SOBOL_DIMENSIONS, 300);

  const reached = [0, 1, 2, 63, 64, 65, 255, 299].map((index) => points(SOBOL_DIMENSIONS, 1, index)[0]);

  expect(reached).toEqual([0, 1, 2, 63, 64, 65, 255, 299].map((index) => walked[index]));
});

test('in every dimension the first 1,024 points lie one in each of 1,024 equal intervals', () => {
  const all = points(SOBOL_DIMENSIONS, 1_024);

  const uneven = Array.from({ length: SOBOL_DIMENSIONS }, (_, d) => d).filter(
    (d) => new Set(all.map((point) => Math.floor(point[d]! * 1_024))).size !== 1_024,
  );

  expect(SOBOL_DIMENSIONS).toBe(512);
  expect(uneven).toEqual([]);
});

test.each([1, 2, 3, 7, 12, 252])('a bridge of %i steps gives independent increments of unit variance', (steps) => {
  const bridge = openBrownianBridge(steps);
  const columns = Array.from({ length: steps }, (_, level) => {
    const unit = Float64Array.from({ length: steps }, (_x, place) => +(place === level));
    const increments = new Float64Array(steps);
    bridge.build(unit, increments);
    return increments;
  });

  const products = Array.from({ length: steps }, (_, i) =>
    Array.from({ length: steps }, (_x, j) => columns.reduce((sum, column) => sum + column[i]! * column[j]!, 0)),
  );

  const worst = Math.max(...products.flatMap((row, i) => row.map((value, j) => Math.abs(value - +(i === j)))));
  expect(worst).toBeLessThan(1e-12);
});

test('the first normal of a bridge decides the end alone, the second the middle', () => {
  const increments = new Float64Array(8);
  openBrownianBridge(8).build(Float64Array.of(1, 0, 0, 0, 0, 0, 0, 0), increments);

  expect(increments.every((step) => Math.abs(step - 1 / Math.sqrt(8)) < 1e-15)).toBe(true);
});
