import fc from 'fast-check';
import { TickwireError } from '../../src/platform/errors';
import { localQuota, openProviders } from '../../src/providers/open-provider';
import { twelvedata } from '../../src/providers/twelvedata';
import { toBars } from '../../src/providers/twelvedata-answers';
import { aRequest, pagesOf } from './history-pages';
import {
  anError,
  aValue,
  environmentOf,
  json,
  KEY,
  meta,
  now,
  openAt,
  series,
  startTwelveData,
} from './twelvedata-stand-in';
import type { Reply, VendorStandIn } from './vendor-stand-in';

let vendor: VendorStandIn;
afterEach(() => vendor?.stop());

async function openAnswering(answers: Parameters<typeof startTwelveData>[0]) {
  vendor = await startTwelveData(answers);
  return openAt(vendor);
}

test.each([
  [400, '**symbol** not found: NOPE. Please specify it correctly according to API Documentation.'],
  [404, '**symbol** or **figi** parameter is missing or invalid. Please provide a valid symbol'],
])('an error of code %i about the symbol, with status 200, is an unknown symbol', async (code, message) => {
  const source = await openAnswering({ '/time_series': anError(code, message) });

  const outcome = pagesOf(source, aRequest({ symbol: 'NOPE' }));

  await expect(outcome).rejects.toMatchObject({
    code: 'SYMBOL_UNKNOWN',
    message: 'NOPE: twelvedata does not know NOPE',
  });
});

test.each<[string, Reply, string]>([
  ['a refused key with status 200', anError(401, '**apikey** parameter is incorrect'), 'PROVIDER_REFUSED'],
  ['no credits left with status 200', anError(429, 'You have run out of API credits'), 'PROVIDER_RATE_LIMITED'],
  ['another error with status 200', anError(400, '**interval** is invalid'), 'PROVIDER_UNAVAILABLE'],
  ['HTML with status 200', { body: '<!doctype html>' }, 'PROVIDER_UNAVAILABLE'],
  ['JSON null', { body: 'null' }, 'PROVIDER_UNAVAILABLE'],
  ['no list of values', json({ meta, status: 'ok' }), 'PROVIDER_UNAVAILABLE'],
  ['bars of another symbol', series([aValue()], { symbol: 'MSFT' }), 'PROVIDER_UNAVAILABLE'],
  ['bars of another interval', series([aValue()], { interval: '1week' }), 'PROVIDER_UNAVAILABLE'],
  ['half an answer', { body: '{"meta":{"sym', manner: 'cut' }, 'PROVIDER_UNAVAILABLE'],
  ['a 500', { status: 500 }, 'PROVIDER_UNAVAILABLE'],
])('%s is no page', async (_what, reply, code) => {
  const source = await openAnswering({ '/time_series': reply });

  await expect(pagesOf(source, aRequest())).rejects.toMatchObject({ code });
});

test('a failure of the dividends alone is no page either: nothing is half told', async () => {
  const source = await openAnswering({ '/time_series': series([aValue()]), '/dividends': { status: 503 } });

  await expect(pagesOf(source, aRequest())).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
});

function openGuarded() {
  const environment = environmentOf(vendor);
  return openProviders({ environment, takeQuota: localQuota(), definitions: [twelvedata] }).history('twelvedata');
}

test('through the guards, a key that the vendor echoes is in no raw answer and no fault', async () => {
  await openAnswering({ '/time_series': series([aValue(), aValue({ open: KEY })]) });

  const pages = await pagesOf(openGuarded(), aRequest());

  expect(JSON.stringify(pages)).toContain('[redacted]');
  expect(JSON.stringify(pages)).not.toContain(KEY);
});

test('through the guards, running out of credits with status 200 shuts the vendor out for a minute', async () => {
  await openAnswering({ '/time_series': anError(429, 'You have run out of API credits for the current minute.') });
  const source = openGuarded();

  const first = await pagesOf(source, aRequest()).catch((error: unknown) => error);
  const second = await pagesOf(source, aRequest()).catch((error: unknown) => error);

  for (const error of [first, second]) expect(error).toMatchObject({ code: 'PROVIDER_RATE_LIMITED' });
  expect((second as TickwireError).retryAfterMs).toBeGreaterThan(50_000);
  expect(vendor.requests).toHaveLength(1);
});

const anyField = fc.oneof(
  fc.constantFrom(0, -1, Number.POSITIVE_INFINITY, Number.NaN, null, '1', '1e999', 'NaN', '2024-03-04', ''),
  fc.double(),
  fc.double().map(String),
  fc.jsonValue(),
);
const anyValue = fc.record(
  { datetime: anyField, open: anyField, high: anyField, low: anyField, close: anyField, volume: anyField },
  { requiredKeys: [] },
);
const decimals = fc.oneof(fc.double(), fc.double().map(String), fc.constant('1e999'));
const anyNumbers = fc.record({
  datetime: fc.constant('2024-03-04'),
  open: decimals,
  high: decimals,
  low: decimals,
  close: decimals,
  volume: fc.option(decimals),
});

test('whatever JSON comes back, it is refused or each value is a bar of finite numbers or a fault', () => {
  const anyBody = fc.oneof(
    fc.jsonValue(),
    fc.array(fc.oneof(fc.jsonValue(), anyValue, anyNumbers)).map((values) => ({ meta, values })),
  );
  fc.assert(
    fc.property(anyBody, (body) => {
      for (const reading of readingsIn(body)) {
        if (!('item' in reading)) continue;
        const { startAt, open, high, low, close, volume } = reading.item;
        const numbers = [startAt.getTime(), open, high, low, close, volume ?? 0];
        expect(numbers.every((value) => Number.isFinite(value))).toBe(true);
      }
    }),
  );
});

function readingsIn(body: unknown) {
  try {
    return toBars(body, { request: aRequest(), now });
  } catch (error) {
    expect(error).toBeInstanceOf(TickwireError);
    return [];
  }
}
