import fc from 'fast-check';
import { formatInstant, parseInstant } from '../../src/domain/instant';

const anyInstant = fc.date({
  min: new Date('0001-01-01T00:00:00.000Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});

test('every instant is written as toISOString writes it, and read back', () => {
  fc.assert(
    fc.property(fc.array(anyInstant, { minLength: 1, maxLength: 5 }), (instants) => {
      for (const instant of instants) {
        expect(formatInstant(instant)).toBe(instant.toISOString());
        expect(parseInstant(instant.toISOString())).toBe(instant.getTime());
      }
    }),
  );
});

test.each([
  '2013-02-30T15:00:00.000Z',
  '2026-13-05T15:00:00.000Z',
  '2026-01-05T24:00:00.000Z',
  '2026-01-05T23:60:00.000Z',
  '2026-01-05T23:59:60.000Z',
  '2026-01-05T15:00:00Z',
  '2026-01-05T15:00:00.000+00:00',
  '2026-01-05 15:00:00.000Z',
  '2026-01-05T15:00:00.000Z\n',
  '',
])('%j is no instant', (text) => {
  parseInstant('2026-01-05T00:00:00.000Z');

  expect(parseInstant(text)).toBeNaN();
});
