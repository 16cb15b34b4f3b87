import { estimateCovariance } from '../covariance';
import { matrixOf, type SquareMatrix, scaled } from '../linear-algebra';
import { historyIn, historyView, historyWarnings } from '../missing-data';
import type { AlignedHistory, Json, ModelInput } from '../model';
import { columnMeans, columnOf, type Observations, observationsOf, simpleReturns } from '../returns';
import { assetNames } from './parameter-faults';
import type { MarkowitzParams } from './parameters';

/** What the weights are chosen from, per year. */
export interface Market {
  readonly names: readonly string[];
  readonly covariance: SquareMatrix;
  /** undefined where nobody told them. */
  readonly expectedReturns: readonly number[] | undefined;
  /** Null where the covariance was given. */
  readonly shrinkage: number | null;
  /** Where it came from, for the result. */
  readonly source: { readonly [key: string]: Json };
  readonly warnings: readonly string[];
}

/** @throws MODEL_INPUT_UNUSABLE when the history or the returns cannot carry an estimate. */
export function marketOf({ params, history }: ModelInput<MarkowitzParams>): Market {
  const names = assetNames(params);
  if (params.covariance) {
    const expectedReturns = params.expected_returns;
    const source = { source: 'covariance' };
    return { names, covariance: matrixOf(params.covariance), expectedReturns, shrinkage: null, source, warnings: [] };
  }
  if (params.returns) return estimated(params, names, observationsOf(params.returns));
  const loaded = historyIn({ history });
  return withHistory(estimated(params, names, simpleReturns(loaded)), loaded);
}

function estimated(
  { params, expected_returns }: MarkowitzParams,
  names: readonly string[],
  observations: Observations,
): Market {
  const { periods_per_year: perYear, target } = params;
  const { covariance, shrinkage } = estimateCovariance(observations, target);
  const means = columnMeans(observations).map((mean) => mean * perYear);
  return {
    names,
    covariance: scaled(covariance, perYear),
    expectedReturns: expected_returns ?? means,
    shrinkage,
    source: {
      source: 'returns',
      observations: observations.rows,
      estimate: 'simple returns; covariance with 1/T, shrunk first, then times periods_per_year',
      target,
      periods_per_year: perYear,
    },
    warnings: warningsOf(observations, names, expected_returns === undefined),
  };
}

function withHistory(market: Market, history: AlignedHistory): Market {
  return {
    ...market,
    source: { ...market.source, source: 'history', history: historyView(history) },
    warnings: [...historyWarnings(history), ...market.warnings],
  };
}

function warningsOf(observations: Observations, names: readonly string[], usesMeans: boolean): string[] {
  const constant = names.filter((_, place) => {
    const [first, ...rest] = columnOf(observations, place);
    return rest.every((value) => value === first);
  });
  const sentences = constant.map((name) => `${name} has the same return in every period: its risk is not known.`);
  if (observations.rows <= names.length) {
    sentences.push(
      `There are only ${observations.rows} returns of ${names.length} assets: the sample covariance alone would be singular.`,
    );
  }
  if (usesMeans && observations.rows < 60) {
    sentences.push(`Expected returns are means of only ${observations.rows} returns and say little about the future.`);
  }
  return sentences;
}
