import { Redis } from 'ioredis';
import { openMemoryBus } from '../../src/bus/memory';
import { priceEvents } from '../../src/bus/topics';
import type { Cache } from '../../src/cache/cache';
import { openRedisCache } from '../../src/cache/redis';
import type { PriceEvent } from '../../src/domain/price-event';
import { silentLog } from '../../src/platform/log';
import { openPostgresStore } from '../../src/store/postgres/open-postgres-store';
import type { Store } from '../../src/store/store';
import { runCommand } from '../cli/run-command';
import { sharedBus } from '../cli/shared-bus';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { aSeries, eventAt } from '../support/series';
import { describeWithRedis, testServices } from '../support/services';

const SIZE = 5;
const GROUPS = ['price-history', 'moving-average', 'latest-price'];

describeWithRedis('verify on PostgreSQL and Redis', () => {
  const { redisUrl } = testServices();
  const series = aSeries();
  const { symbol } = series;
  const events = Array.from({ length: 90 }, (_, index) =>
    eventAt(series, index * 86_400, 100 + ((index * 7) % 11) / 4),
  );
  const bus = openMemoryBus({ partitions: 1 });
  let database: TestDatabase;
  let store: Store;
  let cache: Cache;
  let redis: Redis;

  beforeAll(async () => {
    database = await createTestDatabase();
    store = openStore();
    cache = openCache();
    redis = new Redis(redisUrl);
    await cache.start();
    await eventually(() => cache.ping().then(() => true));
    for (const group of GROUPS) {
      const failed = (error: Error) => {
        throw error;
      };
      await bus.subscribe({ group, topic: priceEvents.name, maxBatch: 100, handle: async () => {}, onFatal: failed });
    }
    await bus.publish(events.map((event) => priceEvents.message(event)));
    await store.prices.insert(events);
    await store.averages.rebuild(series, SIZE);
    await cache.writeLatest([{ event: events[89]! }]);
  });

  afterAll(async () => {
    await bus.stop();
    await cache.stop();
    await store.stop();
    await redis.quit();
    await database.drop();
  });

  const openStore = () => openPostgresStore({ databaseUrl: database.databaseUrl, log: silentLog });
  const openCache = () =>
    openRedisCache({
      url: redisUrl,
      ttlSeconds: 300,
      defaultProvider: 'fixture',
      log: silentLog,
      commandTimeoutMs: 5_000,
    });
  const verify = async (...argv: string[]) => {
    const { stdout, exitCode, stderr } = await runCommand(['verify', '--symbol', symbol, '--json', ...argv], {
      ...{ openBus: () => sharedBus(bus), openStore, openCache },
      environment: { DATABASE_URL: database.databaseUrl, REDIS_URL: redisUrl, KAFKA_BOOTSTRAP_SERVERS: 'localhost:1' },
    });
    if (!stdout) throw new Error(stderr);
    const { named } = JSON.parse(stdout) as { named: { what: string; event_id: string }[] };
    return { exitCode, told: named.map(({ what, event_id }) => [what, event_id]) };
  };
  const idOf = (index: number) => events[index]!.eventId;
  const withoutPoint = (event: PriceEvent) =>
    database.query('DELETE FROM price_points WHERE event_id = $1', [event.eventId]);

  const DAMAGES: [string, () => Promise<unknown>, [string, string][]][] = [
    [
      'a missing average',
      () => database.query('DELETE FROM symbol_averages WHERE event_id = $1', [idOf(40)]),
      [['missing average', idOf(40)]],
    ],
    [
      'a wrong average, by its last digit',
      () =>
        database.query('UPDATE symbol_averages SET average = average + 0.0000000001 WHERE event_id = $1', [idOf(41)]),
      [['wrong average', idOf(41)]],
    ],
    [
      'an extra average',
      () =>
        database.query(
          `INSERT INTO symbol_averages (series_id, window_size, observed_at, sequence, event_id, average)
           SELECT series_id, window_size, observed_at, 7, 'extra', 1 FROM symbol_averages WHERE event_id = $1`,
          [idOf(42)],
        ),
      [['extra average', 'extra']],
    ],
    [
      'a stale window',
      () =>
        database.query(`UPDATE average_windows SET entries = (
          SELECT json_agg(entry) FROM (SELECT entry FROM json_array_elements(entries) entry LIMIT 60) first)`),
      [['stale window', idOf(80)]],
    ],
    [
      'a latest price that Redis has wrong',
      async () =>
        redis.set(`latest_price_${symbol}_fixture`, (await redis.get(`price:${symbol}`))!.replace(idOf(89), 'bogus')),
      [['wrong latest', 'bogus']],
    ],
    [
      'a latest price from the future, which would never be replaced',
      () => cache.writeLatest([{ event: eventAt(series, 500 * 86_400, 1) }]),
      [
        ['wrong latest', eventAt(series, 500 * 86_400, 1).eventId],
        ['wrong latest', eventAt(series, 500 * 86_400, 1).eventId],
        ['wrong latest', 'fixture:2027-05-20T00:00:00.000Z'],
      ],
    ],
  ];

  test.each(DAMAGES)('%s is named, repaired, and then gone', async (_, plant, told) => {
    await plant();

    const before = await verify();
    const repaired = await verify('--repair');

    expect(before).toEqual({ exitCode: 1, told });
    expect(repaired).toEqual({ exitCode: 0, told: [] });
    expect(await verify()).toEqual({ exitCode: 0, told: [] });
  });

  test('a price that only the topic has is named, stored and averaged', async () => {
    await withoutPoint(events[50]!);
    await store.averages.rebuild(series, SIZE);

    const fromTable = await verify();
    const fromTopic = await verify('--from', 'topic');
    const repaired = await verify('--from', 'topic', '--repair');

    expect(fromTable).toEqual({ exitCode: 0, told: [] });
    expect(fromTopic).toEqual({ exitCode: 1, told: [['missing price', idOf(50)]] });
    expect(repaired).toEqual({ exitCode: 0, told: [] });
    expect(await store.prices.list({ ...series, limit: 1_000 })).toHaveLength(90);
    expect(await store.averages.list({ ...series, size: SIZE, limit: 1_000 })).toHaveLength(86);
  });
});
