import { randomUUID } from 'node:crypto';
import { silentLog } from '../../src/platform/log';
import { dropOld } from '../../src/poller/drop-old';
import { openMemoryStore } from '../../src/store/memory';
import { aSeries, eventAt } from '../support/series';

const DAY_SECONDS = 24 * 60 * 60;
const NOW = new Date('2026-11-21T12:00:00.000Z');

let nowMs: number;
let store: ReturnType<typeof openMemoryStore>;

beforeEach(() => {
  nowMs = NOW.getTime();
  store = openMemoryStore({ clock: () => new Date(nowMs) });
});

const run = (days: { priceDays: number; recordDays: number }, signal = new AbortController().signal) =>
  dropOld({ store, clock: () => new Date(nowMs), log: silentLog, ...days }, signal);

async function archiveAt(daysAgo: number, count: number): Promise<void> {
  nowMs -= daysAgo * DAY_SECONDS * 1000;
  for (let index = 0; index < count; index += 1) {
    const answer = { id: randomUUID(), provider: 'fixture', symbols: [], body: {}, requestId: null };
    await store.rawResponses.archive({ ...answer, fetchedAt: new Date(nowMs) });
  }
  nowMs += daysAgo * DAY_SECONDS * 1000;
}

/** What is still there to delete. */
const leftBefore = async (instant: Date) => (await store.retention.deleteRecords(instant, 1_000_000)).rawResponses;

/** A series with more prices than retention keeps, all on 5 January. */
async function storePrices(count = 520) {
  const series = aSeries();
  await store.prices.insert(Array.from({ length: count }, (_, index) => eventAt(series, index, 10)));
  return series;
}

it('deletes records older than their days, batch by batch until none is left, and no younger ones', async () => {
  await archiveAt(31, 2_500);
  await archiveAt(29, 3);

  await run({ priceDays: 0, recordDays: 30 });

  expect(await leftBefore(NOW)).toBe(3);
});

it('drops months of prices that ended before their days began', async () => {
  const series = await storePrices();
  const daysSinceJanuary = Math.floor((NOW.getTime() - Date.parse('2026-02-01T00:00:00.000Z')) / (DAY_SECONDS * 1000));

  await run({ priceDays: daysSinceJanuary + 1, recordDays: 0 });
  const before = (await store.prices.list({ ...series, limit: 1_000 })).length;
  await run({ priceDays: daysSinceJanuary, recordDays: 0 });

  expect(before).toBe(520);
  expect(await store.prices.list({ ...series, limit: 1_000 })).toHaveLength(500);
});

it('keeps everything for ever where the days are 0', async () => {
  const series = await storePrices();
  await archiveAt(4_000, 2);

  await run({ priceDays: 0, recordDays: 0 });

  expect(await store.prices.list({ ...series, limit: 1_000 })).toHaveLength(520);
  expect(await leftBefore(NOW)).toBe(2);
});

it('leaves the rest for later when the process stops', async () => {
  const series = await storePrices();
  await archiveAt(100, 2);

  await run({ priceDays: 30, recordDays: 30 }, AbortSignal.abort());

  expect(await leftBefore(NOW)).toBe(2);
  expect(await store.prices.list({ ...series, limit: 1_000 })).toHaveLength(520);
});
