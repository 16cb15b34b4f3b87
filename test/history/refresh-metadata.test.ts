import { refreshMetadata } from '../../src/history/refresh-metadata';
import { TickwireError } from '../../src/platform/errors';
import { silentLog } from '../../src/platform/log';
import { openMemoryStore } from '../../src/store/memory';
import { A_DESCRIPTION, referenceProviders } from '../support/reference';

const NEVER = new AbortController().signal;
const AAPL = { symbol: 'AAPL', provider: 'tested', requestId: 'r1' };
const HOUR_MS = 3_600_000;

function setUp() {
  let now = new Date('2026-01-05T15:00:00.000Z');
  const clock = () => now;
  const store = openMemoryStore({ clock });
  const { providers, asked, fail } = referenceProviders();
  const later = (ms: number) => {
    now = new Date(now.getTime() + ms);
  };
  return { dependencies: { store, providers, clock, log: silentLog }, store, asked, fail, later, clock };
}

test('metadata of a symbol that has none are fetched and stored with the time they were fetched', async () => {
  const { dependencies, store, clock } = setUp();

  const renewed = await refreshMetadata(dependencies, AAPL, NEVER);

  expect(renewed).toBe(true);
  expect(await store.instruments.findMetadata('AAPL')).toEqual({
    ...A_DESCRIPTION,
    symbol: 'AAPL',
    lastUpdated: clock(),
  });
});

test('they are fetched again when they are older than a day, and not before', async () => {
  const { dependencies, asked, later } = setUp();

  await refreshMetadata(dependencies, AAPL, NEVER);
  later(24 * HOUR_MS);
  const atOneDay = await refreshMetadata(dependencies, AAPL, NEVER);
  later(1);
  const afterIt = await refreshMetadata(dependencies, AAPL, NEVER);

  expect([atOneDay, afterIt]).toEqual([false, true]);
  expect(asked).toEqual(['metadata AAPL', 'metadata AAPL']);
});

test('a market capitalisation that came with a price does not pass for metadata', async () => {
  const { dependencies, store, clock, asked } = setUp();
  const nothing = { name: null, sector: null, industry: null, currency: null, exchange: null, source: null };
  await store.instruments.saveMetadata({ ...nothing, symbol: 'AAPL', marketCap: 3e12, lastUpdated: clock() });

  await refreshMetadata(dependencies, AAPL, NEVER);

  expect(asked).toEqual(['metadata AAPL']);
  expect((await store.instruments.findMetadata('AAPL'))?.marketCap).toBe(3e12);
});

test('a provider without metadata is not asked', async () => {
  const { dependencies, asked } = setUp();

  expect(await refreshMetadata(dependencies, { ...AAPL, provider: 'quotes-only' }, NEVER)).toBe(false);
  expect(asked).toEqual([]);
});

test('a vendor that fails leaves what is stored, and breaks nothing', async () => {
  const { dependencies, store, fail } = setUp();
  fail(new TickwireError('PROVIDER_REFUSED', 'tested refused the key'));

  expect(await refreshMetadata(dependencies, AAPL, NEVER)).toBe(false);
  expect(await store.instruments.findMetadata('AAPL')).toBeUndefined();
});
