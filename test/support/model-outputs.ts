import type { ChartSeries, ModelOutput, ResultChart } from '../../src/models/model';
import type { ReportedJob } from '../../src/reports/report-html';

type Point = readonly [number, number];

/** Normal deviates, always the same ones (a linear congruential generator and the sum of twelve). */
export function deviates(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return () => Array.from({ length: 12 }, uniform).reduce((sum, value) => sum + value, -6);
}

const steps = Array.from({ length: 253 }, (_, index) => index);

function pathOf(seed: number, spot = 100): readonly Point[] {
  const next = deviates(seed);
  let price = spot;
  return steps.map((step) => {
    if (step > 0) price *= Math.exp(0.0002 + 0.0126 * next());
    return [step, price];
  });
}

/** What each model sends to be looked at, by the name of the chart. */
export const sampleCharts = {
  fan: {
    name: 'fan',
    title: 'Simulated price of AAPL, 1,000 paths',
    kind: 'line',
    xLabel: 'Trading day',
    yLabel: 'Price (USD)',
    series: [
      ...Array.from(
        { length: 40 },
        (_, path): ChartSeries => ({ name: `Path ${path}`, points: pathOf(path + 1), faint: true }),
      ),
      ...[
        [-1.645, '5th percentile'],
        [-0.674, '25th percentile'],
        [0, 'Median'],
        [0.674, '75th percentile'],
        [1.645, '95th percentile'],
      ].map(
        ([z, name], index): ChartSeries => ({
          name: String(name),
          band: index < 4,
          points: steps.map((step) => [step, 100 * Math.exp(0.0002 * step + Number(z) * 0.0126 * Math.sqrt(step))]),
        }),
      ),
    ],
  },
  terminal: {
    name: 'terminal',
    title: 'Distribution of the price at the horizon',
    kind: 'histogram',
    xLabel: 'Price after 252 days (USD)',
    yLabel: 'Paths',
    series: [
      {
        name: 'Paths',
        points: Array.from({ length: 50 }, (_, bin) => {
          const price = 52.5 + bin * 3;
          return [price, Math.round(1_500 * (100 / price) * Math.exp(-((Math.log(price / 104) / 0.2) ** 2) / 2))];
        }),
      },
    ],
  },
  drawdown: {
    name: 'drawdown',
    title: 'Distribution of the maximum drawdown',
    kind: 'histogram',
    xLabel: 'Maximum drawdown (%)',
    yLabel: 'Paths',
    series: [
      {
        name: 'Paths',
        points: Array.from({ length: 40 }, (_, bin) => [
          1 + bin * 1.5,
          Math.round(900 * Math.exp(-(((bin - 11) / 6) ** 2))),
        ]),
      },
    ],
  },
  weights: {
    name: 'weights',
    title: 'Portfolio weights',
    kind: 'bar',
    xLabel: 'Instrument',
    yLabel: 'Weight (%)',
    categories: ['AAPL', 'MSFT', 'JNJ', 'XOM', 'BRK.B', 'NESN.SW', 'BTC-USD', '^GSPC'],
    series: [
      {
        name: 'Weight',
        points: [31.25, 18.4, 22.05, -4.7, 14, 12.3, 0.6, 6.1].map((weight, place): Point => [place, weight]),
      },
    ],
  },
  'many-weights': {
    name: 'many-weights',
    title: 'Portfolio weights of 50 instruments',
    kind: 'bar',
    xLabel: 'Instrument',
    yLabel: 'Weight (%)',
    categories: Array.from({ length: 50 }, (_, index) => `STOCK${index}.L`),
    series: [
      { name: 'Weight', points: Array.from({ length: 50 }, (_, place): Point => [place, 4 * Math.sin(place / 3) + 2]) },
    ],
  },
  'risk-contributions': {
    name: 'risk-contributions',
    title: 'Weight and contribution to risk',
    kind: 'bar',
    xLabel: 'Instrument',
    yLabel: 'Share (%)',
    categories: ['AAPL', 'MSFT', 'JNJ', 'XOM', 'GLD'],
    series: [
      { name: 'Weight', points: [30, 25, 20, 15, 10].map((share, place): Point => [place, share]) },
      { name: 'Risk contribution', points: [41.2, 30.7, 9.6, 19.8, -1.3].map((share, place): Point => [place, share]) },
    ],
  },
  frontier: {
    name: 'frontier',
    title: 'Efficient frontier',
    kind: 'line',
    xLabel: 'Volatility (% a year)',
    yLabel: 'Expected return (% a year)',
    series: [
      {
        name: 'Frontier',
        points: Array.from(
          { length: 41 },
          (_, index): Point => [Math.sqrt(121 + ((index - 10) * 0.55) ** 2), 5 + index * 0.25],
        ),
      },
      {
        name: 'Capital market line',
        points: [
          [0.5, 2.1],
          [22, 19.4],
        ],
      },
      { name: 'Minimum variance', points: [[11, 7.5]] },
      { name: 'Highest Sharpe ratio', points: [[12.9, 12.1]] },
    ],
  },
  assets: {
    name: 'assets',
    title: 'Instruments by volatility and return',
    kind: 'scatter',
    xLabel: 'Volatility (% a year)',
    yLabel: 'Expected return (% a year)',
    series: [
      {
        name: 'Random portfolios',
        points: Array.from(
          { length: 200 },
          (_, index): Point => [14 + 3 * Math.sin(index * 1.7), 8 + 3 * Math.cos(index * 2.3)],
        ),
      },
      { name: 'AAPL', points: [[27.1, 14.2]] },
      { name: 'MSFT', points: [[24.8, 13.9]] },
      { name: 'JNJ', points: [[16.2, 6.1]] },
    ],
  },
  payoff: {
    name: 'payoff',
    title: 'Value and payoff of a call, strike 100',
    kind: 'line',
    xLabel: 'Spot (USD)',
    yLabel: 'Profit and loss (USD)',
    series: [
      {
        name: 'At expiry',
        points: Array.from({ length: 101 }, (_, index): Point => [50 + index, Math.max(0, index - 50) - 10.45]),
      },
      {
        name: 'Today',
        points: Array.from(
          { length: 101 },
          (_, index): Point => [50 + index, 25 * Math.log1p(Math.exp((index - 50) / 25)) - 17.3],
        ),
      },
      { name: 'Spot', points: [[100, 0]] },
    ],
  },
  greeks: {
    name: 'greeks',
    title: 'Greeks over spot',
    kind: 'line',
    xLabel: 'Spot (USD)',
    yLabel: 'Greek (per unit)',
    series: ['Delta', 'Gamma', 'Theta per day', 'Vega per 1 %', 'Rho per 1 %'].map((name, place) => ({
      name,
      points: Array.from(
        { length: 101 },
        (_, index): Point => [50 + index, Math.sin(place + index / 30) / (place + 1)],
      ),
    })),
  },
} as const satisfies Record<string, ResultChart>;

