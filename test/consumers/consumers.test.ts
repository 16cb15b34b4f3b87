import fc from 'fast-check';
import { openMemoryCache } from '../../src/cache/memory';
import type { ConsumerDefinition, Handler } from '../../src/consumers/consumer';
import { latestPrice } from '../../src/consumers/latest-price';
import { modelRunner } from '../../src/consumers/model-runner';
import { movingAverage } from '../../src/consumers/moving-average';
import { priceHistory } from '../../src/consumers/price-history';
import { compareEventKeys, type PriceEvent } from '../../src/domain/price-event';
import type { SymbolAverage } from '../../src/domain/symbol-average';
import { silentLog } from '../../src/platform/log';
import { openMemoryStore } from '../../src/store/memory';
import type { Store } from '../../src/store/store';
import { interruptibleCache } from '../support/failing';
import { aPriceEvent } from '../support/price-events';

const NEVER = new AbortController().signal;
const START = Date.parse('2026-01-05T15:00:00.000Z');

const tick = (second: number, price: number, changes: Partial<PriceEvent> = {}) =>
  aPriceEvent({ observedAt: new Date(START + second * 1000), price, ...changes });

function setUp({ window = 5 } = {}) {
  const store = openMemoryStore({});
  const cache = interruptibleCache(openMemoryCache({ ttlSeconds: 300, defaultProvider: 'fixture' }));
  const jobs = { wake: () => undefined };
  const counted: Record<string, number> = {};
  const count = (name: string, by: number) => {
    counted[name] = (counted[name] ?? 0) + by;
  };
  const open = (definition: ConsumerDefinition<PriceEvent>): Handler<PriceEvent> =>
    definition.open({
      store,
      cache,
      log: silentLog,
      movingAverageWindow: window,
      count,
      jobs,
      volumeIsTraded: () => true,
    });
  return { store, cache, counted, open };
}

/** Every stored row of the events, in event order. */
async function rowsOf({ averages }: Store, events: readonly PriceEvent[], size: number): Promise<SymbolAverage[]> {
  const rows = await averages.listFrom(events, size);
  return [...new Map(rows.map((row) => [row.eventId, row])).values()].sort(compareEventKeys);
}

const bodiesOf = (messages: Awaited<ReturnType<Handler<PriceEvent>>>) =>
  messages.map(({ value }) => JSON.parse(String(value)));

describe('price-history', () => {
  test('the same event delivered twice is one point', async () => {
    const { store, open } = setUp();
    const handle = open(priceHistory);

    await handle([tick(1, 10), tick(2, 11), tick(1, 10)], NEVER);
    await handle([tick(2, 11)], NEVER);

    const points = await store.prices.list({ symbol: 'AAPL', provider: 'fixture', limit: 10 });
    expect(points.map(({ price }) => price)).toEqual([10, 11]);
  });
});

