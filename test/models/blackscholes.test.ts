import { blackscholes } from '../../src/models/blackscholes/blackscholes';

const CALL = { option_type: 'call', spot: 42, strike: 40, rate: 0.1, volatility: 0.2, time_to_expiry: 0.5 };

function run(body: object) {
  const input = { params: blackscholes.parameters.parse(body), history: null };
  return blackscholes.combine(input, [blackscholes.runPart(input, 0)]);
}

const faultsOf = (body: object) =>
  blackscholes.parameters.safeParse(body).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ??
  [];

test('one option is told with its value and Greeks in the result and in the metrics', () => {
  const { result, metrics, charts, warnings } = run(CALL);

  expect(result.price).toBeCloseTo(4.759422392871535, 13);
  expect(result.options).toHaveLength(1);
  expect(metrics).toMatchObject({ price: result.price, delta: result.delta, vega_per_1pct: result.vega_per_1pct });
  expect(charts.map(({ name }) => name)).toEqual(['payoff', 'delta', 'gamma', 'vega', 'theta', 'rho']);
  expect(warnings).toEqual([]);
});

test('a price in place of a volatility gives the volatility it implies, and the Greeks there', () => {
  const { volatility: _left, ...terms } = CALL;

  const { result } = run({ ...terms, price: 4.759422392871535 });

  expect(result.implied_volatility).toBeCloseTo(0.2, 12);
  expect(result.delta).toBeCloseTo(0.779131290942669, 12);
});

test('lists of strikes and expiries are a chain, by expiry, strike and type, each as if alone', () => {
  const { result, charts } = run({ ...CALL, option_type: 'both', strike: [38, 40], time_to_expiry: [0.25, 0.5] });

  const options = result.options as unknown as Record<string, unknown>[];
  expect(options.map((each) => [each.time_to_expiry, each.strike, each.option_type].join(' '))).toEqual([
    '0.25 38 call',
    '0.25 38 put',
    '0.25 40 call',
    '0.25 40 put',
    '0.5 38 call',
    '0.5 38 put',
    '0.5 40 call',
    '0.5 40 put',
  ]);
  expect(options[6]!.price).toBe(run(CALL).result.price);
  expect(charts[0]).toMatchObject({ name: 'chain', series: { length: 4 } });
});

test('at the money at expiry a Greek without a bound is null, and said so', () => {
  const { result, warnings, metrics } = run({ ...CALL, spot: 40, time_to_expiry: 0 });

  expect(result).toMatchObject({ price: 0, gamma: null, theta: null });
  expect(warnings).toEqual([expect.stringMatching(/no bound/)]);
  expect(metrics).not.toHaveProperty('gamma');
});

test.each([
  ['volatility', { volatility: -0.1 }, /^volatility: a volatility is at least 0/],
  ['time', { time_to_expiry: -1 }, /^time_to_expiry: .*>=0/],
  ['spot', { spot: 0 }, /^spot: /],
  ['strike as text', { strike: '40' }, /^strike: expected a number/],
  ['empty list of strikes', { strike: [] }, /^strike: /],
  ['rate', { rate: 5 }, /^rate: /],
  ['type', { option_type: 'straddle' }, /^option_type: /],
  ['absence of a volatility', { volatility: undefined }, /^volatility: expected volatility or price/],
  ['volatility beside a price', { price: 4 }, /^price: expected volatility or price, got both/],
  ['price above its bound', { volatility: undefined, price: 43 }, /^price: .*less than 42 .*got 43/],
  ['price below its bound', { volatility: undefined, price: 3 }, /^price: expected at least 3.95/],
  ['price of a chain', { volatility: undefined, price: 4, strike: [40, 41] }, /^price: expected one option/],
  ['price at expiry', { volatility: undefined, price: 4, time_to_expiry: 0 }, /^time_to_expiry: expected time left/],
  [
    'chain that is too long',
    { strike: Array(1000).fill(40), time_to_expiry: Array(6).fill(1) },
    /at most 5000 options, got 6000/,
  ],
  ['field', { exercise: 'american' }, /exercise/],
])('a wrong %s is refused at its place', (_, change, fault) => {
  expect(faultsOf({ ...CALL, ...change }).join('\n')).toMatch(fault);
});
