import { closedUntil } from '../../src/domain/market-hours';

const MONDAY_NOON = new Date('2026-01-05T17:00:00.000Z');
const MONDAY_EVENING = new Date('2026-01-05T22:00:00.000Z');
const TUESDAY_OPENING = new Date('2026-01-06T14:30:00.000Z');
const FRIDAY_EVENING = new Date('2026-01-16T22:00:00.000Z');
/** The Monday between is Martin Luther King's day. */
const OPENING_AFTER_HOLIDAY = new Date('2026-01-20T14:30:00.000Z');

test.each<[string, string[], Date, Date | undefined]>([
  ['an American share at noon is not closed', ['AAPL'], MONDAY_NOON, undefined],
  ['it is closed in the evening, until the next opening', ['AAPL', 'BRK.B'], MONDAY_EVENING, TUESDAY_OPENING],
  ['a weekend and a holiday are passed over', ['AAPL'], FRIDAY_EVENING, OPENING_AFTER_HOLIDAY],
  ['crypto never closes', ['BTC-USD'], MONDAY_EVENING, undefined],
  ['nor does a job in which one symbol never closes', ['AAPL', 'EURUSD=X'], MONDAY_EVENING, undefined],
  ['a listing elsewhere is not judged by the American calendar', ['VOD.L'], MONDAY_EVENING, undefined],
])('%s', (_, symbols, instant, expected) => {
  expect(closedUntil(symbols, instant)).toEqual(expected);
});
