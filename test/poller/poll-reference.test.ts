import { openMemoryBus } from '../../src/bus/memory';
import { newsItems } from '../../src/bus/topics';
import { TickwireError } from '../../src/platform/errors';
import { silentLog } from '../../src/platform/log';
import { pollReference } from '../../src/poller/poll-reference';
import { openMemoryStore } from '../../src/store/memory';
import { interruptible } from '../support/failing';
import { recordsOf } from '../support/records';
import { aNewsItem, referenceProviders } from '../support/reference';

const NEVER = new AbortController().signal;

async function setUp() {
  let now = new Date('2026-01-05T15:00:00.000Z');
  const clock = () => now;
  const store = openMemoryStore({ clock });
  const bus = interruptible(openMemoryBus({ partitions: 2 }));
  await bus.start();
  await bus.createTopics([{ name: newsItems.name, partitions: 2 }]);
  const vendor = referenceProviders((symbol) => [aNewsItem({ symbol, newsId: `tested:${symbol}:1` })]);
  const poll = async (symbols: readonly string[], provider = 'tested') =>
    store.pollJobs.create({ symbols, intervalSeconds: 60, provider }, {});
  const later = (seconds: number) => {
    now = new Date(now.getTime() + seconds * 1000);
  };
  const { providers, asked } = vendor;
  const stage = { store, bus, providers, clock, log: silentLog, newsIntervalSeconds: 300 };
  return { stage, asked, vendor, poll, later, published: () => recordsOf(bus, newsItems.name) };
}

test('the headlines of polled symbols are published under their symbol, and their metadata fetched', async () => {
  const { stage, poll, published } = await setUp();
  await poll(['AAPL', 'MSFT']);

  expect(await pollReference(stage, NEVER)).toBe(2);

  const records = await published();
  expect(records.map(({ key }) => String(key)).sort()).toEqual(['AAPL', 'MSFT']);
  expect(newsItems.decode(records[0]!, stage.clock())).toMatchObject({ ok: true, event: { source: 'tested' } });
  expect((await stage.store.instruments.findMetadata('MSFT'))?.name).toBe('Apple Inc.');
});

test('a symbol is asked for once in its interval, however many pollers look', async () => {
  const { stage, poll, asked, later } = await setUp();
  await poll(['AAPL']);

  await Promise.all(Array.from({ length: 4 }, () => pollReference(stage, NEVER)));
  later(299);
  await pollReference(stage, NEVER);
  expect(asked.filter((what) => what === 'news AAPL')).toHaveLength(1);
  later(1);
  await pollReference(stage, NEVER);

  expect(asked.filter((what) => what === 'news AAPL')).toHaveLength(2);
});

test('a provider that has neither news nor metadata is left alone', async () => {
  const { stage, poll, asked } = await setUp();
  await poll(['AAPL'], 'quotes-only');

  expect(await pollReference(stage, NEVER)).toBe(0);
  expect(asked).toEqual([]);
});

test('one vendor that fails does not keep the next symbol from its news', async () => {
  const { stage, poll, vendor, asked } = await setUp();
  await poll(['AAPL', 'MSFT']);
  vendor.fail(new TickwireError('PROVIDER_REFUSED', 'tested refused the key'));

  expect(await pollReference(stage, NEVER)).toBe(0);

  expect(asked.filter((what) => what.startsWith('news'))).toHaveLength(2);
});

test('what a broker that is away did not take comes with the next look', async () => {
  const { stage, poll, later, published } = await setUp();
  await poll(['AAPL']);
  stage.bus.down = true;

  expect(await pollReference(stage, NEVER)).toBe(0);
  stage.bus.down = false;
  later(300);

  expect(await pollReference(stage, NEVER)).toBe(1);
  expect(await published()).toHaveLength(1);
});
