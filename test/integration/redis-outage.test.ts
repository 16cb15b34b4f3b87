import { Redis } from 'ioredis';
import type { Cache, PriceDiff } from '../../src/cache/cache';
import { openRedisCache } from '../../src/cache/redis';
import { silentLog } from '../../src/platform/log';
import { eventually } from '../support/eventually';
import { type InterruptibleProxy, openProxy } from '../support/interruptible-proxy';
import { aSeries, eventAt } from '../support/series';
import { testServices } from '../support/services';

const server = new URL(testServices().redisUrl);
let proxy: InterruptibleProxy;
let cache: Cache;

beforeEach(async () => {
  proxy = await openProxy({ host: server.hostname, port: Number(server.port || 6379) });
  const url = `redis://127.0.0.1:${proxy.port}/12`;
  cache = openRedisCache({ url, ttlSeconds: 60, defaultProvider: 'fixture', log: silentLog });
});

afterEach(async () => {
  await cache.stop();
  await proxy.cut();
});

const calls = (): (() => Promise<unknown>)[] => [
  () => cache.ping(),
  () => cache.writeLatest([{ event: eventAt(aSeries(), 1, 10) }]),
  () => cache.readLatest('AAPL'),
  () => cache.readLatestOf(['AAPL']),
  () => cache.readSnapshot(),
  () => cache.readSnapshotEntry('AAPL'),
];

async function expectUnavailable(withinMs: number): Promise<void> {
  for (const call of calls()) {
    const began = Date.now();
    await expect(call()).rejects.toMatchObject({ code: 'CACHE_UNAVAILABLE', retryable: true });
    expect(Date.now() - began).toBeLessThan(withinMs);
  }
}

test('while the server is away every call fails at once, and once it is back the same cache works', async () => {
  await cache.start();
  await cache.ping();
  await proxy.cut();

  await expectUnavailable(100);

  await proxy.restore();
  await eventually(() => cache.ping());
  expect(await cache.writeLatest([{ event: eventAt(aSeries(), 1, 10) }])).toBe(1);
});

test('a server that accepts and says nothing is given a quarter of a second', async () => {
  await cache.start();
  await cache.ping();
  proxy.hang();

  await expectUnavailable(400);
});

test('it starts while the server is away, and connects when it is there', async () => {
  await proxy.cut();
  await cache.start();
  await expectUnavailable(100);

  await proxy.restore();

  await eventually(() => cache.ping());
});

test('a listener hears again after the connection was lost, also one that came while it was', async () => {
  const series = aSeries();
  const heard: [PriceDiff[], PriceDiff[]] = [[], []];
  await cache.start();
  await cache.onDiff((diff) => heard[0].push(diff));
  await proxy.cut();
  await cache.onDiff((diff) => heard[1].push(diff));
  await proxy.restore();
  await eventually(() => cache.ping());

  let second = 0;
  await eventually(async () => {
    second += 1;
    await cache.writeLatest([{ event: eventAt(series, second, second) }]);
    return heard.every((diffs) => diffs.some(({ prices }) => series.symbol in prices));
  });
});

test('a connection that is lost is told, and told to be restored once what is published is heard', async () => {
  const series = aSeries();
  const told: string[] = [];
  const heard: PriceDiff[] = [];
  await cache.start();
  await cache.onDiff((diff) => heard.push(diff));
  const end = cache.onConnection((state) => told.push(state));
  await proxy.cut();
  await eventually(() => told.includes('lost'));

  await proxy.restore();
  await eventually(() => told.at(-1) === 'restored');
  await eventually(() => cache.ping().then(() => true));
  await cache.writeLatest([{ event: eventAt(series, 1, 10) }]);
  await eventually(() => heard.some(({ prices }) => series.symbol in prices));
  end();
  const before = told.length;
  await proxy.cut();
  await eventually(() =>
    cache
      .ping()
      .then(() => false)
      .catch(() => true),
  );

  expect(told).toHaveLength(before);
});

test('numbers of diffs that were lost with the server are not used again', async () => {
  const direct = new Redis(testServices().redisUrl, { db: 12 });
  await cache.start();
  await eventually(() => cache.ping().then(() => true));
  await cache.writeLatest([{ event: eventAt(aSeries(), 1, 10) }]);
  const before = await cache.readSnapshot();
  await eventually(() => Date.now() > before.sequence);
  await direct.flushdb();

  await cache.writeLatest([{ event: eventAt(aSeries(), 1, 10) }]);
  const after = await cache.readSnapshot();
  direct.disconnect();

  expect(Object.keys(after.prices)).toHaveLength(1);
  expect(after.sequence).toBeGreaterThan(before.sequence);
});

test('while the server is away quotas are counted here', async () => {
  await cache.start();
  await proxy.cut();
  const name = aSeries().symbol;

  const waits = [
    await cache.takeQuota(name, 2, 60_000),
    await cache.takeQuota(name, 2, 60_000),
    await cache.takeQuota(name, 2, 60_000),
  ];

  expect(waits.slice(0, 2)).toEqual([0, 0]);
  expect(waits[2]).toBeGreaterThan(0);
});

test('a cache is stopped in every state it can be in', async () => {
  await cache.stop();
  await cache.start();
  await cache.ping();
  await Promise.all([cache.stop(), cache.stop()]);
  await expect(cache.ping()).rejects.toMatchObject({ code: 'CACHE_UNAVAILABLE' });
  await cache.start();
  await proxy.cut();
  await eventually(() =>
    cache.ping().then(
      () => false,
      () => true,
    ),
  );
  await cache.stop();
  await proxy.restore();
});

test('what is good once is so over two processes, and in each of them while the server is away and after it is back', async () => {
  const other = openRedisCache({
    url: Object.assign(new URL(server.href), { pathname: '/12' }).href,
    ttlSeconds: 60,
    defaultProvider: 'fixture',
    log: silentLog,
  });
  await Promise.all([cache.start(), other.start()]);
  const [shared, alone] = [aSeries().symbol, aSeries().symbol];

  const together = [await cache.takeOnce(shared, 60), await other.takeOnce(shared, 60)];
  await proxy.cut();
  const away = [await cache.takeOnce(alone, 60), await cache.takeOnce(alone, 60)];
  await proxy.restore();
  await eventually(() => cache.ping());
  const back = await cache.takeOnce(alone, 60);
  await other.stop();

  expect(together).toEqual([true, false]);
  expect(away).toEqual([true, false]);
  expect(back).toBe(false);
});
