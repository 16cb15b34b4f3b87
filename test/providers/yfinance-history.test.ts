import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { localQuota, openProviders } from '../../src/providers/open-provider';
import { sharesSince } from '../../src/providers/split-shares';
import { yfinance } from '../../src/providers/yfinance';
import { openYfinanceHistory } from '../../src/providers/yfinance-history';
import { toYahooNews } from '../../src/providers/yfinance-news';
import { toTraded, toTradedVolume } from '../../src/providers/yfinance-price';
import { toPipelineSymbol, toYahooSpelling } from '../../src/providers/yfinance-symbol';
import { aRequest, pagesOf, startsOf, unguarded } from './history-pages';
import { DIALECTS, type Reply, type SeenRequest, startVendor, type VendorStandIn } from './vendor-stand-in';

const never = new AbortController().signal;
const RECORDINGS = '../shared/data/yahoo-http';
const recordedTest = existsSync(RECORDINGS) ? test : test.skip;
const now = new Date('2025-02-20T12:00:00.000Z');
let vendor: VendorStandIn | undefined;
afterEach(() => vendor?.stop());

async function openAnswering(answer: (request: SeenRequest) => Reply, clock = () => now) {
  vendor = await startVendor((request) =>
    isHandshake(request) ? DIALECTS.yfinance!.handshake(request) : answer(request),
  );
  return openYfinanceHistory({ YFINANCE_BASE_URL: vendor.url }, { call: unguarded, clock });
}

const isHandshake = ({ path }: SeenRequest) => path.startsWith('/quote/') || path === '/v1/test/getcrumb';

function bodyOf(name: string): unknown {
  const { response } = JSON.parse(readFileSync(join(RECORDINGS, `${name}.json`), 'utf8'));
  return response.bodyJson ?? JSON.parse(response.bodyText);
}

/** The recorded chart, and for the question about splits the same one with quarters for bars. */
function recordedChart(name: string): (request: SeenRequest) => Reply {
  return ({ query }) => {
    const text = JSON.stringify(bodyOf(name));
    return {
      body: query.get('interval') === '3mo' ? text.replace('"dataGranularity":"1d"', '"dataGranularity":"3mo"') : text,
    };
  };
}

const json = (value: unknown, status = 200): Reply => ({ status, body: JSON.stringify(value) });
interface SaidChart {
  readonly timestamp?: unknown;
  readonly quote?: object;
  readonly meta?: object;
  readonly events?: object;
}
/** Two daily bars of AAPL, 28 and 31 August 2020. */
const aChart =
  ({ timestamp, quote = {}, meta = {}, events }: SaidChart = {}) =>
  ({ query }: Pick<SeenRequest, 'query'>): Reply => {
    const base = { symbol: 'AAPL', currency: 'USD', exchangeTimezoneName: 'America/New_York' };
    const columns = {
      open: [100, 110],
      high: [120, 130],
      low: [90, 95],
      close: [105, 125],
      volume: [4000, 800],
      ...quote,
    };
    const result = {
      meta: { ...base, dataGranularity: query.get('interval'), ...meta },
      timestamp: timestamp === undefined ? [1598621400, 1598880600] : timestamp,
      events,
      indicators: { quote: [columns] },
    };
    return json({ chart: { result: [result], error: null } });
  };
const ofAugust = aRequest({ start: new Date('2020-08-01T00:00:00.000Z'), end: new Date('2020-09-01T00:00:00.000Z') });
const SPLIT = { splits: { 1598880600: { date: 1598880600, numerator: 4, denominator: 1 } } };

