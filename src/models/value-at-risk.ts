import { z } from 'zod';
import { estimateCovariance } from './covariance';
import { historyNeedOf, historyRequest, MAX_INSTRUMENTS } from './history-params';
import { dot, scaled, times } from './linear-algebra';
import { historyIn, historyView, historyWarnings, unusable } from './missing-data';
import { type AlignedHistory, type ModelOutput, type ResultChart, wholeModel } from './model';
import { normalDensity, normalQuantile } from './normal-distribution';
import { columnMeans, type Observations, simpleReturns } from './returns';
import { quantileOf, sortedOf } from './statistics';

const parameters = historyRequest(
  z
    .strictObject({
      weights: z
        .array(z.number().min(-100).max(100))
        .min(1)
        .max(MAX_INSTRUMENTS)
        .optional()
        .meta({
          description:
            'Share of each symbol in the value, in their order, summing to 1; below 0 is short; default: equal',
          example: [0.6, 0.4],
        }),
      confidence: z.number().min(0.5).max(0.9999).default(0.95).meta({
        description: 'Probability that the loss is at most the value at risk',
        example: 0.95,
      }),
      horizon_days: z
        .int()
        .min(1)
        .max(252)
        .default(1)
        .meta({ description: 'Trading days the portfolio is held', example: 1 }),
      portfolio_value: z.number().min(0.01).max(1e15).default(1).meta({
        description: 'Value today, in which losses are told; 1 tells them as shares',
        example: 1_000_000,
      }),
    })
    .prefault({})
    .meta({ description: 'Parameters of the model; all have defaults', example: {} }),
).superRefine(({ symbols, params: { weights } }, context) => {
  const fault = weights && weightFault(weights, symbols.length);
  if (fault) context.addIssue({ code: 'custom', path: ['params', 'weights'], message: fault });
});

type ValueAtRiskParams = z.infer<typeof parameters>;

function weightFault(weights: readonly number[], count: number): string | undefined {
  if (weights.length !== count) return `expected ${count} weights, one for each symbol, got ${weights.length}`;
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return Math.abs(sum - 1) <= 1e-6 ? undefined : `expected a sum of 1, got ${sum}`;
}

/** Value at risk and expected shortfall of a portfolio, from its past returns and from a normal distribution. */
export const valueAtRisk = wholeModel<ValueAtRiskParams>({
  name: 'valueatrisk',
  title: 'Value at risk',
  description:
    'Value at risk (VaR) and conditional value at risk (CVaR, expected shortfall) of a portfolio of fixed weights, as losses: a positive figure is money lost. `historical` takes the ' +
    'quantile (type 7) of past daily losses and the mean of the worst 1 − confidence of them (Acerbi and Tasche 2002); `parametric` takes a normal distribution with the mean ' +
    'and covariance (1/(T − 1)) of the sample (Jorion, Value at Risk, 3rd ed., ch. 5). Over `horizon_days` h the historical figures grow with √h (RiskMetrics 1996); in the ' +
    'parametric ones the mean grows with h and the deviation with √h. `contributions` sum to the parametric VaR.',
  parameters,
  examples: [
    {
      title: 'A day at 95 %',
      params: { symbols: ['AAPL', 'MSFT'], start: '2024-01-01', end: '2024-12-31' },
    },
    {
      title: 'Ten days at 99 %, a million',
      params: {
        symbols: ['AAPL', 'MSFT'],
        start: '2024-01-01',
        end: '2024-12-31',
        params: { weights: [0.7, 0.3], confidence: 0.99, horizon_days: 10, portfolio_value: 1_000_000 },
      },
    },
  ],
  historyOf: historyNeedOf,
  run: ({ params, history }) => outputOf(params, historyIn({ history })),
});

