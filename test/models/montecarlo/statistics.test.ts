import { montecarlo } from '../../../src/models/montecarlo/montecarlo';
import { METHODS } from '../../../src/models/montecarlo/plan';
import { normalCdf } from '../../../src/models/normal-distribution';
import { aRequest, found, inputOf, isFiniteThroughout, partsOf, runModel } from './run-model';

const YEAR = { spot: 100, drift: 0.05, volatility: 0.2, horizon: 1, time_steps: 252 };
const PATHS = 200_000;
const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** Standard error of the empirical quantile of S 100, μ 0.05, σ 0.2, T 1 at standard normal place z. */
function quantileError(probability: number, z: number): number {
  const value = 100 * Math.exp(0.03 + 0.2 * z);
  return (Math.sqrt((probability * (1 - probability)) / PATHS) * value * 0.2) / density(z);
}

test('200,000 paths agree with the lognormal distribution within four standard errors', () => {
  const { terminal, probability_of_loss, risk } = found(runModel({ ...YEAR, simulations: PATHS }));

  expect(terminal.exact_mean).toBeCloseTo(105.1271096376, 9);
  expect(Math.abs(terminal.mean - 105.1271096376)).toBeLessThan(4 * terminal.standard_error);
  expect(terminal.standard_error).toBeCloseTo(21.237 / Math.sqrt(PATHS), 3);
  expect(Math.abs(terminal.percentiles[50]! - 103.0454533954)).toBeLessThan(4 * quantileError(0.5, 0));
  expect(Math.abs(terminal.percentiles[5]! - 74.1581118616)).toBeLessThan(4 * quantileError(0.05, -1.6448536));
  expect(Math.abs(terminal.percentiles[95]! - 143.1854883965)).toBeLessThan(4 * quantileError(0.95, 1.6448536));
  expect(Math.abs(probability_of_loss.value - normalCdf(-0.15))).toBeLessThan(4 * probability_of_loss.standard_error);
  expect(risk[0]!.value_at_risk).toBeCloseTo(100 - terminal.percentiles[5]!, 9);
  const tailMean = (105.1271096376 * normalCdf(-1.6448536269514722 - 0.2)) / 0.05;
  expect(Math.abs(100 - risk[0]!.conditional_value_at_risk - tailMean)).toBeLessThan(0.25);
});

test('the chance of a fall along the way agrees with the reflection principle', () => {
  const output = partsOf(inputOf({ ...YEAR, drift: 0.02, simulations: 50_000, time_steps: 1_000 }));
  const drawdowns = output.flatMap(({ drawdowns: some }) => Array.from(some));
  const mean = drawdowns.reduce((sum, each) => sum - Math.log1p(-each), 0) / drawdowns.length;

  // Without drift of the logarithm the fall from the peak is the greatest of |W|, whose mean over one year is σ √(π/2); watching a
  // thousand times a year misses about 0.5826 σ √dt of the peak, and of the trough (Broadie, Glasserman and Kou 1997).
  const expected = 0.2 * (Math.sqrt(Math.PI / 2) - 2 * 0.5826 * Math.sqrt(1 / 1_000));
  expect(Math.abs(mean - expected)).toBeLessThan(0.002);
});

test.each(['antithetic', 'control_variate', 'sobol'])(
  'method %s reduces the standard error and keeps it honest',
  (method) => {
    const plain = found(runModel(aRequest({ simulations: 32_768 }))).terminal;
    const results = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(
      (seed) => found(runModel(aRequest({ simulations: 8_192, method, seed }))).terminal,
    );

    const misses = results.map(({ mean, exact_mean, standard_error }) => (mean - exact_mean) / standard_error);

    for (const { standard_error } of results) expect(standard_error).toBeLessThan(plain.standard_error);
    const rms = Math.sqrt(misses.reduce((sum, miss) => sum + miss ** 2, 0) / misses.length);
    expect(rms).toBeGreaterThan(0.4);
    expect(rms).toBeLessThan(2);
  },
);

