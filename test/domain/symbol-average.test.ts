import { averageJson, type SymbolAverage, symbolAverageSchema } from '../../src/domain/symbol-average';

const AVERAGE: SymbolAverage = {
  symbol: 'BRK-B',
  provider: 'replay',
  window: 5,
  average: 12.5,
  observedAt: new Date('2026-01-05T15:00:00.123Z'),
  sequence: 17,
  eventId: 'replay:BRK-B:1767625200123:17:13',
};

test.each([
  ['a derived event id', AVERAGE.eventId],
  ['an event id with quotes, backslashes and other letters', '"\\\n é 漢'],
])('an average with %s is written as its schema reads it', (_, eventId) => {
  const json = averageJson({ ...AVERAGE, eventId });

  expect(symbolAverageSchema.parse(JSON.parse(json))).toEqual({
    symbol: 'BRK-B',
    provider: 'replay',
    window: 5,
    average: 12.5,
    count: 5,
    timestamp: '2026-01-05T15:00:00.123Z',
    event_id: eventId,
  });
});

test.each([1e-7, 1e21, 0.1 + 0.2, -37.63])('the average %p is written to the last digit', (average) => {
  expect(JSON.parse(averageJson({ ...AVERAGE, average })).average).toBe(average);
});
