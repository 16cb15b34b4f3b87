import { assetClassOf, type BarInterval, type RawBar } from '../domain/bar';
import type { CorporateAction } from '../domain/corporate-action';
import { parseInstant } from '../domain/instant';
import { sessionStartOf } from '../domain/market-calendar';
import { fieldsOf, type Reading, readAction, readBar, toRatio } from './bar-rules';
import type { HistoryRequest } from './provider';
import { toNumber } from './twelvedata-number';
import { toTicker, toTwelveDataSpelling } from './twelvedata-symbol';
import { unavailable } from './vendor-http';

/** Twelve Data's names of the intervals. */
export const TWELVE_DATA_INTERVALS: Readonly<Record<BarInterval, string>> = {
  '1m': '1min',
  '5m': '5min',
  '15m': '15min',
  '1h': '1h',
  '1d': '1day',
};

/** What an answer is read for. */
export interface AskedOf {
  readonly request: HistoryRequest;
  readonly now: Date;
}

/**
 * Bars of `/time_series`: `datetime` is when a bar opens, a day of the exchange for daily bars and UTC for the others, as asked for; prices and `volume` are
 * decimal text; currencies have no volume. Fields: https://twelvedata.com/docs (time series)
 * @throws PROVIDER_UNAVAILABLE when the answer holds no list of values, or those of another symbol or interval.
 */
export function toBars(raw: unknown, { request, now }: AskedOf): Reading<RawBar>[] {
  const { meta, values } = fieldsOf(raw);
  refuseOther(request, fieldsOf(meta));
  if (!Array.isArray(values))
    throw unavailable('twelvedata', 'answered 200: expected a list of values, got something else');
  const series = { symbol: request.symbol, interval: request.interval, source: 'twelvedata' };
  return values.map((item, index) => {
    const { datetime, open, high, low, close, volume } = fieldsOf(item);
    return readBar({ place: `values[${index}]`, now }, series, {
      startAt: toStart(datetime, request),
      time: datetime,
      open: toNumber(open),
      high: toNumber(high),
      low: toNumber(low),
      close: toNumber(close),
      volume: toNumber(volume),
    });
  });
}

function refuseOther(request: HistoryRequest, meta: ReturnType<typeof fieldsOf>): void {
  const symbol = toTicker(spellingOf(request));
  const interval = TWELVE_DATA_INTERVALS[request.interval];
  if (meta.symbol === symbol && meta.interval === interval) return;
  throw unavailable('twelvedata', `answered 200: expected ${interval} bars of ${symbol}, got those of something else`);
}

function toStart(datetime: unknown, { interval, symbol }: HistoryRequest): Date {
  const text = typeof datetime === 'string' ? datetime : '';
  if (interval === '1d') return sessionStartOf(text, assetClassOf(symbol));
  return new Date(parseInstant(`${text.replace(' ', 'T')}.000Z`));
}

/**
 * Dividends of `/dividends`, asked for with `adjust=false`: `ex_date` and the cash for each share of that day, `amount`, in the currency that `meta` names.
 * Fields: https://twelvedata.com/docs (dividends)
 */
export function toDividends(raw: unknown, { request }: AskedOf): Reading<CorporateAction>[] {
  const { meta, dividends } = fieldsOf(raw);
  const { currency } = fieldsOf(meta);
  return listOf(dividends, 'dividends').map((item, index) => {
    const { ex_date: exDate, amount } = fieldsOf(item);
    const fields = { kind: 'dividend', exDate, value: toNumber(amount), currency } as const;
    return readAction(`dividends[${index}]`, { symbol: request.symbol, source: 'twelvedata' }, fields);
  });
}

/**
 * Splits of `/splits`: `date` and `description`, `4-for-1 split`, four new shares for each old one. `ratio`, `from_factor` and `to_factor` are not used:
 * answers have been seen with both readings of them.
 * Fields: https://twelvedata.com/docs (splits)
 */
export function toSplits(raw: unknown, { request }: AskedOf): Reading<CorporateAction>[] {
  return listOf(fieldsOf(raw).splits, 'splits').map((item, index) => {
    const { date, description } = fieldsOf(item);
    const fields = { kind: 'split', exDate: date, value: toRatio(description, SPLIT) } as const;
    return readAction(`splits[${index}]`, { symbol: request.symbol, source: 'twelvedata' }, fields);
  });
}

const SPLIT = /^(\d+(?:\.\d+)?)-for-(\d+(?:\.\d+)?)\b/;

function listOf(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw unavailable('twelvedata', `answered 200: expected a list of ${name}, got something else`);
}

/** How a request's instrument is spelled at Twelve Data. */
export function spellingOf({ symbol, spelling }: HistoryRequest): string {
  return spelling ?? toTwelveDataSpelling(symbol);
}
