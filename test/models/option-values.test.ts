import fc from 'fast-check';
import { type Contract, columnsOf, valuesOf } from '../../src/models/blackscholes/contracts';
import { valueColumns, valueOptions } from '../../src/models/blackscholes/option-values';

const aCall = (changes: Partial<Contract> = {}): Contract => ({
  isCall: true,
  spot: 42,
  strike: 40,
  rate: 0.1,
  dividendYield: 0,
  volatility: 0.2,
  timeToExpiry: 0.5,
  ...changes,
});

const valued = (contract: Contract) => valuesOf([contract])[0]!;
const relative = (got: number, expected: number) => Math.abs(got / expected - 1);

test('a call has the value and Greeks computed to all digits', () => {
  const { price, delta, gamma, vega, theta, rho } = valued(aCall());

  expect(price).toBeCloseTo(4.759422392871535, 13);
  expect(delta).toBeCloseTo(0.779131290942669, 14);
  expect(gamma).toBeCloseTo(0.0499626704059, 12);
  expect(vega).toBeCloseTo(8.8134150596, 9);
  expect(theta).toBeCloseTo(-4.55909219459, 10);
  expect(rho).toBeCloseTo(13.9820459134, 9);
});

test.each([
  [
    'Haug, call on a stock',
    aCall({ spot: 60, strike: 65, timeToExpiry: 0.25, rate: 0.08, volatility: 0.3 }),
    'price',
    2.1334,
  ],
  ['Haug, put on an index', aCall({ isCall: false, spot: 100, strike: 95, dividendYield: 0.05 }), 'price', 2.4648],
  [
    'Haug, put on a future',
    aCall({ isCall: false, spot: 19, strike: 19, timeToExpiry: 0.75, dividendYield: 0.1, volatility: 0.28 }),
    'price',
    1.7011,
  ],
  [
    'Haug, delta of a call on a future',
    aCall({ spot: 105, strike: 100, dividendYield: 0.1, volatility: 0.36 }),
    'delta',
    0.5946,
  ],
  [
    'Haug, delta of a put on a future',
    aCall({ isCall: false, spot: 105, strike: 100, dividendYield: 0.1, volatility: 0.36 }),
    'delta',
    -0.3566,
  ],
  ['Haug, gamma', aCall({ spot: 55, strike: 60, timeToExpiry: 0.75, volatility: 0.3 }), 'gamma', 0.0278],
  [
    'Haug, vega',
    aCall({ spot: 55, strike: 60, timeToExpiry: 0.75, rate: 0.105, dividendYield: 0.0355, volatility: 0.3 }),
    'vega',
    18.5027,
  ],
  [
    'Haug, theta of a put on an index',
    aCall({ isCall: false, spot: 430, strike: 405, timeToExpiry: 1 / 12, rate: 0.07, dividendYield: 0.05 }),
    'theta',
    -31.1924,
  ],
  ['Haug, rho', aCall({ spot: 72, strike: 75, timeToExpiry: 1, rate: 0.09, volatility: 0.19 }), 'rho', 38.7325],
] as const)('%s: the published value of %p', (_, contract, name, published) => {
  expect(valued(contract)[name]).toBeCloseTo(published, 4);
});

test.each([
  ['the call of the chapter on Black-Scholes-Merton', aCall(), 4.76],
  ['its put', aCall({ isCall: false }), 0.81],
  [
    'the call on an index',
    aCall({ spot: 930, strike: 900, rate: 0.08, dividendYield: 0.03, timeToExpiry: 2 / 12 }),
    51.83,
  ],
])('Hull, Options, Futures and Other Derivatives: %s', (_, contract, published) => {
  expect(valued(contract).price).toBeCloseTo(published, 2);
});

// By arithmetic of 80 digits from the formula itself.
test.each([
  [aCall({ spot: 100, strike: 150, rate: 0.02, dividendYield: 0.01, volatility: 0.1 }), 1.064102476763313e-8],
  [aCall({ spot: 100, strike: 300, rate: 0.02, dividendYield: 0.01, volatility: 0.1 }), 2.2919828003738976e-54],
] as const)('far out of the money a price keeps its digits', (contract, expected) => {
  expect(relative(valued(contract).price, expected)).toBeLessThan(1e-11);
});

const contracts = fc.record({
  isCall: fc.boolean(),
  spot: fc.double({ min: 20, max: 200, noNaN: true }),
  strike: fc.double({ min: 20, max: 200, noNaN: true }),
  rate: fc.double({ min: -0.05, max: 0.2, noNaN: true }),
  dividendYield: fc.double({ min: 0, max: 0.1, noNaN: true }),
  volatility: fc.double({ min: 0.05, max: 1, noNaN: true }),
  timeToExpiry: fc.double({ min: 0.05, max: 3, noNaN: true }),
});

test('call less put is the forward, to 1e-12 of the spot', () => {
  fc.assert(
    fc.property(contracts, (contract) => {
      const [call, put] = valuesOf([
        { ...contract, isCall: true },
        { ...contract, isCall: false },
      ]);
      const { spot, strike, rate, dividendYield, timeToExpiry: time } = contract;
      const forward = spot * Math.exp(-dividendYield * time) - strike * Math.exp(-rate * time);

      expect(Math.abs(call!.price - put!.price - forward)).toBeLessThan(1e-12 * spot);
      expect(call!.delta - put!.delta).toBeCloseTo(Math.exp(-dividendYield * time), 13);
    }),
  );
});

