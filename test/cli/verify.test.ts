import type { Bus } from '../../src/bus/bus';
import { openMemoryBus } from '../../src/bus/memory';
import { priceEvents } from '../../src/bus/topics';
import { openMemoryCache } from '../../src/cache/memory';
import { advanceWindow, EMPTY_WINDOW } from '../../src/domain/moving-average';
import type { PriceEvent } from '../../src/domain/price-event';
import { openMemoryStore } from '../../src/store/memory';
import type { SeriesKey } from '../../src/store/store';
import { eventAt } from '../support/series';
import { runCommand } from './run-command';
import { sharedBus } from './shared-bus';

const SIZE = 5;
const AAPL = { symbol: 'AAPL', provider: 'fixture' };
const MSFT = { symbol: 'MSFT', provider: 'replay' };
const GROUPS = ['price-history', 'moving-average', 'latest-price'];

let bus: Bus;
let store: ReturnType<typeof openMemoryStore>;
let cache: ReturnType<typeof openMemoryCache>;

const eventsOf = (series: SeriesKey, count = 20) =>
  Array.from({ length: count }, (_, index) => eventAt(series, index + 1, 100 + ((index * 7) % 11) / 4));
const averageAt = (event: PriceEvent, average: number) => {
  const { symbol, provider, observedAt, sequence, eventId } = event;
  return { symbol, provider, observedAt, sequence, eventId, average, window: SIZE };
};

/** What the product does with events, once. */
async function handle(events: readonly PriceEvent[]): Promise<void> {
  await bus.publish(events.map((event) => priceEvents.message(event)));
  await store.prices.insert(events);
  for (const series of await store.prices.listSeries()) await store.averages.rebuild(series, SIZE);
  await cache.writeLatest(events.map((event) => ({ event })));
}

beforeEach(async () => {
  bus = openMemoryBus({ partitions: 2 });
  store = openMemoryStore();
  cache = openMemoryCache({ ttlSeconds: 300, defaultProvider: 'fixture' });
  for (const group of GROUPS) {
    const failed = (error: Error) => {
      throw error;
    };
    await bus.subscribe({ group, topic: priceEvents.name, maxBatch: 100, handle: async () => {}, onFatal: failed });
  }
  await handle([...eventsOf(AAPL), ...eventsOf(MSFT)]);
});

afterEach(() => bus.stop());

const environment = {
  DATABASE_URL: 'postgresql://localhost/x',
  REDIS_URL: 'redis://localhost',
  KAFKA_BOOTSTRAP_SERVERS: 'localhost:9092',
};
const verify = (...argv: string[]) =>
  runCommand(['verify', ...argv], {
    openBus: () => sharedBus(bus),
    openStore: () => store,
    openCache: () => cache,
    environment,
  });
const found = async (...argv: string[]) => {
  const { stdout, exitCode } = await verify(...argv, '--json');
  const { named, clean } = JSON.parse(stdout) as { named: { what: string; event_id: string }[]; clean: boolean };
  return { exitCode, clean, named };
};

