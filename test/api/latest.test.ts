import fc from 'fast-check';
import request from 'supertest';
import type { PriceEvent } from '../../src/domain/price-event';
import { anApi, down, NOON, type TestApi } from '../support/api';
import { eventually } from '../support/eventually';
import { aPriceEvent } from '../support/price-events';

const SECOND = 1000;
const ago = (seconds: number) => new Date(NOON.getTime() - seconds * SECOND);
const anEvent = (secondsAgo: number, changes: Partial<PriceEvent> = {}) =>
  aPriceEvent({ observedAt: ago(secondsAgo), fetchedAt: ago(secondsAgo), ...changes });
const latest = ({ app }: TestApi, query = 'symbol=AAPL&max_age=300') => request(app).get(`/prices/latest?${query}`);
const withoutCache = () => {
  const outage: { calls: string[] } = { calls: [] };
  const api = anApi(({ cache }) => {
    const { part, calls } = down(cache, 'CACHE_UNAVAILABLE');
    outage.calls = calls;
    return { cache: part };
  });
  return { api, calls: outage.calls };
};
const withoutStore = () => anApi(({ store }) => ({ store: down(store, 'STORE_UNAVAILABLE').part }));

test('a cached price is served as it was stored, with its age', async () => {
  const api = anApi();
  const event = anEvent(10);
  await api.cache.writeLatest([{ event }]);

  const answer = await latest(api);

  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    symbol: 'AAPL',
    provider: 'fixture',
    price: 100,
    currency: 'USD',
    volume: 10,
    timestamp: event.observedAt.toISOString(),
    fetched_at: event.fetchedAt.toISOString(),
    event_id: event.eventId,
    age_ms: 10_000,
    stale: false,
    source: 'cache',
  });
  expect(api.vendor.calls).toEqual([]);
});

test('a stored price is served from the table, and the next time from the cache', async () => {
  const api = anApi();
  await api.store.prices.insert([anEvent(10)]);

  const first = await latest(api);
  await eventually(async () => (await latest(api)).body.source === 'cache');
  const second = await latest(api);

  expect(first.body).toMatchObject({ source: 'database', price: 100, age_ms: 10_000, stale: false });
  expect({ ...second.body, source: 'database' }).toEqual(first.body);
  expect(api.vendor.calls).toEqual([]);
});

test('an unknown price is fetched once, goes through the outbox, and is served from the cache afterwards', async () => {
  const api = anApi();
  api.vendor.quote('AAPL', 123.45, ago(2));

  const first = await latest(api).set('X-Request-Id', 'who-asked');
  await eventually(async () => (await latest(api)).body.source === 'cache');
  const records = [];
  for await (const record of api.dependencies.bus.read('price-events')) records.push(record);

  expect(first.body).toMatchObject({ source: 'provider', price: 123.45, age_ms: 2000, stale: false });
  expect(api.vendor.calls).toEqual([['AAPL']]);
  expect(records).toHaveLength(1);
  expect(JSON.parse(String(records[0]?.value))).toMatchObject({ event_id: first.body.event_id });
  expect(String(records[0]?.headers['x-request-id'])).toBe('who-asked');
});

test('fifty requests at once for one unknown price make one call', async () => {
  const api = anApi();
  let release = () => {};
  api.vendor.quote('AAPL', 5, ago(1));
  api.vendor.holdUntil(new Promise((resolve) => (release = resolve)));
  const asked = Array.from({ length: 50 }, (_, index) =>
    latest(api, index % 2 === 0 ? 'symbol=AAPL' : 'symbol=aapl&provider=made-up').then(({ body }) => body.price),
  );
  await eventually(() => api.vendor.calls.length > 0);

  release();
  const prices = await Promise.all(asked);

  expect(prices).toEqual(Array(50).fill(5));
  expect(api.vendor.calls).toEqual([['AAPL']]);
});

test('a price past max_age is asked for anew, wherever it is stored', async () => {
  const api = anApi();
  await api.cache.writeLatest([{ event: anEvent(301) }]);
  await api.store.prices.insert([anEvent(301)]);
  api.vendor.quote('AAPL', 7, ago(1));

  const answer = await latest(api);

  expect(answer.body).toMatchObject({ price: 7, source: 'provider', stale: false });
});

