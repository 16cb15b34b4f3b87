import type { AssetClass } from './bar';
import { DAY_MS } from './instant';
import { isWeekend, marketHolidaysOf } from './market-holidays';

/** One regular trading session of NYSE and Nasdaq. */
export interface MarketSession {
  /** The day in New York, `YYYY-MM-DD`. */
  readonly date: string;
  readonly openAt: Date;
  /** The first instant after the session: 16:00 in New York, 13:00 on a short day. */
  readonly closeAt: Date;
}

/** From here on the calendar is exact; earlier days are not judged by it. */
export const CALENDAR_SINCE = '1990-01-01';

const HOUR_MS = 60 * 60 * 1000;
const OPEN_MS = 9.5 * HOUR_MS;
const CLOSE_HOUR = 16;

/** Clocks in New York change at two on a Sunday morning, which is seven UTC in spring and six in autumn. */
const CLOCK_CHANGE_MS = 7 * HOUR_MS;

/** A day of New York, learnt once: bars come by the hundred thousand, days by the thousand. */
interface CalendarDay {
  readonly startMs: number;
  readonly openMs: number;
  readonly session: MarketSession | undefined;
}

const daysSeen = new Map<string, CalendarDay>();
const offsetsSeen = new Map<number, number>();
const textsSeen = new Map<number, string>();
const MAX_DAYS_SEEN = 50_000;

const newYorkHour = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  hour: '2-digit',
  hourCycle: 'h23',
});

/** The regular session (09:30 to 16:00 New York, 13:00 on short days) of a day; undefined when the exchanges are closed, or for a text that is no day. */
export function sessionOf(date: string): MarketSession | undefined {
  return dayOf(date).session;
}

/** True from the opening, and not at the closing. */
export function isOpenAt(instant: Date): boolean {
  const session = sessionOf(newYorkDateOf(instant));
  return session !== undefined && instant >= session.openAt && instant < session.closeAt;
}

/** The first opening after `instant`; at an opening, the next one. */
export function nextOpenAfter(instant: Date): Date {
  let day = Date.parse(newYorkDateOf(instant));
  for (;;) {
    const session = sessionOf(textOfDay(day));
    if (session && session.openAt > instant) return session.openAt;
    day += DAY_MS;
  }
}

/** Sessions that open in `[start, end)`, oldest first. */
export function sessionsBetween(start: Date, end: Date): readonly MarketSession[] {
  const sessions: MarketSession[] = [];
  for (let day = Date.parse(newYorkDateOf(start)); day < end.getTime(); day += DAY_MS) {
    const session = sessionOf(textOfDay(day));
    if (session && session.openAt >= start && session.openAt < end) sessions.push(session);
  }
  return sessions;
}

/**
 * Where the daily bar of `date` (`YYYY-MM-DD`) starts: 09:30 in New York for equities, on any date; midnight UTC for fx and crypto. An invalid
 * date for a text that is no day.
 */
export function sessionStartOf(date: string, assetClass: AssetClass): Date {
  const day = dayOf(date);
  return new Date(assetClass === 'equity' ? day.openMs : day.startMs);
}

/** The date of the session that an instant belongs to, `YYYY-MM-DD`: the inverse of {@link sessionStartOf}. */
export function sessionDateOf(startAt: Date, assetClass: AssetClass): string {
  return assetClass === 'equity' ? newYorkDateOf(startAt) : textOfDay(Math.floor(startAt.getTime() / DAY_MS) * DAY_MS);
}

/**
 * The session that a daily bar is of, `YYYY-MM-DD`. Bars made of ticks cover UTC days: one that starts at midnight UTC, when no equity's session starts, is
 * of that day.
 */
export function dailySessionOf(startAt: Date, assetClass: AssetClass): string {
  return sessionDateOf(startAt, startAt.getTime() % DAY_MS === 0 ? 'crypto' : assetClass);
}

/** The first instant of a day on which it is that day where the instrument trades: midnight in New York for equities, midnight UTC for fx and crypto. */
export function dayStartOf(date: string, assetClass: AssetClass): Date {
  const day = dayOf(date);
  return new Date(assetClass === 'equity' ? day.openMs - OPEN_MS : day.startMs);
}

function newYorkDateOf(instant: Date): string {
  const ms = instant.getTime();
  const day = Math.floor(ms / DAY_MS) * DAY_MS;
  const offset = offsetOfDay(ms - day < CLOCK_CHANGE_MS ? day - DAY_MS : day);
  return textOfDay(Math.floor((ms + offset) / DAY_MS) * DAY_MS);
}

function dayOf(date: string): CalendarDay {
  const seen = daysSeen.get(date);
  if (seen) return seen;
  const day = learnDay(date);
  if (daysSeen.size >= MAX_DAYS_SEEN) daysSeen.clear();
  daysSeen.set(date, day);
  return day;
}

function learnDay(date: string): CalendarDay {
  const startMs = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(date) : Number.NaN;
  // Date.parse takes 30 February for 2 March.
  if (Number.isNaN(startMs) || textOfDay(startMs) !== date) return NO_DAY;
  const midnightMs = startMs - offsetOfDay(startMs);
  const openMs = midnightMs + OPEN_MS;
  const { closed, earlyCloseHour } = marketHolidaysOf(Number(date.slice(0, 4)));
  if (isWeekend(date) || closed.has(date)) return { startMs, openMs, session: undefined };
  const closeMs = midnightMs + (earlyCloseHour.get(date) ?? CLOSE_HOUR) * HOUR_MS;
  return { startMs, openMs, session: { date, openAt: new Date(openMs), closeAt: new Date(closeMs) } };
}

const NO_DAY: CalendarDay = { startMs: Number.NaN, openMs: Number.NaN, session: undefined };

/** Milliseconds that New York's clocks are ahead of UTC (so below zero) when its exchanges open on the day that starts at `day`, UTC. */
function offsetOfDay(day: number): number {
  const seen = offsetsSeen.get(day);
  if (seen !== undefined) return seen;
  const hourUtc = 14;
  const offset = (Number(newYorkHour.format(day + hourUtc * HOUR_MS)) - hourUtc) * HOUR_MS;
  if (offsetsSeen.size >= MAX_DAYS_SEEN) offsetsSeen.clear();
  offsetsSeen.set(day, offset);
  return offset;
}

function textOfDay(day: number): string {
  const seen = textsSeen.get(day);
  if (seen !== undefined) return seen;
  const text = new Date(day).toISOString().slice(0, 10);
  if (textsSeen.size >= MAX_DAYS_SEEN) textsSeen.clear();
  textsSeen.set(day, text);
  return text;
}
