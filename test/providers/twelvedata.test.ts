import { openTwelveData, toQuotes } from '../../src/providers/twelvedata';
import { toTwelveDataSpelling } from '../../src/providers/twelvedata-symbol';
import { asked } from './history-pages';
import { type Reply, startVendor, type VendorStandIn } from './vendor-stand-in';

const KEY = 'a-secret-key';
const never = new AbortController().signal;
const now = new Date('2024-10-26T12:00:00.000Z');
let vendor: VendorStandIn;
afterEach(() => vendor?.stop());

async function fetchFrom(reply: Reply, symbols = ['AAPL']) {
  vendor = await startVendor(() => reply);
  const environment = { TWELVE_DATA_API_KEY: KEY, TWELVE_DATA_BASE_URL: vendor.url };
  return openTwelveData(environment, () => now).fetchQuotes(symbols, never);
}

const json = (value: unknown): Reply => ({ body: JSON.stringify(value) });
const anError = (code: number, message = 'no') => ({ code, message, status: 'error' });
const apple = {
  symbol: 'AAPL',
  name: 'Apple Inc.',
  exchange: 'NASDAQ',
  currency: 'USD',
  datetime: '2024-10-25',
  timestamp: 1729863000,
  last_quote_at: 1729886340,
  open: '229.74001',
  close: '231.41000',
  volume: '38802304',
  is_market_open: false,
};

test('the answer of /quote becomes a price at the time of its last minute, not of the opening of its day', async () => {
  const batch = await fetchFrom(json(apple));

  expect(batch).toEqual({
    raw: apple,
    quotes: [
      {
        symbol: 'AAPL',
        price: 231.41,
        currency: 'USD',
        volume: 38802304,
        observedAt: new Date('2024-10-25T19:59:00.000Z'),
        sequence: 0,
      },
    ],
    failures: [],
  });
});

test('the key travels in a header, never in the address', async () => {
  await fetchFrom(json(apple));

  expect(vendor.requests[0]?.headers.authorization).toBe(`apikey ${KEY}`);
  expect(asked(vendor.requests)).toEqual([['/quote', { symbol: 'AAPL' }]]);
});

test('many symbols are one call, and an error inside the answer is that of its symbol alone', async () => {
  const body = {
    AAPL: apple,
    'EUR/USD': { ...apple, symbol: 'EUR/USD', currency: undefined, volume: undefined, close: '1.0795' },
    'VOD:LSE': { ...apple, symbol: 'VOD', currency: 'GBp', close: '73.5' },
    GONE: anError(404, '**symbol** or **figi** parameter is missing or invalid. Please provide a valid symbol'),
    SAP: anError(403, 'This symbol is available starting with Grow plan'),
    LATE: anError(429, 'You have run out of API credits for the current minute.'),
    ODD: anError(500, 'internal'),
  };

  const batch = await fetchFrom(json(body), ['AAPL', 'EUR/USD', 'VOD:LSE', 'GONE', 'SAP', 'LATE', 'ODD', 'MUTE']);

  expect(asked(vendor.requests)).toEqual([['/quote', { symbol: 'AAPL,EUR/USD,VOD:LSE,GONE,SAP,LATE,ODD,MUTE' }]]);
  expect(batch.quotes).toMatchObject([
    { symbol: 'AAPL', price: 231.41 },
    { symbol: 'EUR/USD', price: 1.0795, volume: null, currency: null },
    { symbol: 'VOD:LSE', price: 73.5, currency: 'GBp' },
  ]);
  expect(batch.failures).toMatchObject([
    { symbol: 'GONE', code: 'SYMBOL_UNKNOWN' },
    { symbol: 'SAP', code: 'PROVIDER_REFUSED' },
    { symbol: 'LATE', code: 'PROVIDER_RATE_LIMITED', retryAfterMs: 60_000 },
    { symbol: 'ODD', code: 'PROVIDER_UNAVAILABLE' },
    { symbol: 'MUTE', code: 'SYMBOL_UNKNOWN' },
  ]);
});

test.each([
  ['no time of its last minute', { last_quote_at: undefined }],
  ['a price in words', { close: '231.41 USD' }],
  ['a price of nothing', { close: '' }],
  ['a price of zero', { close: '0' }],
  ['a price beyond all numbers', { close: '1e999' }],
  ['a price in hexadecimal', { close: '0x10' }],
  ['the name of another symbol', { symbol: 'MSFT' }],
  ['no name', { symbol: undefined }],
])('a quote with %s is invalid', (_what, changes) => {
  const verdicts = toQuotes({ AAPL: { ...apple, ...changes }, MSFT: apple }, ['AAPL', 'MSFT'], now);

  expect(verdicts[0]).toMatchObject({ failure: { symbol: 'AAPL', code: 'QUOTE_INVALID' } });
});

