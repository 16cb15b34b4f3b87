import {
  type OptionColumns,
  type ValueColumns,
  valueColumns,
  valueOptions,
} from '../src/models/blackscholes/option-values';
import { check, type Measured, secondsSince } from './benchmark';

const OPTIONS = 100_000;
const SECONDS = 1;
const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);

/** Options valued with all Greeks per second on one core, against the formulas written out one option at a time. */
export async function blackscholes(): Promise<Measured> {
  const options = madeOptions();
  const values = valueColumns(OPTIONS);
  const ours = ratePerSecond(() => valueOptions(options, values));
  const expected = valueColumns(OPTIONS);
  const peer = ratePerSecond(() => valueOneByOne(options, expected));
  const distance = values.price.reduce((most, each, i) => Math.max(most, Math.abs(each - (expected.price[i] ?? 0))), 0);
  check(distance < 1e-4, `prices differ from the plain formula's by ${distance}`);
  return {
    what: `Black-Scholes prices with all Greeks (${OPTIONS} options, one core)`,
    unit: 'options/s',
    ours,
    peer,
    peerName:
      'the textbook formulas, one option object at a time, normal distribution to 7 digits (Abramowitz and Stegun 26.2.17)',
    wanted: 1,
    wantedAbsolute: 5_000_000,
    notes: [`${(1e9 / ours).toFixed(0)} ns an option`],
  };
}

function ratePerSecond(run: () => void): number {
  for (let warm = 0; warm < 5; warm += 1) run();
  let rounds = 0;
  const startMs = performance.now();
  while (secondsSince(startMs) < SECONDS) {
    run();
    rounds += 1;
  }
  return (rounds * OPTIONS) / secondsSince(startMs);
}

/** Calls and puts around the money, a tenth of a year to two. */
function madeOptions(): OptionColumns {
  const spread = (low: number, high: number, stride: number) =>
    Float64Array.from({ length: OPTIONS }, (_, i) => low + ((high - low) * ((i * stride) % OPTIONS)) / OPTIONS);
  return {
    isCall: Uint8Array.from({ length: OPTIONS }, (_, i) => i % 2),
    spot: spread(100, 100, 1),
    strike: spread(60, 140, 7_919),
    rate: spread(0.01, 0.05, 31),
    dividendYield: spread(0, 0.03, 17),
    volatility: spread(0.1, 0.5, 104_729),
    timeToExpiry: spread(0.1, 2, 1_299_709),
  };
}

function valueOneByOne(options: OptionColumns, values: ValueColumns): void {
  for (let i = 0; i < OPTIONS; i += 1) {
    const value = textbookValue({
      isCall: options.isCall[i] === 1,
      spot: options.spot[i] ?? 0,
      strike: options.strike[i] ?? 0,
      rate: options.rate[i] ?? 0,
      dividendYield: options.dividendYield[i] ?? 0,
      volatility: options.volatility[i] ?? 0,
      time: options.timeToExpiry[i] ?? 0,
    });
    for (const name of ['price', 'delta', 'gamma', 'theta', 'vega', 'rho'] as const) values[name][i] = value[name];
  }
}

interface PlainOption {
  readonly isCall: boolean;
  readonly spot: number;
  readonly strike: number;
  readonly rate: number;
  readonly dividendYield: number;
  readonly volatility: number;
  readonly time: number;
}

function textbookValue({ isCall, spot, strike, rate, dividendYield, volatility, time }: PlainOption) {
  const sign = isCall ? 1 : -1;
  const root = Math.sqrt(time);
  const d1 = (Math.log(spot / strike) + (rate - dividendYield + volatility ** 2 / 2) * time) / (volatility * root);
  const d2 = d1 - volatility * root;
  const density = Math.exp((-d1 * d1) / 2) / SQRT_TWO_PI;
  const [asset, cash] = [spot * Math.exp(-dividendYield * time), strike * Math.exp(-rate * time)];
  const [inAsset, inCash] = [cdf(sign * d1), cdf(sign * d2)];
  const decay = (asset * density * volatility) / (2 * root);
  return {
    price: sign * (asset * inAsset - cash * inCash),
    delta: (sign * asset * inAsset) / spot,
    gamma: (asset * density) / (spot * spot * volatility * root),
    theta: -decay - sign * (rate * cash * inCash - dividendYield * asset * inAsset),
    vega: asset * density * root,
    rho: sign * time * cash * inCash,
  };
}

function cdf(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const sum = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-x * x) / 2) / SQRT_TWO_PI) * sum;
  return x > 0 ? 1 - tail : tail;
}
