import type { RawBar } from '../../src/domain/bar';
import { TickwireError } from '../../src/platform/errors';
import { openProviders } from '../../src/providers/open-provider';
import type {
  GuardedCall,
  HistoryPage,
  HistorySource,
  ProviderDefinition,
  TakeQuota,
} from '../../src/providers/provider';
import { aRequest, pagesOf, startsOf } from './history-pages';
import { anAnswer, aProvider } from './scripted-provider';

const never = new AbortController().signal;
const SECRET = 'a-secret-key';
const request = aRequest();
const aBar = (changes: Partial<RawBar> = {}): RawBar => ({
  symbol: 'AAPL',
  interval: '1d',
  startAt: new Date('2024-03-04T14:30:00.000Z'),
  open: 1,
  high: 2,
  low: 1,
  close: 2,
  volume: 3,
  source: 'scripted',
  rawResponseId: null,
  ...changes,
});
const aPage = (changes: Partial<HistoryPage> = {}): HistoryPage => ({
  raw: {},
  bars: [],
  actions: [],
  faults: [],
  next: request.end,
  ...changes,
});

interface Script {
  readonly pages?: (call: GuardedCall, signal: AbortSignal) => AsyncIterable<HistoryPage>;
  readonly changes?: Partial<ProviderDefinition>;
  readonly takeQuota?: TakeQuota;
}

/** A provider whose vendor tells the pages of the test, with a secret, behind the real guards. */
function open({ pages, changes = {}, takeQuota = async () => 0 }: Script) {
  const definition = aProvider(async (symbols) => anAnswer(symbols), {
    variables: [{ name: 'SCRIPT_KEY', purpose: 'key', required: true, secret: true }],
    openHistory: (_environment, call): HistorySource => ({
      intervals: ['1d'],
      fetchHistory: (_request, signal) => pages?.(call, signal) ?? telling([])(),
      fetchMetadata: () => Promise.reject(new Error(`no ${SECRET}`)),
    }),
    openNews: (_environment, call) => ({
      fetchNews: (symbol, signal) =>
        call(async () => ({ raw: null, items: [aNews(symbol), aNews('OTHER'), aNews(symbol)] }), signal),
    }),
    ...changes,
  });
  return openProviders({ environment: { SCRIPT_KEY: SECRET }, takeQuota, definitions: [definition] });
}

const aNews = (symbol: string) => ({
  newsId: `scripted:${symbol}:1`,
  symbol,
  headline: `about ${SECRET}`,
  summary: null,
  url: 'https://news.example.com/1',
  source: 'scripted',
  publishedAt: new Date(0),
});

const telling = (pages: readonly HistoryPage[]) =>
  async function* () {
    yield* pages;
  };
const load = (pages: readonly HistoryPage[]) => pagesOf(open({ pages: telling(pages) }).history('scripted'), request);

test('a bar outside the range asked for is left out; one at its start is in, one at its end is not', async () => {
  const bars = ['2024-02-29T14:30:00.000Z', '2024-03-01T00:00:00.000Z', '2024-04-01T00:00:00.000Z'].map((at) =>
    aBar({ startAt: new Date(at) }),
  );

  const pages = await load([aPage({ bars })]);

  expect(startsOf(pages)).toEqual(['2024-03-01T00:00:00.000Z']);
  expect(pages[0]!.faults).toEqual([]);
});

test.each([
  ['another symbol', { symbol: 'MSFT' }, 'symbol: expected AAPL, got MSFT'],
  ['another interval', { interval: '1h' as const }, 'interval: expected 1d, got 1h'],
  ['no time', { startAt: new Date(Number.NaN) }, 'start: expected an instant, got none'],
  ['a price that is no number', { close: Number.NaN }, 'close: expected a finite number, got NaN'],
  ['a price beyond all numbers', { high: Number.POSITIVE_INFINITY }, 'high: expected a finite number, got Infinity'],
  ['a volume that is no number', { volume: Number.NaN }, 'volume: expected a finite number or nothing, got NaN'],
])('a bar with %s becomes a fault, whatever the source let through', async (_what, changes, detail) => {
  const pages = await load([aPage({ bars: [aBar(), aBar(changes)] })]);

  expect(pages[0]!.bars).toEqual([aBar()]);
  expect(pages[0]!.faults).toEqual([{ place: 'bars[1]', detail }]);
});

test('next is held monotone and within the range, and a source that ends early is ended at the end', async () => {
  const nexts = ['2024-03-10', '2024-03-05', '2025-01-01', '2024-03-20'].map((day) => new Date(day));

  const pages = await load(nexts.slice(0, 2).map((next) => aPage({ next })));
  const beyond = await load(nexts.slice(2).map((next) => aPage({ next })));

  expect(pages.map(({ next }) => next)).toEqual([nexts[0], nexts[0], request.end]);
  expect(beyond.map(({ next }) => next)).toEqual([request.end, request.end]);
});

