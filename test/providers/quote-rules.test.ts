import fc from 'fast-check';
import { isPrice, MAX_AHEAD_MS } from '../../src/domain/price-event';
import { toQuote, type VendorFields } from '../../src/providers/quote-rules';

const NOW = new Date('2026-01-05T15:00:00.000Z');
const fields = (changes: Partial<VendorFields> = {}): VendorFields => ({
  symbol: 'AAPL',
  price: 101.5,
  currency: 'USD',
  volume: 10,
  observedAtMs: NOW.getTime() - 1000,
  ...changes,
});

test('fields that make sense become a quote at the market time', () => {
  const verdict = toQuote('AAPL', fields({ marketCap: 5, sequence: 7 }), NOW);

  expect(verdict).toEqual({
    quote: {
      symbol: 'AAPL',
      price: 101.5,
      currency: 'USD',
      volume: 10,
      observedAt: new Date('2026-01-05T14:59:59.000Z'),
      sequence: 7,
      marketCap: 5,
    },
  });
});

test.each([
  ['another symbol', { symbol: 'MSFT' }, 'symbol: expected AAPL, got "MSFT"'],
  ['a null symbol', { symbol: null }, 'symbol: expected AAPL, got null'],
  ['a price of zero', { price: 0 }, 'price: expected a finite number above zero, got 0'],
  ['a negative price', { price: -3 }, 'got -3'],
  ['no price', { price: undefined }, 'got nothing'],
  ['NaN', { price: Number.NaN }, 'got NaN'],
  ['infinity', { price: Number.POSITIVE_INFINITY }, 'got Infinity'],
  ['text', { price: '101.5' }, 'got "101.5"'],
  ['no time', { observedAtMs: undefined }, 'market time: expected an instant after 1970-01-01, got nothing'],
  ['the epoch', { observedAtMs: 0 }, 'got 0'],
  ['a time before the epoch', { observedAtMs: -1 }, 'got -1'],
  ['a time of NaN', { observedAtMs: Number.NaN }, 'got NaN'],
  ['a date as time', { observedAtMs: NOW }, 'got "2026-01-05'],
  [
    'a time more than a day ahead',
    { observedAtMs: NOW.getTime() + MAX_AHEAD_MS + 1 },
    'at most a day after 2026-01-05',
  ],
])('%s is a failure that says what was expected and what came', (_what, changes, detail) => {
  const verdict = toQuote('AAPL', fields(changes), NOW);

  expect(verdict).toEqual({
    failure: { symbol: 'AAPL', code: 'QUOTE_INVALID', detail: expect.stringContaining(detail) },
  });
});

test('a future may be priced at or below zero, nothing else', () => {
  expect(toQuote('CL=F', fields({ symbol: 'CL=F', price: -37.63 }), NOW)).toMatchObject({ quote: { price: -37.63 } });
  expect(toQuote('CL', fields({ symbol: 'CL', price: -37.63 }), NOW)).toHaveProperty('failure');
});

test('what only accompanies a price is left out when it is garbage, and the price stays', () => {
  const verdict = toQuote('AAPL', fields({ volume: -1, currency: { code: 'USD' }, marketCap: 'much' }), NOW);

  expect(verdict).toMatchObject({ quote: { price: 101.5, volume: null, currency: null } });
  expect(verdict).not.toHaveProperty('quote.marketCap');
});

test('pence stay pence: the currency is kept as the vendor spells it', () => {
  expect(toQuote('AAPL', fields({ currency: 'GBp' }), NOW)).toMatchObject({ quote: { currency: 'GBp' } });
});

test('whatever the fields are, a quote is a price at a time between 1970 and tomorrow, or there is none', () => {
  const anything = fc.oneof(fc.anything(), fc.double(), fc.integer());
  fc.assert(
    fc.property(anything, anything, anything, anything, (price, observedAtMs, volume, currency) => {
      const verdict = toQuote('AAPL', { price, observedAtMs, volume, currency }, NOW);

      if (!('quote' in verdict)) return;
      expect(isPrice(verdict.quote.price, 'AAPL')).toBe(true);
      expect(verdict.quote.observedAt.getTime()).toBeGreaterThanOrEqual(0);
      expect(verdict.quote.observedAt.getTime()).toBeLessThanOrEqual(NOW.getTime() + MAX_AHEAD_MS);
    }),
  );
});
