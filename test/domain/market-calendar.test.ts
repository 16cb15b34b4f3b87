import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import {
  isOpenAt,
  nextOpenAfter,
  sessionDateOf,
  sessionOf,
  sessionStartOf,
  sessionsBetween,
} from '../../src/domain/market-calendar';

const REAL_BARS = '../shared/data/daily-ohlcv.csv';
const realTest = existsSync(REAL_BARS) ? test : test.skip;

const datesBetween = (start: string, end: string) =>
  sessionsBetween(new Date(start), new Date(end)).map(({ date }) => date);
const hoursOf = (date: string) => {
  const session = sessionOf(date);
  return session && [session.openAt.toISOString().slice(11, 16), session.closeAt.toISOString().slice(11, 16)];
};

realTest('the sessions are those on which six real instruments traded, 2015 to 2018 (needs ../shared/data)', () => {
  const dates = readFileSync(REAL_BARS, 'utf8').match(/^\d{4}-\d\d-\d\d/gm) ?? [];

  const sessions = datesBetween('2015-01-01', '2019-01-01');

  expect(sessions).toEqual([...new Set(dates)].sort());
  expect(sessions).toHaveLength(1006);
});

test('a year has as many sessions as the exchange counts', () => {
  const counts = [1990, 2001, 2012, 2016, 2020, 2021, 2022, 2023, 2024, 2025].map(
    (year) => datesBetween(`${year}-01-01`, `${year + 1}-01-01`).length,
  );

  expect(counts).toEqual([253, 248, 250, 252, 253, 252, 251, 250, 252, 250]);
});

test.each([
  ['New Year on a Sunday is kept on Monday', '2023-01-02'],
  ['Martin Luther King', '2024-01-15'],
  ['Presidents', '2024-02-19'],
  ['Good Friday', '2024-03-29'],
  ['Good Friday in April', '2019-04-19'],
  ['Memorial', '2024-05-27'],
  ['Juneteenth', '2024-06-19'],
  ['Juneteenth on a Sunday', '2022-06-20'],
  ['Independence on a Saturday', '2020-07-03'],
  ['Labor', '2024-09-02'],
  ['Thanksgiving', '2024-11-28'],
  ['Christmas on a Saturday', '2021-12-24'],
  ['the attacks of 2001', '2001-09-14'],
  ['Reagan', '2004-06-11'],
  ['Ford', '2007-01-02'],
  ['hurricane Sandy', '2012-10-30'],
  ['Bush', '2018-12-05'],
  ['Carter', '2025-01-09'],
  ['a Saturday', '2024-06-01'],
  ['a text that is no day', '2024-02-30'],
])('no session: %s', (_, date) => {
  expect(sessionOf(date)).toBeUndefined();
});

test.each([
  ['the Friday before a New Year on a Saturday', '2021-12-31'],
  ['Martin Luther King before 1998', '1997-01-20'],
  ['Juneteenth before 2022', '2020-06-19'],
  ['Columbus day', '2024-10-14'],
  ['a leap day', '2024-02-29'],
])('a session: %s', (_, date) => {
  expect(sessionOf(date)?.date).toBe(date);
});

test('days on which the exchange closes at 13:00 as it published them, and no others', () => {
  const shortDays = (year: number) =>
    sessionsBetween(new Date(`${year}-01-01`), new Date(`${year + 1}-01-01`))
      .filter(({ openAt, closeAt }) => closeAt.getTime() - openAt.getTime() === 3.5 * 3_600_000)
      .map(({ date }) => date.slice(5));

  expect(shortDays(2002)).toEqual(['07-05', '11-29', '12-24']);
  expect(shortDays(2013)).toEqual(['07-03', '11-29', '12-24']);
  expect(shortDays(2018)).toEqual(['07-03', '11-23', '12-24']);
  expect(shortDays(2020)).toEqual(['11-27', '12-24']);
  expect(shortDays(2021)).toEqual(['11-26']);
  expect(shortDays(2022)).toEqual(['11-25']);
  expect(shortDays(2023)).toEqual(['07-03', '11-24']);
  expect(shortDays(2024)).toEqual(['07-03', '11-29', '12-24']);
  expect(shortDays(2025)).toEqual(['07-03', '11-28', '12-24']);
  expect(shortDays(2026)).toEqual(['11-27', '12-24']);
});

