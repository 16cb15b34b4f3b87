import { randomUUID } from 'node:crypto';
import { advanceWindow, EMPTY_WINDOW } from '../../src/domain/moving-average';
import { type PriceEvent, priceEventId } from '../../src/domain/price-event';
import type { SeriesKey } from '../../src/store/store';
import { aPriceEvent } from '../support/price-events';
import { aSeries } from '../support/series';
import type { StoreUnderTest } from './store.contract';

/** `count` prices of a series, one each hour from an instant on. */
function hourlyFrom(series: SeriesKey, from: string, count: number): PriceEvent[] {
  return Array.from({ length: count }, (_, index) => {
    const observedAt = new Date(Date.parse(from) + index * 3_600_000);
    const event = aPriceEvent({ ...series, price: 100 + (index % 7), observedAt, sequence: 0, fetchedAt: observedAt });
    return { ...event, eventId: priceEventId(event) };
  });
}

/** What is dropped because it is old, and what is not. The prices of these tests are of the years 2000 to 2004. */
export function describeRetention(underTest: () => StoreUnderTest): void {
  const store = () => underTest().store;
  const storeAll = async (series: SeriesKey, events: readonly PriceEvent[], size = 5) => {
    await store().prices.insert(events);
    await store().averages.rebuild(series, size);
  };
  const idsOf = async (series: SeriesKey) =>
    (await store().prices.list({ ...series, limit: 10_000 })).map(({ eventId }) => eventId);

  describe('retention of prices', () => {
    test('a whole month that is too old goes, but the newest 500 prices of what is older stay', async () => {
      const series = aSeries();
      const [march, april] = [
        hourlyFrom(series, '2000-03-01T00:00:00.000Z', 740),
        hourlyFrom(series, '2000-04-01T00:00:00.000Z', 30),
      ];
      await storeAll(series, [...march, ...april]);

      const dropped = await store().retention.dropPrices(new Date('2000-04-20T00:00:00.000Z'));

      expect(dropped).toEqual(expect.arrayContaining(['price_points_2000_03', 'symbol_averages_2000_03']));
      expect(await idsOf(series)).toEqual([...march.slice(-500), ...april].map(({ eventId }) => eventId));
    });

    test('averages stay for exactly the prices they can be computed from, so that a rebuild changes nothing', async () => {
      const series = aSeries();
      const events = hourlyFrom(series, '2000-06-01T00:00:00.000Z', 1_500);
      await storeAll(series, events, 7);
      const [window] = await store().averages.loadWindows([series], 7);
      const before = await store().averages.list({ ...series, size: 7, limit: 10_000 });

      await store().retention.dropPrices(new Date('2000-08-01T00:00:00.000Z'));

      const kept = await store().averages.list({ ...series, size: 7, limit: 10_000 });
      expect(await idsOf(series)).toHaveLength(500 + 36);
      expect(kept).toEqual(before.slice(-(500 + 36 - 6)));
      expect((await store().averages.loadWindows([series], 7))[0]).toEqual(window);
      expect(await store().averages.rebuild(series, 7)).toBe(0);
    });

    test('a symbol that went quiet years ago keeps its latest price and its average', async () => {
      const series = aSeries();
      const events = hourlyFrom(series, '2001-01-31T20:00:00.000Z', 6);
      await storeAll(series, events);

      await store().retention.dropPrices(new Date('2004-01-01T00:00:00.000Z'));

      const { averages } = advanceWindow(EMPTY_WINDOW, events, 5);
      expect(await store().prices.findLatest(series.symbol)).toEqual(events[5]);
      expect(await store().averages.findLatest(series.symbol, 5)).toMatchObject({ average: averages[1]!.average });
    });

    test('done again, it finds nothing to do', async () => {
      const series = aSeries();
      await storeAll(series, hourlyFrom(series, '2002-01-01T00:00:00.000Z', 600));
      const before = new Date('2002-03-01T00:00:00.000Z');

      const [first, second] = [await store().retention.dropPrices(before), await store().retention.dropPrices(before)];

      expect(first).toEqual(expect.arrayContaining(['price_points_2002_01']));
      expect(second).toEqual([]);
    });

    test('a month that has begun but not ended stays whole', async () => {
      const series = aSeries();
      const events = hourlyFrom(series, '2002-07-01T00:00:00.000Z', 700);
      await storeAll(series, events);

      await store().retention.dropPrices(new Date('2002-07-31T23:59:59.999Z'));

      expect(await idsOf(series)).toHaveLength(700);
    });

    test('a price that comes late into a month that was made smaller is stored', async () => {
      const series = aSeries();
      await storeAll(series, hourlyFrom(series, '2003-01-01T00:00:00.000Z', 600));
      await store().retention.dropPrices(new Date('2003-02-10T00:00:00.000Z'));
      const late = hourlyFrom(series, '2003-01-20T00:30:00.000Z', 1);

      const counts = [await store().prices.insert(late), await store().prices.insert(late)];

      expect(counts).toEqual([1, 0]);
    });
  });

  describe('retention of records', () => {
    /** Before and after everything that the tests store, whatever their clock. */
    const [LONG_AGO, LONG_AFTER] = [new Date('2001-01-01T00:00:00.000Z'), new Date('2100-01-01T00:00:00.000Z')];
    const aResponse = (events: readonly PriceEvent[] = []) => ({
      ...{ id: randomUUID(), provider: 'fixture', symbols: ['AAPL'], body: {}, events, fetchedAt: new Date() },
      ...{ requestId: null, pollingRunId: null, marketCaps: {} },
    });
    const deleteAll = async (before: Date) => {
      const deleted = { rawResponses: 0, pollRuns: 0, auditEntries: 0 };
      for (;;) {
        const batch = await store().retention.deleteRecords(before, 1_000);
        deleted.rawResponses += batch.rawResponses;
        deleted.pollRuns += batch.pollRuns;
        deleted.auditEntries += batch.auditEntries;
        if (Object.values(batch).every((count) => count === 0)) return deleted;
      }
    };

    test('published answers go, those that still wait to be published never do', async () => {
      const [published, waiting] = [aResponse(hourlyFrom(aSeries(), '2026-01-05T00:00:00.000Z', 1)), aResponse()];
      await store().rawResponses.save(published, 0);
      await store().rawResponses.save(waiting, 0);
      await store().rawResponses.markPublished([published.id]);
      const unpublished = await store().rawResponses.countUnpublished();

      const deleted = await deleteAll(LONG_AFTER);

      expect(deleted.rawResponses).toBeGreaterThanOrEqual(1);
      expect(await store().rawResponses.countUnpublished()).toBe(unpublished);
      const left = await store().rawResponses.claimUnpublished(10_000, 0);
      expect(left.map(({ id }) => id)).toContain(waiting.id);
      expect(left.map(({ id }) => id)).not.toContain(published.id);
      await store().rawResponses.markPublished([waiting.id]);
    });

    test('nothing younger than the bound goes', async () => {
      const answer = aResponse();
      await store().rawResponses.archive(answer);

      const deleted = await deleteAll(LONG_AGO);

      expect(deleted).toEqual({ rawResponses: 0, pollRuns: 0, auditEntries: 0 });
    });

    test('a batch is at most as large as asked for', async () => {
      await deleteAll(LONG_AFTER);
      for (let index = 0; index < 5; index += 1) await store().rawResponses.archive(aResponse());

      const batches = [
        await store().retention.deleteRecords(LONG_AFTER, 3),
        await store().retention.deleteRecords(LONG_AFTER, 3),
      ];

      expect(batches.map(({ rawResponses }) => rawResponses)).toEqual([3, 2]);
    });

    test('finished runs go, but the newest 20 of each job and the running one stay', async () => {
      const { job } = await store().pollJobs.create(
        { symbols: ['AAPL'], intervalSeconds: 60, provider: 'fixture' },
        {},
      );
      for (let tick = 0; tick < 24; tick += 1) {
        const claimed = (await store().pollJobs.claimDue({ owner: 'o', leaseSeconds: 30, limit: 1_000 })).find(
          ({ jobId }) => jobId === job.jobId,
        );
        const isLast = tick === 23;
        if (!isLast) await store().pollJobs.completeRun(claimed!, { outcome: 'succeeded', quotes: 1, failures: [] });
        await underTest().passTime(61);
      }
      const runs = await store().pollJobs.listRuns(job.jobId, 100);

      await deleteAll(LONG_AFTER);

      expect(runs).toHaveLength(24);
      expect((await store().pollJobs.listRuns(job.jobId, 100)).map(({ runId }) => runId)).toEqual(
        runs.slice(0, 20).map(({ runId }) => runId),
      );
      await store().pollJobs.remove(job.jobId);
    });

    test('entries of the audit log go', async () => {
      const auditId = await store().auditLog.begin({
        ...{ keyId: null, action: 'test.retention', target: null, requestId: randomUUID(), address: '::1' },
      });
      const listed = async () => (await store().auditLog.list({ limit: 1_000, action: 'test.retention' })).length;
      const before = await listed();

      await deleteAll(LONG_AFTER);

      expect(auditId).toEqual(expect.any(String));
      expect([before, await listed()]).toEqual([1, 0]);
    });
  });
}
