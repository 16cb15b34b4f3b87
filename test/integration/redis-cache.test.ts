import fc from 'fast-check';
import { Redis } from 'ioredis';
import { openMemoryCache } from '../../src/cache/memory';
import { openRedisCache } from '../../src/cache/redis';
import { silentLog } from '../../src/platform/log';
import { describeCache } from '../contract/cache.contract';
import { aSeries, eventAt } from '../support/series';
import { testServices } from '../support/services';

const url = Object.assign(new URL(testServices().redisUrl), { pathname: '/11' }).href;
const options = { url, ttlSeconds: 300, defaultProvider: 'fixture', log: silentLog };
const cache = openRedisCache(options);
const beside = new Redis(url);

beforeAll(async () => {
  await beside.flushdb();
  await cache.start();
});

afterAll(async () => {
  await cache.stop();
  await beside.flushdb();
  await beside.quit();
});

/** The server's clock cannot be moved: instead what expires does so that much earlier. */
async function passTime(seconds: number): Promise<void> {
  for (const key of await beside.keys('*')) {
    const left = await beside.pttl(key);
    if (left > 0) await beside.pexpire(key, left - seconds * 1000);
  }
}

describeCache(() => ({
  cache,
  passTime,
  publishTickerUpdate: async (text) => {
    await beside.publish('ticker_updates', text);
  },
}));

test('the script and the memory cache, given the same writes in the same order, hold the same', async () => {
  const price = fc.oneof(fc.integer({ min: 1, max: 400 }), fc.double({ min: 1e-9, max: 1e9, noNaN: true }));
  const write = fc.record({
    symbol: fc.nat(1),
    provider: fc.nat(1),
    hour: fc.nat(60),
    sequence: fc.nat(11),
    price,
    refetchedSeconds: fc.nat(3),
    reference: fc.option(price, { freq: 4, nil: undefined }),
  });
  const batches = fc.array(fc.array(write, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(batches, async (items) => {
      const memory = openMemoryCache({ ttlSeconds: 300, defaultProvider: 'fixture' });
      const symbols = [aSeries().symbol, aSeries().symbol];
      for (const batch of items) {
        const writes = batch.map(({ symbol, provider, hour, sequence, price, refetchedSeconds, reference }) => {
          const series = { symbol: symbols[symbol]!, provider: ['fixture', 'replay'][provider]! };
          const event = eventAt(series, hour * 3600, price, sequence);
          const fetchedAt = new Date(event.fetchedAt.getTime() + refetchedSeconds * 1000);
          return { event: { ...event, fetchedAt }, ...(reference !== undefined && { referencePrice: reference }) };
        });
        expect(await cache.writeLatest(writes)).toBe(await memory.writeLatest(writes));
      }
      for (const symbol of symbols) {
        expect(await cache.readSnapshotEntry(symbol)).toEqual(await memory.readSnapshotEntry(symbol));
        for (const provider of [undefined, 'fixture', 'replay']) {
          expect(await cache.readLatest(symbol, provider)).toBe(await memory.readLatest(symbol, provider));
        }
      }
    }),
    { numRuns: 150 },
  );
});

test('a batch of more symbols than one call takes is written whole', async () => {
  const events = Array.from({ length: 450 }, () => eventAt(aSeries(), 1, 10));

  const changed = await cache.writeLatest(events.map((event) => ({ event })));

  expect(changed).toBe(450);
  const bodies = await cache.readLatestOf(events.map(({ symbol }) => symbol));
  expect(bodies.every((body) => body !== undefined)).toBe(true);
});

test('two processes that write the same symbols at once end at the newest', async () => {
  const other = openRedisCache(options);
  await other.start();
  const series = Array.from({ length: 20 }, () => aSeries());
  const rounds = Array.from({ length: 30 }, (_, index) =>
    series.map((one) => ({ event: eventAt(one, index, 10 + index) })),
  );

  await Promise.all([...rounds].reverse().map((writes, index) => [cache, other][index % 2]!.writeLatest(writes)));

  const entries = await Promise.all(series.map(({ symbol }) => cache.readSnapshotEntry(symbol)));
  expect(entries.map((entry) => entry?.price)).toEqual(series.map(() => 39));
  await other.stop();
});

test('a server that forgot the script is told it again', async () => {
  const series = aSeries();
  await beside.script('FLUSH');

  await cache.writeLatest([{ event: eventAt(series, 1, 10) }]);

  expect((await cache.readSnapshotEntry(series.symbol))?.price).toBe(10);
});

test('a latest price expires', async () => {
  const { symbol } = aSeries();
  await cache.writeLatest([{ event: eventAt({ symbol, provider: 'fixture' }, 1, 10) }]);

  const expiries = await Promise.all(
    [`latest_price_${symbol}_fixture`, `price:${symbol}`].map((key) => beside.ttl(key)),
  );

  for (const seconds of expiries) expect(seconds).toBeGreaterThan(295);
});