test('an error to the one symbol asked for is about it; to several it is about none in particular', async () => {
  const error = json(anError(404, '**symbol** not found: AAPL. Please specify it correctly'));
  const one = await fetchFrom(error);
  await vendor.stop();

  const several = fetchFrom(error, ['AAPL', 'MSFT']);

  expect(one.failures).toMatchObject([{ symbol: 'AAPL', code: 'SYMBOL_UNKNOWN' }]);
  await expect(several).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
});

const OUT_OF_CREDITS = 'You have run out of API credits for the current minute. Wait for the next minute or upgrade';
const OUT_FOR_THE_DAY = 'You have run out of API credits for the day. Wait for the next day or upgrade';

describe.each([
  ['with status 200', () => 200],
  ['with its own status', (code: number) => code],
])('an error %s', (_how, statusOf) => {
  test.each([
    [401, '**apikey** parameter is incorrect or not specified', 'PROVIDER_REFUSED', undefined],
    [400, '**apikey** parameter is incorrect or not specified', 'PROVIDER_REFUSED', undefined],
    [403, '/quote is available exclusively with pro', 'PROVIDER_REFUSED', undefined],
    [404, 'This symbol is available starting with Grow. Consider upgrading', 'PROVIDER_REFUSED', undefined],
    [429, OUT_OF_CREDITS, 'PROVIDER_RATE_LIMITED', 60_000],
    [429, OUT_FOR_THE_DAY, 'PROVIDER_RATE_LIMITED', 12 * 60 * 60 * 1000],
    [400, '**interval** is invalid', 'PROVIDER_UNAVAILABLE', undefined],
    [500, 'Internal error', 'PROVIDER_UNAVAILABLE', undefined],
  ])('of code %i, "%s", is %s', async (code, message, expected, retryAfterMs) => {
    const outcome = fetchFrom({ status: statusOf(code), ...json(anError(code, message)) });

    await expect(outcome).rejects.toMatchObject({ code: expected, retryAfterMs });
  });

  test.each([
    [400, '**symbol** not found: AAPL'],
    [404, '**symbol** or **figi** parameter is missing or invalid'],
    [404, 'Data not found'],
  ])('of code %i, "%s", is an unknown symbol', async (code, message) => {
    const batch = await fetchFrom({ status: statusOf(code), ...json(anError(code, message)) });

    expect(batch.failures).toMatchObject([{ symbol: 'AAPL', code: 'SYMBOL_UNKNOWN' }]);
  });
});

test('Retry-After goes before what the error says', async () => {
  const reply = { headers: { 'retry-after': '7' }, status: 429, ...json(anError(429, OUT_FOR_THE_DAY)) };

  await expect(fetchFrom(reply)).rejects.toMatchObject({ retryAfterMs: 7_000 });
});

test('a refused key is told by its variable, whatever the vendor says of it', async () => {
  const outcome = fetchFrom(json(anError(401, `**apikey** ${KEY} is incorrect`)));

  await expect(outcome).rejects.toMatchObject({
    message: 'twelvedata answered 401: it refuses the key in TWELVE_DATA_API_KEY',
  });
});

test('a 404 that is no error of the vendor, as of a wrong address, is no unknown symbol', async () => {
  const outcome = fetchFrom({ status: 404, body: '<html>not here</html>' });

  await expect(outcome).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
});

test('a redirect is not followed: the key would go with it', async () => {
  const elsewhere = await startVendor(() => json(apple));

  const outcome = fetchFrom({ status: 302, headers: { location: `${elsewhere.url}/quote` } });

  await expect(outcome).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
  expect(elsewhere.requests).toEqual([]);
  await elsewhere.stop();
});

test.each([
  ['AAPL', 'AAPL'],
  ['BRK.B', 'BRK.B'],
  ['AAPL.US', 'AAPL'],
  ['VOD:LSE', 'VOD:LSE'],
  ['EURUSD=X', 'EUR/USD'],
  ['EUR-USD', 'EUR/USD'],
  ['EUR/USD', 'EUR/USD'],
  ['JPY=X', 'USD/JPY'],
  ['BTC-USD', 'BTC/USD'],
  ['BTC/USDT', 'BTC/USDT'],
  ['^SPX', 'SPX'],
])('%s is spelled %s', (symbol, spelling) => {
  expect(toTwelveDataSpelling(symbol)).toBe(spelling);
});