recordedTest(
  `Yahoo's recorded chart after the split of 2020-08-31 (${RECORDINGS}) becomes bars and actions`,
  async () => {
    const source = await openAnswering(recordedChart('chart-AAPL-2020-08-31-to-2020-11-07'));

    const pages = await pagesOf(
      source,
      aRequest({ start: new Date('2020-08-31T00:00:00.000Z'), end: new Date('2020-11-07T00:00:00.000Z') }),
    );

    expect(pages).toHaveLength(1);
    expect(pages[0]!.faults).toEqual([]);
    expect(pages[0]!.bars).toHaveLength(49);
    expect(pages[0]!.bars[0]).toMatchObject({
      startAt: new Date('2020-08-31T13:30:00.000Z'),
      close: 129.04,
      interval: '1d',
    });
    expect(pages[0]!.bars.at(-1)!.startAt).toEqual(new Date('2020-11-06T14:30:00.000Z'));
    expect(pages[0]!.actions).toEqual([
      { ...anAction, kind: 'dividend', exDate: '2020-11-06', amount: 0.205, currency: 'USD', ratio: null },
      { ...anAction, kind: 'split', exDate: '2020-08-31', amount: null, currency: null, ratio: 4 },
    ]);
  },
);
const anAction = { symbol: 'AAPL', successor: null, source: 'yfinance' };

recordedTest.each([
  ['BTC-USD', { startAt: new Date('2020-01-01T00:00:00.000Z'), close: 7200.1743, volume: 18565664997 }],
  ['EURUSD=X', { startAt: new Date('2020-01-01T00:00:00.000Z'), close: 1.1220826, volume: null }],
])(
  `the recorded chart of %s (${RECORDINGS}) becomes two bars from midnight UTC, the third being out of the range`,
  async (symbol, first) => {
    const source = await openAnswering(recordedChart(`chart-${symbol}-2020-01-01-to-2020-01-03`));

    const pages = await pagesOf(
      source,
      aRequest({ symbol, start: new Date('2020-01-01T00:00:00.000Z'), end: new Date('2020-01-03T00:00:00.000Z') }),
    );

    expect(pages.flatMap(({ faults }) => faults)).toEqual([]);
    expect(pages.flatMap(({ bars }) => bars)).toMatchObject([first, { startAt: new Date('2020-01-02T00:00:00.000Z') }]);
  },
);

recordedTest(`the recorded chart without times (${RECORDINGS}) is a fault and no bar`, async () => {
  const source = await openAnswering(recordedChart('chart-notimestamp-weird-quote.fake'));

  const pages = await pagesOf(source, aRequest());

  expect(pages.flatMap(({ bars }) => bars)).toEqual([]);
  expect(pages.flatMap(({ faults }) => faults)).toEqual([
    { place: 'timestamp', detail: 'expected as many times as there are prices, 1, got 0' },
  ]);
});

recordedTest(
  `Yahoo's recorded summaries (${RECORDINGS}) become metadata, with null for a module that is missing`,
  async () => {
    let recording = 'quoteSummary-price-AAPL';
    const source = await openAnswering(() => json(bodyOf(recording)));

    const { metadata: price } = await source.fetchMetadata!('AAPL', never);
    recording = 'quoteSummary-assetProfile-AAPL';
    const { metadata: profile } = await source.fetchMetadata!('AAPL', never);

    const none = {
      symbol: 'AAPL',
      name: null,
      sector: null,
      industry: null,
      currency: null,
      exchange: null,
      marketCap: null,
    };
    const told = { name: 'Apple Inc.', currency: 'USD', exchange: 'NasdaqGS', marketCap: 3688676720640 };
    expect(price).toEqual({ ...none, ...told, source: 'yfinance' });
    expect(profile).toEqual({ ...none, sector: 'Technology', industry: 'Consumer Electronics', source: 'yfinance' });
  },
);

recordedTest(
  `Yahoo's recorded search (${RECORDINGS}) becomes listings, without options, and news about the symbol only`,
  async () => {
    const source = await openAnswering(() => json(bodyOf('search-AAPL')));

    const listings = await source.fetchSymbols!('AAPL', never);
    const news = toYahooNews(bodyOf('search-AAPL'), 'AAPL', new Date('2025-03-01T00:00:00.000Z'));

    expect(listings.map(({ symbol }) => symbol)).toEqual(['AAPL', 'AAPU']);
    expect(news.map(({ publishedAt }) => publishedAt.toISOString())).toEqual([
      '2025-02-25T00:20:00.000Z',
      '2025-02-25T05:54:47.000Z',
      '2025-02-25T06:00:58.000Z',
    ]);
    expect(news[1]).toMatchObject({ headline: 'Indonesia and Apple said to agree on terms to lift iPhone 16 ban' });
  },
);

