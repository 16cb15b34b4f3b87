import fc from 'fast-check';
import { markowitz } from '../../src/models/markowitz/markowitz';
import { madeHistory } from './made-history';

interface Result {
  readonly weights: Record<string, number>;
  readonly expected_return: number;
  readonly volatility: number;
  readonly sharpe: number;
  readonly shrinkage: number;
  readonly condition_number: number;
  readonly risk_contributions: Record<string, number>;
  readonly kkt_residual: number;
  readonly frontier: readonly { expected_return: number; volatility: number; weights: Record<string, number> }[];
}

function run(body: unknown) {
  const params = markowitz.parameters.parse(body);
  const need = markowitz.historyOf(params);
  const input = { params, history: need ? madeHistory(need) : null };
  const output = markowitz.combine(input, [markowitz.runPart(input, 0)]);
  const result = output.result as unknown as Result;
  return { ...output, result, weights: Object.values(result.weights) };
}

const faultsOf = (body: unknown) =>
  markowitz.parameters.safeParse(body).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

const expectNear = (got: readonly number[], expected: readonly number[], distance: number) => {
  expect(got).toHaveLength(expected.length);
  expect(Math.max(...got.map((each, i) => Math.abs(each - expected[i]!)))).toBeLessThan(distance);
};

/** 12 rows of integers, small enough to check by hand. */
const TWELVE = Array.from({ length: 12 }, (_, row) => {
  const t = row + 1;
  const [a, b, c] = [((7 * t + 3) % 13) - 6, ((5 * t) % 11) - 5, ((3 * t + 1) % 7) - 3];
  return [a, 0.6 * a + 0.5 * b, 0.3 * a + 1.2 * c].map((each) => each / 100);
});

/** 40 rows of five series with a common part. */
const FORTY = Array.from({ length: 40 }, (_, row) =>
  Array.from({ length: 5 }, (_x, j) => {
    const t = row + 1;
    const own = (((3 * t * t + 5 * t + 17 * (j + 1) * t + 7 * j * j) % 101) - 50) / 2000;
    return own + ((((11 * t) % 23) - 11) / 800) * (1 + 0.2 * j) + 0.0005 * j;
  }),
);

const COVARIANCE = [
  [0.04, 0.018, 0.002],
  [0.018, 0.09, 0.004],
  [0.002, 0.004, 0.01],
];
const MEANS = [0.08, 0.12, 0.03];

test('12 rows give the shrinkage of scikit-learn and the weights that follow from it', () => {
  const { result, weights } = run({ returns: TWELVE });

  expect(result.shrinkage).toBeCloseTo(0.267879174429488, 14);
  expectNear(weights, [0.0608940925618, 0.420488337617, 0.518617569821], 1e-12);
});

// scikit-learn 1.9.1, LedoitWolf().fit(X); weights by numpy.linalg.solve.
test('40 rows of five series give the figures of scikit-learn', () => {
  const { result, weights } = run({ returns: FORTY });

  expect(result.shrinkage).toBeCloseTo(0.19005069862627846, 12);
  expectNear(
    weights,
    [0.44968341607000956, 0.2445145303478164, 0.11084630238231312, 0.02953654204028602, 0.16541920915957484],
    1e-12,
  );
});

// The definitions of the papers, summed term by term with NumPy: pi, rho and gamma from their asymptotic covariances.
test.each([
  ['constant_correlation', 0.5687866841678537],
  ['single_index', 0.32782609980119437],
  ['none', 0],
])('target %s shrinks by %p', (target, shrinkage) => {
  expect(run({ returns: FORTY, params: { target } }).result.shrinkage).toBeCloseTo(shrinkage, 12);
});

// scipy 1.17.1, minimize(method='SLSQP', ftol=1e-16), good to about 1e-7.
test.each([
  ['weights within 5 % and 30 %', { bounds: { min: 0.05, max: 0.3 } }, [0.3, 0.29290721, 0.17011896, 0.05, 0.18697384]],
  [
    'the highest Sharpe ratio over 2 %, long only, at most a half',
    { objective: 'max_sharpe', risk_free_rate: 0.02, long_only: true, bounds: { max: 0.5 } },
    [0.18223438, 0, 0.5, 0, 0.31776562],
  ],
  [
    'a target return, long only',
    { target_return: 0.61488, long_only: true },
    [0.42268689, 0.20515026, 0.17575342, 0, 0.19640943],
  ],
  ['a risk tolerance, long only', { risk_tolerance: 0.1, long_only: true }, [0, 0, 0.72120619, 0, 0.27879381]],
])('%s: the weights of a general solver', (_, params, expected) => {
  expectNear(run({ returns: FORTY, params }).weights, expected, 2e-6);
});

test('the highest Sharpe ratio without bounds is the tangency portfolio', () => {
  const { result, weights } = run({ returns: FORTY, params: { objective: 'max_sharpe', risk_free_rate: 0.02 } });

  // numpy.linalg.solve(covariance, mean − rate), scaled to 1.
  expectNear(
    weights,
    [0.2018555778577466, -0.10162442881804773, 0.735683314298978, -0.31425944777000625, 0.4783449844313294],
    1e-9,
  );
  expect(result.sharpe).toBeCloseTo(5.0384423200515345, 10);
});

