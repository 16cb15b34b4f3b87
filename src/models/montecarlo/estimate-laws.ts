import { historyView, historyWarnings, unusable } from '../missing-data';
import type { AlignedHistory, InstrumentHistory } from '../model';
import { covarianceOf, meanOf } from '../statistics';
import type { Laws } from './market';
import { SESSIONS_PER_YEAR } from './parameters';

/** Fewer returns than this give estimates that say little. */
const FEW_RETURNS = 60;

interface Returns {
  readonly symbol: string;
  readonly values: readonly number[];
}

/**
 * Drift and covariance from adjusted closes: log returns from session to session, their mean m and their sample covariance (divisor T − 1), both times
 * 252; the drift of the expected price is μ = m + σ²/2, so that the simulated log returns have the mean and the covariance of the observed ones.
 * @throws MODEL_INPUT_UNUSABLE with fewer than three sessions, or a close that is no number above 0.
 */
export function estimateLaws(history: AlignedHistory): Laws {
  const { instruments, sessions } = history;
  if (sessions.length < 3)
    throw unusable(`expected at least 3 sessions to estimate a volatility, got ${sessions.length}`);
  const returns = instruments.map(returnsOf);
  const laws = returns.map(lawOf);
  return {
    assets: laws,
    correlation: correlationsOf(returns),
    spot: instruments.length === 1 ? instruments[0]?.close.at(-1) : undefined,
    estimation: {
      returns: 'logarithmic, from close to close, adjusted for splits and dividends',
      estimator: 'sample mean and sample covariance (divisor T − 1); drift = mean + variance / 2',
      observations: sessions.length - 1,
      sessions_per_year: SESSIONS_PER_YEAR,
      last_closes: instruments.map(({ close }) => close.at(-1) ?? null),
      history: historyView(history),
    },
    warnings: [...historyWarnings(history), ...lawWarnings(laws, sessions.length - 1)],
  };
}

function returnsOf({ symbol, close }: InstrumentHistory): Returns {
  const faulty = close.find((price) => !(Number.isFinite(price) && price > 0));
  if (faulty !== undefined) throw unusable(`${symbol}: expected closes above 0, got ${faulty}`);
  return { symbol, values: close.slice(1).map((price, session) => Math.log(price / (close[session] ?? price))) };
}

function lawOf({ symbol, values }: Returns) {
  const variance = SESSIONS_PER_YEAR * covarianceOf(values, values, 'T-1');
  return { symbol, drift: SESSIONS_PER_YEAR * meanOf(values) + variance / 2, volatility: Math.sqrt(variance) };
}

/** Correlation of each two; 0 beside a series that does not move. */
function correlationsOf(returns: readonly Returns[]): number[][] {
  const covariances = returns.map((left) => returns.map((right) => covarianceOf(left.values, right.values, 'T-1')));
  return covariances.map((row, i) =>
    row.map((covariance, j) => {
      if (i === j) return 1;
      const scale = Math.sqrt((covariances[i]?.[i] ?? 0) * (covariances[j]?.[j] ?? 0));
      return scale > 0 ? Math.max(-1, Math.min(1, covariance / scale)) : 0;
    }),
  );
}

function lawWarnings(laws: readonly { symbol: string; volatility: number }[], observations: number): string[] {
  const constant = laws.filter(({ volatility }) => volatility === 0).map(({ symbol }) => symbol);
  return [
    ...(constant.length > 0
      ? [`The closes of ${constant.join(', ')} never changed: simulated without volatility.`]
      : []),
    ...(observations < FEW_RETURNS
      ? [`Drift and volatility are estimated from ${observations} returns only; expect them to be far off.`]
      : []),
  ];
}
