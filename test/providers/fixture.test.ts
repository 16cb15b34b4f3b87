import fc from 'fast-check';
import { fixtureQuote, openFixture } from '../../src/providers/fixture';

const never = new AbortController().signal;
const SECOND = 1_767_625_200;

test('the prices of one second are the same in every process and after every start', () => {
  const told = ['AAPL', 'MSFT', 'GOOGL', 'ZZZ'].map((symbol) => fixtureQuote(symbol, SECOND).price);

  expect(told).toMatchInlineSnapshot(`
[
  231.62,
  429.23,
  175.26,
  62.18,
]
`);
});

test('within a second the answer stays the same; the next second has a new time', async () => {
  let now = new Date('2026-01-05T15:00:00.100Z');
  const source = openFixture(() => now);

  const first = await source.fetchQuotes(['AAPL'], never);
  now = new Date('2026-01-05T15:00:00.999Z');
  const same = await source.fetchQuotes(['AAPL'], never);
  now = new Date('2026-01-05T15:00:01.000Z');
  const next = await source.fetchQuotes(['AAPL'], never);

  expect(same).toEqual(first);
  expect(first.quotes[0]!.observedAt).toEqual(new Date('2026-01-05T15:00:00.000Z'));
  expect(next.quotes[0]!.observedAt).toEqual(new Date('2026-01-05T15:00:01.000Z'));
});

test('prices move: most seconds differ from the one before', () => {
  const prices = Array.from({ length: 600 }, (_, index) => fixtureQuote('AAPL', SECOND + index).price);

  expect(prices.filter((price, index) => price !== prices[index - 1]).length).toBeGreaterThan(500);
});

test('every symbol at every second has whole cents within 4 % of one base', () => {
  const symbol = fc.stringMatching(/^[A-Z0-9.=^:/-]{1,32}$/);
  const seconds = fc.integer({ min: 1, max: 4_000_000_000 });
  fc.assert(
    fc.property(symbol, seconds, seconds, (name, one, other) => {
      const [a, b] = [fixtureQuote(name, one), fixtureQuote(name, other)];

      for (const { price, volume, market_cap } of [a, b]) {
        expect(price).toBeGreaterThan(19);
        expect(price).toBe(Math.round(price * 100) / 100);
        expect([Number.isInteger(volume) && volume >= 0, market_cap > 0]).toEqual([true, true]);
      }
      expect(a.price / b.price).toBeLessThan(1.04 / 0.96);
    }),
  );
});

test('a symbol that starts with BAD is unknown, and sinks no other', async () => {
  const source = openFixture(() => new Date(SECOND * 1000));

  const batch = await source.fetchQuotes(['AAPL', 'BADCO', 'MSFT'], never);

  expect(batch.quotes).toMatchObject([
    { symbol: 'AAPL', currency: 'USD', sequence: 0, marketCap: expect.any(Number) },
    { symbol: 'MSFT', currency: 'USD', sequence: 0 },
  ]);
  expect(batch.failures).toMatchObject([{ symbol: 'BADCO', code: 'SYMBOL_UNKNOWN' }]);
});
