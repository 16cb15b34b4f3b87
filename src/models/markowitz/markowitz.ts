import { historyNeedOf } from '../history-params';
import { conditionNumber } from '../linear-algebra';
import { type ModelInput, type ModelOutput, wholeModel } from '../model';
import { boundsOf, tightened } from './bounds';
import {
  frontierOf,
  highestReturnOf,
  momentsOf,
  portfolioOfMaxSharpe,
  portfolioOfReturn,
} from './efficient-portfolios';
import { type Market, marketOf } from './market';
import { objectiveOf } from './parameter-faults';
import { type MarkowitzParams, markowitzParameters } from './parameters';
import { outputOf } from './portfolio-output';
import { singular, solveWeights, type WeightSolution } from './quadratic-program';
import type { WeightProblem } from './weight-problem';

/** Mean-variance weights: least variance, highest Sharpe ratio, a risk tolerance or a target return. */
export const markowitz = wholeModel<MarkowitzParams>({
  name: 'markowitz',
  title: 'Markowitz portfolio',
  description:
    'Mean-variance weights (Markowitz 1952) that sum to 1, from stored history, from given `returns`, or from a given yearly `covariance`. The covariance of simple returns is shrunk first ' +
    '(Ledoit-Wolf: 2004 identity target as in scikit-learn, constant correlation 2004, single index 2003), then made yearly. `min_variance` is solved in closed form by Cholesky; ' +
    '`long_only` and `bounds` by a primal active set method whose optimality (KKT) is checked and reported as `kkt_residual`. `risk_tolerance` τ maximises τ · return − variance / 2; ' +
    '`target_return` has the least variance of all with that return; `max_sharpe` is taken over `risk_free_rate`. `condition_number` is that of the covariance used; ' +
    '`risk_contributions` sum to the volatility. Returns and volatilities are per year.',
  parameters: markowitzParameters,
  examples: [
    {
      title: 'Least variance from history, long only',
      params: { symbols: ['AAPL', 'MSFT'], start: '2024-01-01', end: '2024-12-31', params: { long_only: true } },
    },
    {
      title: 'Highest Sharpe ratio from a covariance',
      params: {
        covariance: [
          [0.04, 0.006, 0.001],
          [0.006, 0.09, 0.002],
          [0.001, 0.002, 0.01],
        ],
        expected_returns: [0.08, 0.12, 0.03],
        assets: ['stocks', 'small stocks', 'bonds'],
        params: { objective: 'max_sharpe', risk_free_rate: 0.01, bounds: { min: 0, max: 0.6 } },
      },
    },
    {
      title: 'A target return from given returns',
      params: {
        returns: [
          [0.01, -0.01],
          [-0.005, 0.012],
          [0.007, 0.001],
          [0.002, -0.004],
          [-0.003, 0.006],
        ],
        params: { target_return: 0.35, frontier_points: 10 },
      },
    },
  ],
  historyOf: ({ symbols, start, end, missing_data }) =>
    symbols && start && end && missing_data ? historyNeedOf({ symbols, start, end, missing_data }) : undefined,
  run,
});

function run(input: ModelInput<MarkowitzParams>): ModelOutput {
  const market = marketOf(input);
  const own = input.params.params;
  const problem = problemOf(market, own);
  const condition = conditionNumber(problem.covariance);
  if (!Number.isFinite(condition)) throw singular();
  const solution = solutionOf(problem, own);
  const frontier = market.expectedReturns ? frontierOf(problem, own.frontier_points, topOf(problem, solution)) : [];
  return outputOf({ market, own, problem, solution, frontier, condition });
}

function problemOf({ names, covariance, expectedReturns }: Market, own: MarkowitzParams['params']): WeightProblem {
  const { min, max } = tightened(boundsOf(own, names));
  return { covariance, expectedReturns: expectedReturns ?? names.map(() => 0), min, max };
}

function solutionOf(problem: WeightProblem, own: MarkowitzParams['params']): WeightSolution {
  switch (objectiveOf(own)) {
    case 'target_return':
      return portfolioOfReturn(problem, own.target_return ?? Number.NaN);
    case 'risk_tolerance':
      return solveWeights(problem, own.risk_tolerance ?? Number.NaN);
    case 'max_sharpe':
      return portfolioOfMaxSharpe(problem, own.risk_free_rate);
    case 'min_variance':
      return solveWeights(problem, 0);
  }
}

/** The frontier ends at the highest return there is; where there is no such end, at the best asset or the portfolio found. */
function topOf(problem: WeightProblem, { weights }: WeightSolution): number {
  const highest = highestReturnOf(problem);
  if (Number.isFinite(highest)) return highest;
  return Math.max(...Array.from(problem.expectedReturns), momentsOf(problem, weights).mean);
}