test('a secret reaches neither raw answers, faults, errors nor news', async () => {
  const leaking = open({
    pages: async function* () {
      yield aPage({ raw: { [SECRET]: [SECRET] }, faults: [{ place: 'x', detail: `got ${SECRET}` }] });
      throw new TickwireError('PROVIDER_REFUSED', `refused ${SECRET}`);
    },
  });
  const told: HistoryPage[] = [];

  const reading = (async () => {
    for await (const page of leaking.history('scripted').fetchHistory(request, never)) told.push(page);
  })();

  await expect(reading).rejects.toMatchObject({ code: 'PROVIDER_REFUSED', message: 'refused [redacted]' });
  await expect(leaking.history('scripted').fetchMetadata!('AAPL', never)).rejects.toMatchObject({
    code: 'PROVIDER_UNAVAILABLE',
    message: 'scripted could not be asked: Error',
  });
  const news = await leaking.news('scripted').fetchNews('AAPL', never);
  expect(JSON.stringify([told, news])).not.toContain(SECRET);
  expect(told).toHaveLength(1);
});

test('news of other symbols are dropped, and each item is told once', async () => {
  const { items } = await open({}).news('scripted').fetchNews('AAPL', never);

  expect(items.map(({ newsId }) => newsId)).toEqual(['scripted:AAPL:1']);
});

test('a caller who leaves between two pages gets no more, and the source is ended', async () => {
  const caller = new AbortController();
  let ended = false;
  const source = open({
    pages: async function* () {
      try {
        yield aPage({ next: new Date('2024-03-05') });
        yield aPage();
      } finally {
        ended = true;
      }
    },
  }).history('scripted');

  const reading = (async () => {
    for await (const _page of source.fetchHistory(request, caller.signal)) caller.abort();
  })();

  await expect(reading).rejects.toMatchObject({ code: 'PROVIDER_TIMEOUT' });
  expect(ended).toBe(true);
});

test('a load waits for the next minute when the bucket of this one is empty, and one of a day is not waited for', async () => {
  jest.useFakeTimers();
  const waits = [0, 59_000, 0, 80_000_000];
  const calling = () =>
    open({
      pages: async function* (call, signal) {
        yield await call(async () => aPage({ next: new Date('2024-03-05') }), signal);
        yield await call(async () => aPage(), signal);
      },
      changes: { limits: [{ name: 'minute', limit: 1, windowMs: 60_000 }] },
      takeQuota: async () => waits.shift() ?? 0,
    }).history('scripted');

  const first = pagesOf(calling(), request);
  await jest.advanceTimersByTimeAsync(59_000);
  const pages = await first;
  const second = pagesOf(calling(), request).catch((error: unknown) => error);
  jest.useRealTimers();

  expect(pages).toHaveLength(2);
  expect(await second).toMatchObject({ code: 'PROVIDER_RATE_LIMITED', retryAfterMs: 80_000_000 });
});

test('a caller who leaves while a load waits for its quota is let go at once', async () => {
  const caller = new AbortController();
  const source = open({
    pages: async function* (call, signal) {
      yield await call(async () => aPage(), signal);
    },
    changes: { limits: [{ name: 'minute', limit: 1, windowMs: 60_000 }] },
    takeQuota: async () => 59_000,
  }).history('scripted');

  const reading = source.fetchHistory(request, caller.signal)[Symbol.asyncIterator]().next();
  caller.abort();

  await expect(reading).rejects.toMatchObject({ code: 'PROVIDER_TIMEOUT' });
});

test('quotes, history and news share one breaker: failures of one stop the calls of all, and health shows it', async () => {
  const failing = open({
    pages: async function* (call, signal) {
      yield await call(() => Promise.reject(new TickwireError('PROVIDER_UNAVAILABLE', 'down')), signal);
    },
  });
  for (let turn = 0; turn < 5; turn += 1) await pagesOf(failing.history('scripted'), request).catch(() => undefined);

  const quotes = await failing.source('scripted').fetchQuotes(['AAPL'], never);

  expect(quotes.failures).toMatchObject([{ code: 'PROVIDER_UNAVAILABLE' }]);
  await expect(failing.news('scripted').fetchNews('AAPL', never)).rejects.toMatchObject({
    code: 'PROVIDER_UNAVAILABLE',
  });
  expect(failing.health()).toMatchObject([{ breaker: 'open' }]);
});

test('a call of a history has the deadline of its provider', async () => {
  const source = open({
    pages: async function* (call, signal) {
      yield await call(() => new Promise<HistoryPage>(() => undefined), signal);
    },
    changes: { timeoutMs: 20 },
  }).history('scripted');

  await expect(pagesOf(source, request)).rejects.toMatchObject({ code: 'PROVIDER_TIMEOUT' });
});

test('who lacks history says who has it, and each kind is opened on first use and once', () => {
  const { openHistory: _history, ...quotesOnly } = aProvider(async (symbols) => anAnswer(symbols), { name: 'plain' });
  let opened = 0;
  const rich = aProvider(async (symbols) => anAnswer(symbols), {
    volumeIsTraded: true,
    openHistory: () => {
      opened += 1;
      return { intervals: ['1d'], fetchHistory: telling([]) };
    },
  });
  const providers = openProviders({
    environment: {},
    takeQuota: async () => 0,
    definitions: [{ ...quotesOnly, aliases: [] }, rich],
  });

  expect(() => providers.history('plain')).toThrow('plain has no history; expected one of scripted');
  expect(() => providers.news('plain')).toThrow('plain has no news; and no other has');
  expect(opened).toBe(0);
  expect(providers.history('scripted')).toBe(providers.history('script'));
  expect(opened).toBe(1);
  expect([providers.having('quotes'), providers.having('history')]).toEqual([['plain', 'scripted'], ['scripted']]);
  expect([providers.volumeIsTraded('plain'), providers.volumeIsTraded('scripted')]).toEqual([false, true]);
});
