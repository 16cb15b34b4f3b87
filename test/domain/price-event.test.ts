import fc from 'fast-check';
import { priceEvents } from '../../src/bus/topics';
import {
  compareEventKeys,
  isPrice,
  priceEventId,
  priceEventSchema,
  readPriceEvent,
  toPriceEvent,
  toWire,
} from '../../src/domain/price-event';
import { symbolSchema } from '../../src/domain/symbol';
import { aPriceEvent } from '../support/price-events';

const NOW = new Date('2026-01-05T16:00:00.000Z');

const recordOf = (event = aPriceEvent()) => {
  const { key, value } = priceEvents.message(event);
  return { key: Buffer.from(String(key)), value: Buffer.from(String(value)) };
};

test('an event id is derived from provider, symbol, instant, sequence and price', () => {
  const event = { provider: 'replay', symbol: 'AIG', price: 48.31, sequence: 17, observedAt: new Date(1381152602123) };

  expect(priceEventId(aPriceEvent(event))).toBe('replay:AIG:1381152602123:17:48.31');
});

test('what is encoded decodes to the same event', () => {
  const event = aPriceEvent({ rawResponseId: '0b9f2b9c-5c8e-4a52-9a5e-0b6a3f0e8a11', currency: null, volume: null });

  expect(priceEvents.decode(recordOf(event), NOW)).toEqual({ ok: true, event });
});

test('sequence is compared as a number, ids as text', () => {
  const at = new Date(0);
  const keys = [
    { observedAt: at, sequence: 10, eventId: 'a' },
    { observedAt: at, sequence: 9, eventId: 'b' },
    { observedAt: at, sequence: 9, eventId: 'a' },
    { observedAt: new Date(-1), sequence: 99, eventId: 'z' },
  ];

  const sorted = [...keys].sort(compareEventKeys).map((key) => `${key.sequence}${key.eventId}`);

  expect(sorted).toEqual(['99z', '9a', '9b', '10a']);
});

test.each([
  ['a null value', { value: null }, /null/],
  ['text that is no JSON', { value: Buffer.from('{"symbol":') }, /JSON/],
  ['bytes that are no UTF-8', { value: Buffer.from([0x7b, 0xff, 0xfe]) }, /UTF-8/],
  ['no key', { key: null }, /key: expected the symbol AAPL, got no key/],
  ['a key that is not the symbol', { key: Buffer.from('MSFT') }, /got MSFT/],
])('a record with %s does not decode', (_, part, reason) => {
  const decoded = priceEvents.decode({ ...recordOf(), ...part }, NOW);

  expect(decoded).toMatchObject({ ok: false, detail: expect.stringMatching(reason) });
});

test.each([
  ['price', '"100"'],
  ['price', '0'],
  ['price', '-1'],
  ['price', 'null'],
  ['price', '1e999'],
  ['symbol', '"aapl"'],
  ['sequence', '1.5'],
  ['sequence', '-1'],
  ['timestamp', '"2026-01-05 15:00:00"'],
  ['timestamp', '"2026-13-45T15:00:00.000Z"'],
  ['timestamp', '"2013-02-30T15:00:00.000Z"'],
  ['timestamp', '"2026-01-06T16:00:00.001Z"'],
  ['fetched_at', 'null'],
  ['volume', '-5'],
  ['raw_response_id', '"not-a-uuid"'],
])('a record whose %s is %s does not decode', (field, json) => {
  const text = recordOf()
    .value.toString()
    .replace(new RegExp(`"${field}":("[^"]*"|[^,}]+)`), `"${field}":${json}`);

  const decoded = priceEvents.decode({ ...recordOf(), value: Buffer.from(text) }, NOW);

  expect(decoded).toMatchObject({ ok: false });
});

test('only a future can be priced at or below zero', () => {
  expect(isPrice(-37.63, 'CL=F')).toBe(true);
  expect(isPrice(-37.63, 'AAPL')).toBe(false);
  expect(isPrice(Number.NaN, 'CL=F')).toBe(false);
});

test('the quick way takes only what the schema takes, all that is written here, and reads it the same', () => {
  const wire = toWire(aPriceEvent({ rawResponseId: '0b9f2b9c-5c8e-4a52-9a5e-0b6a3f0e8a11' }));
  const odd = fc.constantFrom<unknown>(
    ...[
      null,
      undefined,
      '',
      'x',
      0,
      -1,
      1.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      'AAPL',
      '2026-02-30T00:00:00.000Z',
      {},
      [],
      true,
      'A'.repeat(201),
    ],
  );
  const fields = fc.constantFrom(...(Object.keys(wire) as (keyof typeof wire)[]));

  expect(readPriceEvent(wire)).toEqual(toPriceEvent(wire));
  fc.assert(
    fc.property(fields, odd, (field, value) => {
      const changed = { ...wire, [field]: value };
      const bySchema = priceEventSchema.safeParse(changed);

      expect(readPriceEvent(changed)).toEqual(bySchema.success ? toPriceEvent(bySchema.data) : undefined);
    }),
    { numRuns: 500 },
  );
});

test('decoding never throws, whatever the bytes', () => {
  const bytes = fc.option(fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)));
  fc.assert(
    fc.property(bytes, bytes, (key, value) => {
      expect(priceEvents.decode({ key, value }, NOW).ok).toBe(false);
    }),
  );
});

test.each([
  [' aapl ', 'AAPL'],
  ['BTC-USD', 'BTC-USD'],
  ['EURUSD=X', 'EURUSD=X'],
])('the symbol %j is written %s', (text, symbol) => {
  expect(symbolSchema.parse(text)).toBe(symbol);
});

test.each(['', '   ', 'A B', 'A'.repeat(33), 'AAPL;DROP', 'é', 'A'.repeat(10_000)])('%j is no symbol', (text) => {
  expect(symbolSchema.safeParse(text).success).toBe(false);
});
