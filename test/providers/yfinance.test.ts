import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openYfinance, toQuotes } from '../../src/providers/yfinance';
import {
  DIALECTS,
  type Reply,
  type SeenRequest,
  startSpeaking,
  startVendor,
  type VendorStandIn,
} from './vendor-stand-in';

const never = new AbortController().signal;
const RECORDINGS = '../shared/data/yahoo-http';
const recordedTest = existsSync(RECORDINGS) ? test : test.skip;
const dialect = DIALECTS.yfinance!;

let vendor: VendorStandIn | undefined;
afterEach(() => vendor?.stop());

async function openAt(reply: (request: SeenRequest) => Reply) {
  vendor = await startSpeaking(dialect, reply);
  return openYfinance({ YFINANCE_BASE_URL: vendor.url }, () => new Date());
}

/** One recorded exchange as the stand-in gives it again. */
function recorded(name: string): Reply {
  const { response } = JSON.parse(readFileSync(join(RECORDINGS, `${name}.json`), 'utf8'));
  const { 'content-length': _length, ...headers } = response.headers;
  return { status: response.status, headers, body: response.bodyText ?? JSON.stringify(response.bodyJson) };
}

/** A stand-in that gives Yahoo's recorded handshake, and `quote` for the quotes. */
async function openRecorded(quote: string) {
  vendor = await startVendor(({ path }) => {
    if (path === '/quote/AAPL') return recorded('getCrumb-quote-AAPL');
    if (path === '/v1/test/getcrumb') return recorded('getCrumb-getcrumb');
    return path === dialect.quotePath ? recorded(quote) : {};
  });
  return openYfinance({ YFINANCE_BASE_URL: vendor.url }, () => new Date());
}

recordedTest(`Yahoo's recorded answers (${RECORDINGS}) become prices, through its cookie and crumb`, async () => {
  const source = await openRecorded('quote-AAPL-BABA');

  const batch = await source.fetchQuotes(['AAPL', 'BABA', 'GONE'], never);

  expect(batch.quotes).toEqual([
    {
      symbol: 'AAPL',
      price: 244.6,
      currency: 'USD',
      volume: 40896227,
      observedAt: new Date(1739566800_000),
      sequence: 0,
      marketCap: 3674405863424,
    },
    {
      symbol: 'BABA',
      price: 124.73,
      currency: 'USD',
      volume: 52086273,
      observedAt: new Date(1739566802_000),
      sequence: 0,
      marketCap: 302870626304,
    },
  ]);
  expect(batch.failures).toMatchObject([{ symbol: 'GONE', code: 'SYMBOL_UNKNOWN' }]);
  expect(batch.raw).toEqual(JSON.parse(recorded('quote-AAPL-BABA').body!));
  const quote = vendor!.requests.find(({ path }) => path === dialect.quotePath);
  expect(quote?.query.get('symbols')).toBe('AAPL,BABA,GONE');
  expect(quote?.query.get('crumb')).toBeTruthy();
  expect(quote?.headers.cookie).toContain('A3=test');
});

recordedTest.each([
  ['quote-BTC-USD', 'BTC-USD', { price: 96077.45, currency: 'USD', marketCap: 1904783523840 }],
  ['quote-EURUSD=X', 'EURUSD=X', { price: 1.0489877, currency: 'USD', volume: 0 }],
  ['quote-0P000071W8.TO', '0P000071W8.TO', { price: 152.63, currency: 'CAD', volume: null }],
])(`the recorded ${RECORDINGS}/%s.json becomes a price of %s`, async (name, symbol, fields) => {
  const source = await openRecorded(name);

  expect((await source.fetchQuotes([symbol], never)).quotes).toMatchObject([{ symbol, ...fields }]);
});

recordedTest.each([
  ['quote-SI', 'SI', 'no longer listed'],
  ['quote-SIX', 'SIX', 'without this symbol'],
])(`the recorded ${RECORDINGS}/%s.json is no price of %s`, async (name, symbol, why) => {
  const source = await openRecorded(name);

  const { quotes, failures } = await source.fetchQuotes([symbol], never);

  expect(quotes).toEqual([]);
  expect(failures).toMatchObject([{ symbol, code: 'SYMBOL_UNKNOWN', detail: expect.stringContaining(why) }]);
});

