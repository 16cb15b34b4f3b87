import { Redis } from 'ioredis';
import { openKafkaBus } from '../../src/bus/kafka';
import { newsItems, TOPIC_NAMES } from '../../src/bus/topics';
import type { Cache } from '../../src/cache/cache';
import { openRedisCache } from '../../src/cache/redis';
import { findFreePort } from '../../src/local/port';
import { silentLog } from '../../src/platform/log';
import { openPostgresStore } from '../../src/store/postgres/open-postgres-store';
import { describeLivePrices } from '../contract/live.contract';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { type InterruptibleProxy, openProxy } from '../support/interruptible-proxy';
import { nextEvents } from '../support/live';
import { LiveClient } from '../support/live-client';
import { type ProductProcess, startProcess } from '../support/product-process';
import { describeWithKafka, describeWithRedis, testServices } from '../support/services';

const DATABASE = 11;

describeWithRedis('sockets of the real API process on Redis', () => {
  let database: TestDatabase;
  let proxy: InterruptibleProxy;
  let writer: Cache;
  let beside: Redis;
  let api: ProductProcess;
  let port: number;
  let clients: LiveClient[] = [];

  const startApi = (at = port, changes: Record<string, string> = {}) =>
    startProcess('api', {
      PORT: String(at),
      DATABASE_URL: database.databaseUrl,
      REDIS_URL: `redis://127.0.0.1:${proxy.port}/${DATABASE}`,
      KAFKA_BOOTSTRAP_SERVERS: testServices().kafkaBrokers.join(',') || '127.0.0.1:1',
      USE_FIXTURE: 'true',
      ...changes,
    });

  beforeAll(async () => {
    const redis = new URL(testServices().redisUrl);
    database = await createTestDatabase();
    proxy = await openProxy({ host: redis.hostname, port: Number(redis.port || 6379) });
    const url = `redis://${redis.host}/${DATABASE}`;
    beside = new Redis(url);
    await beside.flushdb();
    writer = openRedisCache({
      url,
      ttlSeconds: 60,
      defaultProvider: 'fixture',
      log: silentLog,
      commandTimeoutMs: 5_000,
    });
    await writer.start();
    port = await findFreePort();
    api = await startApi();
  }, 60_000);

  afterEach(async () => {
    await Promise.all(clients.map((client) => client.end()));
    clients = [];
  });

  afterAll(async () => {
    await api.end('SIGTERM');
    await writer.stop();
    beside.disconnect();
    await proxy.cut();
    await database.drop();
  });

  const connect = (path = '/ws/prices', at = port) => {
    const client = new LiveClient(`ws://127.0.0.1:${at}${path}`);
    clients.push(client);
    return client;
  };
  const publish = async (prices: Record<string, number>) => {
    await writer.writeLatest(nextEvents(prices));
  };
  const ends = (client: LiveClient, prices: Record<string, number>) =>
    eventually(() => {
      expect(client.followed.truth).toMatchObject(prices);
      expect(client.followed.faults).toEqual([]);
    });

  describeLivePrices(() => ({ connect, publish }));

  test('while Redis is away every client is told, and once it is back each has the right values', async () => {
    await publish({ OUT1: 1, OUT2: 1 });
    const before = [connect(), connect('/ws/prices?symbols=OUT1')];
    await Promise.all(before.map((client) => client.told('snapshot')));

    await proxy.cut();
    await Promise.all(before.map((client) => client.told('status')));
    const during = connect();
    await during.told('snapshot');
    await publish({ OUT1: 2 });
    await proxy.restore();
    await Promise.all([...before, during].map((client) => client.told('status', 2)));
    await publish({ OUT2: 3 });

    await ends(before[0]!, { OUT1: 2, OUT2: 3 });
    await ends(before[1]!, { OUT1: 2 });
    await ends(during, { OUT1: 2, OUT2: 3 });
    for (const client of [...before, during]) {
      expect(client.ofType('status').map(({ state }) => state)).toEqual(['stale', 'live']);
      expect(client.ofType('snapshot').at(-1)).toMatchObject({ reason: 'reconnected' });
    }
  });

  test('a Redis that comes back empty is filled up from the database, and its numbers are none of those before', async () => {
    const stored = nextEvents({ LOST: 7, KEPT: 7 }).map(({ event }) => event);
    const store = openPostgresStore({ databaseUrl: database.databaseUrl, log: silentLog });
    await store.start();
    await store.prices.insert(stored);
    await store.stop();
    await publish({ LOST: 7, KEPT: 7 });
    const client = connect();
    const { sequence: before } = await client.told('snapshot');

    await proxy.cut();
    await client.told('status');
    await beside.flushdb();
    await publish({ KEPT: 8 });
    await proxy.restore();
    await client.told('status', 2);

    await ends(client, { LOST: 7, KEPT: 8 });
    expect(client.followed.sequence).toBeGreaterThan(before!);
  });

  test('the API is killed and started again: who comes back with its number is told where it stands, and misses nothing', async () => {
    await publish({ KILL: 1, KEEP: 1 });
    const client = connect();
    await client.told('snapshot');
    const { sequence } = client.followed;

    await api.end('SIGKILL');
    await eventually(() => client.closedWith !== undefined);
    await publish({ KILL: 2 });
    api = await startApi();
    const back = connect(`/ws/prices?resume=${sequence}`);
    await back.told('snapshot');
    await publish({ KEEP: 2 });

    await ends(back, { KILL: 2, KEEP: 2 });
    expect(back.ofType('snapshot')).toEqual([expect.objectContaining({ reason: 'resume_expired' })]);
  });

  test('a client resumes at another process, because its numbers are those of the same Redis', async () => {
    const here = connect();
    await publish({ MOVE: 1, STAY: 1 });
    await ends(here, { MOVE: 1, STAY: 1 });
    const other = await findFreePort();
    const second = await startApi(other);
    const staying = connect('/ws/prices', other);
    await staying.told('snapshot');
    await publish({ STAY: 2 });
    await ends(here, { STAY: 2 });
    const { sequence } = here.followed;
    await publish({ MOVE: 2 });
    await ends(staying, { MOVE: 2 });

    const moved = connect(`/ws/prices?resume=${sequence}`, other);
    const [resumed, diff] = [await moved.told('resumed'), await moved.told('diff')];
    await second.end('SIGTERM');
    await eventually(() => moved.closedWith !== undefined);

    expect(resumed.from).toBe(sequence! + 1);
    expect(Object.keys(diff.prices!)).toEqual(['MOVE']);
    expect(moved.ofType('snapshot')).toEqual([]);
    expect(moved.closedWith).toBe(1001);
  });

  describeWithKafka('with Kafka', () => {
    test('news on the topic come to who is connected', async () => {
      const bus = openKafkaBus({
        brokers: testServices().kafkaBrokers,
        ssl: false,
        clientId: 'live-test',
        log: silentLog,
      });
      await bus.start();
      await bus.createTopics(TOPIC_NAMES.map((name) => ({ name, partitions: 2 })));
      const client = connect('/ws/news?symbols=HEAD');
      await client.told('snapshot');

      let count = 0;
      await eventually(
        async () => {
          count += 1;
          await bus.publish([newsItems.message(aHeadline(count))]);
          return client.ofType('news').length > 1;
        },
        25_000,
        200,
      );
      await bus.stop();
      const headlines = client
        .ofType('news')
        .flatMap(({ items }) => (items as { headline: string }[]).map((it) => it.headline));

      const first = Number(headlines[0]!.split(' ')[1]);
      expect(headlines).toEqual(headlines.map((_, index) => `Headline ${first + index}`));
    });
  });

  test('an API without a broker has news from the database, and stops as soon as it is asked to', async () => {
    const other = await findFreePort();
    const lonely = await startApi(other, { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1' });
    const client = connect('/ws/news', other);
    const snapshot = await client.told('snapshot');
    const beganMs = Date.now();

    const code = await lonely.end('SIGTERM');

    expect(snapshot.news).toEqual([]);
    expect(code).toBe(0);
    expect(Date.now() - beganMs).toBeLessThan(9_000);
  });

  test('events of the stream are to be had with nothing but HTTP', async () => {
    await publish({ CURL: 1 });
    const leaving = new AbortController();
    const response = await fetch(`http://127.0.0.1:${port}/prices/stream?symbols=CURL`, { signal: leaving.signal });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();

    let text = '';
    while (!text.includes('"CURL"')) text += (await reader.read()).value ?? '';
    leaving.abort();

    expect(text).toMatch(/^retry: 3000\n\nid: \d+\nevent: snapshot\ndata: \{"type":"snapshot"/);
  });
});

function aHeadline(count: number) {
  return {
    newsId: `fixture:HEAD:${count}`,
    symbol: 'HEAD',
    headline: `Headline ${count}`,
    summary: null,
    url: `https://news.example/${count}`,
    source: 'fixture',
    publishedAt: new Date(Date.UTC(2026, 0, 5, 12, 0, count)),
  };
}