function outputOf({ params: own, symbols }: ValueAtRiskParams, history: AlignedHistory): ModelOutput {
  const returns = simpleReturns(history);
  const weights = own.weights ?? symbols.map(() => 1 / symbols.length);
  const losses = sortedOf(portfolioReturns(returns, weights).map((each) => -each));
  const terms = { ...own, value: own.portfolio_value, days: own.horizon_days };
  const historical = historicalRisk(losses, terms);
  const parametric = parametricRisk(returns, weights, terms);
  const byName = (values: ArrayLike<number>) =>
    Object.fromEntries(symbols.map((symbol, i) => [symbol, values[i] ?? 0]));
  const { contributions, ...normal } = parametric;
  return {
    result: {
      confidence: own.confidence,
      horizon_days: own.horizon_days,
      portfolio_value: own.portfolio_value,
      weights: byName(weights),
      historical,
      parametric: { ...normal, contributions: byName(contributions) },
      history: historyView(history),
    },
    metrics: {
      historical_var: historical.var,
      historical_cvar: historical.cvar,
      parametric_var: normal.var,
      parametric_cvar: normal.cvar,
    },
    warnings: [...historyWarnings(history), ...riskWarnings(losses.length, terms)],
    tables: [
      {
        name: 'losses',
        title: 'Daily losses of the portfolio, by day, as shares of its value',
        columns: ['session', 'loss'],
        rows: Array.from(portfolioReturns(returns, weights), (each, i) => [history.sessions[i + 1] ?? null, -each]),
      },
    ],
    charts: [lossChart(losses)],
  };
}

interface Terms {
  readonly confidence: number;
  readonly days: number;
  readonly value: number;
}

function portfolioReturns({ rows, columns, data }: Observations, weights: readonly number[]): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) =>
    dot(weights, data.subarray(row * columns, (row + 1) * columns)),
  );
}

/** From daily losses in rising order: their quantile, and the mean of the worst share of them, the last counted in part. */
function historicalRisk(losses: Float64Array, { confidence, days, value }: Terms) {
  const scale = value * Math.sqrt(days);
  const tail = losses.length * (1 - confidence);
  let [sum, left] = [0, tail];
  for (let place = losses.length - 1; left > 0 && place >= 0; place -= 1) {
    sum += Math.min(left, 1) * (losses[place] ?? 0);
    left -= 1;
  }
  return { var: scale * quantileOf(losses, confidence), cvar: (scale * sum) / tail };
}

/** @throws MODEL_INPUT_UNUSABLE when the portfolio does not move. */
function parametricRisk(returns: Observations, weights: readonly number[], { confidence, days, value }: Terms) {
  const unbiased = returns.rows / (returns.rows - 1);
  const covariance = scaled(estimateCovariance(returns, 'none').covariance, unbiased);
  const means = columnMeans(returns);
  const pulls = times(covariance, weights);
  const deviation = Math.sqrt(dot(weights, pulls));
  if (!(deviation > 0))
    throw unusable('the portfolio does not move: its risk cannot be estimated from constant prices');
  const mean = dot(weights, means);
  const quantile = normalQuantile(confidence);
  const [drift, spread] = [value * mean * days, value * deviation * Math.sqrt(days)];
  return {
    daily_mean: mean,
    daily_volatility: deviation,
    var: quantile * spread - drift,
    cvar: (normalDensity(quantile) / (1 - confidence)) * spread - drift,
    contributions: weights.map(
      (weight, i) => weight * ((quantile * spread * (pulls[i] ?? 0)) / deviation ** 2 - value * days * (means[i] ?? 0)),
    ),
  };
}

function riskWarnings(count: number, { confidence, days }: Terms): string[] {
  const sentences: string[] = [];
  if (count * (1 - confidence) < 5) {
    sentences.push(
      `Only ${(count * (1 - confidence)).toFixed(1)} of ${count} past returns lie beyond the confidence: the historical figures rest on very few.`,
    );
  }
  if (days > 1)
    sentences.push(
      'Historical figures are daily ones times the square root of the days, which holds for independent returns.',
    );
  return sentences;
}

const BINS = 40;

function lossChart(losses: Float64Array): ResultChart {
  const [low, high] = [losses[0] ?? 0, losses.at(-1) ?? 0];
  const width = (high - low) / BINS || 1;
  const counts = Array.from({ length: BINS }, () => 0);
  for (const loss of losses) {
    const bin = Math.min(BINS - 1, Math.floor((loss - low) / width));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return {
    name: 'losses',
    title: 'Daily losses',
    kind: 'histogram',
    xLabel: 'Loss as a share of the value',
    yLabel: 'Days',
    series: [{ name: 'days', points: counts.map((count, bin) => [low + (bin + 0.5) * width, count] as const) }],
  };
}
