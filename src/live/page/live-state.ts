import type { PriceFrame, WireAverage, WirePrice } from './wire';

/** Points of a symbol's trend that are kept. */
export const TREND_POINTS = 60;
/** A trend takes at most one point in this time, so that a quick symbol's trend still covers a minute. */
export const TREND_STEP_MS = 1_000;

/** One symbol of the table. Instants are epoch milliseconds. */
export interface Row {
  readonly symbol: string;
  readonly price: number;
  readonly change: number;
  readonly changePercent: number;
  readonly currency: string | null;
  readonly provider: string;
  /** The market's time of the price. */
  readonly observedAtMs: number;
  readonly average: WireAverage | undefined;
  /** Oldest first. */
  readonly trend: readonly number[];
  /** When the trend took its newest point, by this machine's clock. */
  readonly trendAtMs: number;
  /** How the price moved last: 1 up, -1 down, 0 not yet. */
  readonly moved: -1 | 0 | 1;
}

/** Whether the socket can be believed: `lost` says since when it cannot. */
export type Link =
  | { readonly phase: 'connecting' }
  | { readonly phase: 'live' }
  /** The service says nothing without another key; final, since the page begins anew with one. */
  | { readonly phase: 'locked' }
  | { readonly phase: 'lost'; readonly sinceMs: number };

export interface LiveState {
  readonly link: Link;
  /** Since when the service itself hears nothing new; undefined while it does. */
  readonly staleSinceMs: number | undefined;
  /** The last change this page has; undefined before the first snapshot. */
  readonly sequence: number | undefined;
  /** True when a change was missed: the service is to be asked for it. */
  readonly hasGap: boolean;
  readonly rows: ReadonlyMap<string, Row>;
  /** By symbol and provider. */
  readonly averages: ReadonlyMap<string, WireAverage>;
  /** Changes of prices taken since the page was opened. */
  readonly taken: number;
}

export type LiveAction =
  | { readonly type: 'frame'; readonly frame: PriceFrame; readonly atMs: number }
  /** A new socket is open: what the one before said of the service's own state is void. */
  | { readonly type: 'opened' }
  /** The socket is gone; `heardAtMs` is when it was last heard. */
  | { readonly type: 'lost'; readonly heardAtMs: number }
  | { readonly type: 'locked' }
  /** Earlier prices of a symbol, oldest first, put before those that were seen live. */
  | { readonly type: 'past'; readonly symbol: string; readonly prices: readonly number[] };

export const NOTHING_YET: LiveState = {
  link: { phase: 'connecting' },
  staleSinceMs: undefined,
  sequence: undefined,
  hasGap: false,
  rows: new Map(),
  averages: new Map(),
  taken: 0,
};

/** The state after `action`; the same object where nothing changed. */
export function reduce(state: LiveState, action: LiveAction): LiveState {
  if (state.link.phase === 'locked') return state;
  switch (action.type) {
    case 'frame':
      return reduceFrame(state, action.frame, action.atMs);
    case 'opened':
      return { ...state, staleSinceMs: undefined };
    case 'lost':
      return state.link.phase === 'lost'
        ? state
        : { ...state, link: { phase: 'lost', sinceMs: action.heardAtMs }, hasGap: false };
    case 'locked':
      return { ...state, link: { phase: 'locked' } };
    case 'past':
      return withPast(state, action.symbol, action.prices);
  }
}

function reduceFrame(state: LiveState, frame: PriceFrame, atMs: number): LiveState {
  switch (frame.type) {
    case 'snapshot': {
      const held = new Map([...state.rows].filter(([symbol]) => Object.hasOwn(frame.prices, symbol)));
      return { ...taking({ ...state, rows: held }, frame.prices, atMs), ...heard(frame.sequence) };
    }
    case 'diff':
      if (state.sequence === undefined || frame.from > state.sequence + 1) return { ...state, hasGap: true };
      if (frame.sequence <= state.sequence) return state;
      return { ...taking(state, frame.prices, atMs), ...heard(frame.sequence) };
    case 'resumed':
      return { ...state, ...heard(frame.from - 1) };
    case 'status':
      return { ...state, staleSinceMs: frame.state === 'live' ? undefined : instantOr(frame.since, atMs) };
    case 'averages':
      return averaged(state, frame.averages);
  }
}

function heard(sequence: number): Pick<LiveState, 'link' | 'sequence' | 'hasGap'> {
  return { link: { phase: 'live' }, sequence, hasGap: false };
}

function taking(state: LiveState, prices: Readonly<Record<string, WirePrice>>, atMs: number): LiveState {
  const rows = new Map(state.rows);
  let taken = state.taken;
  for (const [symbol, wire] of Object.entries(prices)) {
    const known = rows.get(symbol);
    rows.set(symbol, rowOf(symbol, wire, { known, atMs, averages: state.averages }));
    taken += 1;
  }
  return { ...state, rows, taken };
}

interface Seen {
  readonly known: Row | undefined;
  readonly atMs: number;
  readonly averages: LiveState['averages'];
}

function rowOf(symbol: string, wire: WirePrice, { known, atMs, averages }: Seen): Row {
  const { price, change, change_percent: changePercent, currency, provider } = wire;
  const moved = !known || known.price === price ? (known?.moved ?? 0) : price > known.price ? 1 : -1;
  return {
    ...{ symbol, price, change, changePercent, currency, provider, moved },
    observedAtMs: instantOr(wire.timestamp, 0),
    average: averages.get(keyOf(symbol, provider)),
    ...trendAfter(known, price, atMs),
  };
}

function trendAfter(known: Row | undefined, price: number, atMs: number): Pick<Row, 'trend' | 'trendAtMs'> {
  if (!known) return { trend: [price], trendAtMs: atMs };
  const isSoon = atMs - known.trendAtMs < TREND_STEP_MS && known.trend.length > 1;
  if (isSoon) return { trend: [...known.trend.slice(0, -1), price], trendAtMs: known.trendAtMs };
  return { trend: [...known.trend, price].slice(-TREND_POINTS), trendAtMs: atMs };
}

function averaged(state: LiveState, news: readonly WireAverage[]): LiveState {
  const [averages, rows] = [new Map(state.averages), new Map(state.rows)];
  for (const average of news) {
    const { symbol, provider } = average;
    const key = keyOf(symbol, provider);
    const known = averages.get(key);
    if (known && Date.parse(known.timestamp) > Date.parse(average.timestamp)) continue;
    averages.set(key, average);
    const row = rows.get(symbol);
    if (row?.provider === provider) rows.set(symbol, { ...row, average });
  }
  return { ...state, averages, rows };
}

function withPast(state: LiveState, symbol: string, prices: readonly number[]): LiveState {
  const row = state.rows.get(symbol);
  if (!row || prices.length === 0) return state;
  const trend = [...prices, ...row.trend].slice(-TREND_POINTS);
  return { ...state, rows: new Map(state.rows).set(symbol, { ...row, trend }) };
}

function keyOf(symbol: string, provider: string): string {
  return `${symbol} ${provider}`;
}

function instantOr(text: string | undefined, otherwise: number): number {
  const epochMs = Date.parse(text ?? '');
  return Number.isNaN(epochMs) ? otherwise : epochMs;
}
