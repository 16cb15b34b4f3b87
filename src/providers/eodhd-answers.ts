import { assetClassOf, type RawBar } from '../domain/bar';
import type { CorporateAction } from '../domain/corporate-action';
import { sessionStartOf } from '../domain/market-calendar';
import { type BarFields, faultOf, fieldsOf, isDay, type Reading, readAction, readBar, toRatio } from './bar-rules';
import type { HistoryRequest } from './provider';

/** What an answer is read for. */
export interface AskedOf {
  readonly request: HistoryRequest;
  readonly now: Date;
}

/**
 * Daily bars of `/eod`: `date`, `open`, `high`, `low`, `close` as traded. `adjusted_close` is not used. `volume` is adjusted for splits by EODHD and
 * restated by each new one: `splits` (all that came into force since) undo that, to whole shares. The free plan adds an entry with a `warning`.
 * Fields: https://eodhd.com/financial-apis/api-for-historical-data-and-volumes
 */
export function toDailyBars(
  entries: readonly unknown[],
  { request, now }: AskedOf,
  splits: readonly CorporateAction[],
): Reading<RawBar>[] {
  const assetClass = assetClassOf(request.symbol);
  const today = now.toISOString().slice(0, 10);
  const inForce = splits.filter(({ exDate }) => exDate <= today);
  return entries.map((item, index) => {
    const entry = fieldsOf(item);
    const place = `eod[${index}]`;
    if (entry.warning !== undefined) return faultOf(place, 'entry', { expected: 'a bar', got: entry.warning });
    const date = isDay(entry.date) ? entry.date : '';
    return readBar({ place, now }, seriesOf(request), {
      ...pricesOf(entry),
      startAt: sessionStartOf(date, assetClass),
      time: entry.date,
      volume: toTradedVolume(entry.volume, date, inForce),
    });
  });
}

/** Shares that changed hands on `date`, of a volume in today's shares. Reverse splits leave fractions of a share, which are rounded. */
function toTradedVolume(volume: unknown, date: string, splits: readonly CorporateAction[]): unknown {
  const factor = splits.reduce((product, { exDate, ratio }) => (exDate > date ? product * (ratio ?? 1) : product), 1);
  return typeof volume === 'number' && factor !== 1 ? Math.round(volume / factor) : volume;
}

/**
 * Bars of `/intraday`: `timestamp` is the epoch second at which the bar opens; prices and volume are unadjusted. A minute without a trade may
 * have nulls. Fields: https://eodhd.com/financial-apis/intraday-historical-data-api
 */
export function toIntradayBars(entries: readonly unknown[], { request, now }: AskedOf): Reading<RawBar>[] {
  return entries.map((item, index) => {
    const entry = fieldsOf(item);
    const { timestamp, volume } = entry;
    const seconds = typeof timestamp === 'number' && timestamp > 0 ? timestamp : Number.NaN;
    return readBar({ place: `intraday[${index}]`, now }, seriesOf(request), {
      ...pricesOf(entry),
      startAt: new Date(seconds * 1000),
      time: timestamp,
      volume,
    });
  });
}

/**
 * Dividends of `/div`: `date` is the ex-date, `unadjustedValue` the cash for each share of that day in `currency`; `value` is divided by later splits and
 * not used. Fields: https://eodhd.com/financial-apis/api-splits-dividends
 */
export function toDividends(entries: readonly unknown[], { request }: AskedOf): Reading<CorporateAction>[] {
  return entries.map((item, index) => {
    const { date, unadjustedValue, currency } = fieldsOf(item);
    const fields = { kind: 'dividend', exDate: date, value: unadjustedValue, currency } as const;
    return readAction(`dividends[${index}]`, sourceOf(request), fields);
  });
}

/** Splits of `/splits`: `split` is `4.000000/1.000000`, new shares for old ones. */
export function toSplits(entries: readonly unknown[], { request }: AskedOf): Reading<CorporateAction>[] {
  return entries.map((item, index) => {
    const { date, split } = fieldsOf(item);
    return readAction(`splits[${index}]`, sourceOf(request), {
      kind: 'split',
      exDate: date,
      value: toRatio(split, SPLIT),
    });
  });
}

const SPLIT = /^(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)$/;

function pricesOf({
  open,
  high,
  low,
  close,
}: ReturnType<typeof fieldsOf>): Pick<BarFields, 'open' | 'high' | 'low' | 'close'> {
  return { open, high, low, close };
}

function seriesOf({ symbol, interval }: HistoryRequest) {
  return { symbol, interval, source: 'eodhd' };
}

function sourceOf({ symbol }: HistoryRequest) {
  return { symbol, source: 'eodhd' };
}
