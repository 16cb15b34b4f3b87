import { openEodhd, toQuotes } from '../../src/providers/eodhd';
import { toEodhdSpelling, toPipelineSymbol } from '../../src/providers/eodhd-symbol';
import { asked } from './history-pages';
import { type Reply, startVendor, type VendorStandIn } from './vendor-stand-in';

const KEY = 'a-secret-key';
const never = new AbortController().signal;
const now = new Date('2024-10-26T12:00:00.000Z');
let vendor: VendorStandIn;
afterEach(() => vendor?.stop());

async function fetchFrom(reply: Reply, symbols = ['AAPL']) {
  vendor = await startVendor(() => reply);
  return openEodhd({ EODHD_API_KEY: KEY, EODHD_BASE_URL: vendor.url }, () => now).fetchQuotes(symbols, never);
}

const apple = { code: 'AAPL.US', timestamp: 1729888080, gmtoffset: 0, open: 229.74, close: 231.41, volume: 38802305 };
const berkshire = { code: 'BRK-B.US', timestamp: 1729888020, gmtoffset: 0, open: 450, close: 451.5, volume: null };

test('the answer of /real-time becomes a price at the time of its last trade, and is kept as it came', async () => {
  const batch = await fetchFrom({ body: JSON.stringify(apple) });

  expect(batch).toEqual({
    raw: apple,
    quotes: [
      {
        symbol: 'AAPL',
        price: 231.41,
        currency: null,
        volume: 38802305,
        observedAt: new Date('2024-10-25T20:28:00.000Z'),
        sequence: 0,
      },
    ],
    failures: [],
  });
  expect(asked(vendor.requests)).toEqual([['/real-time/AAPL.US', { fmt: 'json', api_token: KEY }]]);
});

test('many symbols are one call: the first in the path, the others in s, each answered by its code', async () => {
  const unknown = { code: 'GONE.US', timestamp: 'NA', gmtoffset: 0, open: 'NA', close: 'NA', volume: 'NA' };

  const batch = await fetchFrom({ body: JSON.stringify([berkshire, unknown, apple]) }, [
    'AAPL',
    'BRK.B',
    'GONE',
    'MUTE',
  ]);

  expect(asked(vendor.requests)).toMatchObject([['/real-time/AAPL.US', { s: 'BRK-B.US,GONE.US,MUTE.US' }]]);
  expect(batch.quotes).toMatchObject([
    { symbol: 'AAPL', price: 231.41 },
    { symbol: 'BRK.B', price: 451.5, volume: null },
  ]);
  expect(batch.failures).toMatchObject([
    { symbol: 'GONE', code: 'SYMBOL_UNKNOWN' },
    { symbol: 'MUTE', code: 'SYMBOL_UNKNOWN' },
  ]);
});

test('NA for the price alone is no unknown symbol but an invalid quote', () => {
  const verdicts = toQuotes({ ...apple, close: 'NA' }, ['AAPL'], now);

  expect(verdicts).toMatchObject([{ failure: { code: 'QUOTE_INVALID' } }]);
});

test('a 404 is an unknown symbol when one was asked for, and about none in particular when several were', async () => {
  const one = await fetchFrom({ status: 404, body: 'Ticker Not Found.' });
  await vendor.stop();
  const several = fetchFrom({ status: 404, body: 'Ticker Not Found.' }, ['AAPL', 'MSFT']);

  expect(one.failures).toMatchObject([{ symbol: 'AAPL', code: 'SYMBOL_UNKNOWN' }]);
  await expect(several).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
});

test.each([401, 403])('a %i names the variable whose key was refused, not the key', async (status) => {
  await expect(fetchFrom({ status, body: `Forbidden: ${KEY}` })).rejects.toMatchObject({
    code: 'PROVIDER_REFUSED',
    message: `eodhd answered ${status}: it refuses the key in EODHD_API_KEY`,
  });
});

test("a 402 is the end of the day's calls, which begin anew at midnight UTC", async () => {
  await expect(fetchFrom({ status: 402 })).rejects.toMatchObject({
    code: 'PROVIDER_RATE_LIMITED',
    retryAfterMs: 12 * 60 * 60 * 1000,
  });
});

test('a 402 with Retry-After is obeyed instead', async () => {
  const outcome = fetchFrom({ status: 402, headers: { 'retry-after': '90' } });

  await expect(outcome).rejects.toMatchObject({ code: 'PROVIDER_RATE_LIMITED', retryAfterMs: 90_000 });
});

test('a 429 that does not say how long is a pause of a minute', async () => {
  await expect(fetchFrom({ status: 429 })).rejects.toMatchObject({
    code: 'PROVIDER_RATE_LIMITED',
    retryAfterMs: 60_000,
  });
});

test('a redirect is not followed: the key would go with it', async () => {
  const elsewhere = await startVendor(() => ({ body: JSON.stringify(apple) }));

  const outcome = fetchFrom({ status: 302, headers: { location: `${elsewhere.url}/real-time/AAPL.US` } });

  await expect(outcome).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
  expect(elsewhere.requests).toEqual([]);
  await elsewhere.stop();
});

test.each([
  ['AAPL', 'AAPL.US'],
  ['BRK.B', 'BRK-B.US'],
  ['AAPL.US', 'AAPL.US'],
  ['BMW.XETRA', 'BMW.XETRA'],
  ['BMW.F', 'BMW.F'],
  ['EURUSD=X', 'EURUSD.FOREX'],
  ['EUR/USD', 'EURUSD.FOREX'],
  ['JPY=X', 'USDJPY.FOREX'],
  ['BTC-USD', 'BTC-USD.CC'],
  ['BTC/USD', 'BTC-USD.CC'],
  ['^GSPC', 'GSPC.INDX'],
])('%s is spelled %s', (symbol, spelling) => {
  expect(toEodhdSpelling(symbol)).toBe(spelling);
});

test.each([
  ['BRK-B', 'US', 'BRK.B'],
  ['BAC-PL', 'US', 'BAC-PL'],
  ['BMW', 'XETRA', 'BMW.XETRA'],
  ['EURUSD', 'FOREX', 'EUR/USD'],
  ['BTC-USD', 'CC', 'BTC-USD'],
  ['ETH-BTC', 'CC', 'ETH-BTC.CC'],
  ['GSPC', 'INDX', '^GSPC'],
])('%s of %s is %s in the pipeline', (code, exchange, symbol) => {
  expect(toPipelineSymbol(code, exchange)).toBe(symbol);
});
