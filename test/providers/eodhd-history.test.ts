import { aDay, json, KEY, openAt, startEodhd } from './eodhd-stand-in';
import { aRequest, asked, pagesOf, startsOf } from './history-pages';
import type { Reply, SeenRequest, VendorStandIn } from './vendor-stand-in';

let vendor: VendorStandIn;
afterEach(() => vendor?.stop());

async function openAnswering(answers: Parameters<typeof startEodhd>[0]) {
  vendor = await startEodhd(answers);
  return openAt(vendor);
}

test('daily bars are the prices as traded, at the opening in New York, whatever the adjusted close', async () => {
  const source = await openAnswering({ eod: json([aDay()]) });

  const pages = await pagesOf(source, aRequest());

  expect(pages).toHaveLength(1);
  expect(pages[0]).toMatchObject({ faults: [], actions: [], next: aRequest().end });
  expect(pages[0]?.raw).toEqual({ eod: [aDay()], splits: [], dividends: [] });
  expect(pages[0]?.bars).toEqual([
    {
      symbol: 'AAPL',
      interval: '1d',
      startAt: new Date('2024-03-04T14:30:00.000Z'),
      open: 176.15,
      high: 176.9,
      low: 173.79,
      close: 175.1,
      volume: 81510101,
      source: 'eodhd',
      rawResponseId: null,
    },
  ]);
});

test('one call asks for the days of the range, its end left out; splits are asked for up to today', async () => {
  const source = await openAnswering({});

  await pagesOf(source, aRequest({ symbol: 'BRK.B' }));

  const key = { fmt: 'json', api_token: KEY };
  expect(asked(vendor.requests)).toEqual([
    ['/eod/BRK-B.US', { from: '2024-03-01', to: '2024-03-31', period: 'd', order: 'a', ...key }],
    ['/splits/BRK-B.US', { from: '2024-03-01', ...key }],
    ['/div/BRK-B.US', { from: '2024-03-01', to: '2024-03-31', ...key }],
  ]);
});

test('the stored spelling of the vendor goes before ours', async () => {
  const source = await openAnswering({});

  await pagesOf(source, aRequest({ symbol: 'META', spelling: 'FB.US' }));

  expect(vendor.requests.map(({ path }) => path)).toEqual(['/eod/FB.US', '/splits/FB.US', '/div/FB.US']);
});

test('currencies and crypto have no dividends or splits to ask for, and their days start at midnight UTC', async () => {
  const source = await openAnswering({ eod: json([aDay()]) });

  const pages = await pagesOf(source, aRequest({ symbol: 'EUR/USD' }));

  expect(vendor.requests.map(({ path }) => path)).toEqual(['/eod/EURUSD.FOREX']);
  expect(startsOf(pages)).toEqual(['2024-03-04T00:00:00.000Z']);
});

test('dividends are told as paid on the day, not as divided by later splits; splits as new shares for each old one', async () => {
  const source = await openAnswering({
    div: json([{ date: '2024-03-08', value: 0.06, unadjustedValue: 0.24, currency: 'USD', period: 'Quarterly' }]),
    splits: json([{ date: '2024-03-11', split: '4.000000/1.000000' }]),
  });

  const [page] = await pagesOf(source, aRequest());

  const nobody = { successor: null, source: 'eodhd', symbol: 'AAPL' };
  expect(page?.actions).toEqual([
    { ...nobody, kind: 'dividend', exDate: '2024-03-08', amount: 0.24, currency: 'USD', ratio: null },
    { ...nobody, kind: 'split', exDate: '2024-03-11', amount: null, currency: null, ratio: 4 },
  ]);
});

test('a volume that EODHD restated for later splits is the shares that changed hands that day', async () => {
  const days = [aDay({ date: '2024-03-08', volume: 400 }), aDay({ date: '2024-03-11', volume: 100 })];
  const splits = [
    { date: '2024-03-11', split: '4.000000/1.000000' },
    { date: '2024-06-10', split: '1.000000/10.000000' },
    { date: '2024-12-01', split: '2.000000/1.000000' },
  ];
  const source = await openAnswering({ eod: json(days), splits: json(splits) });

  const [page] = await pagesOf(source, aRequest());

  expect(page?.bars.map(({ volume }) => volume)).toEqual([1_000, 1_000]);
  expect(page?.actions).toMatchObject([{ exDate: '2024-03-11' }]);
});

test('a plan without dividends and splits has its bars all the same: the refusal is a fault, and asked for once', async () => {
  const source = await openAnswering({ eod: json([aDay()]), splits: { status: 403 }, div: { status: 403 } });

  const first = await pagesOf(source, aRequest());
  const second = await pagesOf(source, aRequest());

  for (const [page] of [first, second]) {
    expect(page?.bars).toHaveLength(1);
    expect(page?.faults).toMatchObject([{ place: 'dividends' }, { place: 'splits' }]);
    expect(page?.faults[0]?.detail).toContain('EODHD_API_KEY');
  }
  expect(vendor.requests.map(({ path }) => path.split('/')[1])).toEqual(['eod', 'splits', 'div', 'eod']);
});