test("max_age is the caller's", async () => {
  const api = anApi();
  await api.cache.writeLatest([{ event: anEvent(20) }]);
  api.vendor.quote('AAPL', 7, ago(1));

  const tolerant = await latest(api, 'symbol=AAPL&max_age=20');
  const strict = await latest(api, 'symbol=AAPL&max_age=19');

  expect(tolerant.body).toMatchObject({ price: 100, source: 'cache', stale: false });
  expect(strict.body).toMatchObject({ price: 7, source: 'provider', stale: false });
});

test('a newer price in the table wins over an old one in the cache', async () => {
  const api = anApi();
  await api.cache.writeLatest([{ event: anEvent(400) }]);
  await api.store.prices.insert([anEvent(3, { price: 101 })]);

  const answer = await latest(api);

  expect(answer.body).toMatchObject({ price: 101, source: 'database' });
  expect(api.vendor.calls).toEqual([]);
});

test('a closed market is asked once per max_age, and its price is stale all the time', async () => {
  const { api } = withoutCache();
  api.vendor.quote('AAPL', 9, ago(86_400));

  const first = await latest(api);
  api.pass(200 * SECOND);
  const second = await latest(api);
  api.pass(101 * SECOND);
  const third = await latest(api);

  expect([first, second, third].map(({ body }) => [body.price, body.stale])).toEqual([
    [9, true],
    [9, true],
    [9, true],
  ]);
  expect(third.body.age_ms).toBe((86_400 + 301) * SECOND);
  expect(api.vendor.calls).toHaveLength(2);
});

test('a provider that lags behind what is stored is not asked again and again', async () => {
  const { api } = withoutCache();
  await api.store.prices.insert([anEvent(1000, { price: 50 })]);
  api.vendor.quote('AAPL', 49, ago(2000));

  const answers = [await latest(api), await latest(api)];

  expect(answers.map(({ body }) => [body.price, body.stale, body.source])).toEqual(
    Array(2).fill([50, true, 'database']),
  );
  expect(api.vendor.calls).toHaveLength(1);
});

test('a price the provider confirmed lately in the cache is served without asking, marked by its age', async () => {
  const api = anApi();
  await api.cache.writeLatest([{ event: anEvent(86_400, { fetchedAt: ago(30) }) }]);

  const answer = await latest(api);

  expect(answer.body).toMatchObject({ source: 'cache', stale: true, age_ms: 86_400 * SECOND });
  expect(api.vendor.calls).toEqual([]);
});

test('when the provider fails, the newest price known is served as stale', async () => {
  const api = anApi();
  await api.store.prices.insert([anEvent(4000, { price: 1 }), anEvent(400, { price: 2 })]);
  api.vendor.fail({ code: 'PROVIDER_UNAVAILABLE', detail: 'fixture answered 500' });

  const answer = await latest(api);

  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ price: 2, stale: true, source: 'database', age_ms: 400 * SECOND });
});

test.each([
  ['PROVIDER_UNAVAILABLE', 502],
  ['PROVIDER_REFUSED', 502],
  ['QUOTE_INVALID', 502],
  ['PROVIDER_TIMEOUT', 504],
  ['PROVIDER_RATE_LIMITED', 429],
  ['SYMBOL_UNKNOWN', 404],
] as const)('without any price a %s is told as %i', async (code, status) => {
  const api = anApi();
  api.vendor.fail({ code, detail: 'what the vendor said', retryAfterMs: 2500 });

  const answer = await latest(api);

  expect([answer.status, answer.body.code, answer.body.detail]).toEqual([status, code, 'what the vendor said']);
  expect(answer.headers['retry-after']).toBe('3');
});

test('a failure is remembered for a moment, and an unknown symbol for a minute', async () => {
  const { api } = withoutCache();
  api.vendor.fail({ code: 'PROVIDER_UNAVAILABLE', detail: 'down' });
  await latest(api);
  await latest(api);
  api.vendor.fail(undefined);
  api.pass(1000);

  const unknown = await latest(api);
  api.vendor.quote('AAPL', 8, NOON);
  api.pass(59 * SECOND);
  const stillUnknown = await latest(api);
  api.pass(1 * SECOND);
  const found = await latest(api);

  expect([unknown.status, stillUnknown.status, found.status]).toEqual([404, 404, 200]);
  expect(api.vendor.calls).toHaveLength(3);
});

