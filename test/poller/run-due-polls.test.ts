import { openMemoryBus } from '../../src/bus/memory';
import { priceEvents } from '../../src/bus/topics';
import { systemClock } from '../../src/platform/clock';
import { silentLog } from '../../src/platform/log';
import { runDuePolls } from '../../src/poller/run-due-polls';
import { seedJobs } from '../../src/poller/seed-jobs';
import type { QuoteBatch } from '../../src/providers/provider';
import { openMemoryStore } from '../../src/store/memory';
import { eventually } from '../support/eventually';
import { interruptible } from '../support/failing';
import { aQuote, providersAnswering, quotesAt } from '../support/providers';
import { recordsOf } from '../support/records';

const NEVER = new AbortController().signal;
const AAPL = { symbols: ['AAPL'], intervalSeconds: 60, provider: 'tested' };

let now: Date;

async function setUp(answer: (symbols: readonly string[]) => QuoteBatch | Promise<QuoteBatch>) {
  now = new Date('2026-01-05T15:00:00.500Z');
  const bus = interruptible(openMemoryBus({ partitions: 2 }));
  await bus.start();
  await bus.createTopics([{ name: priceEvents.name, partitions: 2 }]);
  const store = openMemoryStore({ clock: () => now });
  const { providers, calls } = providersAnswering(answer);
  return { store, bus, providers, calls, clock: systemClock, log: silentLog, owner: 'poller-1' };
}

const later = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1000);
};

test('a due job is fetched, published and given its outcome', async () => {
  const stage = await setUp(quotesAt(101));
  const { job } = await stage.store.pollJobs.create(AAPL, {});

  expect(await runDuePolls(stage, NEVER)).toBe(1);

  const { lastRun } = (await stage.store.pollJobs.find(job.jobId)) ?? {};
  expect(lastRun).toMatchObject({ outcome: 'succeeded', quotes: 1, failures: [] });
  const [record] = await recordsOf(stage.bus, priceEvents.name);
  expect(JSON.parse(String(record?.value))).toMatchObject({ symbol: 'AAPL', price: 101, provider: 'tested' });
});

test('a tick is run once, however many pollers look', async () => {
  const stage = await setUp(quotesAt(101));
  await stage.store.pollJobs.create(AAPL, {});

  const runs = await Promise.all(
    Array.from({ length: 8 }, (_, index) => runDuePolls({ ...stage, owner: `poller-${index}` }, NEVER)),
  );

  expect(runs.reduce((sum, count) => sum + count, 0)).toBe(1);
  expect(stage.calls).toEqual([['AAPL']]);
});

test('jobs of one provider that fall due together share a call', async () => {
  const stage = await setUp(quotesAt(101));
  await stage.store.pollJobs.create(AAPL, {});
  await stage.store.pollJobs.create({ ...AAPL, symbols: ['MSFT', 'AAPL'] }, {});

  await runDuePolls(stage, NEVER);

  expect(stage.calls).toHaveLength(1);
  expect([...stage.calls[0]!].sort()).toEqual(['AAPL', 'MSFT']);
  const jobs = await stage.store.pollJobs.list();
  expect(jobs.map((job) => job.lastRun?.quotes).sort()).toEqual([1, 2]);
});

test('one bad symbol does not sink its batch', async () => {
  const stage = await setUp((symbols) => ({
    raw: {},
    quotes: symbols.filter((symbol) => symbol !== 'NOPE').map((symbol) => aQuote(symbol)),
    failures: [{ symbol: 'NOPE', code: 'SYMBOL_UNKNOWN', detail: 'tested knows no NOPE' }],
  }));
  const { job } = await stage.store.pollJobs.create({ ...AAPL, symbols: ['AAPL', 'NOPE'] }, {});

  await runDuePolls(stage, NEVER);

  expect((await stage.store.pollJobs.find(job.jobId))?.lastRun).toMatchObject({
    outcome: 'partial',
    quotes: 1,
    failures: [{ symbol: 'NOPE', code: 'SYMBOL_UNKNOWN' }],
  });
});

test('a provider that fails is an outcome, and the next tick comes on the grid', async () => {
  const stage = await setUp(() => Promise.reject(new Error('socket hang up')));
  const { job } = await stage.store.pollJobs.create(AAPL, {});

  await runDuePolls(stage, NEVER);

  const failed = await stage.store.pollJobs.find(job.jobId);
  expect(failed?.lastRun).toMatchObject({ outcome: 'failed', quotes: 0 });
  expect(failed?.lastRun?.failures[0]?.symbol).toBe('AAPL');
  expect(failed!.nextRunAt.getTime() - job.anchorAt.getTime()).toBe(60_000);
});

test('ticks that passed while no poller ran are counted, not run', async () => {
  const stage = await setUp(quotesAt(101));
  const { job } = await stage.store.pollJobs.create(AAPL, {});
  await runDuePolls(stage, NEVER);
  later(60 * 5 + 10);

  expect(await runDuePolls(stage, NEVER)).toBe(1);

  expect(stage.calls).toHaveLength(2);
  expect((await stage.store.pollJobs.find(job.jobId))?.missedTicks).toBe(4);
});