test('the standard error of the plain method is that of independent paths', () => {
  const misses = Array.from({ length: 40 }, (_, seed) => {
    const { mean, exact_mean, standard_error } = found(runModel(aRequest({ seed, simulations: 1_024 }))).terminal;
    return (mean - exact_mean) / standard_error;
  });

  const rms = Math.sqrt(misses.reduce((sum, miss) => sum + miss ** 2, 0) / misses.length);
  expect(rms).toBeGreaterThan(0.65);
  expect(rms).toBeLessThan(1.4);
});

test.each([
  ['one asset', aRequest({ method: 'antithetic', simulations: 100 })],
  [
    'a holding',
    {
      assets: ['A', 'B'].map((symbol) => ({ symbol, drift: 0.05, volatility: 0.2 })),
      ...{ weights: [1, 0], method: 'antithetic', horizon: 1, time_steps: 16, simulations: 100 },
    },
  ],
])('antithetic paths of %s mirror each other about the drift', (_, request) => {
  const [block] = partsOf(inputOf(request));

  const products = Array.from({ length: 50 }, (_x, pair) => block!.values[2 * pair]! * block!.values[2 * pair + 1]!);

  for (const product of products) expect(product).toBeCloseTo(Math.exp(2 * (0.05 - 0.02)), 10);
});

test.each(METHODS)('method %s gives returns of the correlation asked for', (method) => {
  const assets = [0.2, 0.3, 0.1].map((volatility, place) => ({ symbol: `A${place}`, drift: 0.03, volatility }));
  const correlation = [
    [1, 0.7, -0.4],
    [0.7, 1, 0.1],
    [-0.4, 0.1, 1],
  ];

  const result = found(runModel({ assets, correlation, method, horizon: 1, time_steps: 8, simulations: 40_000 }));

  const error = 4 / Math.sqrt(40_000);
  result.simulated_correlation.forEach((row, i) => {
    row.forEach((value, j) => {
      expect(Math.abs(value - correlation[i]![j]!)).toBeLessThan(error);
    });
  });
  expect(Math.abs(result.terminal.mean - result.terminal.exact_mean)).toBeLessThan(4 * result.terminal.standard_error);
});

test('a holding of one asset among several with all the weight is that asset', () => {
  const law = { drift: 0.05, volatility: 0.2 };
  const alone = found(runModel(aRequest({ initial_value: 100 })));

  const weighted = found(
    runModel({
      assets: [
        { symbol: 'A', ...law },
        { symbol: 'B', drift: 0, volatility: 0.5 },
      ],
      ...{ weights: [1, 0], initial_value: 100, horizon: 1, time_steps: 16, simulations: 40_000 },
    }),
  );

  expect(weighted.terminal.exact_mean).toBeCloseTo(alone.terminal.exact_mean, 10);
  expect(weighted.terminal.standard_deviation / alone.terminal.standard_deviation).toBeCloseTo(1, 1);
  expect(weighted.maximum_drawdown.mean / alone.maximum_drawdown.mean).toBeCloseTo(1, 1);
});

test('the kernel and the step by step walk of a holding agree on a single asset', () => {
  const input = inputOf(aRequest({ simulations: 512 }));
  const [block] = partsOf(input);
  const times = 17;

  for (let path = 0; path < 512; path += 1) {
    const course = block!.fan.subarray(path * times, (path + 1) * times);
    let peak = 1;
    const drawdown = course.reduce((most, value) => {
      peak = Math.max(peak, value);
      return Math.max(most, 1 - value / peak);
    }, 0);
    expect(course[16]).toBe(block!.values[path]);
    expect(drawdown).toBeCloseTo(block!.drawdowns[path]!, 12);
  }
});