test('a provider without its key is refused naming the variable', async () => {
  const answer = await latest(anApi(), 'symbol=AAPL&provider=keyless');

  expect([answer.status, answer.body.code]).toEqual([422, 'PROVIDER_NOT_CONFIGURED']);
  expect(answer.body.detail).toContain('KEYLESS_API_KEY');
});

test('with the cache down the table answers, and nobody waits for the cache again within a second', async () => {
  const { api, calls } = withoutCache();
  await api.store.prices.insert([anEvent(1)]);

  const answers = [await latest(api), await latest(api), await latest(api)];
  const callsWithinTheSecond = [...calls];
  api.pass(1000);
  await latest(api);

  expect(answers.map(({ status, body }) => [status, body.source])).toEqual(Array(3).fill([200, 'database']));
  expect(callsWithinTheSecond).toEqual(['readLatest']);
  expect(calls).toEqual(['readLatest', 'ping']);
});

test('a cache that comes back is used again', async () => {
  let away = true;
  const api = anApi(({ cache }) => {
    const refusing = down(cache, 'CACHE_UNAVAILABLE').part;
    return { cache: new Proxy(cache, { get: (_target, name) => Reflect.get(away ? refusing : cache, name) }) };
  });
  await api.store.prices.insert([anEvent(1)]);
  await latest(api);

  away = false;
  api.pass(1000);
  const sources = await eventually(async () => {
    const { body } = await latest(api);
    return body.source === 'cache' && [body.source];
  });

  expect(sources).toEqual(['cache']);
});

test('with the database down a cached price is served, stale where it is old, and else it is 503 without asking the vendor', async () => {
  const api = withoutStore();
  api.vendor.quote('GOOGL', 1, NOON);
  await api.cache.writeLatest([{ event: anEvent(5) }, { event: anEvent(900, { symbol: 'MSFT' }) }]);

  const fresh = await latest(api);
  const old = await latest(api, 'symbol=MSFT');
  const none = await latest(api, 'symbol=GOOGL');

  expect(fresh.body).toMatchObject({ source: 'cache', stale: false });
  expect(old.body).toMatchObject({ source: 'cache', stale: true });
  expect([none.status, none.body.code, none.headers['retry-after']]).toEqual([503, 'STORE_UNAVAILABLE', '1']);
  expect(none.text).not.toContain('SELECT');
  expect(api.vendor.calls).toEqual([]);
});

test('with Kafka down a fetched price is served and waits in the outbox', async () => {
  const api = anApi(({ bus }) => ({ bus: down(bus, 'BUS_UNAVAILABLE').part }));
  api.vendor.quote('AAPL', 3, NOON);

  const answer = await latest(api);

  expect(answer.body).toMatchObject({ price: 3, source: 'provider' });
  expect(await api.store.rawResponses.countUnpublished()).toBe(1);
});

test('many symbols come from cache, table and one provider call, and what fails is listed', async () => {
  const api = anApi();
  await api.cache.writeLatest([{ event: anEvent(1) }]);
  await api.store.prices.insert([anEvent(1, { symbol: 'MSFT' })]);
  api.vendor.quote('GOOGL', 3, NOON);

  const answer = await latest(api, 'symbols=aapl,MSFT,GOOGL,NONE,AAPL');

  expect(answer.status).toBe(200);
  expect(answer.body.prices.map((price: { symbol: string; source: string }) => [price.symbol, price.source])).toEqual([
    ['AAPL', 'cache'],
    ['MSFT', 'database'],
    ['GOOGL', 'provider'],
  ]);
  expect(answer.body.errors).toEqual([{ symbol: 'NONE', code: 'SYMBOL_UNKNOWN', detail: 'no NONE here' }]);
  expect(api.vendor.calls).toEqual([['GOOGL', 'NONE']]);
});

