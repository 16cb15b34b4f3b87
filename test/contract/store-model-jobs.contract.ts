import { randomUUID } from 'node:crypto';
import { aNewJob, anArtifact, modelJobActions, NO_RESULT } from '../support/model-jobs';
import type { StoreUnderTest } from './store.contract';

/** Tables `model_jobs` and `model_artifacts`: what a caller does with them. */
export function describeModelJobs(underTest: () => StoreUnderTest): void {
  const { jobs, pass, create, claim, claimed, find, endAll } = modelJobActions(underTest);

  describe('model jobs', () => {
    afterEach(endAll);

    test('a new job is queued with its parameters to the digit', async () => {
      const wanted = aNewJob({ params: { z: 0.1 + 0.2, a: [1e-300, 'NUL \u0000'], deep: { b: null } } });

      const { outcome, jobs: made } = await jobs().create([wanted], { graceSeconds: 10 });

      expect(outcome).toBe('created');
      expect(made).toEqual([await find(wanted.jobId)]);
      expect(made[0]).toMatchObject({
        ...wanted,
        status: 'queued',
        progress: 0,
        attempts: 0,
        result: null,
        error: null,
      });
      expect(Object.keys(made[0]!.params)).toEqual(['z', 'a', 'deep']);
      expect(made[0]).toMatchObject({ startedAt: null, finishedAt: null, artifacts: [], warnings: [], metrics: {} });
    });

    test('a batch comes back in its order, all of it', async () => {
      const wanted = Array.from({ length: 50 }, () => aNewJob());

      const { jobs: made } = await jobs().create(wanted, { graceSeconds: 10 });

      expect(made.map(({ jobId }) => jobId)).toEqual(wanted.map(({ jobId }) => jobId));
    });

    test('the same idempotency key with the same jobs gives the first ones, also to ten callers at once', async () => {
      const idempotencyKey = randomUUID();
      const send = () => jobs().create([aNewJob(), aNewJob({ model: 'other' })], { idempotencyKey, graceSeconds: 10 });

      const answers = await Promise.all(Array.from({ length: 10 }, send));

      const ids = answers.map((answer) => answer.jobs.map(({ jobId }) => jobId).join());
      expect(new Set(ids).size).toBe(1);
      expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['created', ...Array(9).fill('existing')]);
    });

    test.each([
      ['other parameters', [aNewJob({ params: { spot: 43 } })]],
      ['one job more', [aNewJob(), aNewJob()]],
      ['another model', [aNewJob({ model: 'other' })]],
    ])('an idempotency key that comes again with %s is a conflict, and nothing is stored', async (_, others) => {
      const idempotencyKey = randomUUID();
      const first = await jobs().create([aNewJob()], { idempotencyKey, graceSeconds: 10 });

      const second = await jobs().create(others, { idempotencyKey, graceSeconds: 10 });

      expect(second).toMatchObject({ outcome: 'conflict', jobs: [{ jobId: first.jobs[0]!.jobId }] });
      for (const { jobId } of others) expect(await jobs().find(jobId)).toBeUndefined();
    });

    test('jobs are listed newest first, page by page, by status and model, without their results', async () => {
      const model = `m-${randomUUID()}`;
      const older = await create(aNewJob({ model }));
      await pass(1);
      const batch = [aNewJob({ model }), aNewJob({ model })];
      await jobs().create(batch, { graceSeconds: 10 });
      const [run] = await claim({ wanted: [older.jobId], limit: 1 });
      await jobs().complete({ jobId: older.jobId, fence: run!.fence }, { ...NO_RESULT, result: { price: 1 } });

      const first = await jobs().list({ model, limit: 2 });
      const rest = await jobs().list({ model, limit: 2, after: first[1] });
      const completed = await jobs().list({ model, status: 'completed', limit: 10 });

      expect(new Set(first.map(({ jobId }) => jobId))).toEqual(new Set(batch.map(({ jobId }) => jobId)));
      expect(rest.map(({ jobId }) => jobId)).toEqual([older.jobId]);
      expect(completed).toMatchObject([{ jobId: older.jobId, result: null }]);
    });

    test('completing stores result, figures, warnings and files in one go', async () => {
      const run = await claimed();
      const outcome = {
        result: { price: 0.1 + 0.2, paths: [[1e-9]] },
        metrics: { price: 0.3 },
        warnings: ['few sessions'],
        artifacts: [anArtifact('result.json'), anArtifact('a.svg')],
      };

      expect(await jobs().complete(run, outcome)).toBe(true);

      const job = await find(run.jobId);
      expect(job).toMatchObject({ ...outcome, status: 'completed', progress: 1, error: null });
      expect(job.finishedAt).toBeInstanceOf(Date);
      expect(await jobs().findArtifact(run.jobId, 'a.svg')).toEqual({
        artifact: anArtifact('a.svg'),
        fence: run.fence,
        owner: null,
      });
      expect(await jobs().findArtifact(run.jobId, 'b.svg')).toBeUndefined();
    });

    test('a job that is not there is not found, whatever the id looks like', async () => {
      for (const id of [randomUUID(), 'no-uuid', '']) {
        expect(await jobs().find(id)).toBeUndefined();
        expect(await jobs().cancel(id)).toBeUndefined();
        expect(await jobs().findArtifact(id, 'result.json')).toBeUndefined();
      }
      expect(await jobs().renew({ jobId: randomUUID(), fence: 1 }, { progress: 0, leaseSeconds: 5 })).toBe('lost');
    });

    test('a queued or running job is cancelled once; what is final stays as it is', async () => {
      const queued = await create();
      const done = await claimed();
      await jobs().complete(done, NO_RESULT);

      expect(await jobs().cancel(queued.jobId)).toBe('cancelled');
      expect(await jobs().cancel(queued.jobId)).toBe('final');
      expect(await jobs().cancel(done.jobId)).toBe('final');

      expect(await find(queued.jobId)).toMatchObject({ status: 'cancelled', finishedAt: expect.any(Date) });
      expect(await find(done.jobId)).toMatchObject({ status: 'completed' });
      expect(await claim()).toEqual([]);
    });

    describe('as an outbox', () => {
      const unpublished = async (graceSeconds = 10) =>
        (await jobs().claimUnpublished(1000, graceSeconds)).map((it) => it);

      test('a job is offered once its grace is over, and hidden again while somebody publishes it', async () => {
        const job = await create();

        const early = await unpublished();
        await pass(11);
        const due = await unpublished();
        const hidden = await unpublished();

        expect(early).toEqual([]);
        expect(due).toEqual([{ jobId: job.jobId, model: 'test', requestId: 'r-1', owner: null }]);
        expect(hidden).toEqual([]);
      });

      test('a job that was published or has begun is offered no more', async () => {
        const published = await create();
        await claimed();
        await jobs().markPublished([published.jobId, randomUUID()]);
        await pass(11);

        expect(await unpublished()).toEqual([]);
      });
    });
  });
}
