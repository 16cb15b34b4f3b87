import type { BarInterval } from '../../src/domain/bar';
import { aRequest, asked, pagesOf, startsOf } from './history-pages';
import { anError, aValue, json, KEY, meta, NO_DATA, openAt, series, startTwelveData } from './twelvedata-stand-in';
import type { Reply, SeenRequest, VendorStandIn } from './vendor-stand-in';

let vendor: VendorStandIn;
afterEach(() => vendor?.stop());

async function openAnswering(answers: Parameters<typeof startTwelveData>[0]) {
  vendor = await startTwelveData(answers);
  return openAt(vendor);
}

test('the values of a time series become bars to the last digit, at the opening in New York', async () => {
  const source = await openAnswering({ '/time_series': series([aValue()]) });

  const pages = await pagesOf(source, aRequest());

  expect(pages).toHaveLength(1);
  expect(pages[0]).toMatchObject({ faults: [], actions: [], next: aRequest().end });
  expect(pages[0]?.raw).toMatchObject({ time_series: { values: [aValue()] }, dividends: { dividends: [] } });
  expect(pages[0]?.bars).toEqual([
    {
      symbol: 'AAPL',
      interval: '1d',
      startAt: new Date('2024-03-04T14:30:00.000Z'),
      open: 176.14999,
      high: 176.89999,
      low: 173.78999,
      close: 175.10001,
      volume: 81510100,
      source: 'twelvedata',
      rawResponseId: null,
    },
  ]);
});

test('prices and dividends are asked for as they were, not adjusted for splits, and the key is in no address', async () => {
  const source = await openAnswering({ '/time_series': series([]) });

  await pagesOf(source, aRequest());

  const days = { symbol: 'AAPL', start_date: '2024-03-01', end_date: '2024-03-31' };
  const form = { interval: '1day', adjust: 'none', order: 'asc', outputsize: '5000' };
  expect(asked(vendor.requests)).toEqual([
    ['/time_series', { ...days, ...form, end_date: '2024-04-01' }],
    ['/dividends', { ...days, adjust: 'false' }],
    ['/splits', days],
  ]);
  expect(vendor.requests.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill(`apikey ${KEY}`));
});

test('intraday bars are asked for and read in UTC, with nothing else', async () => {
  const values = [aValue({ datetime: '2024-03-04 14:30:00' }), aValue({ datetime: '2024-03-04 14:45:00' })];
  const source = await openAnswering({ '/time_series': series(values, { interval: '15min' }) });

  const pages = await pagesOf(source, aRequest({ interval: '15m' }));

  expect(startsOf(pages)).toEqual(['2024-03-04T14:30:00.000Z', '2024-03-04T14:45:00.000Z']);
  expect(asked(vendor.requests)).toMatchObject([
    [
      '/time_series',
      { interval: '15min', timezone: 'UTC', start_date: '2024-03-01T00:00:00', end_date: '2024-04-01T00:00:00' },
    ],
  ]);
});

test('currencies have days from midnight UTC, no volume, and no dividends to ask for', async () => {
  const values = [aValue({ volume: undefined })];
  const source = await openAnswering({ '/time_series': series(values, { symbol: 'EUR/USD' }) });

  const pages = await pagesOf(source, aRequest({ symbol: 'EURUSD=X' }));

  expect(startsOf(pages)).toEqual(['2024-03-04T00:00:00.000Z']);
  expect(pages[0]?.bars).toMatchObject([{ symbol: 'EURUSD=X', volume: null }]);
  expect(vendor.requests.map(({ path }) => path)).toEqual(['/time_series']);
});

test('the stored spelling of the vendor goes before ours, and answers name it without its exchange', async () => {
  const source = await openAnswering({ '/time_series': series([aValue()], { symbol: 'VOD' }) });

  const pages = await pagesOf(source, aRequest({ symbol: 'VOD.L', spelling: 'VOD:LSE' }));

  expect(vendor.requests[0]?.query.get('symbol')).toBe('VOD:LSE');
  expect(pages[0]?.bars).toMatchObject([{ symbol: 'VOD.L' }]);
});

test('dividends have the currency of the vendor; splits are read from their words', async () => {
  const source = await openAnswering({
    '/time_series': series([]),
    '/dividends': json({ meta: { ...meta, currency: 'GBp' }, dividends: [{ ex_date: '2024-03-08', amount: 0.24 }] }),
    '/splits': json({
      meta,
      splits: [
        { date: '2024-03-11', description: '4-for-1 split', ratio: 0.25, from_factor: 4, to_factor: 1 },
        { date: '2024-03-12', description: '1-for-10 reverse split', ratio: 10, from_factor: 1, to_factor: 10 },
        { date: '2024-03-13', description: 'split', ratio: 2 },
      ],
    }),
  });

  const [page] = await pagesOf(source, aRequest());

  const nobody = { successor: null, source: 'twelvedata', symbol: 'AAPL' };
  expect(page?.actions).toEqual([
    { ...nobody, kind: 'dividend', exDate: '2024-03-08', amount: 0.24, currency: 'GBp', ratio: null },
    { ...nobody, kind: 'split', exDate: '2024-03-11', amount: null, currency: null, ratio: 4 },
    { ...nobody, kind: 'split', exDate: '2024-03-12', amount: null, currency: null, ratio: 0.1 },
  ]);
  expect(page?.faults).toMatchObject([
    { place: 'splits[2]', detail: 'split: expected a number above zero, got "split"' },
  ]);
});

