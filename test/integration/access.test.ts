import request from 'supertest';
import WebSocket from 'ws';
import { type HttpServer, httpServer } from '../../src/api/server';
import { openRedisCache } from '../../src/cache/redis';
import { parseKey } from '../../src/domain/api-key';
import { silentLog } from '../../src/platform/log';
import { type Service, startAll, stopAll } from '../../src/platform/service';
import { openPostgresStore } from '../../src/store/postgres/open-postgres-store';
import type { Store } from '../../src/store/store';
import { anApi } from '../support/api';
import { storeKey, TEST_SECRET } from '../support/api-keys';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { withKey } from '../support/guarded-api';
import { describeWithRedis, testServices } from '../support/services';

describeWithRedis('access to two API processes on one PostgreSQL and Redis', () => {
  let database: TestDatabase;
  let store: Store;
  let servers: readonly [HttpServer, HttpServer];
  let services: Service[];
  let aheadMs = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    const url = Object.assign(new URL(testServices().redisUrl), { pathname: '/14' }).href;
    const opened = [1, 2].map(() => {
      const cache = openRedisCache({ url, ttlSeconds: 60, defaultProvider: 'fixture', log: silentLog });
      const ownStore = openPostgresStore({ databaseUrl: database.databaseUrl, log: silentLog });
      const { dependencies } = anApi(({ security }) => ({
        cache,
        store: ownStore,
        clock: () => new Date(Date.now() + aheadMs),
        security: { ...security, apiKeysRequired: true, apiKeySecret: TEST_SECRET },
      }));
      return { cache, store: ownStore, server: httpServer({ dependencies, host: '127.0.0.1', port: 0 }) };
    });
    const [one, other] = opened;
    store = one!.store;
    servers = [one!.server, other!.server];
    services = opened.flatMap(({ cache, store: its, server }) => [its, cache, server]);
    await startAll(services);
    await eventually(() => Promise.all(opened.map(({ cache }) => cache.ping())).then(() => true));
  });

  afterAll(async () => {
    await stopAll(services);
    await database.drop();
  });

  const at = (place: 0 | 1) => request(`http://127.0.0.1:${servers[place].port()}`);
  const opens = (place: 0 | 1, ticket: string) =>
    new Promise<boolean>((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${servers[place].port()}/ws/prices?ticket=${ticket}`);
      socket.on('open', () => {
        socket.close();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
  const makeKey = async (name: string, scopes: readonly string[]) => {
    const admin = withKey((await storeKey(store.apiKeys, { scopes: ['admin'] })).text);
    const { body } = await at(0).post('/api/v1/keys').set(admin).send({ name, scopes });
    return { admin, keyId: String(body.key_id), text: String(body.key) };
  };

  test('a key made by one works at the other, and is void at both soon after it is revoked', async () => {
    const { admin, keyId, text } = await makeKey('both', ['prices:read']);
    const read = async () =>
      Promise.all(([0, 1] as const).map(async (place) => (await at(place).get('/tickers').set(withKey(text))).status));

    const before = await read();
    const revoked = await at(0).delete(`/api/v1/keys/${keyId}`).set(admin);
    aheadMs += 5_000;
    const after = await read();

    expect([before, revoked.status, after]).toEqual([[200, 200], 200, [401, 401]]);
    const [row] = await database.query('SELECT hash, last_used_at FROM api_keys WHERE key_id = $1', [keyId]);
    const { secret } = parseKey(text)!;
    expect(String(row!.hash)).not.toContain(secret);
    expect(row!.last_used_at).toBeInstanceOf(Date);
  });

  test('a ticket of one opens a socket at the other, once at either', async () => {
    const { text } = await makeKey('tickets', ['prices:read']);
    const ask = async () => (await at(0).post('/api/v1/tickets').set(withKey(text))).body.ticket;
    const [first, second] = [await ask(), await ask()];

    const used = [await opens(1, first), await opens(1, first), await opens(0, first)];
    const race = await Promise.all([opens(0, second), opens(1, second), opens(0, second), opens(1, second)]);

    expect(used).toEqual([true, false, false]);
    expect(race.filter(Boolean)).toHaveLength(1);
  });

  test('jobs of one key are hidden from another at every process, and each change has its entry', async () => {
    const mine = await makeKey('mine', ['prices:read', 'jobs:write']);
    const other = await makeKey('other', ['prices:read', 'jobs:write']);
    const once = { 'Idempotency-Key': 'nightly' };
    const poll = (text: string) =>
      at(0)
        .post('/prices/poll')
        .set({ ...withKey(text), ...once })
        .send({ symbols: ['AAPL'] });

    const [made, theirs] = [(await poll(mine.text)).body.job_id, (await poll(other.text)).body.job_id];
    const show = (text: string) => at(1).get(`/prices/poll/${made}`).set(withKey(text));
    const seen = [(await show(mine.text)).status, (await show(other.text)).status];
    const removal = await at(1).delete(`/prices/poll/${made}`).set(withKey(other.text));
    const { body } = await at(1).get(`/api/v1/audit?key_id=${other.keyId}`).set(other.admin);

    expect(made).not.toBe(theirs);
    expect([seen, removal.status]).toEqual([[200, 404], 404]);
    expect(body.entries).toMatchObject([
      { action: 'polls.remove', target: made, status: 404 },
      { action: 'polls.create', target: theirs, status: 202 },
    ]);
  });
});
