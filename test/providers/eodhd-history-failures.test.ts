import fc from 'fast-check';
import type { TickwireError } from '../../src/platform/errors';
import { eodhd } from '../../src/providers/eodhd';
import { toDailyBars, toIntradayBars } from '../../src/providers/eodhd-answers';
import { localQuota, openProviders } from '../../src/providers/open-provider';
import { aDay, environmentOf, json, KEY, now, openAt, startEodhd } from './eodhd-stand-in';
import { aRequest, pagesOf } from './history-pages';
import type { Reply, VendorStandIn } from './vendor-stand-in';

let vendor: VendorStandIn;
afterEach(() => vendor?.stop());

async function openAnswering(answers: Parameters<typeof startEodhd>[0]) {
  vendor = await startEodhd(answers);
  return openAt(vendor);
}

test.each(['1d', '1m'] as const)('a 404 to %s bars is an unknown symbol', async (interval) => {
  const source = await openAnswering({ eod: { status: 404 }, intraday: { status: 404 } });

  const outcome = pagesOf(source, aRequest({ symbol: 'NOPE', interval }));

  await expect(outcome).rejects.toMatchObject({
    code: 'SYMBOL_UNKNOWN',
    message: 'NOPE: eodhd answered 404 to NOPE.US',
  });
});

test.each<[string, Reply, string]>([
  ['an error with status 200', json({ error: 'Invalid', code: 403 }), 'PROVIDER_UNAVAILABLE'],
  ['HTML with status 200', { body: '<!doctype html>' }, 'PROVIDER_UNAVAILABLE'],
  ['JSON null', { body: 'null' }, 'PROVIDER_UNAVAILABLE'],
  ['half an answer', { body: '[{"date":"2024', manner: 'cut' }, 'PROVIDER_UNAVAILABLE'],
  ['a refused key', { status: 401 }, 'PROVIDER_REFUSED'],
  ['no calls left today', { status: 402 }, 'PROVIDER_RATE_LIMITED'],
  ['a 500', { status: 500 }, 'PROVIDER_UNAVAILABLE'],
])('%s is no page', async (_what, reply, code) => {
  const source = await openAnswering({ eod: reply });

  await expect(pagesOf(source, aRequest())).rejects.toMatchObject({ code });
});

test('a failure of the dividends alone is no page either: nothing is half told', async () => {
  const source = await openAnswering({ eod: json([aDay()]), div: { status: 503 } });

  await expect(pagesOf(source, aRequest())).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
});

function openGuarded() {
  const environment = environmentOf(vendor);
  return openProviders({ environment, takeQuota: localQuota(), definitions: [eodhd] }).history('eodhd');
}

test('through the guards, a key that the vendor echoes is in no raw answer and no fault', async () => {
  await openAnswering({ eod: json([aDay(), { warning: `for ${KEY}` }]) });

  const pages = await pagesOf(openGuarded(), aRequest());

  expect(pages).toHaveLength(1);
  expect(JSON.stringify(pages)).toContain('[redacted]');
  expect(JSON.stringify(pages)).not.toContain(KEY);
});

test('through the guards, a 429 with Retry-After shuts the vendor out until then', async () => {
  await openAnswering({ eod: { status: 429, headers: { 'retry-after': '1800' } } });
  const source = openGuarded();

  const first = await pagesOf(source, aRequest()).catch((error: unknown) => error);
  const second = await pagesOf(source, aRequest()).catch((error: unknown) => error);

  for (const error of [first, second]) expect(error).toMatchObject({ code: 'PROVIDER_RATE_LIMITED' });
  expect((second as TickwireError).retryAfterMs).toBeGreaterThan(1_790_000);
  expect(vendor.requests).toHaveLength(1);
});

test('through the guards, symbols that are unknown do not open the circuit', async () => {
  await openAnswering({ eod: ({ path }) => (path.includes('NOPE') ? { status: 404 } : json([aDay()])) });
  const source = openGuarded();

  for (let times = 0; times < 8; times += 1) {
    await expect(pagesOf(source, aRequest({ symbol: 'NOPE' }))).rejects.toMatchObject({ code: 'SYMBOL_UNKNOWN' });
  }
  const pages = await pagesOf(source, aRequest());

  expect(pages[0]?.bars).toHaveLength(1);
});

const anyField = fc.oneof(
  fc.constantFrom(0, -1, 1e308, Number.POSITIVE_INFINITY, Number.NaN, null, '1', '2024-03-04', 1709562600),
  fc.double(),
  fc.jsonValue(),
);
const anyEntry = fc.record(
  {
    date: anyField,
    timestamp: anyField,
    open: anyField,
    high: anyField,
    low: anyField,
    close: anyField,
    volume: anyField,
  },
  { requiredKeys: [] },
);
const anyNumbers = fc.record({
  date: fc.constant('2024-03-04'),
  timestamp: fc.constant(1709562600),
  open: fc.double(),
  high: fc.double(),
  low: fc.double(),
  close: fc.double(),
  volume: fc.option(fc.double()),
});

test('whatever JSON comes back, each entry is a bar of finite numbers or a fault', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.jsonValue(), anyEntry, anyNumbers)), (entries) => {
      const about = { request: aRequest(), now };
      const readings = [...toDailyBars(entries, about, []), ...toIntradayBars(entries, about)];

      expect(readings).toHaveLength(entries.length * 2);
      for (const reading of readings) {
        if (!('item' in reading)) continue;
        const { startAt, open, high, low, close, volume } = reading.item;
        const numbers = [startAt.getTime(), open, high, low, close, volume ?? 0];
        expect(numbers.every((value) => Number.isFinite(value))).toBe(true);
      }
    }),
  );
});
