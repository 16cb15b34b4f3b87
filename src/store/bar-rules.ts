import { createHash } from 'node:crypto';
import {
  type AssetClass,
  BAR_INTERVALS,
  type Bar,
  type BarInterval,
  INTERVAL_MS,
  type QuarantinedBar,
  type RawBar,
} from '../domain/bar';
import { TickwireError } from '../platform/errors';

/** One series of bars: of one instrument, interval and source. */
export type BarSeriesKey = Pick<Bar, 'symbol' | 'interval' | 'source'>;

/** What a source can restate. */
export type BarValues = Pick<RawBar, 'open' | 'high' | 'low' | 'close' | 'volume'>;

/** The tables of bars, in the order in which they are locked and written. */
export const BAR_TABLES = ['eq_ohlcv', 'fx_ohlcv', 'crypto_ohlcv'] as const;
export type BarTable = (typeof BAR_TABLES)[number];

/** Where bars of an asset class live. */
export const TABLE_OF: Readonly<Record<AssetClass, BarTable>> = {
  equity: 'eq_ohlcv',
  fx: 'fx_ohlcv',
  crypto: 'crypto_ohlcv',
};

/** The interval whose bars an interval is rolled up from; bars of one minute are made of price points. */
export const ROLLED_UP_FROM = [
  ['5m', '1m'],
  ['15m', '5m'],
  ['1h', '15m'],
  ['1d', '1h'],
] as const satisfies readonly (readonly [BarInterval, BarInterval])[];

/** Years that a bar or a partition may have, first and last: each year is a table, so a garbled date must not make one. */
const BAR_YEARS = [1800, 2199] as const;

/** @throws STORE_REFUSED for a year that no bar can be of. */
export function refuseGarbledYear(year: number): void {
  const [first, last] = BAR_YEARS;
  if (year >= first && year <= last) return;
  throw new TickwireError('STORE_REFUSED', `year of a bar or partition: expected ${first} to ${last}, got ${year}`);
}

/** Start of the bucket `[start, start + interval)` that holds an instant, in epoch milliseconds. */
export function bucketOf(epochMs: number, interval: BarInterval): number {
  return Math.floor(epochMs / INTERVAL_MS[interval]) * INTERVAL_MS[interval];
}

/** True when the two say the same; a volume that is unknown equals only one that is unknown. */
export function isSameBar(a: BarValues, b: BarValues): boolean {
  return a.open === b.open && a.high === b.high && a.low === b.low && a.close === b.close && a.volume === b.volume;
}

/** What is to be done with a bar, given the newest revision stored of it. */
export type BarWrite = 'insert' | 'append' | 'replace' | 'keep';

/**
 * What a bar made of ticks does to the stored one. While its interval is not over it is replaced in place, so that a live minute is one row and not one for
 * each batch; it is over once the series has a bar of one minute that starts at or after its end. From then on a change is a revision.
 */
export function tickBarWrite(
  given: BarValues & { readonly startAt: Date; readonly interval: BarInterval },
  stored: BarValues | undefined,
  newestMinuteMs: number | undefined,
): BarWrite {
  if (!stored) return 'insert';
  if (isSameBar(given, stored)) return 'keep';
  const endMs = given.startAt.getTime() + INTERVAL_MS[given.interval];
  return newestMinuteMs !== undefined && newestMinuteMs >= endMs ? 'append' : 'replace';
}

/** By symbol, source, interval (shortest first) and start. */
export function compareTickBars(a: Bar, b: Bar): number {
  return (
    compareText(a.symbol, b.symbol) ||
    compareText(a.source, b.source) ||
    BAR_INTERVALS.indexOf(a.interval) - BAR_INTERVALS.indexOf(b.interval) ||
    a.startAt.getTime() - b.startAt.getTime()
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The key of a quarantined bar, derived from all that it says but its detail: the same bar quarantined again is the same row. */
export function quarantineId({ symbol, interval, source, startAt, reason, fields }: QuarantinedBar): string {
  const sorted = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
  const said = JSON.stringify([symbol, interval, source, startAt.getTime(), reason, sorted]);
  return createHash('sha256').update(said).digest('hex');
}
