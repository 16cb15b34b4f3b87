import { openEodhdHistory } from '../../src/providers/eodhd-history';
import { toMetadata } from '../../src/providers/eodhd-reference';
import { asked, unguarded } from './history-pages';
import { type Reply, startVendor, type VendorStandIn } from './vendor-stand-in';

const never = new AbortController().signal;
let vendor: VendorStandIn;
afterEach(() => vendor?.stop());

async function openAnswering(reply: Reply) {
  vendor = await startVendor(() => reply);
  const environment = { EODHD_API_KEY: 'a-key', EODHD_BASE_URL: vendor.url };
  return openEodhdHistory(environment, { call: unguarded, clock: () => new Date() });
}

const apple = {
  General: {
    Code: 'AAPL',
    Name: 'Apple Inc',
    Exchange: 'NASDAQ',
    CurrencyCode: 'USD',
    Sector: 'Technology',
    Industry: '',
  },
  Highlights: { MarketCapitalization: 3_500_000_000_000 },
};

test('metadata comes from the fundamentals; what is empty is null', async () => {
  const source = await openAnswering({ body: JSON.stringify(apple) });

  const { raw, metadata } = await source.fetchMetadata!('AAPL', never);

  expect(raw).toEqual(apple);
  expect(metadata).toEqual({
    symbol: 'AAPL',
    name: 'Apple Inc',
    sector: 'Technology',
    industry: null,
    currency: 'USD',
    exchange: 'NASDAQ',
    marketCap: 3_500_000_000_000,
    source: 'eodhd',
  });
  expect(asked(vendor.requests)).toMatchObject([['/fundamentals/AAPL.US', { filter: 'General,Highlights' }]]);
});

test.each([0, -1, '1', null, Number.POSITIVE_INFINITY])('a market capitalisation of %p is none', (cap) => {
  const metadata = toMetadata({ ...apple, Highlights: { MarketCapitalization: cap } }, 'AAPL');

  expect(metadata.marketCap).toBeNull();
});

test.each([
  ['of another instrument', apple],
  ['that is an error', { error: 'no' }],
  ['that is a list', []],
])('an answer %s is no metadata', (_what, raw) => {
  expect(() => toMetadata(raw, 'MSFT')).toThrow(expect.objectContaining({ code: 'PROVIDER_UNAVAILABLE' }));
});

test.each([
  [404, 'SYMBOL_UNKNOWN'],
  [403, 'PROVIDER_REFUSED'],
])('a %i to a question for metadata is %s', async (status, code) => {
  const source = await openAnswering({ status });

  await expect(source.fetchMetadata!('AAPL', never)).rejects.toMatchObject({ code });
});

test('the symbols of an exchange are spelled with its code, whatever exchange an entry names', async () => {
  const entries = [
    { Code: 'BRK-B', Name: 'Berkshire Hathaway Inc', Exchange: 'NYSE', Type: 'Common Stock' },
    { Code: 'A BOND', Name: 'No symbol of the pipeline', Exchange: 'NYSE' },
    { Name: 'no code' },
  ];
  const source = await openAnswering({ body: JSON.stringify(entries) });

  const symbols = await source.fetchSymbols!('exchange:us', never);

  const vendorSymbol = { vendor: 'eodhd', spelling: 'BRK-B.US', validFrom: null, validTo: null };
  expect(symbols).toEqual([{ symbol: 'BRK.B', vendorSymbol, name: 'Berkshire Hathaway Inc' }]);
  expect(vendor.requests[0]?.path).toBe('/exchange-symbol-list/US');
});

test('a search finds listings by their own exchange', async () => {
  const entries = [
    { Code: 'AAPL', Exchange: 'US', Name: 'Apple Inc', ISIN: 'US0378331005' },
    { Code: 'APC', Exchange: 'XETRA', Name: 'Apple Inc' },
  ];
  const source = await openAnswering({ body: JSON.stringify(entries) });

  const symbols = await source.fetchSymbols!('Apple Inc', never);

  expect(symbols.map(({ symbol, vendorSymbol }) => [symbol, vendorSymbol.spelling])).toEqual([
    ['AAPL', 'AAPL.US'],
    ['APC.XETRA', 'APC.XETRA'],
  ]);
  expect(asked(vendor.requests)).toMatchObject([['/search/Apple%20Inc', { limit: '500' }]]);
});

test('an exchange that EODHD does not know has no symbols; an answer that is no list is a failure', async () => {
  const unknown = await (await openAnswering({ status: 404 })).fetchSymbols!('exchange:NOPE', never);
  await vendor.stop();
  const source = await openAnswering({ body: '{"error":"no"}' });

  expect(unknown).toEqual([]);
  await expect(source.fetchSymbols!('Apple', never)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
});
