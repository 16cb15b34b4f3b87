import { describeLivePrices } from '../contract/live.contract';
import { eventually } from '../support/eventually';
import { nextEvents, type ServedLive, serveLive } from '../support/live';

let served: ServedLive;

beforeEach(async () => {
  // So that nothing but the diffs tells what is missing.
  served = await serveLive({ lookEveryMs: 60_000 });
});

afterEach(() => served.stop());

describe('sockets over the memory cache', () => describeLivePrices(() => served));

test.each(['before', 'after'])(
  'what is published right %s the snapshot is read is neither lost nor told twice',
  async (moment) => {
    await served.publish({ A: 1, B: 1 });
    served.cache.aroundSnapshots({ [moment]: () => served.publish({ A: 2 }) });

    const client = served.connect();
    const snapshot = await client.told('snapshot');
    served.cache.aroundSnapshots({});
    await served.publish({ B: 2 });
    await eventually(() => expect(client.followed.truth).toEqual({ A: 2, B: 2 }));

    expect(snapshot.prices).toMatchObject({ A: { price: 2 } });
    expect(client.ofType('snapshot')).toHaveLength(1);
    expect(client.followed.faults).toEqual([]);
  },
);

test('a diff that never came is healed by a snapshot that says so', async () => {
  await served.publish({ A: 1, B: 1 });
  const client = served.connect();
  await client.told('snapshot');

  served.cache.dropNextDiff();
  await served.publish({ A: 2 });
  await served.publish({ B: 2 });
  const healed = await client.told('snapshot', 2);

  expect(healed).toMatchObject({ reason: 'gap', prices: { A: { price: 2 }, B: { price: 2 } } });
});

test('one that never came is noticed without another', async () => {
  await served.stop();
  served = await serveLive({ lookEveryMs: 100 });
  await served.publish({ A: 1 });
  const client = served.connect();
  await client.told('snapshot');

  served.cache.dropNextDiff();
  await served.publish({ A: 2 });

  expect(await client.told('snapshot', 2)).toMatchObject({ reason: 'gap', prices: { A: { price: 2 } } });
});

test('while the cache is away clients are told, and when it is back they get a snapshot', async () => {
  await served.publish({ A: 1 });
  const client = served.connect();
  await client.told('snapshot');

  served.cache.lose();
  const stale = await client.told('status');
  await served.publish({ A: 2 });
  served.cache.restore();
  const live = await client.told('status', 2);
  const snapshot = await client.told('snapshot', 2);

  expect(stale).toMatchObject({ state: 'stale', since: expect.stringMatching(/^\d{4}-.*Z$/) });
  expect(live).toEqual({ type: 'status', state: 'live' });
  expect(client.frames.indexOf(live)).toBe(client.frames.indexOf(snapshot) - 1);
  expect(snapshot).toMatchObject({ reason: 'reconnected', prices: { A: { price: 2 } } });
});

test('a client that comes while the cache is away gets the stored prices, marked as stale, and what is true later', async () => {
  await served.store.prices.insert(nextEvents({ A: 1 }).map(({ event }) => event));
  await served.publish({ A: 2 });
  served.cache.lose();
  const client = served.connect();

  const stored = await client.told('snapshot');
  served.cache.restore();
  const live = await client.told('snapshot', 2);

  expect(client.frames[0]).toMatchObject({ type: 'status', state: 'stale' });
  expect(stored.prices).toMatchObject({ A: { price: 1 } });
  expect(live.prices).toMatchObject({ A: { price: 2 } });
});

test('a cache that comes back with less than there was is filled up from the database', async () => {
  await served.store.prices.insert(nextEvents({ A: 1, B: 1 }).map(({ event }) => event));
  await served.publish({ B: 2 });
  served.cache.lose();
  const client = served.connect();
  await client.told('snapshot');

  served.cache.restore();
  const snapshot = await client.told('snapshot', 2);

  expect(snapshot.prices).toMatchObject({ A: { price: 1 }, B: { price: 2 } });
});

test('a price that was only confirmed is no diff, and whoever comes then is told when', async () => {
  const [write] = nextEvents({ A: 1 });
  await served.cache.writeLatest([write!]);
  const before = served.connect();
  await before.told('snapshot');
  const fetchedAt = new Date(write!.event.fetchedAt.getTime() + 60_000);

  await served.cache.writeLatest([{ event: { ...write!.event, fetchedAt } }]);
  const after = served.connect();

  expect((await after.told('snapshot')).prices).toMatchObject({ A: { fetched_at: fetchedAt.toISOString() } });
  expect(before.ofType('diff')).toEqual([]);
});

test('published within a tick goes out as one diff that covers it', async () => {
  await served.stop();
  served = await serveLive({ tickMs: 200 });
  const client = served.connect();
  const { sequence } = await client.told('snapshot');

  await served.publish({ A: 1 });
  await client.told('diff');
  await served.publish({ A: 2 });
  await served.publish({ A: 3, B: 1 });
  const merged = await client.told('diff', 2);

  expect(merged).toMatchObject({ from: sequence! + 2, sequence: sequence! + 3 });
  expect(merged.prices).toMatchObject({ A: { price: 3 }, B: { price: 1 } });
});

test('a client whose symbols stay as they are is told from time to time how far things are', async () => {
  await served.publish({ QUIET: 1 });
  const client = served.connect('/ws/prices?symbols=QUIET');
  await client.told('snapshot');

  for (let price = 1; price <= 1_100; price += 1) await served.publish({ BUSY: price });

  expect(await client.told('diff')).toMatchObject({ prices: {} });
  expect(client.ofType('diff').length).toBeLessThan(3);
  expect(client.followed.faults).toEqual([]);
});

test('what is known to come back to is kept for a while after the last client has left, and then no diff is listened to any more', async () => {
  await served.stop();
  served = await serveLive({ lingerMs: 300 });
  await served.publish({ A: 1 });
  const first = served.connect();
  const { sequence } = await first.told('snapshot');
  await first.end();
  await served.publish({ A: 2 });

  const soon = served.connect(`/ws/prices?resume=${sequence}`);
  await soon.told('resumed');
  await soon.end();
  await eventually(() => served.cache.listeners() === 0);
  const late = served.connect(`/ws/prices?resume=${sequence}`);

  expect(await late.told('snapshot')).toMatchObject({ reason: 'resume_expired' });
});
