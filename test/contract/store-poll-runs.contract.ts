import type { ClaimedPoll } from '../../src/domain/poll-job';
import { pollJobActions } from '../support/poll-jobs';
import type { StoreUnderTest } from './store.contract';

/** Table `polling_runs`: ticks, claims, leases and fences. */
export function describePollRuns(underTest: () => StoreUnderTest): void {
  const { pollJobs, pass, create, claimAll, claim, find, complete, secondsAfterAnchor, removeAll } =
    pollJobActions(underTest);

  describe('poll runs', () => {
    afterEach(removeAll);

    test('a tick is claimed once, whoever else claims at the same moment', async () => {
      const jobs = [await create(), await create(), await create()];

      const claims = await Promise.all(Array.from({ length: 8 }, () => claimAll()));

      expect(
        claims
          .flat()
          .map(({ jobId }) => jobId)
          .sort(),
      ).toEqual(jobs.map(({ jobId }) => jobId).sort());
    });

    test('ticks stay on the grid of the anchor however late they are claimed', async () => {
      const job = await create();
      const ticks: number[] = [];

      for (const late of [0.3, 60.9, 59.2, 60.1]) {
        await pass(late);
        const run = await claim(job);
        ticks.push(secondsAfterAnchor(await find(job), run!.scheduledFor));
        await complete(run);
      }

      expect(ticks).toEqual([0, 60, 120, 180]);
      expect(secondsAfterAnchor(await find(job), (await find(job)).nextRunAt)).toBe(240);
    });

    test('ticks that passed unserved are counted, and only the newest is run', async () => {
      const job = await create();
      await complete(await claim(job));
      await pass(60 * 5 + 10);

      const run = await claim(job);

      expect(run?.missedTicks).toBe(4);
      expect(secondsAfterAnchor(await find(job), run!.scheduledFor)).toBe(300);
      expect((await find(job)).missedTicks).toBe(4);
      expect(await claim(job)).toBeUndefined();
    });

    test('a job under a lease is not claimed, even when its next tick is due', async () => {
      const job = await create({ intervalSeconds: 1 });
      await claim(job, 30);
      await pass(5);

      expect(await claim(job)).toBeUndefined();
    });

    test('a completed run shows its outcome, and a second completion is refused', async () => {
      const job = await create();
      const run = await claim(job);
      const failures = [{ symbol: 'X', code: 'SYMBOL_UNKNOWN', detail: 'no such symbol' }];

      const completed = await pollJobs().completeRun(run!, { outcome: 'partial', quotes: 3, failures });

      expect(completed).toBe(true);
      expect((await find(job)).lastRun).toMatchObject({
        runId: run?.runId,
        outcome: 'partial',
        quotes: 3,
        failures,
        finishedAt: expect.any(Date),
      });
      expect(await complete(run)).toBe(false);
    });

    test('a run that is skipped until later leaves the next tick at the first point of the grid from then on', async () => {
      const job = await create({ marketHoursOnly: true });
      const skip = (run: ClaimedPoll | undefined, resumeAt: Date) =>
        pollJobs().completeRun(run!, { outcome: 'skipped', quotes: 0, failures: [], resumeAt });
      const nextAfterSkip = async (seconds: number) => {
        await pollJobs().requestRun(job.jobId);
        const run = await claim(job);
        const { anchorAt } = await find(job);
        expect(await skip(run, new Date(anchorAt.getTime() + seconds * 1000))).toBe(true);
        return secondsAfterAnchor(await find(job), (await find(job)).nextRunAt);
      };

      expect(await nextAfterSkip(601)).toBe(660);
      expect(await nextAfterSkip(720)).toBe(720);
      expect(await nextAfterSkip(100)).toBe(720);
      expect((await find(job)).lastRun).toMatchObject({ outcome: 'skipped' });
    });

    test('a job that was skipped is claimed again when its market opens, and has missed nothing', async () => {
      const job = await create();
      const run = await claim(job);
      const resumeAt = new Date(job.anchorAt.getTime() + 600_000);
      await pollJobs().completeRun(run!, { outcome: 'skipped', quotes: 0, failures: [], resumeAt });

      await pass(599);
      const early = await claim(job);
      await pass(1.5);
      const opened = await claim(job);

      expect(early).toBeUndefined();
      expect(opened).toMatchObject({ missedTicks: 0 });
    });

    test('a stale poller cannot move the next tick', async () => {
      const job = await create();
      const dead = await claim(job, 10);
      await pass(61);
      const heir = await claim(job);
      const next = (await find(job)).nextRunAt;

      const resumeAt = new Date(next.getTime() + 3_600_000);
      const moved = await pollJobs().completeRun(dead!, { outcome: 'skipped', quotes: 0, failures: [], resumeAt });

      expect(moved).toBe(false);
      expect((await find(job)).nextRunAt).toEqual(next);
      await complete(heir);
    });

    test('the run of a dead poller is taken over, and the dead one is refused', async () => {
      const job = await create({ intervalSeconds: 3600 });
      const dead = await claim(job, 10);
      await pass(11);

      const heir = await claim(job);

      expect(heir).toMatchObject({
        runId: dead?.runId,
        scheduledFor: (await find(job)).lastRun?.scheduledFor,
        missedTicks: 0,
      });
      expect(heir!.fence).toBeGreaterThan(dead!.fence);
      expect(await complete(dead)).toBe(false);
      expect((await find(job)).lastRun?.outcome).toBe('running');
      expect(await complete(heir)).toBe(true);
      expect(await pollJobs().listRuns(job.jobId, 10)).toHaveLength(1);
    });

    test('a dead run is abandoned when a newer tick is due', async () => {
      const job = await create();
      const dead = await claim(job, 10);
      await pass(61);

      const next = await claim(job);
      await complete(next);

      expect(next?.runId).not.toBe(dead?.runId);
      expect(await complete(dead)).toBe(false);
      expect((await pollJobs().listRuns(job.jobId, 10)).map(({ runId, outcome }) => [runId, outcome])).toEqual([
        [next?.runId, 'succeeded'],
        [dead?.runId, 'abandoned'],
      ]);
    });

    test('a poller that finishes late, but before anybody took over, still completes its run', async () => {
      const job = await create();
      const run = await claim(job, 1);
      await pass(2);

      expect(await complete(run)).toBe(true);
    });

    test('a job removed during its run takes the run with it', async () => {
      const job = await create();
      const run = await claim(job);

      expect(await pollJobs().remove(job.jobId)).toBe(true);
      expect(await complete(run)).toBe(false);
      expect(await pollJobs().listRuns(job.jobId, 5)).toEqual([]);
    });

    test('no more jobs are claimed than asked for, the longest due first', async () => {
      const first = await create();
      await pass(5);
      await create();

      const claimed = await pollJobs().claimDue({ owner: 'test', leaseSeconds: 30, limit: 1 });

      expect(claimed.map(({ jobId }) => jobId)).toEqual([first.jobId]);
    });
  });
}
