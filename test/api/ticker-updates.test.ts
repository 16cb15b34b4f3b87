import { tickerUpdates } from '../../src/api/ticker-updates';
import { type MemoryCache, openMemoryCache } from '../../src/cache/memory';
import { anApi, aVendor, NOON } from '../support/api';
import { eventually } from '../support/eventually';
import { describing } from '../support/reference';

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

function listening() {
  const cache: MemoryCache = openMemoryCache({ ttlSeconds: 300, defaultProvider: 'fixture', clock: () => NOON });
  const warnings: object[] = [];
  const api = anApi((standard) => ({
    cache,
    log: { ...standard.log, warn: (fields) => warnings.push(fields) },
  }));
  const services = [tickerUpdates(api.dependencies), tickerUpdates(api.dependencies)];
  stops.push(...services.map((service) => () => service.stop()));
  return { ...api, cache, warnings, services, start: () => services[0]!.start() };
}

test('a bare symbol and a message with a ticker are each fetched and sent down the pipeline', async () => {
  const { cache, store, vendor, start } = listening();
  for (const symbol of ['AAPL', 'MSFT']) vendor.quote(symbol, 5, NOON);
  await start();

  cache.publishTickerUpdate(' aapl ');
  cache.publishTickerUpdate('{"ticker":"MSFT","action":"refresh"}');

  await eventually(async () => (await cache.readLatestOf(['AAPL', 'MSFT'])).every(Boolean));
  expect(vendor.calls.flat().sort()).toEqual(['AAPL', 'MSFT']);
  await eventually(async () => (await store.rawResponses.countUnpublished()) === 0);
  expect(await store.prices.findMarketCap('AAPL')).toBe(1_000_000);
});

test('the metadata of an updated symbol are renewed', async () => {
  const vendor = aVendor();
  vendor.quote('AAPL', 5, NOON);
  const cache = openMemoryCache({ ttlSeconds: 300, defaultProvider: 'fixture', clock: () => NOON });
  const api = anApi(() => ({ cache, providers: describing(vendor.definition) }));
  const service = tickerUpdates(api.dependencies);
  stops.push(() => service.stop());
  await service.start();

  cache.publishTickerUpdate('AAPL');

  await eventually(async () => (await api.store.instruments.findMetadata('AAPL'))?.sector === 'Technology');
});

test('two processes fetch a symbol once a second between them', async () => {
  const { cache, vendor, services } = listening();
  vendor.quote('AAPL', 5, NOON);
  for (const service of services) await service.start();

  cache.publishTickerUpdate('AAPL');

  await eventually(() => vendor.calls.length > 0);
  await eventually(async () => (await cache.readLatest('AAPL')) !== undefined);
  expect(vendor.calls).toEqual([['AAPL']]);
});

test('a malformed message is counted and stops nothing', async () => {
  const { cache, vendor, warnings, start } = listening();
  vendor.quote('AAPL', 5, NOON);
  await start();

  for (const text of ['{"ticker":', '{"ticker":5}', 'two words', 'AAPL']) cache.publishTickerUpdate(text);

  await eventually(() => vendor.calls.length === 1);
  expect(warnings).toMatchObject([{ malformed: 1 }, { malformed: 2 }, { malformed: 3 }]);
});

test('a flood is worked off a few at a time', async () => {
  const { cache, vendor, start } = listening();
  let release = () => {};
  vendor.holdUntil(new Promise((resolve) => (release = resolve)));
  const symbols = Array.from({ length: 20 }, (_, index) => `S${index}`);
  for (const symbol of symbols) vendor.quote(symbol, 5, NOON);
  await start();

  for (const symbol of [...symbols, ...symbols]) cache.publishTickerUpdate(symbol);
  await eventually(() => vendor.calls.length === 4);
  await turnOfTheLoop();
  const atOnce = vendor.calls.length;
  release();

  await eventually(() => vendor.calls.length === 20);
  expect(atOnce).toBe(4);
  expect(vendor.calls.flat().sort()).toEqual([...symbols].sort());
});

test('a fetch that fails is said, and the next goes on', async () => {
  const { cache, vendor, warnings, start } = listening();
  vendor.quote('AAPL', 5, NOON);
  await start();

  cache.publishTickerUpdate('NONE');
  cache.publishTickerUpdate('AAPL');

  await eventually(async () => (await cache.readLatest('AAPL')) !== undefined);
  expect(warnings).toMatchObject([{ symbol: 'NONE', error: 'no NONE here' }]);
});

test('after the stop nothing is fetched any more', async () => {
  const { cache, vendor, services, start } = listening();
  vendor.quote('AAPL', 5, NOON);
  await start();

  await services[0]!.stop();
  cache.publishTickerUpdate('AAPL');
  await turnOfTheLoop();

  expect(vendor.calls).toEqual([]);
});

/** Everything that was ready to run has run. */
function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
