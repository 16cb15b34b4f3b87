import { randomUUID } from 'node:crypto';
import type { ClaimedPoll, PollConfig, PollJob } from '../../src/domain/poll-job';
import { aSeries } from '../support/series';
import type { StoreUnderTest } from './store.contract';

const SUCCEEDED = { outcome: 'succeeded', quotes: 1, failures: [] } as const;

function aConfig(changes: Partial<PollConfig> = {}): PollConfig {
  return { symbols: [aSeries().symbol], intervalSeconds: 60, provider: 'fixture', ...changes };
}

/** Tables `polling_jobs` and `polling_runs`. */
export function describePollJobs(underTest: () => StoreUnderTest): void {
  const pollJobs = () => underTest().store.pollJobs;
  const pass = (seconds: number) => underTest().passTime(seconds);
  const create = async (changes: Partial<PollConfig> = {}) => (await pollJobs().create(aConfig(changes), {})).job;
  const claimAll = (leaseSeconds = 30) => pollJobs().claimDue({ owner: 'test', leaseSeconds, limit: 100 });
  const claim = async (job: PollJob, leaseSeconds = 30): Promise<ClaimedPoll | undefined> =>
    (await claimAll(leaseSeconds)).find(({ jobId }) => jobId === job.jobId);
  const find = async (job: PollJob) => (await pollJobs().find(job.jobId))!;
  const complete = async (run: ClaimedPoll | undefined) => run !== undefined && pollJobs().completeRun(run, SUCCEEDED);
  const secondsAfterAnchor = (job: PollJob, at: Date) => (at.getTime() - job.anchorAt.getTime()) / 1000;

  describe('poll jobs', () => {
    afterEach(async () => {
      for (const { jobId } of await pollJobs().list()) await pollJobs().remove(jobId);
    });

    test('a new job is active and due now', async () => {
      const config = aConfig({ symbols: ['AAPL', 'MSFT'] });

      const { outcome, job } = await pollJobs().create(config, { requestId: 'request-1' });

      expect(outcome).toBe('created');
      expect(job).toMatchObject({ ...config, status: 'active', missedTicks: 0, lastRun: null });
      expect(job.nextRunAt).toEqual(job.anchorAt);
      expect(await claim(job)).toMatchObject({
        ...config,
        scheduledFor: job.anchorAt,
        requestId: 'request-1',
        missedTicks: 0,
      });
    });

    test('the same idempotency key gives the same job, also to twenty callers at once', async () => {
      const config = aConfig();
      const idempotencyKey = randomUUID();

      const answers = await Promise.all(
        Array.from({ length: 20 }, () => pollJobs().create(config, { idempotencyKey })),
      );

      expect(new Set(answers.map(({ job }) => job.jobId)).size).toBe(1);
      expect(answers.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
      expect(answers.filter(({ outcome }) => outcome === 'existing')).toHaveLength(19);
    });

    test('an idempotency key of another configuration is a conflict', async () => {
      const idempotencyKey = randomUUID();
      const { job } = await pollJobs().create(aConfig(), { idempotencyKey });

      const other = await pollJobs().create(aConfig({ intervalSeconds: 61 }), { idempotencyKey });

      expect(other).toMatchObject({ outcome: 'conflict', job: { jobId: job.jobId } });
    });

    test('what is no job is not found, whatever the id looks like', async () => {
      for (const id of [randomUUID(), 'no-uuid', '']) {
        expect(await pollJobs().find(id)).toBeUndefined();
        expect(await pollJobs().remove(id)).toBe(false);
        expect(await pollJobs().requestRun(id)).toBe(false);
        expect(await pollJobs().update(id, { status: 'paused' })).toBeUndefined();
        expect(await pollJobs().listRuns(id, 5)).toEqual([]);
      }
    });

    test('jobs are listed newest first, with their last run', async () => {
      const older = await create();
      await pass(1);
      const newer = await create();
      const runs = await claimAll();

      const listed = await pollJobs().list();

      expect(listed.map(({ jobId }) => jobId)).toEqual([newer.jobId, older.jobId]);
      expect(listed[0]?.lastRun?.runId).toBe(runs.find(({ jobId }) => jobId === newer.jobId)?.runId);
    });

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

    test('a run can be asked for between ticks, once however often', async () => {
      const job = await create();
      await complete(await claim(job));
      await pass(7);

      await pollJobs().requestRun(job.jobId);
      expect(await pollJobs().requestRun(job.jobId)).toBe(true);
      const run = await claim(job);
      await complete(run);

      expect(run?.scheduledFor.getTime()).toBeGreaterThan((await find(job)).anchorAt.getTime());
      expect(secondsAfterAnchor(await find(job), (await find(job)).nextRunAt)).toBe(60);
      expect(await claim(job)).toBeUndefined();
    });

    test('a run asked for while one is running comes after it', async () => {
      const job = await create();
      const running = await claim(job);
      await pass(1);
      await pollJobs().requestRun(job.jobId);

      const meanwhile = await claim(job);
      await complete(running);

      expect(meanwhile).toBeUndefined();
      expect((await claim(job))?.runId).not.toBe(running?.runId);
    });

    test('a paused job runs only when asked, and resuming does not run missed ticks', async () => {
      const job = await create();
      await complete(await claim(job));
      await pollJobs().update(job.jobId, { status: 'paused' });
      await pass(150);

      const whilePaused = await claim(job);
      await pollJobs().requestRun(job.jobId);
      const asked = await claim(job);
      await complete(asked);
      const resumed = await pollJobs().update(job.jobId, { status: 'active' });

      expect(whilePaused).toBeUndefined();
      expect(asked).toBeDefined();
      expect(await claim(job)).toBeUndefined();
      expect(resumed).toMatchObject({ status: 'active', missedTicks: 0 });
      expect(secondsAfterAnchor(resumed!, resumed!.nextRunAt)).toBe(180);
    });

    test('a changed interval keeps the anchor: the next tick is the next point of the new grid', async () => {
      const job = await create();
      await complete(await claim(job));
      await pass(70);
      await complete(await claim(job));

      const updated = await pollJobs().update(job.jobId, { intervalSeconds: 25, symbols: ['MSFT'] });

      expect(updated).toMatchObject({ intervalSeconds: 25, symbols: ['MSFT'] });
      expect(updated?.anchorAt).toEqual((await find(job)).anchorAt);
      expect(secondsAfterAnchor(updated!, updated!.nextRunAt)).toBe(75);
    });

    test('a changed interval does not cost a new job its first tick', async () => {
      const job = await create();

      await pollJobs().update(job.jobId, { intervalSeconds: 86_400 });

      expect(await claim(job)).toMatchObject({ scheduledFor: job.anchorAt, intervalSeconds: 86_400 });
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
