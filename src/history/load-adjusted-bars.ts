import { DAY_MS } from '../domain/instant';
import { dailySessionOf } from '../domain/market-calendar';
import type { Adjustment } from './adjust';
import { chooseSource } from './choose-source';
import { type HistoryStore, openSeries } from './open-series';

/** One session of one instrument, as models read it. */
export interface SessionPrices {
  /** `YYYY-MM-DD`. */
  readonly session: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

export interface AdjustedBarsRequest {
  readonly symbol: string;
  /** First and last day, `YYYY-MM-DD`, inclusive. */
  readonly start: string;
  readonly end: string;
  /** `all` when left out. */
  readonly adjustment?: Adjustment | undefined;
  readonly source?: string | undefined;
  /** Actions later than this are not yet done; now when left out. */
  readonly asOf?: Date | undefined;
}

/** Rows read at once. */
const PAGE = 5_000;

/** The daily bars of one instrument, adjusted, oldest first; empty where none is stored in the range. @throws SYMBOL_UNKNOWN, STORE_UNAVAILABLE. */
export async function loadAdjustedBars(
  store: HistoryStore,
  { symbol, start, end, adjustment = 'all', source, asOf = new Date() }: AdjustedBarsRequest,
): Promise<readonly SessionPrices[]> {
  const series = await openSeries(store, { symbol, interval: '1d', source, adjustment, asOf });
  const range = rangeOf(start, end);
  const rows: SessionPrices[] = [];
  let after: Date | undefined;
  for (;;) {
    const bars = await series.list({ ...range, after, limit: PAGE });
    for (const { startAt, open, high, low, close } of bars) {
      rows.push({ session: dailySessionOf(startAt, series.instrument.assetClass), open, high, low, close });
    }
    if (bars.length < PAGE) return rows;
    after = bars.at(-1)?.startAt;
  }
}

/** Which daily history is needed: a model's need has this shape. */
export interface NeededHistory {
  readonly symbols: readonly string[];
  /** First and last day, `YYYY-MM-DD`, inclusive. */
  readonly start: string;
  readonly end: string;
}

/** An instrument whose history is not there, and why. */
export interface MissingHistory {
  readonly symbol: string;
  readonly code: 'SYMBOL_UNKNOWN' | 'HISTORY_MISSING';
  readonly detail: string;
}

/** The instruments of `need` without one daily bar in its range, in its order; whether the sessions suffice is for the model to say. @throws STORE_UNAVAILABLE. */
export async function findMissingHistory(store: HistoryStore, need: NeededHistory): Promise<readonly MissingHistory[]> {
  const found = await Promise.all(need.symbols.map((symbol) => missingOf(store, symbol, need)));
  return found.flatMap((missing) => missing ?? []);
}

/** True when every instrument of `need` has a daily bar in its range. @throws STORE_UNAVAILABLE. */
export async function historyAvailable(store: HistoryStore, need: NeededHistory): Promise<boolean> {
  return (await findMissingHistory(store, need)).length === 0;
}

async function missingOf(
  store: HistoryStore,
  symbol: string,
  { start, end }: NeededHistory,
): Promise<MissingHistory | undefined> {
  const instrument = await store.instruments.find(symbol);
  if (!instrument) return { symbol, code: 'SYMBOL_UNKNOWN', detail: `no instrument ${symbol} is stored` };
  const source = chooseSource(await store.bars.coverage(instrument.symbol), '1d');
  const query = { symbol: instrument.symbol, interval: '1d', ...rangeOf(start, end), limit: 1 } as const;
  const bars = source === undefined ? [] : await store.bars.list({ ...query, source });
  if (bars.length > 0) return undefined;
  return { symbol, code: 'HISTORY_MISSING', detail: `no daily bar of ${symbol} from ${start} to ${end} is stored` };
}

/** From the first midnight UTC to the one after the last day: daily bars start at midnight or later on their own UTC day. */
function rangeOf(start: string, end: string): { start: Date; end: Date } {
  return { start: new Date(start), end: new Date(Date.parse(end) + DAY_MS) };
}