test('entries that cannot be read are faults with their place, and the others are told', async () => {
  const good = aDay();
  const entries = [
    aDay({ date: '2024-02-30' }),
    aDay({ open: null }),
    aDay({ high: '176.9' }),
    aDay({ volume: 'many' }),
    good,
    'text',
    { warning: 'Data is limited by one year as you have free subscription' },
    aDay({ date: '2024-12-01' }),
  ];
  const source = await openAnswering({ eod: json(entries), div: json([{ date: 'soon', unadjustedValue: 1 }]) });

  const [page] = await pagesOf(source, aRequest({ end: new Date('2025-01-01T00:00:00.000Z') }));

  expect(page?.bars).toHaveLength(1);
  expect(page?.faults).toEqual([
    { place: 'eod[0]', detail: 'time: expected the start of a bar, got "2024-02-30"' },
    { place: 'eod[1]', detail: 'open: expected a number, got null' },
    { place: 'eod[2]', detail: 'high: expected a number, got "176.9"' },
    { place: 'eod[3]', detail: 'volume: expected a number, got "many"' },
    { place: 'eod[5]', detail: 'time: expected the start of a bar, got nothing' },
    { place: 'eod[6]', detail: expect.stringContaining('Data is limited by one year') },
    { place: 'eod[7]', detail: 'time: expected none that is still to come, got "2024-12-01"' },
    { place: 'dividends[0]', detail: 'ex-date: expected a day such as 2026-01-05, got "soon"' },
  ]);
});

test('numbers that break the rules of a bar are passed on as they are, for the quarantine', async () => {
  const source = await openAnswering({ eod: json([aDay({ low: 999, close: 0, volume: -1 })]) });

  const [page] = await pagesOf(source, aRequest());

  expect(page?.bars).toMatchObject([{ low: 999, close: 0, volume: -1 }]);
  expect(page?.faults).toEqual([]);
});

test.each([
  ['no new shares', '0/1'],
  ['nothing to share out', '4/0'],
  ['words', 'four for one'],
  ['a number', 4],
])('a split of %s is a fault, not a ratio', async (_what, split) => {
  const source = await openAnswering({ splits: json([{ date: '2024-03-11', split }]) });

  const [page] = await pagesOf(source, aRequest());

  expect(page?.actions).toEqual([]);
  expect(page?.faults).toMatchObject([{ place: 'splits[0]', detail: expect.stringMatching(/^split: expected/) }]);
});

test('bars beyond the range are left out', async () => {
  const days = ['2024-02-29', '2024-03-01', '2024-03-28', '2024-04-01'].map((date) => aDay({ date }));
  const source = await openAnswering({ eod: json(days) });

  const pages = await pagesOf(source, aRequest());

  expect(startsOf(pages)).toEqual(['2024-03-01T14:30:00.000Z', '2024-03-28T13:30:00.000Z']);
});

/** One bar at the first second asked for, and one at the last. */
const atBothEnds = ({ query }: SeenRequest): Reply => {
  const prices = { open: 1, high: 2, low: 0.5, close: 1.5, volume: 7 };
  return json(['from', 'to'].map((end) => ({ ...prices, timestamp: Number(query.get(end)), gmtoffset: 0 })));
};

test('intraday bars come in pages of 30 days, oldest first, that leave nothing out and tell nothing twice', async () => {
  const source = await openAnswering({ intraday: atBothEnds });
  const request = aRequest({ interval: '1m', end: new Date('2024-04-15T00:00:00.000Z') });

  const pages = await pagesOf(source, request);

  expect(startsOf(pages)).toEqual([
    '2024-03-01T00:00:00.000Z',
    '2024-03-30T23:59:59.000Z',
    '2024-03-31T00:00:00.000Z',
    '2024-04-14T23:59:59.000Z',
  ]);
  expect(pages.map(({ next }) => next)).toEqual([new Date('2024-03-31T00:00:00.000Z'), request.end]);
  expect(asked(vendor.requests)).toMatchObject([
    ['/intraday/AAPL.US', { interval: '1m', from: '1709251200', to: '1711843199' }],
    ['/intraday/AAPL.US', { interval: '1m', from: '1711843200', to: '1713139199' }],
  ]);
});

test('a request resumed at the next of a page tells what the interrupted one had left', async () => {
  const source = await openAnswering({ intraday: atBothEnds });
  const request = aRequest({ interval: '5m', start: new Date('2023-01-01T00:00:00.000Z') });
  const whole = await pagesOf(source, request);

  const [told] = await pagesOf(source, request, 1);
  const rest = await pagesOf(source, { ...request, start: told!.next });

  expect([told, ...rest]).toEqual(whole);
  expect(whole.length).toBeGreaterThan(2);
});

test('a minute without a trade, its fields null, is a fault', async () => {
  const empty = { timestamp: 1709562600, gmtoffset: 0, open: null, high: null, low: null, close: null, volume: null };
  const source = await openAnswering({ intraday: json([empty]) });

  const [page] = await pagesOf(source, aRequest({ interval: '1h' }));

  expect(page?.bars).toEqual([]);
  expect(page?.faults).toEqual([{ place: 'intraday[0]', detail: 'open: expected a number, got null' }]);
});

test.each([0, -60, '1709562600', null])('an intraday timestamp of %p is a fault, not 1970', async (timestamp) => {
  const source = await openAnswering({ intraday: json([{ timestamp, open: 1, high: 1, low: 1, close: 1 }]) });

  const [page] = await pagesOf(source, aRequest({ interval: '1m' }));

  expect(page?.faults).toMatchObject([{ place: 'intraday[0]', detail: expect.stringMatching(/^time: expected/) }]);
});
