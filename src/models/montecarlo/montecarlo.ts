import { historyNeedOf } from '../history-params';
import { defineModel, type ModelInput } from '../model';
import { marketOf } from './market';
import { assetCount } from './parameter-checks';
import { type MonteCarloParams, monteCarloParameters } from './parameters';
import type { PathBlock } from './path-block';
import { type Plan, planOf } from './plan';
import { outputOf } from './result';
import { simulatePart } from './simulate';
import { joinBlocks } from './simulation';

/** Monte Carlo simulation of geometric Brownian motions. */
export const montecarlo = defineModel<MonteCarloParams, PathBlock>({
  name: 'montecarlo',
  title: 'Monte Carlo simulation',
  description:
    'Paths of one price or of a holding of several, as correlated geometric Brownian motions dS = μ S dt + σ S dW with exact steps (Glasserman, Monte ' +
    'Carlo Methods in Financial Engineering, 2003, section 3.2). Give spot, drift and volatility; or assets with their correlation; or symbols with ' +
    'start and end, and drift and covariance are estimated from the log returns of the stored history. Rates are per year, continuously compounded; ' +
    'amounts are in the unit of the price. The result has the mean at the horizon with its standard error, percentiles, value at risk and conditional ' +
    'value at risk, the probability of loss, the maximum drawdown, a fan of percentile paths and a sample of paths. Methods: plain, antithetic pairs, a ' +
    'control variate (the weighted log return), and randomised Sobol points with a Brownian bridge. The same seed gives the same bytes.',
  parameters: monteCarloParameters,
  examples: [
    {
      title: 'One asset with given drift and volatility',
      params: { spot: 100, drift: 0.05, volatility: 0.2, horizon: 1, time_steps: 252, simulations: 10_000 },
    },
    {
      title: 'Two symbols, estimated from stored history',
      params: {
        symbols: ['AAPL', 'MSFT'],
        start: '2024-01-01',
        end: '2024-12-31',
        params: { simulations: 1_000, time_steps: 252 },
      },
    },
    {
      title: 'Two given assets with their correlation, by Sobol points',
      params: {
        assets: [
          { symbol: 'stocks', drift: 0.07, volatility: 0.18 },
          { symbol: 'bonds', drift: 0.03, volatility: 0.06 },
        ],
        correlation: [
          [1, 0.2],
          [0.2, 1],
        ],
        weights: [0.6, 0.4],
        method: 'sobol',
        time_steps: 12,
        horizon: 1,
        simulations: 4_096,
      },
    },
  ],
  historyOf: (params) => {
    const { symbols, start, end, missing_data } = params;
    return symbols && start && end && missing_data ? historyNeedOf({ symbols, start, end, missing_data }) : undefined;
  },
  parts: (input) => {
    marketOf(input);
    return planIn(input).parts;
  },
  runPart: (input, index) => simulatePart(marketOf(input), planIn(input), index),
  combine: (input, parts) => {
    const { confidence_levels: confidenceLevels, sample_paths: samplePaths, simulations } = input.params;
    const simulation = joinBlocks(marketOf(input), planIn(input), parts);
    return outputOf(simulation, { confidenceLevels, samplePaths, simulations });
  },
});

function planIn({ params }: ModelInput<MonteCarloParams>): Plan {
  return planOf(params, assetCount(params));
}
