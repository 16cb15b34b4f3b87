import type { Bar } from './bar';
import { CALENDAR_SINCE, sessionsBetween } from './market-calendar';
import { tradesInNewYork } from './trades-in-new-york';

/**
 * Sessions (`YYYY-MM-DD`) after `from` and before `to` that a daily series of what trades in New York does not have; none for any other series, which
 * the calendar does not judge. Gaps are shown, never filled.
 */
export function sessionGapsOf(
  { symbol, interval }: Pick<Bar, 'symbol' | 'interval'>,
  { from, to, has }: { from: Date; to: Date; has(startAt: Date): boolean },
): readonly string[] {
  if (interval !== '1d' || !tradesInNewYork(symbol)) return [];
  const judged = new Date(Math.max(from.getTime(), Date.parse(CALENDAR_SINCE)));
  return sessionsBetween(judged, to).flatMap(({ date, openAt }) => (has(openAt) ? [] : [date]));
}