/** Where third derivatives are small enough for a difference to show the first. */
const smooth = contracts.filter(({ volatility, timeToExpiry }) => volatility ** 2 * timeToExpiry > 0.01);

test('each Greek is the central difference of the price', () => {
  fc.assert(
    fc.property(smooth, (contract) => {
      const slope = (field: 'spot' | 'volatility' | 'rate' | 'timeToExpiry', step: number) => {
        const [up, down] = [step, -step].map((by) => valued({ ...contract, [field]: contract[field] + by }));
        return { price: (up!.price - down!.price) / (2 * step), delta: (up!.delta - down!.delta) / (2 * step) };
      };
      const value = valued(contract);
      const near = (got: number | null, expected: number, size: number) =>
        expect(Math.abs(got! - expected)).toBeLessThan(1e-6 * size);

      near(value.delta, slope('spot', 1e-5 * contract.spot).price, 1);
      near(value.gamma, slope('spot', 1e-5 * contract.spot).delta, 1);
      near(value.vega, slope('volatility', 1e-5).price, contract.spot);
      near(value.rho, slope('rate', 1e-5).price, contract.spot);
      near(value.theta, -slope('timeToExpiry', 1e-5).price, contract.spot);
    }),
  );
});

test('a trader reads theta per calendar day, vega and rho per percentage point', () => {
  const value = valued(aCall());

  expect(value.theta_per_day).toBe(value.theta! / 365);
  expect(value.vega_per_1pct).toBe(value.vega / 100);
  expect(value.rho_per_1pct).toBe(value.rho / 100);
});

test.each([
  ['in the money', 42, { price: 2, delta: 1, gamma: 0, vega: 0, rho: 0, theta: -4 }],
  ['out of the money', 38, { price: 0, delta: 0, gamma: 0, vega: 0, rho: 0, theta: 0 }],
  ['at the money', 40, { price: 0, delta: 0.5, gamma: null, vega: 0, rho: 0, theta: null }],
])('at expiry a call %s is worth its payoff', (_, spot, expected) => {
  expect(valued(aCall({ spot, timeToExpiry: 0 }))).toMatchObject(expected);
});

test('without volatility an option is worth what the forward leaves', () => {
  const worth = 42 - 40 * Math.exp(-0.05);

  expect(valued(aCall({ volatility: 0 })).price).toBeCloseTo(worth, 14);
  expect(valued(aCall({ volatility: 0 }))).toMatchObject({ delta: 1, gamma: 0, vega: 0 });
  expect(valued(aCall({ volatility: 0, isCall: false }))).toMatchObject({ price: 0, delta: 0, gamma: 0, vega: 0 });
});

test('prices meet their limits without a jump as time and volatility vanish', () => {
  const atTheMoney = [1e-2, 1e-4, 1e-8, 1e-12].map(
    (timeToExpiry) => valued(aCall({ spot: 40, rate: 0, timeToExpiry })).price / Math.sqrt(timeToExpiry),
  );

  // S·σ·√(T / 2π), to first order.
  for (const each of atTheMoney) expect(relative(each, (40 * 0.2) / Math.sqrt(2 * Math.PI))).toBeLessThan(1e-4);
  expect(relative(atTheMoney[3]!, (40 * 0.2) / Math.sqrt(2 * Math.PI))).toBeLessThan(1e-12);
});

test('no corner gives a value that is no number, a negative price or one outside the bounds of no arbitrage', () => {
  const some = [1e-6, 1e-3, 1, 100, 1e6, 1e12];
  const all = some.flatMap((spot) =>
    some.flatMap((strike) =>
      [0, 1e-9, 0.01, 1, 10].flatMap((volatility) =>
        [0, 1e-12, 1, 100].flatMap((timeToExpiry) =>
          [-1, 0, 1].flatMap((rate) =>
            [true, false].map((isCall) => ({
              isCall,
              spot,
              strike,
              rate,
              dividendYield: 0.02,
              volatility,
              timeToExpiry,
            })),
          ),
        ),
      ),
    ),
  );

  const values = valuesOf(all);

  const wrong = all.filter((contract, index) => {
    const { price, gamma, theta, ...rest } = values[index]!;
    const asset = contract.spot * Math.exp(-0.02 * contract.timeToExpiry);
    const cash = contract.strike * Math.exp(-contract.rate * contract.timeToExpiry);
    const upper = (contract.isCall ? asset : cash) * (1 + 1e-14);
    return !(
      price >= 0 &&
      price <= upper &&
      Object.values(rest).every((each) => each === null || Number.isFinite(each))
    );
  });
  expect(wrong).toEqual([]);
});

test('columns of many options hold the values of each alone', () => {
  const many = [aCall(), aCall({ isCall: false, strike: 55 }), aCall({ volatility: 0.7, timeToExpiry: 2 })];
  const values = valueColumns(3);

  valueOptions(columnsOf(many), values);

  expect([...values.price]).toEqual(many.map((each) => valued(each).price));
  expect([...values.rho]).toEqual(many.map((each) => valued(each).rho));
});
