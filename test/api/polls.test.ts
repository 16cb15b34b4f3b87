import request from 'supertest';
import { anApi } from '../support/api';

const body = { symbols: [' aapl', 'MSFT', 'AAPL'], interval: 30, provider: 'made-up' };

test('a poll is stored and answered before anything is fetched', async () => {
  const { app, store, vendor } = anApi();

  const answer = await request(app).post('/prices/poll').send(body);

  expect(answer.status).toBe(202);
  expect(answer.headers.location).toBe(`/prices/poll/${answer.body.job_id}`);
  expect(answer.body).toEqual({
    job_id: expect.any(String),
    status: 'accepted',
    config: { symbols: ['AAPL', 'MSFT'], interval: 30, provider: 'fixture' },
  });
  expect(await store.pollJobs.list()).toMatchObject([{ symbols: ['AAPL', 'MSFT'], intervalSeconds: 30 }]);
  expect(vendor.calls).toEqual([]);
});

test('a job for market hours only says so in its answer and in its view', async () => {
  const { app } = anApi();

  const answer = await request(app)
    .post('/prices/poll')
    .send({ symbols: ['AAPL'], market_hours_only: true });
  const view = await request(app).get(answer.headers.location!);

  expect(answer.body.config).toMatchObject({ market_hours_only: true });
  expect(view.body).toMatchObject({ market_hours_only: true, status: 'active' });
});

test('interval and provider have defaults', async () => {
  const answer = await request(anApi().app)
    .post('/prices/poll')
    .send({ symbols: ['AAPL'] });

  expect(answer.body.config).toEqual({ symbols: ['AAPL'], interval: 60, provider: 'fixture' });
});

test('the same idempotency key gives the same job, and with another body a conflict', async () => {
  const { app, store } = anApi();
  const send = (changes: object) =>
    request(app)
      .post('/prices/poll')
      .set('Idempotency-Key', 'once')
      .send({ ...body, ...changes });

  const [first, second] = [await send({}), await send({})];
  const other = await send({ interval: 31 });

  expect(second.status).toBe(202);
  expect(second.body).toEqual(first.body);
  expect(other.status).toBe(409);
  expect(other.body.code).toBe('CONFLICT');
  expect(await store.pollJobs.list()).toHaveLength(1);
});

test('a job is shown, changed, paused, run and removed', async () => {
  const { app, store } = anApi();
  const { job_id: id } = (await request(app).post('/prices/poll').send(body)).body;
  const path = `/prices/poll/${id}`;

  const shown = await request(app).get(path);
  const changed = await request(app)
    .patch(path)
    .send({ interval: 90, symbols: ['googl'] });
  const paused = await request(app).patch(path).send({ status: 'paused' });
  const run = await request(app).post(`${path}/run`);
  const claimed = await store.pollJobs.claimDue({ owner: 'test', leaseSeconds: 10, limit: 10 });
  const listed = await request(app).get('/prices/poll');
  const removed = await request(app).delete(path);
  const gone = await request(app).get(path);

  expect(shown.body).toMatchObject({
    job_id: id,
    status: 'active',
    next_run_at: expect.any(String),
    last_run: null,
    runs: [],
  });
  expect(changed.body).toMatchObject({ interval: 90, symbols: ['GOOGL'], provider: 'fixture' });
  expect(paused.body).toMatchObject({ status: 'paused', next_run_at: null });
  expect([run.status, run.body]).toEqual([202, { job_id: id, status: 'accepted' }]);
  expect(claimed).toHaveLength(1);
  expect(listed.body.jobs).toMatchObject([{ job_id: id, last_run: { outcome: 'running', failures: [] } }]);
  expect([removed.status, removed.text]).toEqual([204, '']);
  expect(gone.status).toBe(404);
});

test.each(['get', 'patch', 'delete'] as const)('%s of a job that is not there is 404', async (method) => {
  const answer = await request(anApi().app)
    [method]('/prices/poll/0b9c6a1e-6f0e-4f55-9a3c-6d2f1c0e7a11')
    .send(method === 'patch' ? { interval: 5 } : undefined);

  expect(answer.status).toBe(404);
  expect(answer.body.code).toBe('NOT_FOUND');
});

test('a provider that is not configured is refused naming the variable, and nothing is stored', async () => {
  const { app, store } = anApi();

  const answer = await request(app)
    .post('/prices/poll')
    .send({ symbols: ['AAPL'], provider: 'keyless' });

  expect(answer.status).toBe(422);
  expect(answer.body).toMatchObject({
    code: 'PROVIDER_NOT_CONFIGURED',
    detail: expect.stringContaining('KEYLESS_API_KEY'),
  });
  expect(await store.pollJobs.list()).toEqual([]);
});
