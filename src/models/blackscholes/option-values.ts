import { millsRatio } from '../normal-distribution';

/** Options by column; all columns have one length. Rates are continuously compounded per year, times are years. */
export interface OptionColumns {
  /** 1 for a call, 0 for a put. */
  readonly isCall: Uint8Array;
  readonly spot: Float64Array;
  readonly strike: Float64Array;
  readonly rate: Float64Array;
  readonly dividendYield: Float64Array;
  readonly volatility: Float64Array;
  readonly timeToExpiry: Float64Array;
}

/** What each option is worth, and its derivatives in raw units: theta per year, vega and rho per 1.00. */
export interface ValueColumns {
  readonly price: Float64Array;
  readonly delta: Float64Array;
  readonly gamma: Float64Array;
  readonly theta: Float64Array;
  readonly vega: Float64Array;
  readonly rho: Float64Array;
}

/** Empty columns for `length` options. */
export function valueColumns(length: number): ValueColumns {
  const column = () => new Float64Array(length);
  return { price: column(), delta: column(), gamma: column(), theta: column(), vega: column(), rho: column() };
}

const SQRT_TWO_PI = 2.5066282746310007;

/**
 * Black-Scholes-Merton price and Greeks of European options (Merton 1973; formulas as in Haug, The Complete Guide to Option Pricing Formulas, 2nd ed., ch. 2),
 * written into `values`. The out-of-the-money side is valued as a difference of Mills' ratios and the other side by parity, so that far wings keep their
 * relative precision and parity holds to rounding. At no time or no volatility left the limits are given: intrinsic value of the forward; exactly
 * at the money gamma is infinite there, and theta where only the time is gone.
 */
export function valueOptions(options: OptionColumns, values: ValueColumns): void {
  for (let index = 0; index < options.spot.length; index += 1) valueAt(options, values, index);
}

function valueAt(options: OptionColumns, values: ValueColumns, index: number): void {
  const spot = options.spot[index] ?? Number.NaN;
  const rate = options.rate[index] ?? Number.NaN;
  const dividendYield = options.dividendYield[index] ?? Number.NaN;
  const volatility = options.volatility[index] ?? Number.NaN;
  const time = options.timeToExpiry[index] ?? Number.NaN;

  const growth = Math.exp(-dividendYield * time);
  const asset = spot * growth;
  const cash = (options.strike[index] ?? Number.NaN) * Math.exp(-rate * time);
  const rootTime = Math.sqrt(time);
  const deviation = volatility * rootTime;
  const logRatio = Math.log(asset / cash);
  const middle = logRatio === 0 ? 0 : logRatio / deviation;
  const d1 = middle + 0.5 * deviation;
  const d2 = middle - 0.5 * deviation;
  const density = Math.exp(-0.5 * d1 * d1) / SQRT_TWO_PI;
  const mills1 = millsRatio(Math.abs(d1));
  const mills2 = millsRatio(Math.abs(d2));
  const tail1 = density * mills1;
  const tail2 = (density * mills2 * asset) / cash;

  const callIsOut = logRatio <= 0;
  const worth = callIsOut
    ? asset * outOfMoneyShare({ middle, deviation, density, upper: mills1, lower: mills2 })
    : cash *
      outOfMoneyShare({ middle: -middle, deviation, density: (density * asset) / cash, upper: mills2, lower: mills1 });
  const decay = density === 0 || volatility === 0 ? 0 : (asset * density * volatility) / (2 * rootTime);
  values.gamma[index] = density === 0 ? 0 : (growth * density) / (spot * deviation);
  values.vega[index] = asset * density * rootTime;
  if (options.isCall[index] === 1) {
    const [inAsset, inCash] = [d1 > 0 ? 1 - tail1 : tail1, d2 > 0 ? 1 - tail2 : tail2];
    values.price[index] = callIsOut ? worth : worth + (asset - cash);
    values.delta[index] = growth * inAsset;
    values.theta[index] = dividendYield * asset * inAsset - rate * cash * inCash - decay;
    values.rho[index] = time * cash * inCash;
  } else {
    const [inAsset, inCash] = [d1 > 0 ? tail1 : 1 - tail1, d2 > 0 ? tail2 : 1 - tail2];
    values.price[index] = callIsOut ? worth + (cash - asset) : worth;
    values.delta[index] = -growth * inAsset;
    values.theta[index] = rate * cash * inCash - dividendYield * asset * inAsset - decay;
    values.rho[index] = -time * cash * inCash;
  }
}

/** Where an option out of the money stands: `middle` ± `deviation`/2 are its d1 and d2, so `middle` ≤ 0. */
export interface OutOfMoney {
  readonly middle: number;
  /** σ√T. */
  readonly deviation: number;
  /** Normal density at d1. */
  readonly density: number;
  /** Mills' ratios of |d1| and |d2|. */
  readonly upper: number;
  readonly lower: number;
}

/** Price of an option out of the money as a share (0 to 1) of the present value of what it pays for: the asset of a call, the cash of a put. */
export function outOfMoneyShare({ middle, deviation, density, upper, lower }: OutOfMoney): number {
  if (deviation < 0.06 * Math.max(1, -middle) && deviation * middle * middle < 40) {
    return density * millsDifference(middle, 0.5 * deviation);
  }
  return 2 * middle + deviation > 0 ? 1 - density * (upper + lower) : density * (upper - lower);
}

/** Y(z + h) − Y(z − h) of Y = cdf/density, by its Taylor series: the plain difference of two near values would cancel. */
function millsDifference(z: number, h: number): number {
  const y0 = millsRatio(-z);
  const y1 = 1 + z * y0;
  const y2 = y0 + z * y1;
  const y3 = 2 * y1 + z * y2;
  const y4 = 3 * y2 + z * y3;
  const y5 = 4 * y3 + z * y4;
  const y6 = 5 * y4 + z * y5;
  const y7 = 6 * y5 + z * y6;
  const s = h * h;
  return 2 * h * (y1 + s * (y3 / 6 + s * (y5 / 120 + (s * y7) / 5040)));
}
