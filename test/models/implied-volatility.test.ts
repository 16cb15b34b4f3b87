import fc from 'fast-check';
import { valuesOf } from '../../src/models/blackscholes/contracts';
import { impliedVolatility, priceBoundsOf } from '../../src/models/blackscholes/implied-volatility';

const terms = { isCall: true, spot: 100, strike: 110, rate: 0.03, dividendYield: 0.01, timeToExpiry: 0.5 };
const priceAt = (option: typeof terms, volatility: number) => valuesOf([{ ...option, volatility }])[0]!;

test('Hull: a call at 1.875 on a stock at 21 implies 23.5 %', () => {
  const option = { isCall: true, spot: 21, strike: 20, rate: 0.1, dividendYield: 0, timeToExpiry: 0.25 };

  expect(impliedVolatility(option, 1.875)).toBeCloseTo(0.235, 3);
});

test.each([0.005, 0.05, 0.2, 1, 3, 8])(
  'a price at volatility %p gives it back, also far out of the money',
  (volatility) => {
    for (const strike of [40, 80, 99, 100, 101, 125, 250]) {
      for (const timeToExpiry of [0.01, 0.5, 5]) {
        const option = { ...terms, isCall: strike >= 100, strike, timeToExpiry };
        const { price, vega } = priceAt(option, volatility);
        const { upper } = priceBoundsOf(option);
        // Where the price is a rounded 0 or a rounded bound it says nothing about the volatility.
        if (price < 1e-300 || upper - price < 1e-3 * upper) continue;

        const implied = impliedVolatility(option, price);

        const uncertainty = (1e-12 * Math.min(price, upper)) / vega;
        expect(Math.abs(implied - volatility)).toBeLessThan(1e-11 * volatility + uncertainty);
      }
    }
  },
);

test('the implied volatility reprices the option, whatever the option', () => {
  const options = fc.record({
    isCall: fc.boolean(),
    spot: fc.double({ min: 1, max: 1000, noNaN: true }),
    strike: fc.double({ min: 1, max: 1000, noNaN: true }),
    rate: fc.double({ min: -0.1, max: 0.3, noNaN: true }),
    dividendYield: fc.double({ min: 0, max: 0.2, noNaN: true }),
    timeToExpiry: fc.double({ min: 0.001, max: 30, noNaN: true }),
  });
  fc.assert(
    fc.property(options, fc.double({ min: 0.001, max: 0.999, noNaN: true }), (option, share) => {
      const { lower, upper } = priceBoundsOf(option);
      const price = lower + share * (upper - lower);

      const volatility = impliedVolatility(option, price);

      expect(Math.abs(priceAt(option, volatility).price - price)).toBeLessThan(1e-12 * (option.spot + option.strike));
    }),
  );
});

test('a price at its lower bound implies no volatility', () => {
  const { lower } = priceBoundsOf({ ...terms, strike: 80 });

  expect(impliedVolatility({ ...terms, strike: 80 }, lower)).toBe(0);
});

test.each([
  ['below the lower bound', { ...terms, strike: 80 }, 15],
  ['at the upper bound', terms, 100],
  ['below zero', terms, -1],
  ['at expiry', { ...terms, timeToExpiry: 0 }, 1],
])('a price %s is refused', (_, option, price) => {
  expect(() => impliedVolatility(option, price)).toThrow(expect.objectContaining({ code: 'MODEL_INPUT_UNUSABLE' }));
  expect(() => impliedVolatility(option, price)).toThrow(/^price: /);
});