test('bars before a split are told as they were traded: price times ratio, volume divided by it; those since are as they are', async () => {
  const source = await openAnswering(aChart({ events: SPLIT }));

  const [page] = await pagesOf(source, ofAugust);

  expect(page!.bars).toMatchObject([
    { startAt: new Date('2020-08-28T13:30:00.000Z'), open: 400, high: 480, low: 360, close: 420, volume: 1000 },
    { startAt: new Date('2020-08-31T13:30:00.000Z'), open: 110, high: 130, low: 95, close: 125, volume: 800 },
  ]);
  expect(page!.actions).toMatchObject([{ kind: 'split', exDate: '2020-08-31', ratio: 4 }]);
  expect(page!.raw).toMatchObject({ splits: [{ exDate: '2020-08-31', ratio: 4 }] });
});

test('a split after the range counts as well, and dividends before it are told as they were paid', async () => {
  const later = { splits: { 1700000000: { date: 1700000000, numerator: 10, denominator: 1 } } };
  const dividend = { dividends: { 1598621400: { date: 1598621400, amount: 0.082 } } };
  const source = await openAnswering(({ query }) =>
    aChart({ events: query.get('interval') === '3mo' ? later : dividend })({ query }),
  );

  const [page] = await pagesOf(source, ofAugust);

  expect(page!.bars).toMatchObject([
    { close: 1050, volume: 400 },
    { close: 1250, volume: 80 },
  ]);
  expect(page!.actions).toMatchObject([{ kind: 'dividend', exDate: '2020-08-28', amount: 0.82, currency: 'USD' }]);
});

test('a daily bar that Yahoo stamps with an opening earlier in the day than ours is found by its session', async () => {
  const opening = Date.parse('2020-08-28T07:00:00.000Z') / 1000;
  const source = await openAnswering(({ query }) => {
    const timestamp = Number(query.get('period1')) <= opening ? [opening] : [];
    return aChart({ timestamp, meta: { symbol: 'BMW.DE', exchangeTimezoneName: 'Europe/Berlin' } })({ query });
  });
  const start = new Date('2020-08-28T13:30:00.000Z');

  const pages = await pagesOf(source, { ...ofAugust, symbol: 'BMW.DE', start });

  expect(startsOf(pages)).toEqual(['2020-08-28T13:30:00.000Z']);
});

test('a bar with a null in its prices is a fault with its place, and the others are told', async () => {
  const source = await openAnswering(aChart({ quote: { close: [null, 125] } }));

  const [page] = await pagesOf(source, ofAugust);

  expect(startsOf([page!])).toEqual(['2020-08-31T13:30:00.000Z']);
  expect(page!.faults).toEqual([{ place: 'timestamp[0]', detail: 'close: expected a number, got null' }]);
});

test('a daily bar whose session is not over yet is left out', async () => {
  const regular = { start: 1598880600, end: 1598904000 };
  const during = await openAnswering(
    aChart({ meta: { currentTradingPeriod: { regular } } }),
    () => new Date(1598900000_000),
  );
  const pagesDuring = await pagesOf(during, ofAugust);
  await vendor!.stop();
  const after = await openAnswering(
    aChart({ meta: { currentTradingPeriod: { regular } } }),
    () => new Date(1598904000_000),
  );

  const pagesAfter = await pagesOf(after, ofAugust);

  expect([startsOf(pagesDuring).length, startsOf(pagesAfter).length]).toEqual([1, 2]);
});

test('minutes are asked for a week at a time, and what Yahoo no longer keeps is a fault', async () => {
  const start = new Date(now.getTime() - 40 * 86_400_000);
  const source = await openAnswering(
    aChart({ timestamp: [], quote: { open: [], high: [], low: [], close: [], volume: [] } }),
  );

  const pages = await pagesOf(source, aRequest({ interval: '1m', start, end: now }));

  const asked = vendor!.requests.filter(({ query }) => query.get('interval') === '1m');
  const spans = asked.map(({ query }) => Number(query.get('period2')) - Number(query.get('period1')));
  expect(Math.max(...spans)).toBe(7 * 86_400);
  expect(spans.reduce((sum, span) => sum + span, 0)).toBe(30 * 86_400);
  expect(pages[0]!.faults).toMatchObject([{ place: 'range', detail: expect.stringContaining('for 30 days') }]);
  expect(pages.at(-1)!.next).toEqual(now);
});

