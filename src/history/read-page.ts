import type { Bar } from '../domain/bar';
import { sessionGapsOf } from '../domain/session-gaps';
import { openSessionSet } from '../domain/session-set';
import type { BarQuery } from '../store/history-store';
import type { Series } from './open-series';

/** One page of a series. */
export interface SeriesPage {
  /** Oldest first. */
  readonly bars: readonly Bar[];
  /** True when the range has more bars. */
  readonly hasMore: boolean;
  /** Sessions (`YYYY-MM-DD`) that have no bar, between the bar before the page, else its first, and its last. */
  readonly gaps: readonly string[];
}

/** Reads one page, and sees what is missing in it. @throws STORE_UNAVAILABLE. */
export async function readPage(
  series: Series,
  range: Pick<BarQuery, 'start' | 'end' | 'after' | 'limit'>,
): Promise<SeriesPage> {
  const found = await series.list({ ...range, limit: range.limit + 1 });
  const bars = found.slice(0, range.limit);
  return { bars, hasMore: found.length > bars.length, gaps: gapsOf(series, bars, range.after) };
}

function gapsOf({ instrument, interval }: Series, bars: readonly Bar[], after: Date | undefined): readonly string[] {
  const [first, last] = [bars[0], bars.at(-1)];
  if (!first || !last) return [];
  const sessions = openSessionSet(interval);
  if (after) sessions.add(after);
  for (const { startAt } of bars) sessions.add(startAt);
  const range = { from: after ?? first.startAt, to: last.startAt, has: sessions.has };
  return sessionGapsOf({ symbol: instrument.symbol, interval }, range);
}
