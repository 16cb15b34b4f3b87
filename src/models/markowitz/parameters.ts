import { z } from 'zod';
import { SHRINKAGE_TARGETS } from '../covariance';
import {
  END_AFTER_START,
  endParam,
  MAX_INSTRUMENTS,
  missingDataParam,
  startParam,
  startsBeforeEnd,
  symbolsParam,
} from '../history-params';
import { parameterFaults } from './parameter-faults';

/** What is sought. */
export const OBJECTIVES = ['min_variance', 'max_sharpe', 'risk_tolerance', 'target_return'] as const;

const weightBound = z.number().min(-100).max(100);

function boundParam(description: string, example: number) {
  return z
    .union([weightBound, z.record(z.string().min(1).max(32), weightBound)], {
      error: 'expected a number from -100 to 100, or one for each symbol: {"AAPL": 0.4}',
    })
    .optional()
    .meta({ description, example });
}

const ownParams = z.strictObject({
  objective: z.enum(OBJECTIVES).optional().meta({
    description: 'Left out: target_return or risk_tolerance when that is given, else min_variance',
    example: 'min_variance',
  }),
  target: z.enum(SHRINKAGE_TARGETS).default('identity').meta({
    description:
      'What the sample covariance is shrunk towards (Ledoit-Wolf); none for the sample covariance; no effect on a given covariance',
    example: 'identity',
  }),
  risk_free_rate: z.number().min(-1).max(1).default(0).meta({ description: 'A year; default 0', example: 0 }),
  risk_tolerance: z.number().min(0).max(1e6).optional().meta({
    description: 'τ ≥ 0: maximises τ · return − variance / 2; 0 is the minimum variance',
    example: 0.1,
  }),
  target_return: z.number().min(-100).max(100).optional().meta({
    description: 'Expected return a year that the weights must have: 0.1 is 10 %',
    example: 0.1,
  }),
  long_only: z.boolean().default(false).meta({ description: 'No weight below 0 or above 1', example: false }),
  bounds: z
    .strictObject({
      min: boundParam('Least weight, of all or by symbol', 0),
      max: boundParam('Greatest weight, of all or by symbol', 0.4),
    })
    .optional()
    .meta({ description: 'Bounds of the weights', example: { min: 0, max: 0.6 } }),
  periods_per_year: z.number().min(1).max(100_000).default(252).meta({
    description: 'By which means and covariances of one period become yearly, after shrinking',
    example: 252,
  }),
  frontier_points: z
    .int()
    .min(0)
    .max(200)
    .default(25)
    .meta({ description: 'Points of the frontier; 0 for none', example: 25 }),
});

const row = z.array(z.number().min(-1e6).max(1e6)).min(1).max(MAX_INSTRUMENTS);

const fields = z.strictObject({
  symbols: symbolsParam.optional(),
  start: startParam.optional(),
  end: endParam.optional(),
  missing_data: missingDataParam.unwrap().optional(),
  returns: z
    .array(row)
    .min(2)
    .max(20_000)
    .optional()
    .meta({
      description: 'In place of symbols: simple returns, one row for each period, one column for each asset',
      example: [[0.01, 0.02]],
    }),
  covariance: z
    .array(row)
    .min(1)
    .max(MAX_INSTRUMENTS)
    .optional()
    .meta({
      description: 'In place of symbols: yearly covariance of the returns, symmetric and positive definite',
      example: [[0.04]],
    }),
  expected_returns: row.optional().meta({
    description:
      'Yearly, one for each asset, in place of the means of the history; beside a covariance only min_variance needs none',
    example: [0.08],
  }),
  assets: z
    .array(z.string().min(1).max(32))
    .min(1)
    .max(MAX_INSTRUMENTS)
    .optional()
    .meta({
      description: 'Names for the columns of returns or covariance; default asset_1, asset_2, …',
      example: ['stocks'],
    }),
  params: ownParams
    .prefault({})
    .meta({ description: 'What is sought and under which bounds', example: { long_only: true } }),
});

/** A request as it is once defaults are filled in. */
export type MarkowitzParams = z.infer<typeof fields>;

/** Validates the body of `POST /api/v1/markowitz`. */
export const markowitzParameters = fields
  .refine(startsBeforeEnd, END_AFTER_START)
  .superRefine((params, context) => {
    for (const fault of parameterFaults(params)) context.addIssue({ code: 'custom', ...fault });
  })
  .transform(
    (params): MarkowitzParams =>
      params.symbols ? { ...params, missing_data: params.missing_data ?? missingDataParam.parse(undefined) } : params,
  );
