import request from 'supertest';
import { anApi, down, NOON, type TestApi } from '../support/api';
import { aBar, aDividend, aSplit, barsClosingAt } from '../support/bars';

let api: TestApi;

beforeEach(async () => {
  api = anApi();
  api.pass(30 * 24 * 60 * 60 * 1000);
  await api.store.bars.save(barsClosingAt([100, 100, 25, 26]), []);
});

const get = (path: string, accept = 'application/json') => request(api.app).get(path).set('Accept', accept);
const closesOf = ({ bars }: { bars: { close: number }[] }) => bars.map(({ close }) => close);

test('bars come with their session, source and revision', async () => {
  const { body } = await get('/ohlcv/aapl?limit=1');

  expect(body).toEqual({
    symbol: 'AAPL',
    interval: '1d',
    adjustment: 'raw',
    source: 'tested',
    bars: [
      {
        symbol: 'AAPL',
        interval: '1d',
        start_at: '2026-01-02T14:30:00.000Z',
        session: '2026-01-02',
        open: 100,
        high: 100,
        low: 100,
        close: 100,
        volume: 1000,
        source: 'tested',
        revision: 1,
        raw_response_id: null,
      },
    ],
    gaps: [],
    unapplied_actions: [],
    next_cursor: expect.any(String),
  });
});

test('pages follow each other, stay with their source, and tell what is missing', async () => {
  const first = await get('/ohlcv/AAPL?limit=3');
  await api.store.bars.save(
    [...barsClosingAt([1, 2, 3, 4, 5, 6], '2026-01-02', { source: 'richer' }), aBar({ date: '2026-01-09' })],
    [],
  );

  const second = await get(`/ohlcv/AAPL?limit=3&cursor=${first.body.next_cursor}`);
  const fresh = await get('/ohlcv/AAPL');

  expect([closesOf(first.body), closesOf(second.body)]).toEqual([
    [100, 100, 25],
    [26, 105],
  ]);
  expect(second.body).toMatchObject({ source: 'tested', gaps: ['2026-01-08'], next_cursor: null });
  expect(fresh.body.source).toBe('richer');
});

test('start is inclusive, end exclusive', async () => {
  const { body } = await get('/ohlcv/AAPL?start=2026-01-05&end=2026-01-06T14:30:00Z');

  expect(body.bars.map(({ session }: { session: string }) => session)).toEqual(['2026-01-05']);
});

test('an adjustment is computed when reading, and tells what it could not take into account', async () => {
  await api.store.corporateActions.save([aSplit('2026-01-06', 4), aDividend('2026-01-07', 30)]);

  const [raw, split, all] = await Promise.all(
    ['raw', 'split', 'all'].map((adjustment) => get(`/ohlcv/AAPL?adjustment=${adjustment}`)),
  );

  expect(closesOf(raw!.body)).toEqual([100, 100, 25, 26]);
  expect(closesOf(split!.body)).toEqual([25, 25, 25, 26]);
  expect(split!.body.unapplied_actions).toEqual([]);
  expect(all!.body.unapplied_actions).toEqual([
    { kind: 'dividend', ex_date: '2026-01-07', reason: 'amount: expected at least 0 and below the close 25, got 30' },
  ]);
});

test('CSV and NDJSON are the same bars, past any page, adjusted too', async () => {
  const closes = Array.from({ length: 2100 }, (_, place) => place + 1);
  await api.store.bars.save(barsClosingAt(closes, '2015-01-02', { symbol: 'MSFT' }), []);
  await api.store.corporateActions.save([{ ...aSplit('2015-01-05', 2), symbol: 'MSFT' }]);

  const csv = await get('/ohlcv/MSFT?adjustment=split', 'text/csv');
  const ndjson = await get('/ohlcv/MSFT?adjustment=split&limit=2050', 'application/x-ndjson')
    .buffer(true)
    .parse(asText);

  const [header, first, second, ...rest] = csv.text.trimEnd().split('\r\n');
  expect(header).toBe('symbol,interval,start_at,session,open,high,low,close,volume,source,revision,raw_response_id');
  expect(first).toBe('MSFT,1d,2015-01-02T14:30:00.000Z,2015-01-02,0.5,0.5,0.5,0.5,2000,tested,1,');
  expect(second).toMatch(/,2,2,2,2,1000,tested,1,$/);
  expect(rest).toHaveLength(2098);
  const rows = ndjson.body
    .trimEnd()
    .split('\n')
    .map((line: string) => JSON.parse(line));
  expect(rows).toHaveLength(2050);
  expect(rows[0]).toMatchObject({ symbol: 'MSFT', close: 0.5, raw_response_id: null });
});

