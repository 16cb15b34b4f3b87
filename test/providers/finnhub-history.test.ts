import { openFinnhubHistory } from '../../src/providers/finnhub-history';
import { openFinnhubNews, toFinnhubNews } from '../../src/providers/finnhub-news';
import { aRequest, asked, pagesOf, unguarded } from './history-pages';
import { type Reply, startVendor, type VendorStandIn } from './vendor-stand-in';

const never = new AbortController().signal;
const KEY = 'a-secret-key';
const now = new Date('2024-10-26T12:00:00.000Z');
const json = (value: unknown, status = 200): Reply => ({ status, body: JSON.stringify(value) });
const REFUSED = json({ error: "You don't have access to this resource." }, 403);
const PROFILE = {
  ticker: 'AAPL',
  name: 'Apple Inc',
  finnhubIndustry: 'Technology',
  currency: 'USD',
  exchange: 'NASDAQ NMS',
};
const candles = (changes: object = {}) =>
  json({
    s: 'ok',
    t: [1709510400, 1709596800],
    o: [10, 11],
    h: [12, 13],
    l: [9, 10],
    c: [11, 12],
    v: [400, 500],
    ...changes,
  });
let vendor: VendorStandIn;
afterEach(() => vendor?.stop());

async function environmentAnswering(answers: Readonly<Record<string, Reply>>) {
  vendor = await startVendor(({ path }) => answers[path] ?? json(path === '/stock/candle' ? { s: 'no_data' } : []));
  return { FINNHUB_API_KEY: KEY, FINNHUB_BASE_URL: vendor.url };
}
const openAnswering = async (answers: Readonly<Record<string, Reply>>) =>
  openFinnhubHistory(await environmentAnswering(answers), { call: unguarded, clock: () => now });

test('candles become bars at the opening in New York, with dividends and splits of the range', async () => {
  const source = await openAnswering({
    '/stock/candle': candles(),
    '/stock/dividend': json([{ symbol: 'AAPL', date: '2024-03-05', amount: 0.24, currency: 'USD' }]),
  });

  const pages = await pagesOf(source, aRequest());

  expect(pages).toHaveLength(1);
  expect(pages[0]!.faults).toEqual([]);
  expect(pages[0]!.bars).toMatchObject([
    {
      startAt: new Date('2024-03-04T14:30:00.000Z'),
      open: 10,
      high: 12,
      low: 9,
      close: 11,
      volume: 400,
      source: 'finnhub',
    },
    { startAt: new Date('2024-03-05T14:30:00.000Z'), close: 12 },
  ]);
  expect(pages[0]!.actions).toMatchObject([{ kind: 'dividend', exDate: '2024-03-05', amount: 0.24, currency: 'USD' }]);
});

test('daily candles are told as they were traded before a split, also one after the range', async () => {
  const splits = [
    { symbol: 'AAPL', date: '2024-03-05', fromFactor: 1, toFactor: 4 },
    { symbol: 'AAPL', date: '2024-06-10', fromFactor: 1, toFactor: 10 },
  ];
  const source = await openAnswering({ '/stock/candle': candles(), '/stock/split': json(splits) });

  const [page] = await pagesOf(source, aRequest());

  expect(page!.bars).toMatchObject([
    { close: 440, volume: 10 },
    { close: 120, volume: 50 },
  ]);
  expect(page!.actions).toMatchObject([{ kind: 'split', exDate: '2024-03-05', ratio: 4 }]);
});

test('shorter candles are as they were traded, at their own instant, a month a call', async () => {
  const source = await openAnswering({ '/stock/candle': candles({ t: [1709562600, 1709562660] }) });

  const pages = await pagesOf(source, aRequest({ interval: '1m', end: new Date('2024-05-15T00:00:00.000Z') }));

  expect(pages).toHaveLength(3);
  expect(pages[0]!.bars.map(({ startAt }) => startAt.toISOString())).toEqual([
    '2024-03-04T14:30:00.000Z',
    '2024-03-04T14:31:00.000Z',
  ]);
  expect(asked(vendor.requests).map(([path, { resolution }]) => [path, resolution])).toEqual(
    Array.from({ length: 3 }, () => ['/stock/candle', '1']),
  );
  expect(
    vendor.requests.every(
      ({ headers, query }) => headers['x-finnhub-token'] === KEY && ![...query.values()].includes(KEY),
    ),
  ).toBe(true);
});

