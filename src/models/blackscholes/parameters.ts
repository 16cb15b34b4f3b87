import { z } from 'zod';
import { priceBoundsOf } from './implied-volatility';

const MAX_OPTIONS = 5_000;

const yearlyRate = z.number().min(-1).max(1);

function oneOrMany(each: z.ZodNumber, many: number, expected: string) {
  return z.union([each, z.array(each).min(1).max(many)], {
    error: `expected ${expected}, or a list of 1 to ${many} such numbers`,
  });
}

const fields = z.strictObject({
  option_type: z
    .enum(['call', 'put', 'both'])
    .default('call')
    .meta({ description: 'Which options to value', example: 'call' }),
  spot: z.number().min(1e-6).max(1e12).meta({ description: 'Price of the underlying today', example: 42 }),
  strike: oneOrMany(z.number().min(1e-6).max(1e12), 1_000, 'a number from 0.000001 to 1e12').meta({
    description: 'Strike, or strikes of a chain',
    example: 40,
  }),
  time_to_expiry: oneOrMany(z.number().min(0).max(100), 100, 'years from 0 to 100').meta({
    description: 'Years to expiry, or expiries of a chain; 0 gives the values at expiry',
    example: 0.5,
  }),
  rate: yearlyRate.meta({ description: 'Riskless rate a year, continuously compounded: 0.1 is 10 %', example: 0.1 }),
  dividend_yield: yearlyRate
    .default(0)
    .meta({ description: 'Dividend yield a year, continuously compounded; default 0', example: 0 }),
  volatility: z
    .number()
    .min(0, 'a volatility is at least 0')
    .max(10)
    .optional()
    .meta({ description: 'Volatility a year: 0.2 is 20 %; left out where a price is given', example: 0.2 }),
  price: z
    .number()
    .min(0)
    .max(1e12)
    .optional()
    .meta({ description: 'Price of a single call or put, to find the implied volatility from', example: 4.76 }),
});

/** A request as it is once defaults are filled in. */
export type BlackScholesParams = z.infer<typeof fields>;

/** Rounding that a price near a bound is forgiven, relative to the larger of spot and strike. */
const SLACK = 1e-14;

/** Faults that show only when fields are seen together, so that they are told at submission. */
function faultOf(params: BlackScholesParams): { path: string[]; message: string } | undefined {
  const { price, volatility, option_type: type } = params;
  const [strikes, expiries] = [listOf(params.strike), listOf(params.time_to_expiry)];
  const count = strikes.length * expiries.length * (type === 'both' ? 2 : 1);
  if (count > MAX_OPTIONS)
    return { path: ['strike'], message: `expected at most ${MAX_OPTIONS} options, got ${count}` };
  if (price === undefined) {
    return volatility === undefined ? { path: ['volatility'], message: 'expected volatility or price' } : undefined;
  }
  if (volatility !== undefined) return { path: ['price'], message: 'expected volatility or price, got both' };
  const [strike, timeToExpiry] = [strikes[0], expiries[0]];
  if (count > 1 || strike === undefined || timeToExpiry === undefined) {
    return { path: ['price'], message: 'expected one option: a call or a put, one strike, one expiry' };
  }
  if (timeToExpiry === 0)
    return { path: ['time_to_expiry'], message: 'expected time left, or no volatility is implied' };
  const { spot, rate, dividend_yield: dividendYield } = params;
  const bounds = priceBoundsOf({ isCall: type === 'call', spot, strike, rate, dividendYield, timeToExpiry });
  const slack = SLACK * Math.max(spot, strike);
  if (price >= bounds.lower - slack && price < bounds.upper) return undefined;
  const message = `expected at least ${bounds.lower} and less than ${bounds.upper} (no arbitrage), got ${price}`;
  return { path: ['price'], message };
}

/** A number, or a list of them, as a list. */
export function listOf(value: number | readonly number[]): readonly number[] {
  return typeof value === 'number' ? [value] : value;
}

/** Validates the body of `POST /api/v1/blackscholes`. */
export const blackScholesParameters = fields.superRefine((params, context) => {
  const fault = faultOf(params);
  if (fault) context.addIssue({ code: 'custom', ...fault });
});
