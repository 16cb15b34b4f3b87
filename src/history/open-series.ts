import type { Bar, BarInterval } from '../domain/bar';
import type { CorporateAction } from '../domain/corporate-action';
import type { Instrument } from '../domain/instrument';
import { dailySessionOf, dayStartOf, sessionDateOf } from '../domain/market-calendar';
import { TickwireError } from '../platform/errors';
import type { BarQuery } from '../store/history-store';
import type { Store } from '../store/store';
import {
  type Adjustment,
  type AdjustmentPlan,
  adjustBar,
  chooseActions,
  planAdjustment,
  type UnappliedAction,
} from './adjust';
import { chooseSource, preferredSource } from './choose-source';

/** What reading needs of a store. */
export type HistoryStore = Pick<Store, 'bars' | 'corporateActions' | 'instruments'>;

/** Which series is wanted. */
export interface SeriesRequest {
  /** The pipeline's symbol or any vendor's spelling of it. */
  readonly symbol: string;
  readonly interval: BarInterval;
  /** Named by the caller; else chosen by {@link chooseSource}. */
  readonly source?: string | undefined;
  readonly adjustment: Adjustment;
  /** Actions whose ex-date is later are announced, not yet done, and adjust nothing. */
  readonly asOf: Date;
}

/** One standardised series of one instrument, from one source. */
export interface Series {
  readonly instrument: Instrument;
  readonly interval: BarInterval;
  readonly adjustment: Adjustment;
  /** Null where nothing is stored, and no source was named. */
  readonly source: string | null;
  /** Actions that could not be taken into account. */
  readonly unapplied: readonly UnappliedAction[];
  /** Oldest first, adjusted. Every page of a series is adjusted to the same day: that of `asOf`. */
  list(range: Pick<BarQuery, 'start' | 'end' | 'after' | 'limit'>): Promise<readonly Bar[]>;
}

/** @throws SYMBOL_UNKNOWN; STORE_UNAVAILABLE. */
export async function openSeries(store: HistoryStore, request: SeriesRequest): Promise<Series> {
  const { interval, adjustment } = request;
  // Asked at once: mostly the symbol is the pipeline's own.
  const [instrument, preferred] = await Promise.all([
    findInstrument(store, request.symbol),
    request.source ?? preferredSource(store, request.symbol, interval),
  ]);
  const { symbol } = instrument;
  const isNamed = request.symbol === symbol || request.source !== undefined;
  const source = (isNamed ? preferred : await preferredSource(store, symbol, interval)) ?? null;
  const series = { instrument, interval, adjustment, source };
  if (source === null) return { ...series, unapplied: [], list: () => Promise.resolve([]) };
  const { steps, unapplied } = await planOf(store, { ...request, instrument, source });
  return {
    ...series,
    unapplied,
    list: async (range) => {
      const bars = await store.bars.list({ ...range, symbol, interval, source });
      return steps.length === 0 ? bars : bars.map((bar) => adjustBar(bar, steps));
    },
  };
}

/** The instrument of a symbol or a vendor's spelling. @throws SYMBOL_UNKNOWN saying how history is loaded. */
export async function findInstrument(store: Pick<Store, 'instruments'>, symbol: string): Promise<Instrument> {
  const found = await store.instruments.find(symbol);
  if (found) return found;
  const detail = `symbol: no instrument ${symbol} is stored; tickwire ingest loads its history`;
  throw new TickwireError('SYMBOL_UNKNOWN', detail);
}

interface PlanRequest extends Omit<SeriesRequest, 'symbol'> {
  readonly instrument: Instrument;
  readonly source: string;
}

async function planOf(store: HistoryStore, request: PlanRequest): Promise<AdjustmentPlan> {
  const { instrument, adjustment, source, interval } = request;
  if (adjustment === 'raw') return { steps: [], unapplied: [] };
  const { symbol, assetClass } = instrument;
  const end = sessionDateOf(request.asOf, assetClass);
  const actions = chooseActions(await store.corporateActions.list({ symbol, end }), source);
  const dividends = adjustment === 'all' ? actions.filter(({ kind }) => kind === 'dividend') : [];
  const closes = await closesBefore(store, dividends, request);
  const plan = planAdjustment({
    adjustment,
    actions,
    exAtOf: (exDate) => (interval === '1d' ? new Date(exDate) : dayStartOf(exDate, assetClass)),
    closeBefore: (exDate) => closes.get(exDate),
  });
  const unpriced = interval === '1d' ? [] : dividends.filter(({ exDate }) => !closes.has(exDate));
  const reason = 'no daily close before its ex-date is stored';
  return { ...plan, unapplied: [...plan.unapplied, ...unpriced.map((action) => ({ action, reason }))] };
}

/** Bars that are looked through at once. */
const PAGE = 5_000;

/**
 * The close of the last daily bar before each dividend. Bars of another interval are adjusted by the daily bars of the same source, or of the preferred
 * one where it has none.
 */
async function closesBefore(
  store: HistoryStore,
  dividends: readonly CorporateAction[],
  { instrument: { symbol, assetClass }, source: barSource, interval: barInterval }: PlanRequest,
): Promise<ReadonlyMap<string, number>> {
  const closes = new Map<string, number>();
  const exDates = dividends.map(({ exDate }) => exDate).sort();
  const lastExDate = exDates.at(-1);
  if (lastExDate === undefined) return closes;
  const source = barInterval === '1d' ? barSource : await dailySource(store, symbol, barSource);
  if (source === undefined) return closes;
  const query = { symbol, interval: '1d', source, end: new Date(lastExDate), limit: PAGE } as const;
  let before: Bar | undefined;
  let next = 0;
  for await (const bar of everyBar(store, query)) {
    const date = dailySessionOf(bar.startAt, assetClass);
    for (let exDate = exDates[next]; exDate !== undefined && exDate <= date; exDate = exDates[next]) {
      if (before) closes.set(exDate, before.close);
      next += 1;
    }
    before = bar;
  }
  for (const exDate of exDates.slice(next)) if (before) closes.set(exDate, before.close);
  return closes;
}

async function dailySource(store: HistoryStore, symbol: string, preferred: string): Promise<string | undefined> {
  const daily = (await store.bars.coverage(symbol)).filter(({ interval }) => interval === '1d');
  return daily.some(({ source }) => source === preferred) ? preferred : chooseSource(daily, '1d');
}

/** All bars of a query, `limit` of them in memory at a time. */
export async function* everyBar(store: Pick<Store, 'bars'>, query: BarQuery): AsyncGenerator<Bar> {
  let after = query.after;
  for (;;) {
    const page = await store.bars.list({ ...query, after });
    yield* page;
    if (page.length < query.limit) return;
    after = page.at(-1)?.startAt;
  }
}