/** Each kind of damage, where it is, and how it is told. */
const DAMAGES: [string, () => Promise<unknown>, object][] = [
  [
    'a wrong average',
    () => store.averages.save({ size: SIZE, windows: [], averages: [averageAt(eventsOf(AAPL)[9]!, 1.5)] }),
    { what: 'wrong average', symbol: 'AAPL', event_id: eventsOf(AAPL)[9]!.eventId, stored: '1.5' },
  ],
  [
    'an average of an event that has none',
    () => store.averages.save({ size: SIZE, windows: [], averages: [averageAt(eventAt(MSFT, 99, 7), 3)] }),
    { what: 'extra average', symbol: 'MSFT', event_id: eventAt(MSFT, 99, 7).eventId, stored: '3', computed: null },
  ],
  [
    'an average that begins too early',
    () => store.averages.save({ size: SIZE, windows: [], averages: [averageAt(eventsOf(MSFT)[1]!, 3)] }),
    { what: 'extra average', symbol: 'MSFT', event_id: eventsOf(MSFT)[1]!.eventId },
  ],
  [
    'an average that is not there',
    () => store.prices.insert([eventAt(AAPL, 30, 50)]),
    { what: 'missing average', symbol: 'AAPL', event_id: eventAt(AAPL, 30, 50).eventId, stored: null },
  ],
  [
    'a window that stopped',
    async () => {
      const [stored] = await store.averages.loadWindows([AAPL], SIZE);
      const { window } = advanceWindow(EMPTY_WINDOW, eventsOf(AAPL).slice(0, 12), SIZE);
      await store.averages.save({ size: SIZE, windows: [{ ...stored!, window }], averages: [] });
    },
    {
      what: 'stale window',
      symbol: 'AAPL',
      stored: eventsOf(AAPL)[11]!.eventId,
      computed: eventsOf(AAPL)[19]!.eventId,
    },
  ],
  [
    'a window that says another price',
    async () => {
      const [stored] = await store.averages.loadWindows([AAPL], SIZE);
      const entries = stored!.window.entries.map((entry, index) => (index === 18 ? { ...entry, price: 1 } : entry));
      const window = { ...stored!.window, entries };
      await store.averages.save({ size: SIZE, windows: [{ ...stored!, window }], averages: [] });
    },
    { what: 'stale window', symbol: 'AAPL' },
  ],
  [
    'a latest price that is newer than any that is stored',
    () => cache.writeLatest([{ event: eventAt(AAPL, 500, 999) }]),
    { what: 'wrong latest', symbol: 'AAPL', event_id: eventAt(AAPL, 500, 999).eventId },
  ],
  [
    'a latest price that was left behind',
    async () => {
      await cache.forgetLatest('MSFT', ['replay']);
      await cache.writeLatest([{ event: eventsOf(MSFT)[3]! }]);
    },
    { what: 'wrong latest', symbol: 'MSFT', event_id: eventsOf(MSFT)[3]!.eventId },
  ],
  [
    'a latest price of a symbol that has none',
    () => cache.writeLatest([{ event: eventAt({ symbol: 'GHOST', provider: 'fixture' }, 1, 5) }]),
    { what: 'extra latest', symbol: 'GHOST', computed: null },
  ],
];

it('says how much was compared when nothing differs', async () => {
  const { stdout, exitCode } = await verify('--from', 'topic');

  expect(exitCode).toBe(0);
  expect(stdout).toBe(
    '40 prices of 2 series: 32 averages as they follow from them, 2 symbols in the cache, 40 events of the topic stored\n',
  );
});

it.each(DAMAGES)('names %s, repairs it, and then finds nothing', async (_, plant, difference) => {
  await plant();

  const before = await found();
  const repair = await verify('--repair');
  const after = await found();

  expect(before).toMatchObject({ exitCode: 1, clean: false });
  expect(before.named).toContainEqual(expect.objectContaining(difference));
  expect(repair).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('repaired: ') });
  expect(after).toEqual({ exitCode: 0, clean: true, named: [] });
  expect(await cache.readLatest('GHOST', 'fixture')).toBeUndefined();
});

it('names a price that the topic has and the table lacks, and stores it with its averages', async () => {
  const events = eventsOf({ symbol: 'IBM', provider: 'fixture' }, 8);
  await bus.publish(events.map((event) => priceEvents.message(event)));
  await store.prices.insert(events.filter((_, index) => index !== 4));
  await store.averages.rebuild(events[0]!, SIZE);
  await cache.writeLatest(events.map((event) => ({ event })));

  const fromTable = await found();
  const before = await found('--from', 'topic');
  const repair = await verify('--from', 'topic', '--repair');
  const after = await found('--from', 'topic');

  expect(fromTable.clean).toBe(true);
  expect(before.named).toEqual([expect.objectContaining({ what: 'missing price', event_id: events[4]!.eventId })]);
  expect(repair.exitCode).toBe(0);
  expect(after.clean).toBe(true);
  expect(await store.prices.listMissing(events)).toEqual([]);
});

