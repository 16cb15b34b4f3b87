import type { Server } from 'node:http';
import { createServer } from 'node:http';
import { Redis } from 'ioredis';
import request from 'supertest';
import { openRedisCache } from '../../src/cache/redis';
import { silentLog } from '../../src/platform/log';
import { anApi } from '../support/api';
import { testServices } from '../support/services';

const url = Object.assign(new URL(testServices().redisUrl), { pathname: '/12' }).href;
const LIMIT = 40;

const caches = [0, 1].map(() =>
  openRedisCache({ url, ttlSeconds: 300, defaultProvider: 'fixture', log: silentLog, commandTimeoutMs: 5_000 }),
);
const beside = new Redis(url);
let servers: Server[];

beforeAll(async () => {
  await beside.flushdb();
  await Promise.all(caches.map((cache) => cache.start()));
  servers = caches.map((cache) => {
    const limited = anApi(({ security }) => ({ cache, security: { ...security, rateLimitPerMinute: LIMIT } }));
    return createServer(limited.app).listen(0, '127.0.0.1');
  });
});

afterAll(async () => {
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  await Promise.all(caches.map((cache) => cache.stop()));
  await beside.flushdb();
  await beside.quit();
});

test('two APIs over one Redis let through as many as the limit, and not one more', async () => {
  const asked = Array.from({ length: 100 }, (_, index) => request(servers[index % 2]!).get('/tickers'));

  const answers = await Promise.all(asked);

  const passed = answers.filter(({ status }) => status === 200);
  expect(passed).toHaveLength(LIMIT);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(100 - LIMIT);
  expect(new Set(passed.map(({ headers }) => headers.ratelimit?.split(';')[1]))).toHaveProperty('size', LIMIT);
});

test('what is counted expires by itself', async () => {
  await request(servers[0]!).get('/tickers');

  const [key = ''] = await beside.keys('requests:*');

  expect(key).toMatch(/^requests:40:60:address:/);
  expect(await beside.ttl(key)).toBeGreaterThan(0);
  expect(await beside.ttl(key)).toBeLessThanOrEqual(60);
});
