import request from 'supertest';
import { anApi, aVendor, down, NOON } from '../support/api';
import { eventually } from '../support/eventually';
import { aPriceEvent } from '../support/price-events';
import { describing } from '../support/reference';

const ago = (seconds: number) => new Date(NOON.getTime() - seconds * 1000);
const yesterday = aPriceEvent({ price: 80, observedAt: ago(86_400), fetchedAt: ago(86_400) });
const today = aPriceEvent({ price: 100.1, observedAt: ago(10), provider: 'keyless' });
const ENTRY = { price: 100.1, change: 20.1, change_percent: 25.125, currency: 'USD', provider: 'keyless' };

test('the snapshot is the same from the cache and from the table', async () => {
  const { app, store, cache } = anApi();
  const withoutCache = anApi((standard) => ({ store, cache: down(standard.cache, 'CACHE_UNAVAILABLE').part }));
  await store.prices.insert([yesterday, today]);
  await cache.writeLatest([{ event: yesterday }, { event: today }]);

  for (const path of ['/tickers', '/tickers/aapl']) {
    const cached = await request(app).get(path);
    const stored = await request(withoutCache.app).get(path);

    expect(cached.status).toBe(200);
    expect(stored.body).toEqual(cached.body);
    expect(path === '/tickers' ? cached.body.AAPL : cached.body).toMatchObject(ENTRY);
  }
});

test('a cache that lost its data does not hide what the table has', async () => {
  const { app, store } = anApi();
  await store.prices.insert([yesterday, today]);

  expect((await request(app).get('/tickers')).body).toMatchObject({ AAPL: ENTRY });
  expect((await request(app).get('/tickers/AAPL')).body).toMatchObject(ENTRY);
});

test('a ticker nobody knows is 404, and no ticker at all an empty map', async () => {
  const { app } = anApi();

  expect((await request(app).get('/tickers/NONE')).body.code).toBe('NOT_FOUND');
  expect((await request(app).get('/tickers')).body).toEqual({});
});

test('with the cache up, tickers are served while the database is down', async () => {
  const { app, cache } = anApi(({ store }) => ({ store: down(store, 'STORE_UNAVAILABLE').part }));
  await cache.writeLatest([{ event: today }]);

  expect((await request(app).get('/tickers')).body).toHaveProperty('AAPL');
  expect((await request(app).get('/tickers/AAPL')).status).toBe(200);
  expect((await request(app).get('/tickers/MSFT')).body.code).toBe('STORE_UNAVAILABLE');
});

test('the latest price of a ticker comes from any provider, with its market capitalisation', async () => {
  const { app, store, vendor } = anApi();
  vendor.quote('AAPL', 90, ago(1000));
  await request(app).post('/trigger-update/AAPL');
  await store.prices.insert([today]);

  const answer = await request(app).get('/latest-price/AAPL');

  expect(answer.body).toEqual({
    ticker: 'AAPL',
    price: 100.1,
    volume: 10,
    market_cap: 1_000_000,
    timestamp: today.observedAt.toISOString(),
  });
  expect(vendor.calls).toHaveLength(1);
});

test('the latest price of an old ticker is asked for; the newer of the two is served', async () => {
  const { app, store, vendor } = anApi();
  await store.prices.insert([yesterday]);
  await store.prices.insert([
    aPriceEvent({ symbol: 'OLD', price: 6, observedAt: ago(1000), fetchedAt: ago(1000), provider: 'keyless' }),
  ]);
  vendor.quote('AAPL', 70, ago(5));
  vendor.quote('OLD', 5, ago(2000));

  const [newer, older] = [await request(app).get('/latest-price/AAPL'), await request(app).get('/latest-price/OLD')];

  expect([newer.body.price, newer.body.market_cap]).toEqual([70, 1_000_000]);
  expect(older.body.price).toBe(6);
});

test('the latest price of a ticker that is known nowhere is 404, and of one whose provider fails the stored one', async () => {
  const { app, store, vendor } = anApi();
  await store.prices.insert([yesterday]);

  const unknown = await request(app).get('/latest-price/NONE');
  vendor.fail({ code: 'PROVIDER_UNAVAILABLE', detail: 'down' });
  const stored = await request(app).get('/latest-price/AAPL');

  expect([unknown.status, unknown.body.code]).toEqual([404, 'SYMBOL_UNKNOWN']);
  expect([stored.status, stored.body.price]).toEqual([200, 80]);
});

test('an update that is triggered is fetched now, whatever is cached, and sent down the pipeline', async () => {
  const { app, store, cache, vendor } = anApi();
  await cache.writeLatest([{ event: today }]);
  vendor.quote('AAPL', 71.5, ago(1));

  const answer = await request(app).post('/trigger-update/aapl');

  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    status: 'success',
    message: 'fixture was asked for AAPL',
    ticker: 'AAPL',
    price: 71.5,
    timestamp: ago(1).toISOString(),
  });
  expect(vendor.calls).toEqual([['AAPL']]);
  await eventually(async () => (await store.rawResponses.countUnpublished()) === 0);
  await eventually(async () => (await cache.readLatest('AAPL'))?.includes('71.5') ?? false);
});

test.each([
  'PROVIDER_UNAVAILABLE',
  'PROVIDER_TIMEOUT',
  'PROVIDER_RATE_LIMITED',
  'PROVIDER_REFUSED',
  'QUOTE_INVALID',
] as const)('an update that fails with %s is 502', async (code) => {
  const { app, vendor } = anApi();
  vendor.fail({ code, detail: 'what the vendor said' });

  const answer = await request(app).post('/trigger-update/AAPL');

  expect([answer.status, answer.body.code]).toEqual([502, 'PROVIDER_UNAVAILABLE']);
  expect(answer.body.detail).toBe('what the vendor said');
});

test('an update of an unknown symbol is 404, without a key 422, without a database 503', async () => {
  const trigger = (changes: Parameters<typeof anApi>[0]) => {
    const { app, vendor } = anApi(changes);
    if (changes) vendor.quote('AAPL', 1, NOON);
    return request(app).post('/trigger-update/AAPL');
  };

  const unknown = await trigger(undefined);
  const keyless = await trigger(({ defaults }) => ({ defaults: { ...defaults, provider: 'keyless' } }));
  const storeless = await trigger(({ store }) => ({ store: down(store, 'STORE_UNAVAILABLE').part }));

  expect([unknown.status, keyless.status, storeless.status]).toEqual([404, 422, 503]);
});

test('an update that is triggered has the metadata of its symbol renewed', async () => {
  const vendor = aVendor();
  vendor.quote('AAPL', 71.5, ago(1));
  const { app, store } = anApi(() => ({ providers: describing(vendor.definition) }));

  const answer = await request(app).post('/trigger-update/AAPL');

  expect(answer.status).toBe(200);
  await eventually(async () => (await store.instruments.findMetadata('AAPL'))?.name === 'Apple Inc.');
});