test('a poll during an outage of the broker is kept in the outbox and still succeeds', async () => {
  const stage = await setUp(quotesAt(101));
  stage.bus.down = true;
  const { job } = await stage.store.pollJobs.create(AAPL, {});

  await runDuePolls(stage, NEVER);

  expect((await stage.store.pollJobs.find(job.jobId))?.lastRun?.outcome).toBe('succeeded');
  expect(await stage.store.rawResponses.countUnpublished()).toBe(1);
});

test('a broker that takes its time does not keep a job from its next tick', async () => {
  const stage = await setUp(quotesAt(101));
  let answer: () => void = () => undefined;
  const slow = { ...stage, bus: { ...stage.bus, publish: () => new Promise<void>((resolve) => (answer = resolve)) } };
  const { job } = await stage.store.pollJobs.create(AAPL, {});
  const polling = runDuePolls(slow, NEVER);
  await eventually(async () => (await stage.store.pollJobs.find(job.jobId))?.lastRun?.outcome === 'succeeded');
  later(60);

  expect(await runDuePolls(stage, NEVER)).toBe(1);

  expect((await stage.store.pollJobs.find(job.jobId))?.missedTicks).toBe(0);
  answer();
  expect(await polling).toBe(1);
});

test('SYMBOLS becomes one job, however often it is seeded, and follows the variable when that changes', async () => {
  const stage = await setUp(quotesAt(101));
  const list = { variable: 'SYMBOLS', symbols: ['aapl', 'MSFT'], intervalSeconds: 60 };

  await Promise.all([seedJobs(stage, [list], 'tested'), seedJobs(stage, [list], 'tested')]);
  await seedJobs(stage, [{ ...list, symbols: ['AAPL'], intervalSeconds: 30 }], 'tested');

  const jobs = await stage.store.pollJobs.list();
  expect(jobs).toHaveLength(1);
  expect(jobs[0]).toMatchObject({ symbols: ['AAPL'], intervalSeconds: 30, provider: 'tested' });
});

test('a list with something that is no symbol stops the start with a sentence', async () => {
  const stage = await setUp(quotesAt(101));

  const seeding = seedJobs(stage, [{ variable: 'TICKERS', symbols: ['A B'], intervalSeconds: 60 }], 'tested');

  await expect(seeding).rejects.toThrow(/TICKERS.*A B/);
});

describe('a job for market hours only', () => {
  const EVENING = new Date('2026-01-05T22:00:00.500Z');
  const OPENING = new Date('2026-01-06T14:30:00.000Z');
  const only = { ...AAPL, marketHoursOnly: true };

  test('is skipped while the market is closed, until the first tick after the opening', async () => {
    const stage = { ...(await setUp(quotesAt(101))), clock: () => now };
    now = EVENING;
    const { job } = await stage.store.pollJobs.create(only, {});

    await runDuePolls(stage, NEVER);

    const after = (await stage.store.pollJobs.find(job.jobId))!;
    expect(stage.calls).toEqual([]);
    expect(after.lastRun).toMatchObject({ outcome: 'skipped', quotes: 0, failures: [] });
    expect(after.nextRunAt.getTime()).toBeGreaterThanOrEqual(OPENING.getTime());
    expect(after.nextRunAt.getTime()).toBeLessThan(OPENING.getTime() + 60_000);
    now = after.nextRunAt;
    await runDuePolls(stage, NEVER);
    expect(stage.calls).toEqual([['AAPL']]);
  });

  test('is fetched while the market is open', async () => {
    const stage = { ...(await setUp(quotesAt(101))), clock: () => now };
    const { job } = await stage.store.pollJobs.create(only, {});

    await runDuePolls(stage, NEVER);

    expect((await stage.store.pollJobs.find(job.jobId))?.lastRun?.outcome).toBe('succeeded');
  });

  test('does not keep the others from being fetched', async () => {
    const stage = { ...(await setUp(quotesAt(101))), clock: () => now };
    now = EVENING;
    await stage.store.pollJobs.create(only, {});
    await stage.store.pollJobs.create({ ...AAPL, symbols: ['MSFT'] }, {});

    await runDuePolls(stage, NEVER);

    expect(stage.calls).toEqual([['MSFT']]);
  });
});

test('a quote with the market time of the last one makes no new point', async () => {
  const observedAt = new Date('2026-01-05T14:59:00.000Z');
  const stage = await setUp((symbols) => ({
    raw: {},
    quotes: symbols.map((symbol) => aQuote(symbol, { price: 101, observedAt })),
    failures: [],
  }));
  await stage.store.pollJobs.create(AAPL, {});

  await runDuePolls(stage, NEVER);
  later(60);
  await runDuePolls(stage, NEVER);

  const ids = (await recordsOf(stage.bus, priceEvents.name)).map(({ value }) => JSON.parse(String(value)).event_id);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});