test('one bad result does not sink the batch', async () => {
  const time = 1739566800;
  const results = [
    { symbol: 'AAPL', quoteType: 'EQUITY', regularMarketPrice: 0, regularMarketTime: time },
    null,
    'garbage',
    { symbol: 'MSFT', regularMarketPrice: 400.5, regularMarketTime: time },
    { symbol: 'UNASKED', regularMarketPrice: 1, regularMarketTime: time },
  ];
  const source = await openAt(() => ({ body: JSON.stringify({ quoteResponse: { result: results, error: null } }) }));

  const batch = await source.fetchQuotes(['AAPL', 'MSFT'], never);

  expect(batch.quotes).toMatchObject([{ symbol: 'MSFT', price: 400.5 }]);
  expect(batch.failures).toMatchObject([{ symbol: 'AAPL', code: 'QUOTE_INVALID' }]);
});

test('a 429 is a long pause even when Retry-After is short, on any of its requests', async () => {
  const refusal = { status: 429, headers: { 'retry-after': '1' } };
  const onQuote = await openAt(() => refusal);
  const quoteRefused = expect(onQuote.fetchQuotes(['AAPL'], never)).rejects.toMatchObject({
    code: 'PROVIDER_RATE_LIMITED',
    retryAfterMs: 15 * 60 * 1000,
  });
  await quoteRefused;
  await vendor!.stop();
  vendor = await startVendor(() => refusal);
  const onHandshake = openYfinance({ YFINANCE_BASE_URL: vendor.url }, () => new Date());

  await expect(onHandshake.fetchQuotes(['AAPL'], never)).rejects.toMatchObject({
    code: 'PROVIDER_RATE_LIMITED',
    retryAfterMs: 15 * 60 * 1000,
  });
});

test('a crumb that Yahoo no longer takes is replaced at the next call', async () => {
  let refusing = true;
  const source = await openAt(() =>
    refusing
      ? {
          status: 401,
          body: '{"finance":{"result":null,"error":{"code":"Unauthorized","description":"Invalid Crumb"}}}',
        }
      : { body: dialect.bodyOf({ symbol: 'AAPL', price: 1, time: 1739566800 }) },
  );
  await source.fetchQuotes(['AAPL'], never).catch(() => undefined);
  const crumbsBefore = vendor!.requests.filter(({ path }) => path === '/v1/test/getcrumb').length;

  refusing = false;
  const { quotes } = await source.fetchQuotes(['AAPL'], never);

  expect(quotes).toHaveLength(1);
  expect(vendor!.requests.filter(({ path }) => path === '/v1/test/getcrumb')).toHaveLength(crumbsBefore + 1);
});

test('a caller who gives up during the handshake does not take it from the others', async () => {
  let release: () => void = () => undefined;
  const handshake = new Promise<void>((resolve) => {
    release = resolve;
  });
  vendor = await startVendor(
    (request) =>
      request.path === dialect.quotePath
        ? { body: dialect.bodyOf({ symbol: 'AAPL', price: 1, time: 1739566800 }) }
        : dialect.handshake(request),
    ({ path }) => (path === '/quote/AAPL' ? handshake : undefined),
  );
  const source = openYfinance({ YFINANCE_BASE_URL: vendor.url }, () => new Date());
  const first = new AbortController();

  const givenUp = source.fetchQuotes(['AAPL'], first.signal).catch(() => 'given up');
  const other = source.fetchQuotes(['AAPL'], never);
  first.abort();
  release();

  expect((await other).quotes).toHaveLength(1);
  await givenUp;
});

test('nothing is printed, whatever Yahoo says', async () => {
  const printed = (['log', 'info', 'warn', 'error', 'debug', 'dir'] as const).map((method) =>
    jest.spyOn(console, method).mockImplementation(() => undefined),
  );
  const source = await openAt(() => ({ status: 500, body: '<html>' }));

  await source.fetchQuotes(['AAPL'], never).catch(() => undefined);

  expect(printed.flatMap(({ mock }) => mock.calls)).toEqual([]);
  jest.restoreAllMocks();
});

test('an answer without a list of results is a failure of the call', () => {
  for (const raw of [
    null,
    [],
    {},
    { quoteResponse: { result: null, error: { code: 'x' } } },
    { finance: { error: {} } },
  ]) {
    expect(() => toQuotes(raw, ['AAPL'], new Date())).toThrow('expected a list in quoteResponse.result');
  }
});
