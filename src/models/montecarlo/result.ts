import type { Json, ModelOutput } from '../model';
import { meanOf, varianceOf } from '../statistics';
import { type Estimate, estimateMean } from './estimate';
import { fanOf, fanTable, samplePathTable } from './fan';
import { histogramOf, histogramTable } from './histogram';
import type { Market } from './market';
import { type OrderedSample, orderedSample } from './order-statistics';
import { fanChart, histogramChart } from './path-charts';
import { type Plan, REPLICATIONS, sobolDimensions } from './plan';
import { lossProbability, tailRisks } from './risk';
import { correlationOf, type Simulation } from './simulation';

/** What the caller may choose about the output. */
export interface ResultOptions {
  readonly confidenceLevels: readonly number[];
  /** Single paths shown beside the fan. */
  readonly samplePaths: number;
  /** As asked for. */
  readonly simulations: number;
}

const PERCENTILES = [1, 5, 10, 25, 50, 75, 90, 95, 99];

/** Everything a reader gets of a simulation. */
export function outputOf(simulation: Simulation, options: ResultOptions): ModelOutput {
  const { market, plan, values } = simulation;
  const estimate = terminalMean(simulation);
  const sample = orderedSample(values);
  const risks = tailRisks(sample, market.initialValue, options.confidenceLevels);
  const loss = lossProbability(values, plan);
  const fan = fanOf(simulation, options.samplePaths);
  const histogram = histogramOf(sample, market.initialValue);
  const [risk] = risks;
  return {
    result: {
      ...settingsOf(market, plan, options),
      terminal: terminalOf(simulation, sample, estimate),
      risk: risks,
      probability_of_loss: loss,
      maximum_drawdown: {
        mean: meanOf(simulation.drawdowns),
        percentiles: percentilesOf(orderedSample(simulation.drawdowns), 1),
      },
      ...(plan.assets > 1 ? { simulated_correlation: correlationOf(simulation) } : {}),
      fan: { paths: plan.fanPaths, note: `percentiles over the first ${plan.fanPaths} paths`, rows: [...fan.rows] },
    },
    metrics: {
      mean: market.initialValue * estimate.mean,
      standard_error: market.initialValue * estimate.standardError,
      value_at_risk: risk?.value_at_risk ?? 0,
      conditional_value_at_risk: risk?.conditional_value_at_risk ?? 0,
      probability_of_loss: Number(loss.value),
      paths: plan.paths,
    },
    warnings: [...market.warnings, ...planWarnings(plan, options)],
    tables: [fanTable(fan), samplePathTable(fan), histogramTable(histogram)],
    charts: [fanChart(fan), histogramChart(histogram)],
  };
}

function settingsOf(market: Market, plan: Plan, { simulations }: ResultOptions): { [key: string]: Json } {
  return {
    model: 'geometric Brownian motion, exact steps, amounts held without rebalancing',
    method: plan.method,
    seed: plan.seed,
    simulations,
    paths: plan.paths,
    time_steps: plan.steps,
    horizon: plan.steps * plan.stepYears,
    initial_value: market.initialValue,
    assets: market.assets.map(({ symbol, weight, drift, volatility }) => ({ symbol, weight, drift, volatility })),
    ...(plan.assets > 1 ? { correlation: market.correlation.map((row) => [...row]) } : {}),
    estimation: market.estimation,
  };
}

function terminalOf(
  { market, plan, values }: Simulation,
  sample: OrderedSample,
  { mean, standardError }: Estimate,
): { [key: string]: Json } {
  const { initialValue } = market;
  return {
    mean: initialValue * mean,
    standard_error: initialValue * standardError,
    exact_mean: initialValue * exactMean(market, plan),
    standard_deviation: initialValue * Math.sqrt(varianceOf(values, 'T-1')),
    min: initialValue * sample.min,
    max: initialValue * sample.max,
    percentiles: percentilesOf(sample, initialValue),
  };
}

/** The mean the method gives; the control is the weighted log return, whose expectation is known. */
function terminalMean({ market, plan, values, controls }: Simulation): Estimate {
  if (plan.method !== 'control_variate') return estimateMean(values, plan);
  const years = plan.steps * plan.stepYears;
  const expectation = market.assets.reduce(
    (sum, { weight, drift, volatility }) => sum + weight * (drift - volatility ** 2 / 2) * years,
    0,
  );
  return estimateMean(values, plan, { values: controls, expectation });
}

/** E[S_T] = S_0 e^{μT} for each asset, whatever the correlation. */
function exactMean({ assets }: Market, { steps, stepYears }: Plan): number {
  return assets.reduce((sum, { weight, drift }) => sum + weight * Math.exp(drift * steps * stepYears), 0);
}

function percentilesOf(sample: OrderedSample, scale: number): { [percent: string]: number } {
  const found = sample.quantiles(PERCENTILES.map((percent) => percent / 100));
  return Object.fromEntries(PERCENTILES.map((percent, place) => [String(percent), scale * (found[place] ?? 0)]));
}

function planWarnings(plan: Plan, { simulations }: ResultOptions): string[] {
  const rounded =
    plan.paths === simulations
      ? []
      : [
          plan.method === 'sobol'
            ? `${plan.paths} paths were run in place of ${simulations}: ${REPLICATIONS} replications of ${plan.points} Sobol points, a power of two`
            : `${plan.paths} paths were run in place of ${simulations}: antithetic paths come in pairs`,
        ];
  const covered = sobolDimensions(plan);
  const needed = plan.steps * plan.assets;
  if (plan.method !== 'sobol' || covered === needed) return rounded;
  return [
    ...rounded,
    `a path needs ${needed} numbers, Sobol points have ${covered}: the finest ${needed - covered} places of the bridge are pseudo-random`,
  ];
}