test('many symbols are 200 even when none has a price', async () => {
  const answer = await latest(withoutStore(), 'symbols=A,B');

  expect(answer.status).toBe(200);
  expect(answer.body.prices).toEqual([]);
  expect(answer.body.errors).toMatchObject([
    { symbol: 'A', code: 'STORE_UNAVAILABLE' },
    { symbol: 'B', code: 'STORE_UNAVAILABLE' },
  ]);
  expect(answer.text).not.toContain('SELECT');
});

test("a symbol that one request is fetching already is left out of another's call", async () => {
  const api = anApi();
  let release = () => {};
  for (const symbol of ['A', 'B']) api.vendor.quote(symbol, 1, NOON);
  api.vendor.holdUntil(new Promise((resolve) => (release = resolve)));
  const first = latest(api, 'symbols=A').then(({ body }) => body);
  await eventually(() => api.vendor.calls.length === 1);
  const second = latest(api, 'symbols=A,B').then(({ body }) => body);
  await eventually(() => api.vendor.calls.length === 2);

  release();

  expect((await first).prices).toHaveLength(1);
  expect((await second).prices).toHaveLength(2);
  expect(api.vendor.calls).toEqual([['A'], ['B']]);
});

test('a price of another provider is not served for the default one', async () => {
  const api = anApi();
  await api.store.prices.insert([anEvent(1, { provider: 'keyless', price: 66 })]);

  const byDefault = await latest(api, 'symbol=AAPL');
  const named = await latest(api, 'symbol=AAPL&provider=keyless');

  expect(byDefault.status).toBe(404);
  expect(named.body).toMatchObject({ price: 66, provider: 'keyless', source: 'database' });
});

test.each([
  '',
  'null',
  '{"symbol":"AAPL"',
  '{"timestamp":"2026-01-05T12:00:00.000Z","fetched_at":"2026-01-05T12:00:00.000Z"',
])('a cached text that is no body is passed over: %p', async (text) => {
  const api = anApi(({ cache }) => ({ cache: { ...cache, readLatest: async () => text } }));
  await api.store.prices.insert([anEvent(1)]);

  const answer = await latest(api);

  expect(answer.body.source).toBe('database');
});

test('no served price lacks its event: a price that cannot be stored is not served', async () => {
  const api = anApi(({ store }) => ({
    store: { ...store, rawResponses: down(store.rawResponses, 'STORE_UNAVAILABLE').part },
  }));
  api.vendor.quote('AAPL', 4, NOON);

  const answer = await latest(api);

  expect([answer.status, answer.body.code]).toEqual([503, 'STORE_UNAVAILABLE']);
  expect(api.vendor.calls).toEqual([['AAPL']]);
});

test('whatever lies where, nothing older than max_age is called fresh and nothing within it stale', async () => {
  const seconds = fc.integer({ min: 0, max: 1000 });
  const maybe = fc.option(seconds, { nil: undefined });
  const scenario = fc.record({ cached: maybe, stored: maybe, quoted: maybe, maxAge: seconds, confirmedAgo: seconds });

  await fc.assert(
    fc.asyncProperty(scenario, async ({ cached, stored, quoted, maxAge, confirmedAgo }) => {
      const api = anApi();
      const known = (secondsAgo: number) =>
        anEvent(secondsAgo, { price: 1 + secondsAgo, fetchedAt: ago(Math.min(secondsAgo, confirmedAgo)) });
      if (cached !== undefined) await api.cache.writeLatest([{ event: known(cached) }]);
      if (stored !== undefined) await api.store.prices.insert([known(stored)]);
      if (quoted !== undefined) api.vendor.quote('AAPL', 1 + quoted, ago(quoted));

      const { status, body } = await latest(api, `symbol=AAPL&max_age=${maxAge}`);

      const ages = [cached, stored, quoted].filter((age) => age !== undefined);
      expect(status).toBe(ages.length > 0 ? 200 : 404);
      if (status !== 200) return;
      expect(body.age_ms).toBe(NOON.getTime() - Date.parse(body.timestamp));
      expect(body.stale).toBe(body.age_ms > maxAge * SECOND);
      expect(body.price).toBe(1 + body.age_ms / SECOND);
      const asked = api.vendor.calls.length > 0;
      if (asked) expect(body.age_ms).toBe(Math.min(...ages) * SECOND);
    }),
    { numRuns: 60 },
  );
});