test('every revision of a bar can be read', async () => {
  await api.store.bars.save([{ ...barsClosingAt([100])[0]!, close: 99, low: 99 }], []);

  const { body } = await get('/ohlcv/AAPL/revisions?start_at=2026-01-02T14:30:00Z');
  const none = await get('/ohlcv/AAPL/revisions?start_at=2026-01-03T14:30:00Z');

  expect(body.revisions.map((bar: { revision: number; close: number }) => [bar.revision, bar.close])).toEqual([
    [1, 100],
    [2, 99],
  ]);
  expect(none.body).toEqual({ symbol: 'AAPL', revisions: [] });
});

test('what is quarantined is shown with its reason', async () => {
  const { open, high, low, close, volume, ...place } = aBar({ date: '2026-01-08' });
  const fields = { open, high: 1, low, close, volume };
  const detail = 'high: expected at least the low 90, got 1';
  await api.store.bars.save([], [{ ...place, reason: 'HIGH_BELOW_LOW', detail, fields }]);

  const { body } = await get('/ohlcv/AAPL/quarantine');
  const other = await get('/ohlcv/AAPL/quarantine?source=other');

  expect(high).toBe(110);
  expect(body.quarantined).toEqual([
    {
      symbol: 'AAPL',
      interval: '1d',
      start_at: '2026-01-08T14:30:00.000Z',
      source: 'tested',
      reason: 'HIGH_BELOW_LOW',
      detail,
      fields,
      raw_response_id: null,
    },
  ]);
  expect(other.body.quarantined).toEqual([]);
});

test('an unknown symbol is a 404 everywhere, an empty range an empty list', async () => {
  const unknown = [
    '/ohlcv/NOPE',
    '/ohlcv/NOPE/quarantine',
    '/ohlcv/NOPE/revisions?start_at=2026-01-05',
    '/corporate-actions/NOPE',
    '/symbols/NOPE',
  ];

  for (const path of unknown) {
    const { status, body } = await get(path);
    expect([path, status, body.code]).toEqual([path, 404, 'SYMBOL_UNKNOWN']);
  }
  expect((await get('/ohlcv/AAPL?start=2030-01-01')).body).toMatchObject({ bars: [], gaps: [], next_cursor: null });
  expect((await get('/ohlcv/AAPL?interval=1m')).body).toMatchObject({ bars: [], source: null });
  expect((await get('/ohlcv/NOPE', 'text/csv')).status).toBe(404);
});

test.each([
  ['an end before the start', '/ohlcv/AAPL?start=2026-01-05&end=2026-01-04', 'end'],
  ['an end that is the start', '/ohlcv/AAPL?start=2026-01-05&end=2026-01-05', 'end'],
  ['an interval there is not', '/ohlcv/AAPL?interval=2d', 'interval'],
  ['an adjustment there is not', '/ohlcv/AAPL?adjustment=half', 'adjustment'],
  ['a limit of nothing', '/ohlcv/AAPL?limit=0', 'limit'],
  ['a cursor nobody gave', '/ohlcv/AAPL?cursor=AAAA', 'cursor'],
  ['a day that is none', '/ohlcv/AAPL?start=2026-02-30', 'start'],
  ['revisions of no bar', '/ohlcv/AAPL/revisions', 'start_at'],
  ['an action range that is backwards', '/corporate-actions/AAPL?start=2026-01-05&end=2026-01-04', 'end'],
  ['a news cursor nobody gave', '/news?cursor=AAAA', 'cursor'],
])('%s is a 400 that names the field', async (_, path, field) => {
  const { status, body } = await get(path);

  expect([status, body.errors.map((fault: { path: string }) => fault.path)]).toEqual([400, [field]]);
});

test('corporate actions come by ex-date, those of all sources', async () => {
  await api.store.corporateActions.save([aDividend('2026-02-02', 0.25), aSplit('2026-01-06', 4, 'other')]);

  const { body } = await get('/corporate-actions/AAPL');
  const january = await get('/corporate-actions/AAPL?start=2026-01-06&end=2026-01-31');

  expect(body.actions).toEqual([
    {
      symbol: 'AAPL',
      kind: 'split',
      ex_date: '2026-01-06',
      amount: null,
      currency: null,
      ratio: 4,
      successor: null,
      source: 'other',
    },
    {
      symbol: 'AAPL',
      kind: 'dividend',
      ex_date: '2026-02-02',
      amount: 0.25,
      currency: 'USD',
      ratio: null,
      successor: null,
      source: 'tested',
    },
  ]);
  expect(january.body.actions).toHaveLength(1);
});