/** A result of a Monte Carlo simulation, with every kind of chart. */
export function aModelOutput(output: Partial<ModelOutput> = {}): ModelOutput {
  return {
    result: { mean: 105.12, percentiles: { p5: 74.2, p50: 103.8 }, estimated: null },
    metrics: {
      mean_price: 105.1203,
      standard_error: 0.1312,
      var_95: 24.81,
      cvar_95: 30.02,
      probability_of_loss: 0.4312,
      paths: 100000,
    },
    warnings: ['The covariance was not positive definite; the nearest that is was used.'],
    tables: [
      {
        name: 'percentiles',
        title: 'Percentiles of the price by day',
        columns: ['day', 'p5', 'p50', 'p95', 'note'],
        rows: steps.map((step) => [
          step,
          100 - step / 10,
          100 + step / 50,
          100 + step / 7,
          step % 90 === 0 ? 'quarter' : null,
        ]),
      },
    ],
    charts: Object.values(sampleCharts),
    ...output,
  };
}

/** A job as a report shows it. */
export function aReportedJob(job: Partial<ReportedJob> = {}): ReportedJob {
  return {
    jobId: '7b1c6d1e-4c1b-4a4e-9b0a-0d5c2a3e9f10',
    model: 'montecarlo',
    title: 'Monte Carlo simulation',
    createdAt: new Date('2026-02-03T04:05:06.789Z'),
    params: {
      symbols: ['AAPL', 'MSFT'],
      start: '2024-01-01',
      end: '2024-12-31',
      simulations: 100_000,
      time_steps: 252,
      seed: 42,
      missing_data: { join: 'inner', max_forward_fill: 3, min_sessions: 60 },
    },
    ...job,
  };
}