test('a plan without candles is told in words, without the key', async () => {
  const source = await openAnswering({ '/stock/candle': REFUSED });

  await expect(pagesOf(source, aRequest())).rejects.toMatchObject({
    code: 'PROVIDER_REFUSED',
    message: 'finnhub answered 403: the plan of the key in FINNHUB_API_KEY does not include stock/candle',
  });
});

test('a plan without dividends is a fault, and the bars are told', async () => {
  const source = await openAnswering({ '/stock/candle': candles(), '/stock/dividend': REFUSED });

  const [page] = await pagesOf(source, aRequest());

  expect(page!.bars).toHaveLength(2);
  expect(page!.faults).toMatchObject([
    { place: 'dividends', detail: expect.stringContaining('does not include stock/dividend') },
  ]);
});

test('a null in a candle is a fault with its place', async () => {
  const source = await openAnswering({ '/stock/candle': candles({ c: [null, 12] }) });

  const [page] = await pagesOf(source, aRequest());

  expect(page!.bars).toHaveLength(1);
  expect(page!.faults).toEqual([{ place: 't[0]', detail: 'close: expected a number, got null' }]);
});

test('no data is an empty range of a company that has a profile, and an unknown symbol otherwise', async () => {
  const known = await openAnswering({ '/stock/profile2': json(PROFILE) });
  const pages = await pagesOf(known, aRequest());
  await vendor.stop();
  const unknown = await openAnswering({ '/stock/profile2': json({}) });

  await expect(pagesOf(unknown, aRequest())).rejects.toMatchObject({ code: 'SYMBOL_UNKNOWN' });
  expect(pages).toMatchObject([{ bars: [], next: aRequest().end }]);
});

test('a profile becomes metadata: capitalisation in whole units, an industry and no sector', async () => {
  const source = await openAnswering({ '/stock/profile2': json({ ...PROFILE, marketCapitalization: 3400123.5 }) });

  const { metadata } = await source.fetchMetadata!('AAPL', never);

  expect(metadata).toEqual({
    symbol: 'AAPL',
    name: 'Apple Inc',
    sector: null,
    industry: 'Technology',
    currency: 'USD',
    exchange: 'NASDAQ NMS',
    marketCap: 3_400_123_500_000,
    source: 'finnhub',
  });
});

test.each([
  ['an error with status 200', json({ error: 'oops' })],
  ['HTML', { body: '<html></html>' }],
  ['nothing', { body: '' }],
  ['a list', json([])],
])('%s in place of candles is PROVIDER_UNAVAILABLE', async (_what, reply) => {
  const source = await openAnswering({ '/stock/candle': reply });

  await expect(pagesOf(source, aRequest())).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
});

test('a profile of another company is not believed', async () => {
  const source = await openAnswering({ '/stock/profile2': json({ ...PROFILE, ticker: 'MSFT' }) });

  await expect(source.fetchMetadata!('AAPL', never)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
});

test('currencies are refused before anyone is asked', async () => {
  const source = await openAnswering({});

  await expect(pagesOf(source, aRequest({ symbol: 'EUR/USD' }))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  expect(vendor.requests).toEqual([]);
});

test('company news of the last week become items; what has no headline, address or time is left out', async () => {
  const good = { headline: ' About it ', summary: '', url: 'https://news.example.com/1', datetime: 1729900000 };
  const bad = [
    { ...good, headline: '' },
    { ...good, url: 'javascript:alert(1)' },
    { ...good, datetime: 0 },
    { ...good, datetime: 9e9 },
    null,
  ];
  const environment = await environmentAnswering({ '/company-news': json([good, ...bad]) });

  const { items } = await openFinnhubNews(environment, { call: unguarded, clock: () => now }).fetchNews('AAPL', never);

  expect(items).toMatchObject([{ symbol: 'AAPL', headline: 'About it', summary: null, source: 'finnhub' }]);
  expect(items[0]!.publishedAt).toEqual(new Date(1729900000_000));
  expect(asked(vendor.requests)).toEqual([['/company-news', { symbol: 'AAPL', from: '2024-10-19', to: '2024-10-26' }]]);
});

test('news that are no list are PROVIDER_UNAVAILABLE', () => {
  expect(() => toFinnhubNews({ error: 'oops' }, 'AAPL', now)).toThrow(
    expect.objectContaining({ code: 'PROVIDER_UNAVAILABLE' }),
  );
});
