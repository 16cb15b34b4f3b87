import { times } from '../linear-algebra';
import type { ModelOutput, ResultChart } from '../model';
import { momentsOf } from './efficient-portfolios';
import type { Market } from './market';
import { objectiveOf } from './parameter-faults';
import type { MarkowitzParams } from './parameters';
import type { WeightSolution } from './quadratic-program';
import type { WeightProblem } from './weight-problem';

/** Everything found about one request. */
export interface Found {
  readonly market: Market;
  readonly own: MarkowitzParams['params'];
  readonly problem: WeightProblem;
  readonly solution: WeightSolution;
  readonly frontier: readonly WeightSolution[];
  readonly condition: number;
}

/** Beyond this the smallest eigenvalue is more rounding than data. */
const ILL_CONDITIONED = 1e10;

/** Weights and what they mean, as a model's output. */
export function outputOf(found: Found): ModelOutput {
  const { market, own, problem, solution, frontier, condition } = found;
  const { names } = market;
  const figures = figuresOf(found, solution);
  const contributions = contributionsOf(problem, solution.weights);
  const byName = (values: ArrayLike<number>) => Object.fromEntries(names.map((name, i) => [name, values[i] ?? 0]));
  const points = frontier.map((point) => ({ ...figuresOf(found, point), weights: Array.from(point.weights) }));
  const metrics = Object.entries({ ...figures, shrinkage: market.shrinkage, condition_number: condition });
  return {
    result: {
      objective: objectiveOf(own),
      weights: byName(solution.weights),
      ...figures,
      risk_free_rate: own.risk_free_rate,
      risk_tolerance: solution.tolerance,
      shrinkage: market.shrinkage,
      condition_number: condition,
      risk_contributions: byName(contributions),
      kkt_residual: solution.kktResidual,
      input: market.source,
      frontier: points.map(({ weights, ...point }) => ({ ...point, weights: byName(weights) })),
    },
    metrics: Object.fromEntries(metrics.flatMap(([name, value]) => (value === null ? [] : [[name, value]]))),
    warnings: [...market.warnings, ...conditionWarnings(condition)],
    tables: [
      {
        name: 'weights',
        title: 'Weights and risk contributions',
        columns: ['symbol', 'weight', 'risk_contribution', 'expected_return', 'volatility'],
        rows: names.map((name, i) => [
          name,
          solution.weights[i] ?? 0,
          contributions[i] ?? 0,
          market.expectedReturns?.[i] ?? null,
          Math.sqrt(problem.covariance.data[i * names.length + i] ?? 0),
        ]),
      },
      {
        name: 'frontier',
        title: 'Efficient frontier',
        columns: ['expected_return', 'volatility', 'sharpe', ...names],
        rows: points.map((point) => [point.expected_return, point.volatility, point.sharpe, ...point.weights]),
      },
    ],
    charts: chartsOf(found, contributions),
  };
}

interface Figures {
  readonly expected_return: number | null;
  readonly volatility: number;
  readonly sharpe: number | null;
}

/** Null where no expected returns are known. */
function figuresOf({ market, own, problem }: Found, { weights }: WeightSolution): Figures {
  const { mean, variance } = momentsOf(problem, weights);
  const volatility = Math.sqrt(variance);
  const isKnown = market.expectedReturns !== undefined;
  return {
    expected_return: isKnown ? mean : null,
    volatility,
    sharpe: isKnown ? (mean - own.risk_free_rate) / volatility : null,
  };
}

/** What each asset adds to the volatility: weight · (covariance · weights) / volatility (Euler); they sum to it. */
function contributionsOf(problem: WeightProblem, weights: Float64Array): Float64Array {
  const volatility = Math.sqrt(momentsOf(problem, weights).variance);
  return times(problem.covariance, weights).map((pull, i) => ((weights[i] ?? 0) * pull) / volatility);
}

function conditionWarnings(condition: number): string[] {
  if (condition < ILL_CONDITIONED) return [];
  const digits = condition.toExponential(1);
  return [
    `The covariance is nearly singular (condition number ${digits}): series are almost combinations of each other, and weights are unstable.`,
  ];
}

/** Assets that the chart of the frontier shows by name. */
const MAX_NAMED_ASSETS = 12;

function chartsOf({ market, problem, solution, frontier }: Found, contributions: Float64Array): ResultChart[] {
  const { names, expectedReturns } = market;
  const bars = (name: string, title: string, values: Float64Array, yLabel: string): ResultChart => ({
    name,
    title,
    kind: 'bar',
    xLabel: 'Asset',
    yLabel,
    categories: names,
    series: [{ name: title, points: Array.from(values, (value, i) => [i, value] as const) }],
  });
  const charts = [
    bars('weights', 'Weights', solution.weights, 'Share of the portfolio'),
    bars('risk-contributions', 'Risk contributions', contributions, 'Volatility a year'),
  ];
  if (!expectedReturns) return charts;
  const pointOf = ({ weights }: WeightSolution) => {
    const { mean, variance } = momentsOf(problem, weights);
    return [Math.sqrt(variance), mean] as const;
  };
  const assets = names.map((name, i) => {
    const variance = problem.covariance.data[i * names.length + i] ?? 0;
    return { name, points: [[Math.sqrt(variance), expectedReturns[i] ?? 0] as const] };
  });
  // Names stay legible up to about this many.
  const named = assets.length <= MAX_NAMED_ASSETS ? assets : [];
  const series = [
    { name: 'frontier', points: frontier.map(pointOf) },
    ...named,
    { name: 'portfolio', points: [pointOf(solution)] },
  ];
  const labels = { xLabel: 'Volatility a year', yLabel: 'Expected return a year' };
  return [...charts, { name: 'frontier', title: 'Efficient frontier', kind: 'line', ...labels, series }];
}
