import { TickwireError } from '../platform/errors';
import type { AlignedHistory, HistoryNeed, InstrumentHistory, Json } from './model';

/** Adjusted prices of one session. */
export interface SessionPrices {
  /** `YYYY-MM-DD`. */
  readonly session: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

interface Series {
  readonly symbol: string;
  readonly bySession: ReadonlyMap<string, SessionPrices>;
}

/**
 * Brings the series of several instruments onto common sessions, by the policy of `need`. The sessions looked at are those that any of the instruments has
 * between start and end; one that an instrument lacks takes its last close as open, high, low and close, at most `maxForwardFill` times in a row, and
 * a session that then still lacks an instrument is dropped. `series` holds the rows of each symbol in any order; rows outside the days are ignored.
 * @throws HISTORY_MISSING when a symbol has no session at all; MODEL_INPUT_UNUSABLE when a price is no number above zero, a session is there
 * twice, or fewer than `minSessions` are left.
 */
export function alignHistory(need: HistoryNeed, series: ReadonlyMap<string, readonly SessionPrices[]>): AlignedHistory {
  const found = need.symbols.map((symbol) => seriesOf(symbol, series.get(symbol) ?? [], need));
  const union = [...new Set(found.flatMap(({ bySession }) => [...bySession.keys()]))].sort();
  const columns = found.map((each) => filledColumn(each, union, need.missingData.maxForwardFill));
  const kept = union.flatMap((session, index) =>
    columns.every((column) => column[index]) ? [{ session, index }] : [],
  );
  checkLength(need, kept.length, found);
  const instruments = need.symbols.map((symbol, place) => instrumentOf(symbol, columns[place] ?? [], kept));
  return {
    sessions: kept.map(({ session }) => session),
    instruments,
    policy: need.missingData,
    dropped: union.length - kept.length,
    filled: kept.reduce((sum, { index }) => sum + columns.filter((column) => column[index]?.isFilled).length, 0),
  };
}

function seriesOf(symbol: string, rows: readonly SessionPrices[], { start, end }: HistoryNeed): Series {
  const bySession = new Map<string, SessionPrices>();
  for (const row of rows) {
    if (row.session < start || row.session > end) continue;
    if (bySession.has(row.session)) throw unusable(`${symbol} has the session ${row.session} twice`);
    checkPrices(symbol, row);
    bySession.set(row.session, row);
  }
  if (bySession.size === 0) {
    throw new TickwireError('HISTORY_MISSING', `no history of ${symbol} is stored between ${start} and ${end}`);
  }
  return { symbol, bySession };
}

function checkPrices(symbol: string, row: SessionPrices): void {
  for (const field of ['open', 'high', 'low', 'close'] as const) {
    const price = row[field];
    if (Number.isFinite(price) && price > 0) continue;
    throw unusable(`${symbol} ${row.session}: expected ${field} to be a number above 0, got ${price}`);
  }
}

interface Cell extends SessionPrices {
  readonly isFilled: boolean;
}

function filledColumn({ bySession }: Series, union: readonly string[], maxFill: number): (Cell | undefined)[] {
  let last: SessionPrices | undefined;
  let filledInARow = 0;
  return union.map((session) => {
    const row = bySession.get(session);
    filledInARow = row ? 0 : filledInARow + 1;
    if (row) {
      last = row;
      return { ...row, isFilled: false };
    }
    if (!last || filledInARow > maxFill) return undefined;
    const { close } = last;
    return { session, open: close, high: close, low: close, close, isFilled: true };
  });
}

function checkLength({ missingData, start, end }: HistoryNeed, left: number, found: readonly Series[]): void {
  if (left >= missingData.minSessions) return;
  const shortest = found.reduce((least, each) => (each.bySession.size < least.bySession.size ? each : least));
  throw unusable(
    `expected at least ${missingData.minSessions} sessions that all ${found.length} instruments have between ${start} and ${end}, ` +
      `got ${left}; the shortest series is ${shortest.symbol} with ${shortest.bySession.size}`,
  );
}

function instrumentOf(
  symbol: string,
  column: readonly (Cell | undefined)[],
  kept: readonly { readonly index: number }[],
): InstrumentHistory {
  const cells = kept.flatMap(({ index }) => column[index] ?? []);
  return {
    symbol,
    open: cells.map(({ open }) => open),
    high: cells.map(({ high }) => high),
    low: cells.map(({ low }) => low),
    close: cells.map(({ close }) => close),
  };
}

/** What a result says about the history it was computed from. */
export function historyView({ sessions, instruments, policy, dropped, filled }: AlignedHistory): Json {
  return {
    symbols: instruments.map(({ symbol }) => symbol),
    sessions: sessions.length,
    first_session: sessions[0] ?? null,
    last_session: sessions.at(-1) ?? null,
    missing_data: {
      join: policy.join,
      max_forward_fill: policy.maxForwardFill,
      min_sessions: policy.minSessions,
      sessions_dropped: dropped,
      values_filled: filled,
    },
  };
}

/** Sentences about sessions left out and prices filled; empty when the series fitted as they were. */
export function historyWarnings({ dropped, filled }: AlignedHistory): string[] {
  const sentences: string[] = [];
  if (dropped > 0) sentences.push(`${dropped} sessions were left out because an instrument lacked them.`);
  if (filled > 0) sentences.push(`${filled} missing prices were filled with the close before them.`);
  return sentences;
}

/** The history of a model that always asks for one. @throws MODEL_INPUT_UNUSABLE when it was not loaded. */
export function historyIn({ history }: { readonly history: AlignedHistory | null }): AlignedHistory {
  if (!history) throw unusable('the model needs history and was given none');
  return history;
}

/** The error of input that no model can compute from. */
export function unusable(sentence: string): TickwireError {
  return new TickwireError('MODEL_INPUT_UNUSABLE', sentence);
}