test('at the least variance every asset has the same covariance with the portfolio', () => {
  const { weights, result } = run({ covariance: COVARIANCE, expected_returns: MEANS });

  const pulls = COVARIANCE.map((row) => row.reduce((sum, each, i) => sum + each * weights[i]!, 0));

  for (const pull of pulls) expect(pull).toBeCloseTo(result.volatility ** 2, 15);
});

test('risk contributions sum to the volatility', () => {
  const { result } = run({ returns: FORTY, params: { long_only: true } });

  const sum = Object.values(result.risk_contributions).reduce((total, each) => total + each, 0);

  expect(sum).toBeCloseTo(result.volatility, 14);
});

test('means and covariances are made yearly after shrinking', () => {
  const [daily, yearly] = [1, 252].map((periods_per_year) => run({ returns: FORTY, params: { periods_per_year } }));

  expect(yearly!.result.shrinkage).toBe(daily!.result.shrinkage);
  expectNear(yearly!.weights, daily!.weights, 1e-13);
  expect(yearly!.result.volatility / daily!.result.volatility).toBeCloseTo(Math.sqrt(252), 10);
  expect(yearly!.result.expected_return / daily!.result.expected_return).toBeCloseTo(252, 8);
});

test.each(['identity', 'constant_correlation', 'single_index', 'none'])(
  'target %s: another order or unit of the returns changes nothing but that',
  (target) => {
    const order = [3, 0, 4, 2, 1];
    const params = { target, long_only: true, bounds: { max: 0.4 } };
    const { weights, result } = run({ returns: FORTY, params });

    const permuted = run({ returns: FORTY.map((row) => order.map((i) => row[i]!)), params });
    const scaled = run({ returns: FORTY.map((row) => row.map((each) => each * 100)), params });

    expectNear(
      permuted.weights,
      order.map((i) => weights[i]!),
      1e-12,
    );
    expectNear(scaled.weights, weights, 1e-12);
    expect(scaled.result.volatility / result.volatility).toBeCloseTo(100, 9);
    expect(scaled.result.shrinkage).toBeCloseTo(result.shrinkage, 12);
  },
);

test('whatever the market, weights obey their bounds and the conditions of Karush, Kuhn and Tucker, checked from the outside', () => {
  const markets = fc.integer({ min: 2, max: 9 }).chain((count) =>
    fc.record({
      loadings: fc.array(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: count, maxLength: count }),
        {
          minLength: count,
          maxLength: count,
        },
      ),
      means: fc.array(fc.double({ min: -0.2, max: 0.3, noNaN: true }), { minLength: count, maxLength: count }),
      max: fc.double({ min: 1 / count, max: 1, noNaN: true }),
      tolerance: fc.double({ min: 0, max: 2, noNaN: true }),
    }),
  );
  fc.assert(
    fc.property(markets, ({ loadings, means, max, tolerance }) => {
      const covariance = loadings.map((left, i) =>
        loadings.map((right, j) => left.reduce((sum, each, k) => sum + each * right[k]!, i === j ? 0.05 : 0)),
      );

      const { weights } = run({
        covariance,
        expected_returns: means,
        params: { risk_tolerance: tolerance, bounds: { min: 0, max }, frontier_points: 0 },
      });

      const slopes = covariance.map((row, i) =>
        row.reduce((sum, each, k) => sum + each * weights[k]!, -tolerance * means[i]!),
      );
      const mayFall = Math.max(...slopes.filter((_, i) => weights[i]! > 0));
      const mayRise = Math.min(...slopes.filter((_, i) => weights[i]! < max), Number.POSITIVE_INFINITY);
      expect(weights.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 12);
      expect(weights.filter((each) => each < 0 || each > max + 1e-15)).toEqual([]);
      expect(mayFall - mayRise).toBeLessThan(1e-9);
    }),
  );
});

test('the frontier rises from the least variance to the highest return within the bounds', () => {
  const { result } = run({
    covariance: COVARIANCE,
    expected_returns: MEANS,
    params: { long_only: true, frontier_points: 12 },
  });

  const returns = result.frontier.map((point) => point.expected_return);
  const volatilities = result.frontier.map((point) => point.volatility);

  expect(returns).toHaveLength(12);
  expect(returns[0]).toBeCloseTo(result.expected_return, 14);
  expect(returns.at(-1)).toBeCloseTo(0.12, 12);
  expect(returns).toEqual([...returns].sort((a, b) => a - b));
  expect(volatilities).toEqual([...volatilities].sort((a, b) => a - b));
});

test('a target below the least variance is met on the lower half of the frontier', () => {
  const { result } = run({ covariance: COVARIANCE, expected_returns: MEANS, params: { target_return: 0.01 } });

  expect(result.expected_return).toBeCloseTo(0.01, 12);
});