test.each([
  ['another symbol', aChart({ meta: { symbol: 'MSFT' } })({ query: new URLSearchParams('interval=3mo') })],
  ['bars of another length', aChart({ meta: { dataGranularity: '1wk' } })({ query: new URLSearchParams() })],
  [
    'a time zone that is none',
    aChart({ meta: { exchangeTimezoneName: 'Mars/Base' } })({ query: new URLSearchParams('interval=3mo') }),
  ],
  ['HTML', { body: '<!doctype html>' }],
  ['nothing', { body: '' }],
  ['an error with status 200', json({ chart: { result: null, error: { code: 'Internal', description: 'oops' } } })],
  ['a refusal', json({ finance: { error: { code: 'Unauthorized' } } }, 401)],
  ['no result', json({ chart: { result: [], error: null } })],
])('%s is PROVIDER_UNAVAILABLE and no bar', async (_what, reply) => {
  const source = await openAnswering(() => reply);

  await expect(pagesOf(source, ofAugust)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
});

test('a range before the first trade is empty, not an error', async () => {
  const description = "Data doesn't exist for startDate = 1, endDate = 2";
  const source = await openAnswering(() =>
    json({ chart: { result: null, error: { code: 'Bad Request', description } } }, 400),
  );

  const pages = await pagesOf(source, ofAugust);

  expect(pages).toMatchObject([{ bars: [], faults: [], next: ofAugust.end }]);
});

test('a 429 in the middle closes the door for quotes and news too', async () => {
  vendor = await startVendor(() => ({ status: 429 }));
  const providers = openProviders({
    environment: { YFINANCE_BASE_URL: vendor.url },
    takeQuota: localQuota(),
    definitions: [yfinance],
  });

  await expect(pagesOf(providers.history('yfinance'), ofAugust)).rejects.toMatchObject({
    code: 'PROVIDER_RATE_LIMITED',
  });
  const calls = vendor.requests.length;
  const quotes = await providers.source('yfinance').fetchQuotes(['AAPL'], never);
  await expect(providers.news('yfinance').fetchNews('AAPL', never)).rejects.toMatchObject({
    code: 'PROVIDER_RATE_LIMITED',
  });

  expect(quotes.failures).toMatchObject([{ code: 'PROVIDER_RATE_LIMITED' }]);
  expect(vendor.requests).toHaveLength(calls);
});

test('prices of single precision are read as the shortest decimal that they stand for', () => {
  expect(toTraded(129.0399932861328, 1)).toBe(129.04);
  expect(toTraded(75.0875015258789, 4)).toBe(300.35);
  expect(toTraded(97208.17, 1)).toBe(97208.17);
  expect(toTraded(1 / 3, 1)).toBe(1 / 3);
  expect(toTradedVolume(135480400, 4)).toBe(33870100);
});

test('shares since a day are the product of the later ratios only', () => {
  const splits = [
    { exDate: '2014-06-09', ratio: 7 },
    { exDate: '2020-08-31', ratio: 4 },
  ];

  expect(['2014-06-06', '2014-06-09', '2020-08-30', '2020-08-31'].map((day) => sharesSince(day, splits))).toEqual([
    28, 4, 4, 1,
  ]);
});

test.each([
  ['BRK.B', 'BRK-B'],
  ['VOD.L', 'VOD.L'],
  ['BTC/USD', 'BTC-USD'],
  ['EUR/USD', 'EURUSD=X'],
  ['EURUSD=X', 'EURUSD=X'],
  ['^GSPC', '^GSPC'],
])('%s is %s at Yahoo', (symbol, spelling) => {
  expect(toYahooSpelling(symbol)).toBe(spelling);
  expect(toYahooSpelling(toPipelineSymbol(spelling))).toBe(spelling);
});

test('a page names the spelling where it is not the symbol', async () => {
  const source = await openAnswering(aChart({ meta: { symbol: 'BRK-B' } }));

  const [page] = await pagesOf(source, { ...ofAugust, symbol: 'BRK.B' });

  expect(page!.spelling).toBe('BRK-B');
  expect(page!.bars[0]!.symbol).toBe('BRK.B');
});