test('without volatility every path is the exponential of the drift, and nothing is ever lost', () => {
  for (const method of METHODS) {
    const result = found(runModel(aRequest({ volatility: 0, method, simulations: 64 })));

    expect(result.terminal.min).toBeCloseTo(100 * Math.exp(0.05), 9);
    expect(result.terminal.max).toBeCloseTo(100 * Math.exp(0.05), 9);
    expect(result.terminal.standard_error).toBeLessThan(1e-12);
    expect(result.maximum_drawdown.mean).toBe(0);
    expect(result.probability_of_loss.value).toBe(0);
  }
});

test('percentiles and risk are those of the sorted values, between two of them too', () => {
  const input = inputOf(aRequest({ simulations: 1_000 }));
  const parts = partsOf(input);
  const sorted = Array.from(parts[0]!.values).sort((left, right) => left - right);
  const percentile = (percent: number) => {
    const place = (percent / 100) * 999;
    const below = Math.floor(place);
    return sorted[below]! + (place - below) * (sorted[Math.ceil(place)]! - sorted[below]!);
  };

  const { terminal, risk } = found(montecarlo.combine(input, parts));

  for (const percent of [1, 5, 10, 25, 50, 75, 90, 95, 99]) {
    expect(terminal.percentiles[percent]).toBeCloseTo(100 * percentile(percent), 10);
  }
  const tail = sorted.filter((value) => value <= percentile(5));
  expect(risk[0]!.conditional_value_at_risk).toBeCloseTo(
    100 * (1 - tail.reduce((sum, value) => sum + value, 0) / tail.length),
    10,
  );
});

test('the fan starts at the price, its percentiles are in order, and it ends at the horizon', () => {
  const { fan } = found(runModel(aRequest({ time_steps: 1_000, horizon: 2 })));

  const [first, last] = [fan.rows[0]!, fan.rows.at(-1)!];
  expect([first.step, first.time, first.p5, first.p95]).toEqual([0, 0, 100, 100]);
  expect([last.step, last.time]).toEqual([1_000, 2]);
  expect(fan.rows).toHaveLength(257);
  for (const { p5, p25, p50, p75, p95 } of fan.rows)
    expect([p5, p25, p50, p75, p95]).toEqual([p5, p25, p50, p75, p95].sort((a, b) => a! - b!));
});

test.each(METHODS)('method %s leaves only finite numbers, whatever is small or odd about the request', (method) => {
  const requests = [
    aRequest({ method, time_steps: 1, simulations: 16 }),
    aRequest({ method, time_steps: 3, simulations: 17, sample_paths: 0 }),
    aRequest({ method, volatility: 2, horizon: 30, simulations: 512 }),
    aRequest({ method, simulations: 513, drift: -0.5 }),
  ];

  for (const request of requests) expect(isFiniteThroughout(runModel(request))).toBe(true);
});

test('the output has the tables and charts that are promised', () => {
  const { tables, charts } = runModel(aRequest({ sample_paths: 5 }));

  expect(tables.map(({ name, rows }) => [name, rows.length])).toEqual([
    ['fan', 17],
    ['paths', 17],
    ['terminal-histogram', 60],
  ]);
  for (const { columns, rows } of tables) for (const row of rows) expect(row).toHaveLength(columns.length);
  const [fan, histogram] = charts;
  expect(fan!.series.map(({ name, band, faint }) => [name, band ?? false, faint ?? false]).slice(0, 6)).toEqual([
    ['95 %', true, false],
    ['75 %', true, false],
    ['median', true, false],
    ['25 %', true, false],
    ['5 %', false, false],
    ['path 1', false, true],
  ]);
  const counted = histogram!.series[0]!.points.reduce((sum, [, count]) => sum + count, 0);
  expect(counted).toBe(2_048);
});

test('more numbers than Sobol points have are said to be pseudo-random, and whole replications are run', () => {
  const { warnings, result } = runModel(aRequest({ method: 'sobol', time_steps: 600, simulations: 100 }));

  expect(found({ result }).paths).toBe(128);
  expect(warnings).toEqual([
    '128 paths were run in place of 100: 16 replications of 8 Sobol points, a power of two',
    'a path needs 600 numbers, Sobol points have 512: the finest 88 places of the bridge are pseudo-random',
  ]);
});