it('leaves alone what the topic still has of prices older than they are kept', async () => {
  await bus.publish([priceEvents.message(eventAt(AAPL, -400 * 24 * 60 * 60, 10))]);

  const kept = { ...environment, PRICE_RETENTION_DAYS: '365' };
  const { exitCode } = await runCommand(['verify', '--from', 'topic'], {
    ...{ openBus: () => sharedBus(bus), openStore: () => store, openCache: () => cache },
    environment: kept,
  });

  expect(exitCode).toBe(0);
});

it('does not take for wrong what is about to be stored: a difference counts after the consumers have caught up', async () => {
  const late = eventAt(AAPL, 60, 42);
  await store.prices.insert([late]);
  const lag = async (groups: readonly string[], topics: readonly string[]) => {
    await store.averages.rebuild(AAPL, SIZE);
    await cache.writeLatest([{ event: late }]);
    return bus.lag(groups, topics);
  };

  const { exitCode } = await runCommand(['verify'], {
    ...{ openBus: () => sharedBus(bus, { lag }), openStore: () => store, openCache: () => cache, environment },
  });

  expect(exitCode).toBe(0);
});

it('cannot tell what is wrong while the consumers are behind, and says so', async () => {
  await store.prices.insert([eventAt(AAPL, 60, 42)]);
  const behind = async (groups: readonly string[], topics: readonly string[]) =>
    (await bus.lag(groups, topics)).map((lag) => ({ ...lag, committed: '0', end: '7', lag: 7 }));

  const { exitCode, stderr } = await runCommand(['verify', '--patience', '0'], {
    ...{ openBus: () => sharedBus(bus, { lag: behind }), openStore: () => store, openCache: () => cache, environment },
  });

  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/the consumers are still 42 events behind after 0 s/);
});

it('looks at the symbols asked for only', async () => {
  await bus.publish([priceEvents.message(eventAt(AAPL, 31, 50))]);
  await store.prices.insert([eventAt(AAPL, 30, 50)]);

  const [msft, aapl, none] = [
    await found('--symbol', 'MSFT', '--from', 'topic'),
    await found('--symbol', 'aapl'),
    await verify('--symbol', 'NONE'),
  ];

  expect([msft.exitCode, aapl.exitCode]).toEqual([0, 1]);
  expect(none).toMatchObject({ exitCode: 1, stderr: 'error: no prices of NONE are stored; nothing was verified\n' });
});

it('gives each series a digest that is the same for the same averages', async () => {
  const digestOf = async () => {
    const { stdout } = await verify('--symbol', 'AAPL', '--json');
    const { series } = JSON.parse(stdout) as { series: { digest: string; computed_digest: string }[] };
    return series[0]!;
  };
  const before = await digestOf();
  await store.averages.save({ size: SIZE, windows: [], averages: [averageAt(eventsOf(AAPL)[9]!, 1.5)] });
  const after = await digestOf();

  expect(before.digest).toBe(before.computed_digest);
  expect(after.computed_digest).toBe(before.digest);
  expect(after.digest).not.toBe(before.digest);
});

it('finds nothing wrong with what retention has left', async () => {
  const old = { symbol: 'OLD', provider: 'fixture' };
  await handle(eventsOf(old, 700));
  await store.retention.dropPrices(new Date('2026-06-01T00:00:00.000Z'));

  const { clean } = await found();

  expect(await store.prices.list({ ...old, limit: 1_000 })).toHaveLength(500);
  expect(clean).toBe(true);
});

it('notes a repair in the audit log', async () => {
  await store.prices.insert([eventAt(AAPL, 30, 50)]);

  await verify('--repair');

  expect(await store.auditLog.list({ limit: 5, action: 'verify.repair' })).toMatchObject([{ status: 200 }]);
});
