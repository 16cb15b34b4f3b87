/** Lengths of a bar, as routes, tables and commands spell them. */
export const BAR_INTERVALS = ['1m', '5m', '15m', '1h', '1d'] as const;
export type BarInterval = (typeof BAR_INTERVALS)[number];

/** Lengths of a bar, milliseconds; all divide the UTC day, so that buckets start at whole multiples of them since the epoch. */
export const INTERVAL_MS: Readonly<Record<BarInterval, number>> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '1d': 86_400_000,
};

/** Which table a bar lives in: `eq_ohlcv`, `fx_ohlcv`, `crypto_ohlcv`. */
export type AssetClass = 'equity' | 'fx' | 'crypto';

/** Open, high, low, close and volume of one interval as a source tells it, not yet checked. */
export interface RawBar {
  /** As the pipeline writes the instrument, not as the vendor spells it. */
  readonly symbol: string;
  readonly interval: BarInterval;
  /** Start of the session (daily) or of the interval, UTC: bars cover `[startAt, startAt + interval)`. */
  readonly startAt: Date;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Units traded; null where the source does not say. */
  readonly volume: number | null;
  /** The provider it came from; `ticks:<provider>` for bars made of price events. */
  readonly source: string;
  /** Row of `raw_market_data` it was made from; null where the source is a file, which is its own raw record. */
  readonly rawResponseId: string | null;
}

/** The unified bar: unadjusted, checked. A bar that its source restates gets another revision; the earlier ones stay. */
export interface Bar extends RawBar {
  /** 1 for the first, one more for each restatement. */
  readonly revision: number;
}

/** Why a bar is kept apart from the series. */
export type QuarantineReason =
  | 'HIGH_BELOW_LOW'
  | 'OUTSIDE_RANGE'
  | 'PRICE_NOT_POSITIVE'
  | 'NOT_A_NUMBER'
  | 'NEGATIVE_VOLUME'
  | 'DUPLICATE_SESSION'
  | 'OUTSIDE_SESSION';

/** A bar that breaks its own rules: stored with its reason, never in a series. */
export interface QuarantinedBar extends Omit<RawBar, 'open' | 'high' | 'low' | 'close' | 'volume'> {
  readonly reason: QuarantineReason;
  /** What, expected, got. */
  readonly detail: string;
  /** The fields as the source gave them. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The table that a symbol's bars belong to: `EURUSD=X` and `EUR/USD` are fx, `BTC-USD` and `BTC/USD` are crypto, all else is an equity. */
export function assetClassOf(symbol: string): AssetClass {
  if (symbol.endsWith('=X')) return 'fx';
  const [base = '', quote = ''] = symbol.split(/[-/]/);
  if (!FIAT.has(quote)) return 'equity';
  return FIAT.has(base) ? 'fx' : 'crypto';
}

const FIAT = new Set([
  'AUD',
  'BRL',
  'CAD',
  'CHF',
  'CNY',
  'CZK',
  'DKK',
  'EUR',
  'GBP',
  'HKD',
  'HUF',
  'ILS',
  'INR',
  'JPY',
  'KRW',
  'MXN',
  'NOK',
  'NZD',
  'PLN',
  'SEK',
  'SGD',
  'THB',
  'TRY',
  'TWD',
  'USD',
  'USDC',
  'USDT',
  'ZAR',
]);
