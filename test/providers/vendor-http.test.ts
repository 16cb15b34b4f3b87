import { below, retryAfterMsOf } from '../../src/providers/vendor-http';

const NOW = new Date('2026-01-05T15:00:00.000Z');

test.each([
  ['120', 120_000],
  [' 1 ', 1000],
  ['Mon, 05 Jan 2026 15:00:30 GMT', 30_000],
  ['Mon, 05 Jan 2026 14:59:30 GMT', undefined],
  ['0', undefined],
  ['-5', undefined],
  ['soon', undefined],
  ['', undefined],
  [null, undefined],
])('Retry-After: %s is a wait of %s ms', (header, waitMs) => {
  expect(retryAfterMsOf(header, NOW)).toBe(waitMs);
});

test('a path goes below an address that has a path of its own', () => {
  expect(below(new URL('http://proxy/finnhub/v1/'), '/quote?symbol=A').href).toBe(
    'http://proxy/finnhub/v1/quote?symbol=A',
  );
  expect(below(new URL('http://proxy'), '/quote').href).toBe('http://proxy/quote');
});
