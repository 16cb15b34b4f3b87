import { openMemoryBus } from '../../src/bus/memory';
import { priceEvents } from '../../src/bus/topics';
import { ingest } from '../../src/ingest/ingest';
import { systemClock } from '../../src/platform/clock';
import { silentLog } from '../../src/platform/log';
import { republish } from '../../src/poller/republish';
import { openMemoryStore } from '../../src/store/memory';
import { forgetful, interruptible } from '../support/failing';
import { aQuote } from '../support/providers';

const CAUSE = { requestId: 'request-1', pollingRunId: null };
const BATCH = { raw: { answer: 42 }, quotes: [aQuote('AAPL', { price: 101 })], failures: [] };

let now: Date;

async function setUp() {
  now = new Date();
  const bus = interruptible(openMemoryBus({ partitions: 2 }));
  await bus.start();
  await bus.createTopics([{ name: priceEvents.name, partitions: 2 }]);
  const store = forgetful(openMemoryStore({ clock: () => now }));
  return { store, bus, clock: systemClock, log: silentLog };
}

async function publishedIds(bus: Awaited<ReturnType<typeof setUp>>['bus']) {
  const ids: string[] = [];
  for await (const record of bus.read(priceEvents.name)) {
    ids.push(JSON.parse(String(record.value)).event_id);
  }
  return ids;
}

const afterGrace = () => {
  now = new Date(now.getTime() + 60_000);
};

test('a fetched price is stored raw, published under its symbol with the request id, and marked', async () => {
  const stage = await setUp();

  const { events, published } = await ingest(stage, 'tested', BATCH, CAUSE);

  expect(await published).toBe(true);
  const records = [];
  for await (const record of stage.bus.read(priceEvents.name)) records.push(record);
  expect(records).toHaveLength(1);
  expect(String(records[0]?.key)).toBe('AAPL');
  expect(String(records[0]?.headers['x-request-id'])).toBe('request-1');
  expect(JSON.parse(String(records[0]?.value))).toMatchObject({
    price: 101,
    raw_response_id: events[0]?.rawResponseId,
  });
  expect(await stage.store.rawResponses.countUnpublished()).toBe(0);
});

test('the market time of a quote is kept, and ours stands beside it', async () => {
  const stage = await setUp();
  const observedAt = new Date('2026-01-02T21:00:00.000Z');

  const { events } = await ingest(stage, 'tested', { ...BATCH, quotes: [aQuote('AAPL', { observedAt })] }, CAUSE);

  expect(events[0]?.observedAt).toEqual(observedAt);
  expect(events[0]?.fetchedAt.getTime()).toBeGreaterThan(observedAt.getTime());
});

test('an unchanged quote fetched twice is the same event', async () => {
  const stage = await setUp();
  const quote = aQuote('AAPL', { observedAt: new Date('2026-01-02T21:00:00.000Z') });

  const first = await ingest(stage, 'tested', { ...BATCH, quotes: [quote] }, CAUSE);
  const second = await ingest(stage, 'tested', { ...BATCH, quotes: [quote] }, CAUSE);

  expect(second.events[0]?.eventId).toBe(first.events[0]?.eventId);
});

test('what a broker that is away did not take reaches the topic once it is back, once', async () => {
  const stage = await setUp();
  stage.bus.down = true;
  const { events, published } = await ingest(stage, 'tested', BATCH, CAUSE);
  expect(await published).toBe(false);
  afterGrace();

  expect(await republish(stage, new AbortController().signal)).toBe(0);
  stage.bus.down = false;
  afterGrace();
  expect(await republish(stage, new AbortController().signal)).toBe(1);
  afterGrace();
  expect(await republish(stage, new AbortController().signal)).toBe(0);

  expect(await publishedIds(stage.bus)).toEqual([events[0]?.eventId]);
});

test('a process that dies between publishing and marking leaves a row that is published again under the same id', async () => {
  const stage = await setUp();
  stage.store.down = true;
  const { events, published } = await ingest(stage, 'tested', BATCH, CAUSE);
  expect(await published).toBe(false);
  stage.store.down = false;
  afterGrace();

  expect(await republish(stage, new AbortController().signal)).toBe(1);

  expect(await publishedIds(stage.bus)).toEqual([events[0]?.eventId, events[0]?.eventId]);
});

test('a row is left to its own publisher during its grace', async () => {
  const stage = await setUp();
  stage.bus.down = true;
  await (await ingest(stage, 'tested', BATCH, CAUSE)).published;
  stage.bus.down = false;

  expect(await republish(stage, new AbortController().signal)).toBe(0);
  expect(await stage.store.rawResponses.countUnpublished()).toBe(1);
});

test('a batch without a quote leaves nothing behind', async () => {
  const stage = await setUp();

  const { events } = await ingest(stage, 'tested', { raw: {}, quotes: [], failures: [] }, CAUSE);

  expect(events).toEqual([]);
  expect(await stage.store.rawResponses.countUnpublished()).toBe(0);
});
