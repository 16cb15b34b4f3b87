import { existsSync } from 'node:fs';
import { newsItems, priceEvents } from '../../src/bus/topics';
import { bars } from '../../src/consumers/bars';
import { news } from '../../src/consumers/news';
import { BAR_INTERVALS, type BarInterval } from '../../src/domain/bar';
import { compareEventKeys, type PriceEvent, priceEventId } from '../../src/domain/price-event';
import { silentLog } from '../../src/platform/log';
import { readTape, toTapeEvent } from '../../src/providers/tape';
import { openPostgresStore } from '../../src/store/postgres/open-postgres-store';
import type { Store } from '../../src/store/store';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { aNewsItem } from '../support/reference';

jest.setTimeout(120_000);

const TAPE = '../shared/data/trades-2013-10-07.csv.gz';
const EVENTS = 12_000;
const NEVER = new AbortController().signal;
const LENGTH_MS: Record<BarInterval, number> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '1d': 86_400_000,
};

let database: TestDatabase;
let store: Store;

beforeAll(async () => {
  database = await createTestDatabase();
  store = openPostgresStore({ databaseUrl: database.databaseUrl, log: silentLog });
  await store.start();
});

afterAll(async () => {
  await store.stop();
  await database.drop();
});

const dependencies = () => ({
  store,
  cache: null as never,
  log: silentLog,
  jobs: { wake: () => undefined },
  movingAverageWindow: 5,
  volumeIsTraded: () => true,
  count: () => undefined,
});

/** Every thirtieth real trade, so that they span the session. */
async function realTrades(): Promise<PriceEvent[]> {
  const events: PriceEvent[] = [];
  for await (const trade of readTape(TAPE, { onBadLine: () => undefined })) {
    if (trade.line % 30 === 0 && events.length < EVENTS) events.push(toTapeEvent(trade, new Date(0)));
  }
  return events;
}

/** Made trades of the same kind: several to an instant, four hours of one symbol. */
function madeTrades(): PriceEvent[] {
  return Array.from({ length: EVENTS }, (_, index) => {
    const event = {
      symbol: 'HOT',
      provider: 'replay',
      price: Math.round(10_000 + 500 * Math.sin(index / 50)) / 100,
      currency: null,
      volume: 100 + (index % 900),
      observedAt: new Date(Date.UTC(2026, 0, 5, 14, 30) + Math.floor(index / 3) * 3_600),
      sequence: index + 1,
      fetchedAt: new Date(0),
      rawResponseId: null,
    };
    return { ...event, eventId: priceEventId(event) };
  });
}

/** The same each time, and in no order. */
function shuffled<Item>(items: readonly Item[]): Item[] {
  let state = 12_345;
  const result = [...items];
  for (let index = result.length - 1; index > 0; index -= 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const other = state % (index + 1);
    [result[index], result[other]] = [result[other]!, result[index]!];
  }
  return result;
}

/** The bars of one interval, from all events at once. */
function batchComputation(events: readonly PriceEvent[], interval: BarInterval) {
  const buckets = new Map<string, PriceEvent[]>();
  for (const event of [...events].sort(compareEventKeys)) {
    const startMs = Math.floor(event.observedAt.getTime() / LENGTH_MS[interval]) * LENGTH_MS[interval];
    const key = `${event.symbol} ${new Date(startMs).toISOString()}`;
    const bucket = buckets.get(key);
    if (bucket) bucket.push(event);
    else buckets.set(key, [event]);
  }
  return [...buckets]
    .map(([key, inside]) => ({
      key,
      open: inside[0]!.price,
      high: Math.max(...inside.map(({ price }) => price)),
      low: Math.min(...inside.map(({ price }) => price)),
      close: inside.at(-1)!.price,
      volume: inside.reduce((sum, { volume }) => sum + (volume ?? 0), 0),
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

async function storedBars(symbols: Iterable<string>, interval: BarInterval) {
  const found = [];
  for (const symbol of symbols) {
    found.push(...(await store.bars.list({ symbol, interval, source: 'ticks:replay', limit: 10_000 })));
  }
  return found
    .map(({ symbol, startAt, open, high, low, close, volume }) => ({
      key: `${symbol} ${startAt.toISOString()}`,
      open,
      high,
      low,
      close,
      volume,
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

test('bars of shuffled trades, some of them delivered twice, equal those computed from all at once', async () => {
  const isReal = existsSync(TAPE);
  if (!isReal) console.warn('the real tape is absent: made trades are used in its place');
  const events = isReal ? await realTrades() : madeTrades();
  const symbols = new Set(events.map(({ symbol }) => symbol));
  const delivered = shuffled([...events, ...events.slice(0, 2_000)]);
  const handle = bars.open(dependencies());

  for (let from = 0; from < delivered.length; from += 1_000) {
    expect(await handle(delivered.slice(from, from + 1_000), NEVER)).toEqual([]);
  }

  expect(events.length).toBe(EVENTS);
  for (const interval of BAR_INTERVALS) {
    expect(await storedBars(symbols, interval)).toEqual(batchComputation(events, interval));
  }
});

test('a headline delivered twice is stored once, and read as it was sent', async () => {
  const item = aNewsItem({ summary: 'With "quotes", ümlauts and\nlines' });
  const { value, key } = newsItems.message(item);
  const decoded = newsItems.decode({ value: Buffer.from(String(value)), key: Buffer.from(String(key)) }, new Date());
  const handle = news.open(dependencies());

  if (!decoded.ok) throw new Error(decoded.detail);
  await handle([decoded.event, decoded.event], NEVER);
  await handle([decoded.event], NEVER);

  expect(await store.news.list({ symbols: ['AAPL'], limit: 10 })).toEqual([item]);
});

test('the consumers read the topics that their events are on', () => {
  expect([bars.topic.name, news.topic.name]).toEqual([priceEvents.name, newsItems.name]);
});
