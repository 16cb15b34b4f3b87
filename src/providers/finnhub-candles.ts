import type { RawBar } from '../domain/bar';
import type { CorporateAction } from '../domain/corporate-action';
import { sessionStartOf } from '../domain/market-calendar';
import { faultOf, fieldsOf, partReadings, type Reading, readAction, readBar } from './bar-rules';
import type { HistoryFault, HistoryRequest } from './provider';
import { sharesSince, splitsOf } from './split-shares';
import { unavailable } from './vendor-http';

/** What candles were asked for, and our clock. */
export interface AskedCandles {
  readonly request: Pick<HistoryRequest, 'symbol' | 'interval'>;
  readonly now: Date;
}

interface Told<Item> {
  readonly items: Item[];
  readonly faults: HistoryFault[];
}

/**
 * The bars in an answer of `/stock/candle`: columns `t` (epoch seconds), `o`, `h`, `l`, `c`, `v`, and `s`, which is `ok` or `no_data`. Daily candles come
 * adjusted for splits and are told as they were traded, see {@link sharesSince}. Shorter ones come as traded.
 * Source: https://finnhub.io/docs/api/stock-candles. @throws PROVIDER_UNAVAILABLE when it is no such answer.
 */
export function toCandleBars(raw: unknown, asked: AskedCandles, splits: readonly CorporateAction[]): Told<RawBar> {
  const { s: status, t: times, ...columns } = fieldsOf(raw);
  if (status === 'no_data') return { items: [], faults: [] };
  if (status !== 'ok' || !Array.isArray(times)) {
    throw unavailable('finnhub', 'answered 200: expected candles with s and t, got something else');
  }
  const at = (name: string, index: number): unknown => {
    const column = columns[name];
    return Array.isArray(column) ? column[index] : undefined;
  };
  return partReadings(
    times.map((time: unknown, index) => {
      const values = { open: at('o', index), high: at('h', index), low: at('l', index), close: at('c', index) };
      return candleAt({ index, time, fields: { ...values, volume: at('v', index) } }, asked, splits);
    }),
  );
}

interface Candle {
  readonly index: number;
  readonly time: unknown;
  readonly fields: Readonly<Record<'open' | 'high' | 'low' | 'close' | 'volume', unknown>>;
}

function candleAt(
  { index, time, fields }: Candle,
  { request, now }: AskedCandles,
  splits: readonly CorporateAction[],
): Reading<RawBar> {
  const { symbol, interval } = request;
  const instant = new Date(typeof time === 'number' ? time * 1000 : Number.NaN);
  const date = Number.isNaN(instant.getTime()) ? '' : instant.toISOString().slice(0, 10);
  const startAt = interval === '1d' ? sessionStartOf(date, 'equity') : instant;
  const place = { place: `t[${index}]`, now };
  const reading = readBar(place, { symbol, interval, source: 'finnhub' }, { startAt, time, ...fields });
  if ('fault' in reading || interval !== '1d') return reading;
  return { item: asTraded(reading.item, sharesSince(date, splitsOf(splits))) };
}

/** Multiplied prices keep 10 digits: more than a price has, fewer than a product of doubles errs in. */
function asTraded(bar: RawBar, shares: number): RawBar {
  if (shares === 1) return bar;
  const price = (value: number) => Number((value * shares).toPrecision(10));
  const prices = { open: price(bar.open), high: price(bar.high), low: price(bar.low), close: price(bar.close) };
  return { ...bar, ...prices, volume: bar.volume === null ? null : Math.round(bar.volume / shares) };
}

/** The splits in an answer of `/stock/split`: `date`, `fromFactor` old shares for `toFactor` new ones. @throws PROVIDER_UNAVAILABLE when it is no list. */
export function toFinnhubSplits(raw: unknown, symbol: string): Told<CorporateAction> {
  return partReadings(
    listOf(raw, 'splits').map((item, index) => {
      const { date: exDate, fromFactor, toFactor } = fieldsOf(item);
      const place = `splits[${index}]`;
      if (typeof fromFactor !== 'number' || typeof toFactor !== 'number') {
        return faultOf(place, 'fromFactor and toFactor', { expected: 'numbers', got: fromFactor });
      }
      const value = toFactor / fromFactor;
      return readAction(place, { symbol, source: 'finnhub' }, { kind: 'split', exDate, value });
    }),
  );
}

/** The dividends in an answer of `/stock/dividend`: `date` (ex-date), `amount` as it was paid, `currency`. @throws as {@link toFinnhubSplits}. */
export function toFinnhubDividends(raw: unknown, symbol: string): Told<CorporateAction> {
  return partReadings(
    listOf(raw, 'dividends').map((item, index) => {
      const { date: exDate, amount: value, currency } = fieldsOf(item);
      const fields = { kind: 'dividend', exDate, value, currency } as const;
      return readAction(`dividends[${index}]`, { symbol, source: 'finnhub' }, fields);
    }),
  );
}

function listOf(raw: unknown, what: string): readonly unknown[] {
  if (Array.isArray(raw)) return raw;
  throw unavailable('finnhub', `answered 200: expected a list of ${what}, got something else`);
}
