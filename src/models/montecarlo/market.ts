import { cholesky, matrixOf, nearestPositiveDefinite, rowsOf, type SquareMatrix } from '../linear-algebra';
import { historyIn, unusable } from '../missing-data';
import type { Json, ModelInput } from '../model';
import { estimateLaws } from './estimate-laws';
import { staysFinite } from './parameter-checks';
import type { MonteCarloParams } from './parameters';

/** One geometric Brownian motion, dS = μ S dt + σ S dW, in years. */
export interface Asset {
  readonly symbol: string;
  /** Share of the starting value. */
  readonly weight: number;
  /** μ: the expected price grows as e^{μt}. */
  readonly drift: number;
  /** σ: standard deviation of the log return over a year. */
  readonly volatility: number;
}

/** What is simulated: correlated motions, held together in amounts fixed at the start. */
export interface Market {
  readonly assets: readonly Asset[];
  readonly initialValue: number;
  readonly correlation: readonly (readonly number[])[];
  /** Lower triangle L with L·Lᵀ = covariance of the log returns of a year. */
  readonly factor: readonly (readonly number[])[];
  /** How drift and covariance came about; null when the caller gave them. */
  readonly estimation: Json;
  readonly warnings: readonly string[];
}

/** Drifts, volatilities and correlations, before weights. */
export interface Laws {
  readonly assets: readonly Omit<Asset, 'weight'>[];
  readonly correlation: readonly (readonly number[])[];
  /** Price of a single asset today; undefined for several. */
  readonly spot: number | undefined;
  readonly estimation: Json;
  readonly warnings: readonly string[];
}

/** The value of several assets together, when the caller names none. */
const DEFAULT_VALUE = 100;

/**
 * What the parameters, or the history they ask for, describe.
 * @throws MODEL_INPUT_UNUSABLE when the history cannot carry an estimate, or paths would leave the range of numbers.
 */
export function marketOf({ params, history }: ModelInput<MonteCarloParams>): Market {
  const laws = params.symbols ? estimateLaws(historyIn({ history })) : givenLaws(params);
  const { correlation, factor, warnings } = factorise(laws);
  const wild = laws.assets.find((law) => !staysFinite(law, params.horizon));
  if (wild)
    throw unusable(`${wild.symbol}: with a volatility of ${wild.volatility} prices would leave the range of numbers`);
  return {
    assets: laws.assets.map((law, place) => ({ ...law, weight: weightOf(params, place, laws.assets.length) })),
    initialValue: params.initial_value ?? laws.spot ?? DEFAULT_VALUE,
    ...{ correlation, factor },
    estimation: laws.estimation,
    warnings: [...laws.warnings, ...warnings],
  };
}

/** Weights that sum to 1 but for rounding, made to sum to 1. */
function weightOf({ weights }: MonteCarloParams, place: number, count: number): number {
  if (!weights) return 1 / count;
  return (weights[place] ?? 0) / weights.reduce((sum, weight) => sum + weight, 0);
}

function givenLaws({ assets, correlation, spot, drift = 0, volatility = 0 }: MonteCarloParams): Laws {
  const given = assets ?? [{ symbol: 'asset', drift, volatility }];
  return {
    assets: given,
    correlation: correlation ?? given.map((_, i) => given.map((_other, j) => (i === j ? 1 : 0))),
    spot,
    estimation: null,
    warnings: [],
  };
}

/** Cholesky's factor of the covariance; of the nearest correlation that has one, when the given has none. */
function factorise({ assets, correlation }: Laws): Pick<Market, 'correlation' | 'factor' | 'warnings'> {
  const given = matrixOf(correlation);
  const found = cholesky(given);
  const repaired = found ? given : nearestCorrelation(given);
  const factor = found ?? cholesky(repaired);
  if (!factor) throw unusable('the correlations of the assets have no positive definite neighbour');
  return {
    correlation: rowsOf(repaired),
    factor: rowsOf(factor).map((row, asset) => row.map((entry) => entry * (assets[asset]?.volatility ?? 0))),
    warnings: found ? [] : [repairWarning(given, repaired)],
  };
}

/** The nearest positive definite matrix, brought back to a unit diagonal. */
function nearestCorrelation(given: SquareMatrix): SquareMatrix {
  const nearest = nearestPositiveDefinite(given)?.matrix ?? given;
  const rows = rowsOf(nearest);
  const scales = rows.map((row, i) => Math.sqrt(row[i] ?? 1));
  return matrixOf(
    rows.map((row, i) => row.map((entry, j) => (i === j ? 1 : entry / ((scales[i] ?? 1) * (scales[j] ?? 1))))),
  );
}

function repairWarning(given: SquareMatrix, repaired: SquareMatrix): string {
  const change = given.data.reduce(
    (most, entry, place) => Math.max(most, Math.abs(entry - (repaired.data[place] ?? 0))),
    0,
  );
  return (
    'The correlation matrix is not positive definite (assets that move together, or correlations that contradict each other); the nearest one that is ' +
    `was used. No correlation changed by more than ${change.toPrecision(2)}.`
  );
}