test('history is used as simple returns of the sessions, and named in the result', () => {
  const { result } = run({
    symbols: ['aapl', 'MSFT', 'AAPL', 'SPY'],
    start: '2024-01-01',
    end: '2024-12-31',
    params: { long_only: true, bounds: { min: { SPY: 0.1 }, max: 0.8 } },
  });

  expect(Object.keys(result.weights)).toEqual(['AAPL', 'MSFT', 'SPY']);
  expect(result.weights.SPY).toBeGreaterThanOrEqual(0.1);
  expect(result).toMatchObject({
    input: {
      source: 'history',
      observations: 119,
      target: 'identity',
      history: { sessions: 120, missing_data: { join: 'inner' } },
    },
  });
});

test('a series that is another one is an error without shrinking, and two halves of one with it', () => {
  const twins = TWELVE.map(([a, b]) => [a, a, b]);

  expect(() => run({ returns: twins, params: { target: 'none' } })).toThrow(/singular/);
  const { weights } = run({ returns: twins });
  expect(weights[0]).toBeCloseTo(weights[1]!, 12);
});

test('a constant series is warned about, or an error where it has no place', () => {
  const constant = TWELVE.map(([a, b]) => [a, b, 0]);

  expect(run({ returns: constant }).warnings).toContainEqual(expect.stringMatching(/^asset_3 has the same return/));
  expect(() => run({ returns: constant, params: { target: 'none' } })).toThrow(/singular/);
  expect(() => run({ returns: constant, params: { target: 'constant_correlation' } })).toThrow(
    /series 3 does not move/,
  );
  expect(() => run({ returns: TWELVE.map(() => [0.01, 0.01]) })).toThrow(
    expect.objectContaining({ code: 'MODEL_INPUT_UNUSABLE', message: expect.stringMatching(/no series moves/) }),
  );
});

test.each([
  ['a return that no weights have', { target_return: 0.5, long_only: true }, /nearest is 0.12/],
  ['a rate that no portfolio beats', { objective: 'max_sharpe', risk_free_rate: 0.2, long_only: true }, /max_sharpe/],
  ['a Sharpe ratio that grows for ever', { objective: 'max_sharpe', risk_free_rate: 0.1 }, /max_sharpe/],
])('%s is refused', (_, params, message) => {
  const go = () => run({ covariance: COVARIANCE, expected_returns: MEANS, params });

  expect(go).toThrow(expect.objectContaining({ code: 'MODEL_INPUT_UNUSABLE' }));
  expect(go).toThrow(message);
});

test('a covariance that is none is refused', () => {
  expect(() =>
    run({
      covariance: [
        [1, 2],
        [2, 1],
      ],
    }),
  ).toThrow(/singular/);
});

test.each([
  ['nothing', {}, /^symbols: expected exactly one of/],
  ['two sources', { returns: TWELVE, covariance: COVARIANCE }, /^covariance: expected exactly one of/],
  ['symbols without days', { symbols: ['A'] }, /^start: /],
  ['no symbol', { symbols: [], start: '2024-01-01', end: '2024-02-01' }, /^symbols: expected at least 1/],
  ['start after end', { symbols: ['A'], start: '2024-02-01', end: '2024-01-01' }, /^end: expected a day after start/],
  ['a day that is none', { symbols: ['A'], start: '2024-02-31', end: '2024-03-01' }, /^start: expected a day/],
  ['rows of two lengths', { returns: [[0.1, 0.2], [0.1]] }, /^returns.1: expected 2 values, got 1/],
  ['a matrix that is not square', { covariance: [[1, 0]] }, /^covariance: expected 2 values, got 1/],
  [
    'one that is not symmetric',
    {
      covariance: [
        [1, 0.1],
        [0.2, 1],
      ],
    },
    /symmetric/,
  ],
  ['bounds below 1 in sum', { returns: TWELVE, params: { bounds: { max: 0.2 } } }, /sums from -Infinity to 0.6/],
  ['a bound for a stranger', { returns: TWELVE, params: { bounds: { max: { X: 1 } } } }, /got X/],
  ['crossed bounds', { returns: TWELVE, params: { bounds: { min: 0.5, max: 0.4 } } }, /expected min at most max/],
  [
    'two objectives',
    { returns: TWELVE, params: { target_return: 0.1, risk_tolerance: 1 } },
    /^params.risk_tolerance: does not go/,
  ],
  [
    'an objective without its figure',
    { returns: TWELVE, params: { objective: 'target_return' } },
    /^params.target_return: expected/,
  ],
  [
    'returns that are needed',
    { covariance: COVARIANCE, params: { objective: 'max_sharpe' } },
    /^expected_returns: expected/,
  ],
  ['an unknown option', { returns: TWELVE, params: { leverage: 2 } }, /leverage/],
])('a request with %s is refused at its place', (_, body, fault) => {
  expect(faultsOf(body).join('\n')).toMatch(fault);
});
