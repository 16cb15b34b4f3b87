import { unusable } from '../missing-data';
import { millsRatio, normalDensity } from '../normal-distribution';
import { outOfMoneyShare } from './option-values';

/** A European option without its volatility. */
export interface OptionTerms {
  readonly isCall: boolean;
  readonly spot: number;
  readonly strike: number;
  /** Continuously compounded, per year. */
  readonly rate: number;
  readonly dividendYield: number;
  /** Years. */
  readonly timeToExpiry: number;
}

/** Prices between which there is no arbitrage: at `lower` the volatility is 0, `upper` is reached by none. */
export function priceBoundsOf({ isCall, spot, strike, rate, dividendYield, timeToExpiry }: OptionTerms): {
  readonly lower: number;
  readonly upper: number;
} {
  const asset = spot * Math.exp(-dividendYield * timeToExpiry);
  const cash = strike * Math.exp(-rate * timeToExpiry);
  return isCall
    ? { lower: Math.max(asset - cash, 0), upper: asset }
    : { lower: Math.max(cash - asset, 0), upper: cash };
}

/** Rounding of a price near its bound, as a share of the larger side. */
const ROUNDING = 8 * Number.EPSILON;

/**
 * The volatility (per year) at which the option is worth `price`. A price in the money is first turned into its time value by parity; then the equation is solved in its
 * logarithm (of the value, or of what is missing to the upper bound where that is less) by Newton steps kept inside a bracket, from the
 * point of inflection (Manaster and Koehler 1982), so that it converges in any wing. @throws MODEL_INPUT_UNUSABLE outside the bounds, or at expiry.
 */
export function impliedVolatility(terms: OptionTerms, price: number): number {
  const { spot, strike, rate, dividendYield, timeToExpiry } = terms;
  if (!(timeToExpiry > 0)) throw unusable('price: an option at expiry has no implied volatility');
  const asset = spot * Math.exp(-dividendYield * timeToExpiry);
  const cash = strike * Math.exp(-rate * timeToExpiry);
  const { lower, upper } = priceBoundsOf(terms);
  const share = (price - lower) / Math.min(asset, cash);
  const slack = (ROUNDING * Math.max(asset, cash)) / Math.min(asset, cash);
  if (!(share >= -slack && price < upper && share < 1)) {
    throw unusable(`price: expected at least ${lower} and less than ${upper} (no arbitrage), got ${price}`);
  }
  if (share <= 0) return 0;
  return deviationOf(Math.abs(Math.log(asset / cash)), share) / Math.sqrt(timeToExpiry);
}

const MAX_STEPS = 200;

/** σ√T at which an option `distance` = |ln(forward/strike)| out of the money has this share of its bound. */
function deviationOf(distance: number, share: number): number {
  let [low, high] = [0, Math.max(Math.sqrt(2 * distance), share * 2.5)];
  while (stateAt(distance, high).share < share && high < 1e3) [low, high] = [high, 2 * high];
  let deviation = low > 0 ? low : high;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const state = stateAt(distance, deviation);
    if (state.share < share) low = deviation;
    else high = deviation;
    const next = deviation + newtonStep(state, share);
    if (Math.abs(next - deviation) <= 2 * Number.EPSILON * deviation) return next;
    if (high - low <= 2 * Number.EPSILON * high) return deviation;
    deviation = next > low && next < high ? next : 0.5 * (low + high);
  }
  return deviation;
}

interface State {
  readonly share: number;
  /** 1 − share, without cancellation where it is small. */
  readonly missing: number;
  /** Its derivative by the deviation. */
  readonly slope: number;
}

function stateAt(distance: number, deviation: number): State {
  const middle = distance === 0 ? 0 : -distance / deviation;
  const [d1, d2] = [middle + 0.5 * deviation, middle - 0.5 * deviation];
  const slope = normalDensity(d1);
  const [upper, lower] = [millsRatio(Math.abs(d1)), millsRatio(Math.abs(d2))];
  const share = outOfMoneyShare({ middle, deviation, density: slope, upper, lower });
  return { share, missing: d1 > 0 ? slope * (upper + lower) : 1 - share, slope };
}

/** NaN where a wing is too flat for a step; the caller then halves its bracket. */
function newtonStep({ share, missing, slope }: State, wanted: number): number {
  if (wanted < 0.5) return (Math.log(wanted / share) * share) / slope;
  return (Math.log(missing / (1 - wanted)) * missing) / slope;
}
