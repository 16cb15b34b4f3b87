import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { montecarlo } from '../../../src/models/montecarlo/montecarlo';
import { aHistory, found, inputOf, isFiniteThroughout, runModel } from './run-model';

const BARS = join(__dirname, '../../../../shared/data/daily-ohlcv.csv');
const withBars = existsSync(BARS) ? test : test.skip;

const requestFor = (symbols: readonly string[], changes: Readonly<Record<string, unknown>> = {}) => ({
  ...{ symbols, start: '2024-01-01', end: '2024-12-31', simulations: 2_000, time_steps: 21 },
  ...changes,
});

/** A closing price that wanders without a random generator. */
const wave = (count: number, { step, size }: { step: number; size: number }) =>
  Array.from({ length: count }, (_, day) => 100 * Math.exp(0.0005 * day + size * Math.sin(day * step)));

/** Annual mean, covariance and correlation of log returns, straight from their definitions. */
function bruteForce(closes: readonly (readonly number[])[]) {
  const returns = closes.map((close) => close.slice(1).map((price, day) => Math.log(price) - Math.log(close[day]!)));
  const count = returns[0]!.length;
  const means = returns.map((each) => each.reduce((sum, value) => sum + value, 0) / count);
  const covariance = returns.map((left, i) =>
    returns.map(
      (right, j) =>
        (252 * left.reduce((sum, value, day) => sum + (value - means[i]!) * (right[day]! - means[j]!), 0)) /
        (count - 1),
    ),
  );
  return {
    drifts: means.map((mean, i) => 252 * mean + covariance[i]![i]! / 2),
    volatilities: covariance.map((row, i) => Math.sqrt(row[i]!)),
    correlation: covariance.map((row, i) =>
      row.map((value, j) => value / Math.sqrt(covariance[i]![i]! * covariance[j]![j]!)),
    ),
  };
}

function expectEstimates(closes: Readonly<Record<string, readonly number[]>>) {
  const expected = bruteForce(Object.values(closes));
  const result = found(runModel(requestFor(Object.keys(closes)), aHistory(closes)));

  result.assets.forEach(({ drift, volatility }, asset) => {
    expect(drift).toBeCloseTo(expected.drifts[asset]!, 10);
    expect(volatility).toBeCloseTo(expected.volatilities[asset]!, 10);
  });
  result.correlation.forEach((row, i) => {
    row.forEach((value, j) => {
      expect(value).toBeCloseTo(expected.correlation[i]![j]!, 10);
    });
  });
}

test('drift, volatility and correlation are what their definitions give', () => {
  expectEstimates({
    A: wave(250, { step: 0.7, size: 0.03 }),
    B: wave(250, { step: 0.31, size: 0.05 }),
    C: wave(250, { step: 1.9, size: 0.01 }),
  });
});

