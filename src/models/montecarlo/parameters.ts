import { z } from 'zod';
import { endParam, MAX_INSTRUMENTS, missingDataParam, startParam, symbolsParam } from '../history-params';
import { checkParameters } from './parameter-checks';
import { METHODS } from './plan';

/** The seed of a request that names none, so that the same request gives the same bytes. */
export const DEFAULT_SEED = 42;

/** By which a return of one session becomes a yearly one. */
export const SESSIONS_PER_YEAR = 252;

const driftField = z
  .number()
  .min(-10)
  .max(10)
  .meta({ description: 'Growth rate of the expected price, a year, continuously compounded: 0.05 is 5 %' });
const volatilityField = z
  .number()
  .min(0, 'a volatility is at least 0')
  .max(10)
  .meta({ description: 'Standard deviation of the log return over a year: 0.2 is 20 %' });

const assetSchema = z.strictObject({
  symbol: z.string().min(1).max(32).meta({ description: 'A name for the result' }),
  drift: driftField,
  volatility: volatilityField,
});

const FIELDS = {
  spot: z.number().positive('a price is above 0').max(1e12).meta({ description: 'Price today, for one asset' }),
  drift: driftField,
  volatility: volatilityField,
  assets: z
    .array(assetSchema)
    .min(1)
    .max(MAX_INSTRUMENTS)
    .meta({ description: 'Several assets, in place of spot, drift and volatility' }),
  correlation: z
    .array(z.array(z.number().min(-1).max(1)).max(MAX_INSTRUMENTS))
    .max(MAX_INSTRUMENTS)
    .meta({ description: 'Correlations of the log returns of `assets`, row by row; default: none' }),
  symbols: symbolsParam,
  start: startParam,
  end: endParam,
  missing_data: missingDataParam.unwrap(),
  weights: z
    .array(z.number().min(0, 'a weight is at least 0'))
    .min(1)
    .max(MAX_INSTRUMENTS)
    .meta({ description: 'Shares of the assets in the starting value, in their order, summing to 1; default: equal' }),
  initial_value: z
    .number()
    .positive()
    .max(1e15)
    .meta({ description: 'Value of the holding today; default: the price of a single asset, 100 for several' }),
  horizon: z
    .number()
    .positive('a horizon is above 0')
    .max(100)
    .meta({ description: `Years; default: time_steps / ${SESSIONS_PER_YEAR}, a step being a trading day` }),
  time_steps: z.int().min(1).max(10_000).meta({ description: 'Steps of each path; default 252' }),
  simulations: z.int().min(4).max(2_000_000).meta({ description: 'Paths; default 10,000' }),
  seed: z
    .int()
    .min(0)
    .meta({ description: `Whole number; the same seed gives the same bytes. Default ${DEFAULT_SEED}` }),
  method: z.enum(METHODS).meta({ description: 'How random numbers become paths; default plain' }),
  confidence_levels: z
    .array(z.number().min(0.5).max(0.9999))
    .min(1)
    .max(10)
    .meta({ description: 'Of value at risk and conditional value at risk; default 0.95 and 0.99' }),
  sample_paths: z.int().min(0).max(100).meta({ description: 'Single paths in the output; default 20' }),
} as const;

const optionalFields = z.strictObject(FIELDS).partial();

/** The fields as a caller writes them, before defaults. */
export type GivenFields = z.infer<typeof optionalFields>;

type Filled = 'time_steps' | 'simulations' | 'seed' | 'method' | 'confidence_levels' | 'sample_paths' | 'horizon';

/** Parameters with defaults filled in; one of the three ways to name what is simulated is present. */
export type MonteCarloParams = Omit<GivenFields, Filled> & { [Name in Filled]: NonNullable<GivenFields[Name]> };

/**
 * `spot`, `drift` and `volatility`; or `assets` with `correlation`; or `symbols`, `start` and `end`. Every field may stand at the top or within `params`.
 * What comes out is accepted again and comes out the same.
 */
export const monteCarloParameters: z.ZodType<MonteCarloParams> = optionalFields
  .extend({ params: optionalFields.optional().meta({ description: 'The same fields, as one object' }) })
  .superRefine(({ params, ...top }, context) => {
    for (const key of Object.keys(params ?? {}).filter((name) => name in top)) {
      context.addIssue({ code: 'custom', path: ['params', key], message: 'given twice: at the top and in params' });
    }
  })
  .transform(({ params, ...top }, context): MonteCarloParams => {
    const filled = withDefaults({ ...top, ...params });
    for (const { path, message } of checkParameters(filled)) context.addIssue({ code: 'custom', path, message });
    return filled;
  });

function withDefaults(given: GivenFields): MonteCarloParams {
  const timeSteps = given.time_steps ?? SESSIONS_PER_YEAR;
  return {
    ...given,
    ...(given.symbols ? { missing_data: given.missing_data ?? missingDataParam.parse(undefined) } : {}),
    horizon: given.horizon ?? timeSteps / SESSIONS_PER_YEAR,
    time_steps: timeSteps,
    simulations: given.simulations ?? 10_000,
    seed: given.seed ?? DEFAULT_SEED,
    method: given.method ?? 'plain',
    confidence_levels: given.confidence_levels ?? [0.95, 0.99],
    sample_paths: given.sample_paths ?? 20,
  };
}
