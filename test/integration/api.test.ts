import { get, type IncomingMessage } from 'node:http';
import { Redis } from 'ioredis';
import request from 'supertest';
import type { ApiDependencies } from '../../src/api/dependencies';
import { type HttpServer, httpServer } from '../../src/api/server';
import { tickerUpdates } from '../../src/api/ticker-updates';
import { openMemoryBus } from '../../src/bus/memory';
import { openRedisCache } from '../../src/cache/redis';
import { systemClock } from '../../src/platform/clock';
import { silentLog } from '../../src/platform/log';
import { type Service, startAll, stopAll } from '../../src/platform/service';
import { openPostgresStore } from '../../src/store/postgres/open-postgres-store';
import { anApi, type TestVendor } from '../support/api';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { type InterruptibleProxy, openProxy } from '../support/interruptible-proxy';
import { aPriceEvent } from '../support/price-events';
import { describeWithRedis, testServices } from '../support/services';

describeWithRedis('the API on PostgreSQL and Redis', () => {
  let database: TestDatabase;
  let proxy: InterruptibleProxy;
  let dependencies: ApiDependencies;
  let vendor: TestVendor;
  let server: HttpServer;
  let services: Service[];

  beforeAll(async () => {
    database = await createTestDatabase();
    const redis = new URL(testServices().redisUrl);
    proxy = await openProxy({ host: redis.hostname, port: Number(redis.port || 6379) });
    const url = `redis://127.0.0.1:${proxy.port}/13`;
    const cache = openRedisCache({ url, ttlSeconds: 60, defaultProvider: 'fixture', log: silentLog });
    const store = openPostgresStore({ databaseUrl: database.databaseUrl, log: silentLog });
    const bus = openMemoryBus();
    ({ dependencies, vendor } = anApi(() => ({ store, cache, bus, clock: systemClock })));
    server = httpServer({ dependencies, host: '127.0.0.1', port: 0 });
    services = [store, cache, bus, server, tickerUpdates(dependencies)];
    await startAll(services);
    await eventually(() => cache.ping().then(() => true));
  });

  afterAll(async () => {
    await stopAll(services);
    await proxy.cut();
    await database.drop();
  });

  /** A symbol no other test, and no earlier run, has put into the shared Redis. */
  const aSymbol = () => `T${process.hrtime.bigint().toString(36).toUpperCase()}`;
  const baseUrl = () => `http://127.0.0.1:${server.port()}`;
  const ask = (path: string, headers: Record<string, string> = {}) => request(baseUrl()).get(path).set(headers);
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    request(baseUrl()).post(path).set(headers).send(body);

  test('a poll sent ten times at once with one key is one row, which names the request', async () => {
    const key = aSymbol();
    const send = () =>
      post('/prices/poll', { symbols: ['AAPL'], interval: 5 }, { 'idempotency-key': key, 'x-request-id': key });

    const answers = await Promise.all(Array.from({ length: 10 }, send));
    const other = await post('/prices/poll', { symbols: ['MSFT'], interval: 5 }, { 'idempotency-key': key });

    const rows = await database.query('SELECT id, request_id FROM polling_jobs WHERE idempotency_key = $1', [key]);
    expect(answers.map(({ status, body }) => [status, body.job_id])).toEqual(Array(10).fill([202, rows[0]!.id]));
    expect(rows).toEqual([{ id: expect.any(String), request_id: key }]);
    expect(other.status).toBe(409);
  });

  test('bad input stores nothing', async () => {
    const before = await database.query('SELECT count(*) FROM polling_jobs');

    const answers = [
      await post('/prices/poll', { symbols: ['A'], interval: 0 }),
      await post('/prices/poll', { symbols: ['A'], provider: 'nobody' }),
      await post('/prices/poll', { symbols: ['A'], provider: 'keyless' }),
      await post('/prices/poll', { symbols: ['A'.repeat(200_000)] }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 422, 413]);
    expect(await database.query('SELECT count(*) FROM polling_jobs')).toEqual(before);
  });

  test('a fetched price is in the outbox with its request, and then in Redis', async () => {
    const symbol = aSymbol();
    vendor.quote(symbol, 12.5, new Date());

    const first = await ask(`/prices/latest?symbol=${symbol}`, { 'x-request-id': symbol });
    const second = await eventually(async () => {
      const { body } = await ask(`/prices/latest?symbol=${symbol}`);
      expect(body.source).toBe('cache');
      return body;
    });

    const rows = await database.query('SELECT provider, symbols FROM raw_market_data WHERE request_id = $1', [symbol]);
    expect(first.body).toMatchObject({ price: 12.5, source: 'provider', stale: false });
    expect({ ...second, age_ms: 0, source: '' }).toEqual({ ...first.body, age_ms: 0, source: '' });
    expect(rows).toEqual([{ provider: 'fixture', symbols: [symbol] }]);
  });

  test('a message on ticker_updates is fetched into the outbox', async () => {
    const symbol = aSymbol();
    vendor.quote(symbol, 3, new Date());
    const publisher = new Redis(testServices().redisUrl);

    await publisher.publish('ticker_updates', JSON.stringify({ ticker: symbol, action: 'refresh' }));
    await publisher.quit();

    await eventually(async () => {
      const rows = await database.query('SELECT 1 FROM raw_market_data WHERE $1 = ANY(symbols)', [symbol]);
      expect(rows).toHaveLength(1);
    });
  });

  test('history from the table streams every point once, and pages the same', async () => {
    const symbol = aSymbol();
    const start = Date.now() - 86_400_000;
    const count = 3500;
    await dependencies.store.prices.insert(
      Array.from({ length: count }, (_, index) =>
        aPriceEvent({
          symbol,
          price: index + 1,
          sequence: index % 3,
          observedAt: new Date(start + Math.floor(index / 3)),
        }),
      ),
    );

    const answer = await new Promise<IncomingMessage>((resolve) => {
      const address = `${baseUrl()}/prices/history?symbol=${symbol}`;
      get(address, { headers: { accept: 'application/x-ndjson' } }, resolve);
    });
    let text = '';
    for await (const part of answer.setEncoding('utf8')) text += part;
    const streamed = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).price);
    const paged: number[] = [];
    let cursor = '';
    do {
      const { body } = await ask(`/prices/history?symbol=${symbol}&limit=999${cursor && `&cursor=${cursor}`}`);
      paged.push(...body.prices.map(({ price }: { price: number }) => price));
      cursor = body.next_cursor ?? '';
    } while (cursor);

    expect(streamed).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    expect(paged).toEqual(streamed);
  });

  test('with Redis stopped or hanging prices come from the table without an error, and from Redis again once it is back', async () => {
    const symbol = aSymbol();
    await dependencies.store.prices.insert([aPriceEvent({ symbol, observedAt: new Date(), fetchedAt: new Date() })]);
    const sources: string[] = [];
    const slow: number[] = [];
    const askFor = async (times: number) => {
      for (let time = 0; time < times; time += 1) {
        const began = performance.now();
        const { status, body } = await ask(`/prices/latest?symbol=${symbol}`);
        if (performance.now() - began > 200) slow.push(performance.now() - began);
        sources.push(`${status} ${body.source}`);
      }
    };

    proxy.hang();
    await askFor(50);
    await proxy.cut();
    await askFor(50);
    const health = await ask('/health');
    await proxy.restore();

    expect(new Set(sources)).toEqual(new Set(['200 database']));
    expect(slow.length).toBeLessThanOrEqual(1);
    expect(health.body).toMatchObject({ status: 'degraded', dependencies: { cache: { status: 'down' } } });
    await eventually(async () => {
      expect((await ask(`/prices/latest?symbol=${symbol}`)).body.source).toBe('cache');
    });
  });
});
