import { z } from 'zod';
import { historyNeedOf, historyRequest } from './history-params';
import { historyIn, historyView, historyWarnings, unusable } from './missing-data';
import { type AlignedHistory, type InstrumentHistory, type ModelOutput, wholeModel } from './model';
import { ewmaVariances, garmanKlassVariances, parkinsonVariances } from './range-variances';
import { meanOf, varianceOf } from './statistics';

const parameters = historyRequest(
  z
    .strictObject({
      window: z.int().min(2).max(504).default(21).meta({ description: 'Sessions of the rolling series', example: 21 }),
      periods_per_year: z.number().min(1).max(100_000).default(252).meta({
        description: 'Sessions a year; volatilities are multiplied by its square root',
        example: 252,
      }),
      ewma_lambda: z.number().min(0.5).max(0.9999).default(0.94).meta({
        description: 'Weight of the variance before, in the exponentially weighted one',
        example: 0.94,
      }),
    })
    .prefault({})
    .meta({ description: 'Parameters of the model; all have defaults', example: {} }),
);

type RealisedVolatilityParams = z.infer<typeof parameters>;

const ESTIMATORS = ['close_to_close', 'parkinson', 'garman_klass', 'ewma'] as const;
type Estimator = (typeof ESTIMATORS)[number];

/** Volatility that prices have shown, by four estimators. */
export const realisedVolatility = wholeModel<RealisedVolatilityParams>({
  name: 'realisedvolatility',
  title: 'Realised volatility',
  description:
    'Yearly volatility of each symbol over the whole history, and over a rolling `window`. `close_to_close`: standard deviation (1/(n − 1)) of log returns. `parkinson`: from high and low ' +
    '(Parkinson, The extreme value method for estimating the variance of the rate of return, 1980). `garman_klass`: from open, high, low and close ' +
    '(Garman and Klass, On the estimation of security price volatilities from historical data, 1980: ½ ln(H/L)² − (2 ln 2 − 1) ln(C/O)²). `ewma`: exponentially weighted squares of log returns ' +
    '(RiskMetrics 1996, λ 0.94), begun at the first square; its figure is the last. The range estimators leave out what happens while the market is closed.',
  parameters,
  examples: [
    {
      title: 'Two symbols over a year',
      params: { symbols: ['AAPL', 'MSFT'], start: '2024-01-01', end: '2024-12-31' },
    },
    {
      title: 'A slower average, a longer window',
      params: {
        symbols: ['AAPL'],
        start: '2024-01-01',
        end: '2024-12-31',
        params: { window: 30, ewma_lambda: 0.97 },
      },
    },
  ],
  historyOf: historyNeedOf,
  run: ({ params, history }) => outputOf(params.params, historyIn({ history })),
});

interface Estimated {
  readonly symbol: string;
  /** Over the whole history. */
  readonly overall: Readonly<Record<Estimator, number>>;
  /** By session; null until the window is full. */
  readonly rolling: readonly Readonly<Record<Estimator, number | null>>[];
}

function outputOf(own: RealisedVolatilityParams['params'], history: AlignedHistory): ModelOutput {
  if (history.sessions.length < 3) throw unusable(`expected at least 3 sessions, got ${history.sessions.length}`);
  const found = history.instruments.map((instrument) => estimate(instrument, own));
  const rows = found.flatMap(({ symbol, rolling }) =>
    rolling.map((each, i) => [history.sessions[i] ?? null, symbol, ...ESTIMATORS.map((name) => each[name])]),
  );
  return {
    result: {
      ...own,
      volatilities: Object.fromEntries(found.map(({ symbol, overall }) => [symbol, { ...overall }])),
      history: historyView(history),
    },
    metrics: metricsOf(found),
    warnings: [...historyWarnings(history), ...warningsOf(found, own.window, history.sessions.length)],
    tables: [
      { name: 'rolling', title: 'Rolling volatility a year', columns: ['session', 'symbol', ...ESTIMATORS], rows },
    ],
    charts: found.slice(0, 10).map(({ symbol, rolling }, place) => ({
      name: `rolling-${place + 1}`,
      title: `Rolling volatility: ${symbol}`,
      kind: 'line' as const,
      xLabel: 'Session',
      yLabel: 'Volatility a year',
      series: ESTIMATORS.map((name) => ({ name, points: pointsOf(rolling.map((each) => each[name])) })),
    })),
  };
}

/** All estimators of a single symbol; of several, the calmest and the wildest. */
function metricsOf(found: readonly Estimated[]): Record<string, number> {
  const [only] = found;
  if (only && found.length === 1) return { ...only.overall };
  const closes = found.map(({ overall }) => overall.close_to_close);
  return { lowest_close_to_close: Math.min(...closes), highest_close_to_close: Math.max(...closes) };
}

function pointsOf(values: readonly (number | null)[]): (readonly [number, number])[] {
  return values.flatMap((value, index) => (value === null ? [] : [[index + 1, value] as const]));
}

function estimate(instrument: InstrumentHistory, own: RealisedVolatilityParams['params']): Estimated {
  const { close, symbol } = instrument;
  const returns = Float64Array.from(close.slice(1), (price, i) => Math.log(price / (close[i] ?? Number.NaN)));
  const [parkinson, garmanKlass] = [parkinsonVariances(instrument), garmanKlassVariances(instrument)];
  const ewma = ewmaVariances(returns, own.ewma_lambda);
  const yearly = (variance: number) => Math.sqrt(Math.max(0, variance) * own.periods_per_year);
  return {
    symbol,
    overall: {
      close_to_close: yearly(varianceOf(returns, 'T-1')),
      parkinson: yearly(meanOf(parkinson)),
      garman_klass: yearly(meanOf(garmanKlass)),
      ewma: yearly(ewma.at(-1) ?? Number.NaN),
    },
    rolling: close.map((_, session) => ({
      close_to_close: overWindow(returns, session - 1, own.window, (part) => yearly(varianceOf(part, 'T-1'))),
      parkinson: overWindow(parkinson, session, own.window, (part) => yearly(meanOf(part))),
      garman_klass: overWindow(garmanKlass, session, own.window, (part) => yearly(meanOf(part))),
      ewma: session === 0 ? null : yearly(ewma[session - 1] ?? Number.NaN),
    })),
  };
}

/** Of the `window` values that end at place `last`; null where there are fewer. */
function overWindow(
  values: Float64Array,
  last: number,
  window: number,
  of: (part: Float64Array) => number,
): number | null {
  return last + 1 < window ? null : of(values.subarray(last + 1 - window, last + 1));
}

function warningsOf(found: readonly Estimated[], window: number, sessions: number): string[] {
  const constant = found.filter(({ overall }) => overall.close_to_close === 0);
  const sentences = constant.map(
    ({ symbol }) => `${symbol} has the same return in every session: its volatility is 0.`,
  );
  if (sessions <= window)
    sentences.push(`There are ${sessions} sessions: the rolling window of ${window} is never full.`);
  return sentences;
}
