import { randomUUID } from 'node:crypto';
import { aConfig, pollJobActions } from '../support/poll-jobs';
import type { StoreUnderTest } from './store.contract';

/** Table `polling_jobs`: what a user does with a schedule. */
export function describePollJobs(underTest: () => StoreUnderTest): void {
  const { pollJobs, pass, create, claimAll, claim, find, complete, secondsAfterAnchor, removeAll } =
    pollJobActions(underTest);

  describe('poll jobs', () => {
    afterEach(removeAll);

    test('a job says whether it keeps to market hours, to those who read it and to those who claim it', async () => {
      const [always, inHours] = [await create(), await create({ marketHoursOnly: true })];

      const claimed = new Map((await claimAll()).map(({ jobId, marketHoursOnly }) => [jobId, marketHoursOnly]));

      expect([always.marketHoursOnly, inHours.marketHoursOnly]).toEqual([false, true]);
      expect((await find(inHours)).marketHoursOnly).toBe(true);
      expect([claimed.get(always.jobId), claimed.get(inHours.jobId)]).toEqual([false, true]);
    });

    test('an idempotency key with other market hours is a conflict', async () => {
      const config = aConfig();
      const idempotencyKey = config.symbols.join();
      await pollJobs().create(config, { idempotencyKey });

      const same = await pollJobs().create({ ...config, marketHoursOnly: false }, { idempotencyKey });
      const other = await pollJobs().create({ ...config, marketHoursOnly: true }, { idempotencyKey });

      expect([same.outcome, other.outcome]).toEqual(['existing', 'conflict']);
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
  });
}