describe('moving-average', () => {
  const arrivals = [1, 2, 3, 6, 5, 4].map((second) => tick(second, second + 9));

  test('prices 10 to 15 arriving as 1,2,3,6,5,4 leave t=5 → 12 and t=6 → 13', async () => {
    const { store, open } = setUp();
    const handle = open(movingAverage);

    for (const event of arrivals) await handle([event], NEVER);

    const rows = await rowsOf(store, arrivals, 5);
    expect(rows.map(({ observedAt, average }) => [(observedAt.getTime() - START) / 1000, average])).toEqual([
      [5, 12],
      [6, 13],
    ]);
  });

  test('what it publishes is the row, under the symbol', async () => {
    const { open } = setUp({ window: 2 });

    const messages = await open(movingAverage)([tick(1, 10), tick(2, 12)], NEVER);

    expect(messages.map(({ topic, key }) => [topic, key])).toEqual([['symbol-averages', 'AAPL']]);
    expect(bodiesOf(messages)).toEqual([
      {
        symbol: 'AAPL',
        provider: 'fixture',
        window: 2,
        average: 11,
        count: 2,
        timestamp: '2026-01-05T15:00:02.000Z',
        event_id: tick(2, 12).eventId,
      },
    ]);
  });

  test('providers are never mixed in one average', async () => {
    const { store, open } = setUp({ window: 2 });

    await open(movingAverage)([tick(1, 10), tick(2, 99, { provider: 'finnhub' }), tick(3, 12)], NEVER);

    expect(await store.averages.findLatest('AAPL', 2, 'fixture')).toMatchObject({ average: 11 });
    expect(await store.averages.findLatest('AAPL', 2, 'finnhub')).toBeUndefined();
  });

  test('a restart goes on where the window stood', async () => {
    const { store, open } = setUp({ window: 3 });
    await open(movingAverage)([tick(1, 10), tick(2, 11)], NEVER);

    await open(movingAverage)([tick(3, 12)], NEVER);

    expect(await store.averages.findLatest('AAPL', 3, 'fixture')).toMatchObject({ average: 11 });
  });

  test('a consumer that was replaced without noticing has its write refused, and then reads what the other wrote', async () => {
    const { store, open } = setUp({ window: 2 });
    const [stale, successor] = [open(movingAverage), open(movingAverage)];
    await stale([tick(1, 10)], NEVER);
    await successor([tick(2, 20)], NEVER);

    const refused = stale([tick(3, 30)], NEVER);

    await expect(refused).rejects.toMatchObject({ code: 'STORE_CONFLICT', retryable: true });
    await stale([tick(3, 30)], NEVER);
    expect(await store.averages.findLatest('AAPL', 2, 'fixture')).toMatchObject({ average: 25 });
  });

  test('a batch delivered again publishes the same again, also where the window has moved on', async () => {
    const { open, counted } = setUp({ window: 2 });
    const handle = open(movingAverage);
    const batch = Array.from({ length: 300 }, (_, second) => tick(second, 100 + second));
    const first = bodiesOf(await handle(batch, NEVER));

    const again = bodiesOf(await handle(batch, NEVER));
    const afterRestart = bodiesOf(await open(movingAverage)(batch, NEVER));

    const ids = (bodies: { event_id: string; average: number }[]) =>
      [...new Map(bodies.map(({ event_id, average }) => [event_id, average]))].sort();
    expect(ids(again)).toEqual(ids(first));
    expect(ids(afterRestart)).toEqual(ids(first));
    expect(counted.late_beyond_slack ?? 0).toBeLessThanOrEqual(2);
  });

  test('an event that comes later than the slack is counted, and a rebuild repairs its series', async () => {
    const { store, open, counted } = setUp({ window: 2 });
    const handle = open(movingAverage);
    const events = Array.from({ length: 200 }, (_, second) => tick(second * 10, 100));
    const late = tick(15, 200);
    await open(priceHistory)([...events, late], NEVER);
    await handle(events, NEVER);

    await handle([late], NEVER);
    const changed = await store.averages.rebuild({ symbol: 'AAPL', provider: 'fixture' }, 2);

    expect(counted.late_beyond_slack).toBe(1);
    expect(changed).toBe(2);
    expect(await store.averages.listFrom([late], 2)).toMatchObject([{ average: 150 }, { average: 150 }]);
  });

  test('shuffled arrivals in any batches, with repeats, end at the rows of a brute-force computation', async () => {
    const shuffled = fc.shuffledSubarray(
      Array.from({ length: 40 }, (_, index) => tick(index % 13, 50 + ((index * 37) % 29), { sequence: index })),
      { minLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(shuffled, fc.integer({ min: 1, max: 11 }), async (events, batch) => {
        const { store, open } = setUp({ window: 4 });
        const handle = open(movingAverage);

        const deliveries = [...events, ...events.slice(0, 10)];
        for (let from = 0; from < deliveries.length; from += batch)
          await handle(deliveries.slice(from, from + batch), NEVER);

        const sorted = [...events].sort(compareEventKeys);
        const expected = sorted.slice(3).map((event, index) => {
          const prices = sorted.slice(index, index + 4).map(({ price }) => price);
          return [event.eventId, prices.reduce((sum, price) => sum + price, 0) / 4];
        });
        const rows = await rowsOf(store, events, 4);
        expect(rows.map(({ eventId, average }) => [eventId, average])).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });
});

describe('latest-price', () => {
  test('a late price does not replace a newer one', async () => {
    const { cache, open } = setUp();
    const handle = open(latestPrice);

    await handle([tick(5, 15), tick(3, 13)], NEVER);
    await handle([tick(4, 14)], NEVER);

    expect(JSON.parse((await cache.readLatest('AAPL', 'fixture')) ?? '')).toMatchObject({ price: 15 });
  });

  test('an empty cache is filled from the store before the first write', async () => {
    const { store, cache, open } = setUp();
    await store.prices.insert([tick(1, 10), tick(1, 300, { symbol: 'MSFT' })]);

    await open(latestPrice)([tick(2, 11)], NEVER);

    const { prices } = await cache.readSnapshot();
    expect(prices).toMatchObject({ AAPL: { price: 11, change: 1 }, MSFT: { price: 300 } });
  });

  test('a cache that came back empty after a failure is filled again', async () => {
    const { store, cache, open } = setUp();
    const handle = open(latestPrice);
    await store.prices.insert([tick(1, 300, { symbol: 'MSFT' })]);
    cache.down = true;
    await expect(handle([tick(2, 11)], NEVER)).rejects.toMatchObject({ code: 'CACHE_UNAVAILABLE' });
    cache.down = false;

    await handle([tick(2, 11)], NEVER);

    expect(Object.keys((await cache.readSnapshot()).prices).sort()).toEqual(['AAPL', 'MSFT']);
  });
});

test('model-runner wakes the runner with the jobs of the batch and publishes nothing', async () => {
  const { store, cache } = setUp();
  const woken: string[] = [];
  const handle = modelRunner.open({
    store,
    cache,
    log: silentLog,
    movingAverageWindow: 5,
    count: () => undefined,
    jobs: { wake: (ids) => void woken.push(...ids) },
    volumeIsTraded: () => true,
  });

  const messages = await handle(
    [
      { jobId: 'a', model: 'montecarlo' },
      { jobId: 'b', model: 'markowitz' },
    ],
    NEVER,
  );

  expect(woken).toEqual(['a', 'b']);
  expect(messages).toEqual([]);
});