test('a plan without dividends and splits has its bars all the same: the refusal is a fault, and asked for once', async () => {
  const refused = anError(403, '/dividends is available starting with Grow plan');
  const source = await openAnswering({
    '/time_series': series([aValue()]),
    '/dividends': refused,
    '/splits': refused,
  });

  const first = await pagesOf(source, aRequest());
  const second = await pagesOf(source, aRequest());

  for (const [page] of [first, second]) {
    expect(page?.bars).toHaveLength(1);
    expect(page?.faults).toMatchObject([{ place: 'dividends' }, { place: 'splits' }]);
    expect(page?.faults[0]?.detail).toContain('the plan of the key in TWELVE_DATA_API_KEY');
  }
  expect(vendor.requests.map(({ path }) => path)).toEqual(['/time_series', '/dividends', '/splits', '/time_series']);
});

test('a range without data is a page without bars', async () => {
  const source = await openAnswering({ '/time_series': NO_DATA });

  const pages = await pagesOf(source, aRequest({ interval: '1h' }));

  expect(pages).toEqual([{ raw: { time_series: null }, bars: [], actions: [], faults: [], next: aRequest().end }]);
});

/** Fills the range asked for with bars, as many as one answer holds: of more, the newest. */
const filled =
  (interval: string, lengthMs: number) =>
  ({ query }: SeenRequest): Reply => {
    const [from, to] = ['start_date', 'end_date'].map((end) => Date.parse(`${query.get(end)}Z`));
    const values = [];
    for (let atMs = to!; atMs >= from! && values.length < 5_000; atMs -= lengthMs) {
      const instant = new Date(atMs).toISOString();
      values.unshift(
        aValue({ datetime: lengthMs < 86_400_000 ? instant.slice(0, 19).replace('T', ' ') : instant.slice(0, 10) }),
      );
    }
    return series(values, { interval });
  };

test.each<[BarInterval, string, number, string]>([
  ['1m', '1min', 60_000, '2024-02-20T00:00:00.000Z'],
  ['1h', '1h', 3_600_000, '2023-01-01T00:00:00.000Z'],
])(
  '%s bars of a market that never closes come in pages that leave nothing out and tell nothing twice',
  async (interval, name, lengthMs, start) => {
    const source = await openAnswering({ '/time_series': filled(name, lengthMs) });
    const request = aRequest({ interval, start: new Date(start) });

    const pages = await pagesOf(source, request);

    const bars = Math.round((request.end.getTime() - request.start.getTime()) / lengthMs);
    const expected = Array.from({ length: bars }, (_, index) => request.start.getTime() + index * lengthMs);
    expect(startsOf(pages).map(Date.parse)).toEqual(expected);
    expect(pages.length).toBeGreaterThan(2);
  },
);

test('years of days come in pages, each with the dividends of its own days, asked for once', async () => {
  const dividends = ['1990-05-04', '2005-05-04', '2023-05-04'].map((ex_date) => ({ ex_date, amount: 0.2 }));
  const source = await openAnswering({
    '/time_series': filled('1day', 86_400_000),
    '/dividends': json({ meta, dividends }),
  });

  const pages = await pagesOf(source, aRequest({ start: new Date('1990-01-01T00:00:00.000Z') }));

  expect(pages.map(({ actions }) => actions.map(({ exDate }) => exDate))).toEqual([
    ['1990-05-04'],
    ['2005-05-04'],
    ['2023-05-04'],
  ]);
  expect(startsOf(pages)).toHaveLength(12_509);
  expect(vendor.requests.filter(({ path }) => path === '/dividends')).toHaveLength(1);
});

test('a request resumed at the next of a page tells the bars and dividends that the interrupted one had left', async () => {
  const dividends = ['2000-05-04', '2023-05-04'].map((ex_date) => ({ ex_date, amount: 0.2 }));
  const source = await openAnswering({
    '/time_series': filled('1day', 86_400_000),
    '/dividends': json({ meta, dividends }),
  });
  const request = aRequest({ start: new Date('2000-01-01T00:00:00.000Z') });
  const told = (pages: Awaited<ReturnType<typeof pagesOf>>) => pages.map(({ raw: _raw, ...page }) => page);
  const whole = await pagesOf(source, request);

  const [first] = await pagesOf(source, request, 1);
  const rest = await pagesOf(source, { ...request, start: first!.next });

  expect(told([first!, ...rest])).toEqual(told(whole));
  expect(whole.length).toBeGreaterThan(1);
});

test('entries that cannot be read are faults with their place; numbers that break the rules of a bar are passed on', async () => {
  const values = [
    aValue({ datetime: '2024-02-30' }),
    aValue({ datetime: '2024-03-05 09:30:00' }),
    aValue({ open: null }),
    aValue({ high: 'NaN' }),
    aValue({ volume: '' }),
    aValue({ low: '999', close: '0', volume: '-1' }),
    null,
  ];
  const source = await openAnswering({ '/time_series': series(values as object[]) });

  const [page] = await pagesOf(source, aRequest());

  expect(page?.bars).toMatchObject([{ low: 999, close: 0, volume: -1 }]);
  expect(page?.faults.map(({ place }) => place)).toEqual([0, 1, 2, 3, 4, 6].map((index) => `values[${index}]`));
});