test('an instrument is found by symbol, spelling and name, with what is stored of it', async () => {
  const spelled = { vendor: 'yfinance', spelling: 'BRK-B', validFrom: null, validTo: '2025-12-31' };
  await api.store.instruments.saveVendorSymbol('BRK.B', spelled);
  const described = {
    sector: null,
    industry: null,
    currency: 'USD',
    exchange: 'NYSE',
    marketCap: null,
    source: 'eodhd',
  };
  await api.store.instruments.saveMetadata({
    symbol: 'BRK.B',
    name: 'Berkshire Hathaway',
    ...described,
    lastUpdated: NOON,
  });

  const found = await Promise.all(['brk', 'BRK-B', 'hathaway'].map((query) => get(`/symbols?query=${query}`)));
  const one = await get('/symbols/BRK-B');
  const aapl = await get('/symbols/AAPL');

  for (const { body } of found) expect(body).toMatchObject({ symbols: [{ symbol: 'BRK.B' }], next_cursor: null });
  expect(one.body).toEqual({
    symbol: 'BRK.B',
    asset_class: 'equity',
    vendor_symbols: [{ vendor: 'yfinance', spelling: 'BRK-B', valid_from: null, valid_to: '2025-12-31' }],
    metadata: {
      name: 'Berkshire Hathaway',
      sector: null,
      industry: null,
      currency: 'USD',
      exchange: 'NYSE',
      market_cap: null,
      source: 'eodhd',
      last_updated: NOON.toISOString(),
    },
    coverage: [],
  });
  expect(aapl.body.coverage).toEqual([
    {
      source: 'tested',
      interval: '1d',
      bars: 4,
      first_at: '2026-01-02T14:30:00.000Z',
      last_at: '2026-01-07T14:30:00.000Z',
    },
  ]);
});

test('symbols are paged', async () => {
  await api.store.instruments.ensure(['MSFT', 'IBM'].map((symbol) => ({ symbol, assetClass: 'equity' as const })));

  const first = await get('/symbols?limit=2');
  const second = await get(`/symbols?limit=2&cursor=${first.body.next_cursor}`);

  const names = ({ symbols }: { symbols: { symbol: string }[] }) => symbols.map(({ symbol }) => symbol);
  expect([names(first.body), names(second.body)]).toEqual([['AAPL', 'IBM'], ['MSFT']]);
  expect(second.body.next_cursor).toBeNull();
});

test('news come newest first, by symbol and page', async () => {
  const item = (symbol: string, hour: number) => ({
    newsId: `fixture:${symbol}:${hour}`,
    symbol,
    headline: `${symbol} at ${hour}`,
    summary: null,
    url: 'https://example.com/a',
    source: 'fixture',
    publishedAt: new Date(Date.UTC(2026, 0, 5, hour)),
  });
  await api.store.news.insert([item('AAPL', 1), item('MSFT', 2), item('AAPL', 3)]);

  const first = await get('/news?limit=2');
  const second = await get(`/news?limit=2&cursor=${first.body.next_cursor}`);
  const apple = await get('/news?symbols=aapl');

  const headlines = ({ news }: { news: { headline: string }[] }) => news.map(({ headline }) => headline);
  expect([headlines(first.body), headlines(second.body)]).toEqual([['AAPL at 3', 'MSFT at 2'], ['AAPL at 1']]);
  expect(headlines(apple.body)).toEqual(['AAPL at 3', 'AAPL at 1']);
  expect(first.body.news[0]).toEqual({
    news_id: 'fixture:AAPL:3',
    symbol: 'AAPL',
    headline: 'AAPL at 3',
    summary: null,
    url: 'https://example.com/a',
    source: 'fixture',
    published_at: '2026-01-05T03:00:00.000Z',
  });
});

test('a database that is away is a problem, for a stream too', async () => {
  api = anApi(({ store }) => ({ store: down(store, 'STORE_UNAVAILABLE').part }));

  for (const accept of ['application/json', 'text/csv']) {
    const { status, body } = await get('/ohlcv/AAPL', accept);
    expect([status, body.code]).toEqual([503, 'STORE_UNAVAILABLE']);
  }
});

function asText(response: request.Response, done: (error: Error | null, text: string) => void): void {
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (part: string) => (text += part));
  response.on('end', () => done(null, text));
}
