import { openTwelveDataHistory } from '../../src/providers/twelvedata-history';
import { toMetadata } from '../../src/providers/twelvedata-reference';
import { asked, unguarded } from './history-pages';
import { type Reply, startVendor, type VendorStandIn } from './vendor-stand-in';

const never = new AbortController().signal;
let vendor: VendorStandIn;
afterEach(() => vendor?.stop());

async function openAnswering(reply: Reply) {
  vendor = await startVendor(() => reply);
  const environment = { TWELVE_DATA_API_KEY: 'a-key', TWELVE_DATA_BASE_URL: vendor.url };
  return openTwelveDataHistory(environment, { call: unguarded, clock: () => new Date() });
}

const json = (value: unknown): Reply => ({ body: JSON.stringify(value) });
const apple = { symbol: 'AAPL', name: 'Apple Inc', exchange: 'NASDAQ', sector: 'Technology', industry: 'N/A' };

test('metadata comes from the profile; what it does not say is null', async () => {
  const source = await openAnswering(json(apple));

  const { raw, metadata } = await source.fetchMetadata!('AAPL', never);

  expect(raw).toEqual(apple);
  expect(metadata).toEqual({
    symbol: 'AAPL',
    name: 'Apple Inc',
    sector: 'Technology',
    industry: null,
    currency: null,
    exchange: 'NASDAQ',
    marketCap: null,
    source: 'twelvedata',
  });
  expect(asked(vendor.requests)).toEqual([['/profile', { symbol: 'AAPL' }]]);
});

test.each([
  ['of another instrument', apple],
  ['that is a list', []],
  ['of nothing', null],
])('a profile %s is no metadata', (_what, raw) => {
  expect(() => toMetadata(raw, 'MSFT')).toThrow(expect.objectContaining({ code: 'PROVIDER_UNAVAILABLE' }));
});

test.each([
  [404, 'symbol not found', 'SYMBOL_UNKNOWN'],
  [403, '/profile is available starting with Grow plan', 'PROVIDER_REFUSED'],
])('an error of code %i to a question for metadata is told by its meaning', async (code, message, expected) => {
  const source = await openAnswering(json({ code, message, status: 'error' }));

  await expect(source.fetchMetadata!('AAPL', never)).rejects.toMatchObject({ code: expected });
});

const found = [
  { symbol: 'AAPL', instrument_name: 'Apple Inc', exchange: 'NASDAQ', country: 'United States' },
  { symbol: 'AAPL', instrument_name: 'Apple Inc', exchange: 'BVC', country: 'Colombia' },
  { symbol: 'AAPL', instrument_name: 'Apple Inc again', exchange: 'NASDAQ', country: 'United States' },
  { symbol: 'BTC/USD', instrument_name: 'Bitcoin US Dollar', exchange: 'Coinbase Pro', country: '' },
  { symbol: 'no symbol', exchange: 'NASDAQ', country: 'United States' },
  { instrument_name: 'nameless' },
];

test('a search finds each spelling once: with its exchange, but for the United States and for pairs', async () => {
  const source = await openAnswering(json({ data: found, status: 'ok' }));

  const symbols = await source.fetchSymbols!('apple', never);

  expect(symbols.map(({ symbol, name }) => [symbol, name])).toEqual([
    ['AAPL', 'Apple Inc'],
    ['AAPL:BVC', 'Apple Inc'],
    ['BTC/USD', 'Bitcoin US Dollar'],
  ]);
  expect(symbols[1]?.vendorSymbol).toEqual({
    vendor: 'twelvedata',
    spelling: 'AAPL:BVC',
    validFrom: null,
    validTo: null,
  });
  expect(asked(vendor.requests)).toEqual([['/symbol_search', { symbol: 'apple', outputsize: '120' }]]);
});

test.each([
  ['exchange:US', { country: 'US' }],
  ['exchange:LSE', { exchange: 'LSE' }],
])('%s lists the stocks there', async (text, query) => {
  const source = await openAnswering(json({ data: [{ symbol: 'VOD', name: 'Vodafone', exchange: 'LSE' }] }));

  const symbols = await source.fetchSymbols!(text, never);

  expect(symbols).toMatchObject([{ symbol: 'VOD:LSE', name: 'Vodafone' }]);
  expect(asked(vendor.requests)).toEqual([['/stocks', query]]);
});

test('an answer without a list of symbols is a failure', async () => {
  const source = await openAnswering(json({ status: 'ok' }));

  await expect(source.fetchSymbols!('apple', never)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
});