withBars('so they are for recorded closes of AAPL, IBM and SPY (needs ../shared/data/daily-ohlcv.csv)', () => {
  const rows = readFileSync(BARS, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const closesOf = (symbol: string) => rows.filter((row) => row[1] === symbol).map((row) => Number(row[5]));

  expectEstimates({ AAPL: closesOf('AAPL'), IBM: closesOf('IBM'), SPY: closesOf('SPY') });
});

test('the result says how its figures were estimated, and a single symbol starts at its last close', () => {
  const close = wave(100, { step: 0.7, size: 0.03 });

  const result = found(runModel(requestFor(['A']), aHistory({ A: close })));

  expect(result.initial_value).toBe(close.at(-1));
  expect(result.estimation).toMatchObject({
    estimator: 'sample mean and sample covariance (divisor T − 1); drift = mean + variance / 2',
    ...{ observations: 99, sessions_per_year: 252 },
    history: { sessions: 100, first_session: '2024-01-01', missing_data: { join: 'inner', max_forward_fill: 0 } },
  });
});

test('several symbols are held in equal parts of 100 unless told otherwise', () => {
  const closes = { A: wave(90, { step: 0.7, size: 0.03 }), B: wave(90, { step: 0.31, size: 0.05 }) };

  const equal = found(runModel(requestFor(['A', 'B']), aHistory(closes)));
  const chosen = found(
    runModel(requestFor(['A', 'B'], { weights: [0.25, 0.75], initial_value: 5_000 }), aHistory(closes)),
  );

  expect([equal.initial_value, ...equal.assets.map(({ weight }) => weight)]).toEqual([100, 0.5, 0.5]);
  expect([chosen.initial_value, ...chosen.assets.map(({ weight }) => weight)]).toEqual([5_000, 0.25, 0.75]);
});

test('symbols that move as one get the nearest positive definite correlation, and the result says so', () => {
  const close = wave(120, { step: 0.7, size: 0.03 });

  const output = runModel(requestFor(['A', 'B']), aHistory({ A: close, B: close.map((price) => price * 3) }));

  expect(output.warnings).toEqual([expect.stringContaining('not positive definite')]);
  expect(found(output).simulated_correlation[0]![1]).toBeCloseTo(1, 6);
  expect(isFiniteThroughout(output)).toBe(true);
});

test('correlations that contradict each other are brought to the nearest that do not', () => {
  const assets = ['A', 'B', 'C'].map((symbol) => ({ symbol, drift: 0, volatility: 0.2 }));
  const correlation = [
    [1, 0.9, -0.9],
    [0.9, 1, 0.9],
    [-0.9, 0.9, 1],
  ];

  const output = runModel({ assets, correlation, horizon: 1, time_steps: 4, simulations: 20_000 });

  const used = found(output).correlation;
  expect(output.warnings).toEqual([expect.stringContaining('nearest one')]);
  expect(used.map((row, i) => row[i])).toEqual([1, 1, 1]);
  // Keeping the two positive eigenvalues of 1.9 leaves 1/2 with these signs beside a unit diagonal.
  expect(used[0]![1]).toBeCloseTo(0.5, 6);
  expect(used[0]![2]).toBeCloseTo(-0.5, 6);
});

test('a symbol whose price never moved is simulated without volatility, with a warning', () => {
  const closes = { A: wave(100, { step: 0.7, size: 0.03 }), B: Array(100).fill(50) };

  const output = runModel(requestFor(['A', 'B']), aHistory(closes));

  expect(output.warnings).toContain('The closes of B never changed: simulated without volatility.');
  expect(isFiniteThroughout(output)).toBe(true);
});

test('few sessions are warned about, and too few are refused', () => {
  const request = requestFor(['A']);

  const output = runModel(request, aHistory({ A: wave(30, { step: 0.7, size: 0.03 }) }));

  expect(output.warnings).toEqual([expect.stringContaining('estimated from 29 returns only')]);
  expect(() => montecarlo.parts(inputOf(request, aHistory({ A: [1, 2] })))).toThrow(
    expect.objectContaining({ code: 'MODEL_INPUT_UNUSABLE' }),
  );
});

test.each([Number.NaN, 0, -1])('a close of %d is refused before any work', (price) => {
  const close = wave(50, { step: 0.7, size: 0.03 }).with(20, price);

  expect(() => montecarlo.parts(inputOf(requestFor(['A']), aHistory({ A: close })))).toThrow(
    expect.objectContaining({ code: 'MODEL_INPUT_UNUSABLE', message: `A: expected closes above 0, got ${price}` }),
  );
});

test('history that was not loaded, or that no path can follow, is refused', () => {
  const wild = Array.from({ length: 50 }, (_, day) => (day % 2 ? 1e-9 : 1e9));
  const refused = expect.objectContaining({ code: 'MODEL_INPUT_UNUSABLE' });

  expect(() => montecarlo.parts(inputOf(requestFor(['A'])))).toThrow(refused);
  expect(() => montecarlo.parts(inputOf(requestFor(['A']), aHistory({ A: wild })))).toThrow(refused);
});
