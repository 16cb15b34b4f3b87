import request from 'supertest';
import { anApi } from '../../support/api';
import { aGuardedApi, type GuardedApi, withKey } from '../../support/guarded-api';
import { TEST_MODELS } from '../../support/job-models';
import { aNewJob } from '../../support/model-jobs';

const SCOPES = ['prices:read', 'jobs:write', 'models:run'] as const;

const guarded = () => aGuardedApi(() => ({ models: TEST_MODELS }));

const poll = ({ app }: GuardedApi, text: string, headers: Record<string, string> = {}, symbols = ['AAPL']) =>
  request(app)
    .post('/prices/poll')
    .set({ ...withKey(text), ...headers })
    .send({ symbols });

const submit = ({ app }: GuardedApi, text: string, headers: Record<string, string> = {}, parts = 1) =>
  request(app)
    .post('/api/v1/obedient')
    .set({ ...withKey(text), ...headers })
    .send({ parts });

const listed = async ({ app }: GuardedApi, text: string, path: string): Promise<string[]> => {
  const { body } = await request(app).get(path).set(withKey(text));
  return body.jobs.map(({ job_id: id }: { job_id: string }) => id);
};

test('a job belongs to the key that asked for it, alone or in a batch', async () => {
  const api = guarded();
  const { text, keyId } = await api.key(SCOPES);

  const polled = (await poll(api, text)).body.job_id;
  const submitted = (await submit(api, text)).body.job_id;
  const { body: batch } = await request(api.app)
    .post('/api/v1/jobs/batch')
    .set(withKey(text))
    .send({ jobs: [{ model: 'obedient', params: { parts: 1 } }] });

  const { pollJobs, modelJobs } = api.store;
  const owners = [
    await pollJobs.find(polled),
    await modelJobs.find(submitted),
    await modelJobs.find(batch.jobs[0].job_id),
  ];
  expect(owners.map((job) => job?.owner)).toEqual([keyId, keyId, keyId]);
});

test.each([
  ['/prices/poll', poll],
  ['/api/v1/jobs', submit],
])('the list at %s holds one’s own and nobody’s, and with admin all', async (path, make) => {
  const api = guarded();
  const [mine, other, admin] = [await api.key(SCOPES), await api.key(SCOPES), await api.key(['admin'])];
  const ofMine = (await make(api, mine.text)).body.job_id;
  const ofOther = (await make(api, other.text)).body.job_id;
  const { pollJobs, modelJobs } = api.store;
  const nobodys =
    path === '/prices/poll'
      ? (await pollJobs.create({ symbols: ['A'], intervalSeconds: 60, provider: 'fixture' }, {})).job.jobId
      : (await modelJobs.create([aNewJob()], { graceSeconds: 60 })).jobs[0]!.jobId;

  expect((await listed(api, mine.text, path)).sort()).toEqual([ofMine, nobodys].sort());
  expect((await listed(api, other.text, path)).sort()).toEqual([ofOther, nobodys].sort());
  expect((await listed(api, admin.text, path)).sort()).toEqual([ofMine, ofOther, nobodys].sort());
});

test.each([
  ['polling', poll],
  ['model', submit],
])('two callers with one Idempotency-Key get %s jobs of their own, and each its own again', async (_name, make) => {
  const api = guarded();
  const [mine, other] = [await api.key(SCOPES), await api.key(SCOPES)];
  const once = { 'Idempotency-Key': 'nightly' };

  const first = await make(api, mine.text, once);
  const again = await make(api, mine.text, once);
  const theirs = await make(api, other.text, once);
  const forged = await make(api, other.text, { 'Idempotency-Key': `${mine.keyId}:nightly` });

  const ids = [first, again, theirs, forged].map(({ body }) => body.job_id);
  expect(ids[1]).toBe(ids[0]);
  expect(new Set(ids).size).toBe(3);
});

test('an Idempotency-Key of another submission is told with one’s own words, and names no other key', async () => {
  const api = guarded();
  const { text, keyId } = await api.key(SCOPES);
  const once = { 'Idempotency-Key': 'nightly' };
  await poll(api, text, once);
  await submit(api, text, once);

  const answers = [await poll(api, text, once, ['MSFT']), await submit(api, text, once, 2)];

  for (const { status, body } of answers) {
    expect(status).toBe(409);
    expect(body.detail).toContain('Idempotency-Key: nightly ');
    expect(body.detail).not.toContain(keyId);
  }
});

test('jobs that were asked for without a key are everybody’s, also once keys are required', async () => {
  const api = guarded();
  const { app: open } = anApi(() => ({ store: api.store }));
  const { body } = await request(open)
    .post('/prices/poll')
    .send({ symbols: ['AAPL'] });
  const { text } = await api.key(SCOPES);

  const seen = await request(api.app).get(`/prices/poll/${body.job_id}`).set(withKey(text));
  const changed = await request(api.app).delete(`/prices/poll/${body.job_id}`).set(withKey(text));

  expect(seen.status).toBe(200);
  expect(changed.body).toMatchObject({ status: 403, code: 'FORBIDDEN', detail: expect.stringContaining('admin') });
  expect(await api.store.pollJobs.find(body.job_id)).toBeDefined();
});
