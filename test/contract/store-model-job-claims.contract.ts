import { aNewJob, anArtifact, modelJobActions, NO_RESULT } from '../support/model-jobs';
import type { StoreUnderTest } from './store.contract';

/** Tables `model_jobs`: what runners do with them. */
export function describeModelJobClaims(underTest: () => StoreUnderTest): void {
  const { jobs, pass, create, claim, claimed, find, endAll } = modelJobActions(underTest);
  const error = { code: 'MODEL_FAILED', message: 'it failed' };

  describe('claims of model jobs', () => {
    afterEach(endAll);

    test('a claimed job runs under a fence and is claimed by nobody else', async () => {
      const job = await create();

      const mine = await claim();
      const again = await claim();

      expect(mine).toMatchObject([{ job: { jobId: job.jobId, status: 'running', attempts: 1 }, fence: 1 }]);
      expect(mine[0]?.job.startedAt).toBeInstanceOf(Date);
      expect(again).toEqual([]);
    });

    test('the wanted go first, then the oldest', async () => {
      const batch = [aNewJob(), aNewJob(), aNewJob()];
      await create(...batch);
      const wanted = [batch[2]!.jobId, 'no-uuid'];

      const claims = [await claim({ limit: 1, wanted }), await claim({ limit: 1, wanted }), await claim({ wanted })];

      expect(claims.flat().map(({ job }) => job.jobId)).toEqual([2, 0, 1].map((place) => batch[place]!.jobId));
    });

    test('never more than maxRunning have a live lease, however many runners claim at once', async () => {
      await create(...Array.from({ length: 40 }, () => aNewJob()));

      const claims = await Promise.all(Array.from({ length: 8 }, () => claim({ maxRunning: 10, limit: 3 })));

      expect(claims.flat()).toHaveLength(10);
      expect(new Set(claims.flat().map(({ job }) => job.jobId)).size).toBe(10);
      expect(await jobs().countRunning()).toBe(10);
      expect(await jobs().countQueued()).toBe(30);
    });

    test('a slot is free again when its job ends, and when its lease runs out', async () => {
      await create(aNewJob(), aNewJob(), aNewJob());
      const [first] = await claim({ maxRunning: 1 });

      const full = await claim({ maxRunning: 1 });
      await jobs().complete({ jobId: first!.job.jobId, fence: first!.fence }, NO_RESULT);
      const second = await claim({ maxRunning: 1, leaseSeconds: 30 });
      await pass(31);
      const third = await claim({ maxRunning: 1, wanted: [second[0]!.job.jobId] });

      expect(full).toEqual([]);
      expect(third).toMatchObject([{ job: { jobId: second[0]!.job.jobId, attempts: 2 }, fence: 2 }]);
    });

    test('a runner that lost its lease writes nothing any more', async () => {
      const stale = await claimed(30);
      await pass(31);
      const [taken] = await claim({ wanted: [stale.jobId], limit: 1 });

      const answers = [
        await jobs().renew(stale, { progress: 0.9, leaseSeconds: 30 }),
        await jobs().complete(stale, { ...NO_RESULT, result: 'stale', artifacts: [anArtifact('stale.json')] }),
        await jobs().fail(stale, error, null),
        await jobs().fail(stale, error, 0),
        await jobs().release(stale),
      ];

      expect(answers).toEqual(['lost', false, false, false, false]);
      expect(await find(stale.jobId)).toEqual(taken!.job);
    });

    test('a lease that ran out cannot be renewed, for its slot may be taken; the result of its job is still good', async () => {
      const run = await claimed(30);
      await pass(31);

      expect(await jobs().renew(run, { progress: 0.5, leaseSeconds: 30 })).toBe('lost');
      expect(await jobs().complete(run, NO_RESULT)).toBe(true);
    });

    test('renewing keeps the lease and never takes progress back', async () => {
      const run = await claimed(30);
      await pass(20);

      expect(await jobs().renew(run, { progress: 0.5, leaseSeconds: 30 })).toBe('renewed');
      expect(await jobs().renew(run, { progress: 0.25, leaseSeconds: 30 })).toBe('renewed');
      await pass(20);

      expect(await find(run.jobId)).toMatchObject({ status: 'running', progress: 0.5 });
      expect(await claim()).toEqual([]);
    });

    test('a runner is told of a cancelled job and cannot complete it', async () => {
      const run = await claimed();
      await jobs().cancel(run.jobId);

      expect(await jobs().renew(run, { progress: 0.5, leaseSeconds: 30 })).toBe('cancelled');
      expect(await jobs().complete(run, NO_RESULT)).toBe(false);
      expect(await jobs().fail(run, error, 0)).toBe(false);
      expect(await find(run.jobId)).toMatchObject({ status: 'cancelled', result: null });
    });

    test('a failure that may pass waits for its turn; its reason can be read meanwhile', async () => {
      const run = await claimed();

      expect(await jobs().fail(run, error, 60)).toBe(true);
      const early = await claim();
      await pass(61);
      const due = await claim();

      expect(early).toEqual([]);
      expect(due).toMatchObject([{ job: { jobId: run.jobId, attempts: 2, error }, fence: 2 }]);
    });

    test('a failure for good is final', async () => {
      const run = await claimed();

      expect(await jobs().fail(run, error, null)).toBe(true);

      expect(await find(run.jobId)).toMatchObject({ status: 'failed', error, finishedAt: expect.any(Date) });
      expect(await jobs().complete(run, NO_RESULT)).toBe(false);
      expect(await jobs().cancel(run.jobId)).toBe('final');
    });

    test('a released job is due at once and its attempt does not count', async () => {
      const run = await claimed();

      expect(await jobs().release(run)).toBe(true);

      expect(await claim()).toMatchObject([{ job: { jobId: run.jobId, attempts: 1 }, fence: 2 }]);
      expect(await jobs().complete(run, NO_RESULT)).toBe(false);
    });
  });
}
