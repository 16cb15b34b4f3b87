import { DAY_MS } from './instant';
/** Days on which the New York exchanges do not trade, and those on which they close early, of one year, as `YYYY-MM-DD`. */
export interface MarketHolidays {
  readonly closed: ReadonlySet<string>;
  /** By day: the hour in New York at which trading ends. */
  readonly earlyCloseHour: ReadonlyMap<string, number>;
}

const [SUNDAY, MONDAY, THURSDAY, SATURDAY] = [0, 1, 4, 6];

/** Closures outside the rules: presidents' funerals, the attacks of 2001, hurricane Sandy (NYSE, historical closings since 1990). */
const SPECIAL_CLOSURES = [
  '1994-04-27',
  '2001-09-11',
  '2001-09-12',
  '2001-09-13',
  '2001-09-14',
  '2004-06-11',
  '2007-01-02',
  '2012-10-29',
  '2012-10-30',
  '2018-12-05',
  '2025-01-09',
];

/** Days on which trading ended early outside the rules. */
const SPECIAL_EARLY_CLOSES = ['1997-12-26', '1999-12-31', '2003-12-26'];

const yearsSeen = new Map<number, MarketHolidays>();

/**
 * Holidays and early closes of NYSE and Nasdaq in `year`. Rules and special days are those of the NYSE (Rule 7.2 "Holidays", the yearly "Holidays and
 * Trading Hours" announcements, and its list of historical closings). Exact from 1990; special closures of the future are not known.
 */
export function marketHolidaysOf(year: number): MarketHolidays {
  const known = yearsSeen.get(year);
  if (known) return known;
  const closed = new Set([...holidaysOf(year), ...SPECIAL_CLOSURES]);
  const holidays = { closed, earlyCloseHour: earlyClosesOf(year, closed) };
  yearsSeen.set(year, holidays);
  return holidays;
}

function holidaysOf(year: number): string[] {
  const days = [
    newYearOf(year),
    nthWeekday({ year, month: 2, weekday: MONDAY, nth: 3 }),
    easterOf(year) - 2 * DAY_MS,
    lastMondayOfMay(year),
    observed(year, 7, 4),
    nthWeekday({ year, month: 9, weekday: MONDAY, nth: 1 }),
    thanksgivingOf(year),
    observed(year, 12, 25),
  ];
  if (year >= 1998) days.push(nthWeekday({ year, month: 1, weekday: MONDAY, nth: 3 }));
  if (year >= 2022) days.push(observed(year, 6, 19));
  return days.map(textOf);
}

/** The day after Thanksgiving (since 1992), Christmas Eve and the eve of Independence Day: 13:00 by the exchange's custom, 14:00 before 1993. */
function earlyClosesOf(year: number, closed: ReadonlySet<string>): Map<string, number> {
  const dayAfterThanksgiving = year >= 1992 ? [thanksgivingOf(year) + DAY_MS] : [];
  const days = [...dayAfterThanksgiving, dayOf(year, 12, 24), ...independenceEarlyClosesOf(year)].map(textOf);
  const hour = year >= 1993 ? 13 : 14;
  const trading = [...days, ...SPECIAL_EARLY_CLOSES].filter((day) => !closed.has(day) && !isWeekend(day));
  return new Map(trading.map((day) => [day, hour]));
}

/** Since 1995. When the fourth is a Thursday, the Friday after it was short until 2012 and the Wednesday before it is since 2013. */
function independenceEarlyClosesOf(year: number): number[] {
  if (year < 1995) return [];
  const fourth = dayOf(year, 7, 4);
  const weekday = weekdayOf(fourth);
  if (weekday === THURSDAY) return [year < 2013 ? fourth + DAY_MS : fourth - DAY_MS];
  return weekday === MONDAY || weekday === SATURDAY || weekday === SUNDAY ? [] : [fourth - DAY_MS];
}

/** A New Year's Day on a Saturday is not made up for: the last day of the year is a trading day. */
function newYearOf(year: number): number {
  const day = dayOf(year, 1, 1);
  return weekdayOf(day) === SUNDAY ? day + DAY_MS : day;
}

/** A holiday on a Saturday is kept on the Friday before, one on a Sunday on the Monday after. */
function observed(year: number, month: number, date: number): number {
  const day = dayOf(year, month, date);
  const weekday = weekdayOf(day);
  if (weekday === SATURDAY) return day - DAY_MS;
  return weekday === SUNDAY ? day + DAY_MS : day;
}

function thanksgivingOf(year: number): number {
  return nthWeekday({ year, month: 11, weekday: THURSDAY, nth: 4 });
}

function lastMondayOfMay(year: number): number {
  const last = dayOf(year, 5, 31);
  return last - ((weekdayOf(last) + 7 - MONDAY) % 7) * DAY_MS;
}

function nthWeekday({
  year,
  month,
  weekday,
  nth,
}: {
  year: number;
  month: number;
  weekday: number;
  nth: number;
}): number {
  const first = dayOf(year, month, 1);
  return first + (((weekday + 7 - weekdayOf(first)) % 7) + (nth - 1) * 7) * DAY_MS;
}

/** Gregorian Easter Sunday by the anonymous algorithm (Meeus, Astronomical Algorithms, chapter 8); letters are the book's. */
function easterOf(year: number): number {
  const a = year % 19;
  const [b, c] = [Math.floor(year / 100), year % 100];
  const g = Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3);
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return dayOf(year, Math.floor(n / 31), (n % 31) + 1);
}

/** True for a Saturday or Sunday. */
export function isWeekend(date: string): boolean {
  const weekday = weekdayOf(Date.parse(date));
  return weekday === SATURDAY || weekday === SUNDAY;
}

function dayOf(year: number, month: number, date: number): number {
  return Date.UTC(year, month - 1, date);
}

function weekdayOf(day: number): number {
  return new Date(day).getUTCDay();
}

function textOf(day: number): string {
  return new Date(day).toISOString().slice(0, 10);
}