test('hours follow the clocks of New York', () => {
  expect(hoursOf('2026-03-06')).toEqual(['14:30', '21:00']);
  expect(hoursOf('2026-03-09')).toEqual(['13:30', '20:00']);
  expect(hoursOf('2026-10-30')).toEqual(['13:30', '20:00']);
  expect(hoursOf('2026-11-02')).toEqual(['14:30', '21:00']);
  expect(hoursOf('2026-11-27')).toEqual(['14:30', '18:00']);
});

test('the market is open from the bell until the close, which is not in it', () => {
  expect(isOpenAt(new Date('2026-03-09T13:29:59.999Z'))).toBe(false);
  expect(isOpenAt(new Date('2026-03-09T13:30:00.000Z'))).toBe(true);
  expect(isOpenAt(new Date('2026-03-09T19:59:59.999Z'))).toBe(true);
  expect(isOpenAt(new Date('2026-03-09T20:00:00.000Z'))).toBe(false);
  expect(isOpenAt(new Date('2026-11-27T18:30:00.000Z'))).toBe(false);
  expect(isOpenAt(new Date('2026-03-08T15:00:00.000Z'))).toBe(false);
});

test('the next opening is after the weekend, the holiday and the change of clocks', () => {
  const openAfter = (instant: string) => nextOpenAfter(new Date(instant)).toISOString();

  expect(openAfter('2026-03-06T21:00:00.000Z')).toBe('2026-03-09T13:30:00.000Z');
  expect(openAfter('2026-03-09T13:30:00.000Z')).toBe('2026-03-10T13:30:00.000Z');
  expect(openAfter('2026-03-09T13:29:59.999Z')).toBe('2026-03-09T13:30:00.000Z');
  expect(openAfter('2026-07-02T20:00:00.000Z')).toBe('2026-07-06T13:30:00.000Z');
});

test('a daily bar starts at the bell for equities, on any date, and at midnight UTC elsewhere', () => {
  expect(sessionStartOf('2026-07-01', 'equity')).toEqual(new Date('2026-07-01T13:30:00.000Z'));
  expect(sessionStartOf('2026-12-25', 'equity')).toEqual(new Date('2026-12-25T14:30:00.000Z'));
  expect(sessionStartOf('2026-07-01', 'fx')).toEqual(new Date('2026-07-01T00:00:00.000Z'));
  expect(sessionStartOf('2026-07-04', 'crypto')).toEqual(new Date('2026-07-04T00:00:00.000Z'));
  expect(sessionStartOf('2026-02-30', 'equity').getTime()).toBeNaN();
});

test('an evening in New York belongs to its own date, also in the night the clocks change', () => {
  expect(sessionDateOf(new Date('2026-07-02T01:00:00.000Z'), 'equity')).toBe('2026-07-01');
  expect(sessionDateOf(new Date('2026-03-08T04:30:00.000Z'), 'equity')).toBe('2026-03-07');
  expect(sessionDateOf(new Date('2026-11-01T04:30:00.000Z'), 'equity')).toBe('2026-11-01');
  expect(sessionDateOf(new Date('2026-11-02T04:30:00.000Z'), 'equity')).toBe('2026-11-01');
  expect(sessionDateOf(new Date('2026-07-02T01:00:00.000Z'), 'crypto')).toBe('2026-07-02');
});

test('the date of a session and its start are each other s inverse', () => {
  const day = fc.integer({ min: Date.UTC(1970, 0, 1) / 86_400_000, max: Date.UTC(2060, 0, 1) / 86_400_000 });

  fc.assert(
    fc.property(day, fc.constantFrom('equity' as const, 'fx' as const, 'crypto' as const), (days, assetClass) => {
      const date = new Date(days * 86_400_000).toISOString().slice(0, 10);
      expect(sessionDateOf(sessionStartOf(date, assetClass), assetClass)).toBe(date);
    }),
  );
});
