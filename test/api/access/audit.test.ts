import request from 'supertest';
import { routesOf } from '../../../src/api/routes';
import { MODELS } from '../../../src/models';
import { TickwireError } from '../../../src/platform/errors';
import { NOON } from '../../support/api';
import { eventually } from '../../support/eventually';
import { aGuardedApi, withKey } from '../../support/guarded-api';
import { TEST_MODELS } from '../../support/job-models';

const ALL = ['prices:read', 'jobs:write', 'models:run'] as const;
const UNKNOWN = '0b9c6a1e-6f0e-4f55-9a3c-6d2f1c0e7a11';

test('every route that changes anything is written down', () => {
  const routes = routesOf('1.2.3', MODELS);

  const unwritten = routes.filter(({ method, audit }) => method !== 'get' && audit === undefined);
  const read = routes.filter(({ method, audit }) => method === 'get' && audit !== undefined);

  // A ticket lasts for seconds and changes nothing.
  expect(unwritten.map(({ method, path }) => `${method} ${path}`)).toEqual(['post /api/v1/tickets']);
  expect(read).toEqual([]);
});

test('a change is in the log with who, what, to what, and what came of it, whether it was done or not', async () => {
  const api = aGuardedApi(() => ({ models: TEST_MODELS }));
  const [{ text, keyId }, admin] = [await api.key(ALL), await api.key(['admin'])];
  const as = { ...withKey(text), 'X-Request-Id': 'r-7' };
  const { app } = api;

  const made = await request(app)
    .post('/prices/poll')
    .set(as)
    .send({ symbols: ['AAPL'] });
  await request(app).patch(`/prices/poll/${made.body.job_id}`).set(as).send({ interval: 5 });
  await request(app).post(`/prices/poll/${UNKNOWN}/run`).set(as);
  await request(app).post('/prices/poll').set(as).send({ symbols: [] });
  const job = await request(app).post('/api/v1/obedient').set(as).send({ parts: 1 });
  await request(app).get('/tickers').set(as);
  const { body } = await request(app).get('/api/v1/audit').set(withKey(admin.text));

  const told = body.entries.map(({ action, target, status }: Record<string, unknown>) => [action, target, status]);
  expect(told.reverse().sort()).toEqual(
    [
      ['polls.create', made.body.job_id, 202],
      ['polls.change', made.body.job_id, 200],
      ['polls.run', UNKNOWN, 404],
      ['polls.create', null, 400],
      ['jobs.submit', job.body.job_id, 202],
    ].sort(),
  );
  for (const entry of body.entries) {
    expect(entry).toMatchObject({ key_id: keyId, request_id: 'r-7', at: NOON.toISOString() });
    expect(entry.address).toMatch(/127\.0\.0\.1$/);
  }
});

test('an entry is there before the change is begun', async () => {
  const api = aGuardedApi(({ store }) => {
    const create: typeof store.pollJobs.create = async (...given) => {
      seen.push(...(await store.auditLog.list({ limit: 9 })).map(({ status }) => status));
      return store.pollJobs.create(...given);
    };
    return { store: { ...store, pollJobs: { ...store.pollJobs, create } } };
  });
  const seen: (number | null)[] = [];
  const { text } = await api.key(ALL);

  await request(api.app)
    .post('/prices/poll')
    .set(withKey(text))
    .send({ symbols: ['AAPL'] });

  expect(seen).toEqual([null]);
});

test('what cannot be written down is not done', async () => {
  const api = aGuardedApi(({ store }) => {
    const begin = () => Promise.reject(new TickwireError('STORE_UNAVAILABLE', 'the database does not answer'));
    return { store: { ...store, auditLog: { ...store.auditLog, begin } } };
  });
  const { text } = await api.key(ALL);

  const { body } = await request(api.app)
    .post('/prices/poll')
    .set(withKey(text))
    .send({ symbols: ['AAPL'] });

  expect(body).toMatchObject({ status: 503, code: 'STORE_UNAVAILABLE' });
  expect(await api.store.pollJobs.list()).toEqual([]);
});

test('an outcome that cannot be noted changes no answer, and is in the log of the process', async () => {
  const api = aGuardedApi(({ store }) => {
    const settle = () => Promise.reject(new TickwireError('STORE_UNAVAILABLE', 'went away'));
    return { store: { ...store, auditLog: { ...store.auditLog, settle } } };
  });
  const { text } = await api.key(ALL);

  const { status } = await request(api.app)
    .post('/prices/poll')
    .set(withKey(text))
    .send({ symbols: ['AAPL'] });

  expect(status).toBe(202);
  await eventually(() => api.lines.some((line) => line.error === 'went away' && line.status === 202));
  expect(await api.store.auditLog.list({ limit: 9 })).toMatchObject([{ action: 'polls.create', status: null }]);
});

test('who is not let in leaves a line in the log of the process, and no entry', async () => {
  const api = aGuardedApi();
  const { text } = await api.key(['prices:read']);

  const statuses = [
    (await request(api.app).delete(`/prices/poll/${UNKNOWN}`)).status,
    (await request(api.app).delete(`/prices/poll/${UNKNOWN}`).set(withKey(text))).status,
  ];

  expect(statuses).toEqual([401, 403]);
  expect(await api.store.auditLog.list({ limit: 9 })).toEqual([]);
  expect(api.lines.filter(({ message }) => message === 'request refused')).toMatchObject([
    { code: 'UNAUTHENTICATED', method: 'DELETE' },
    { code: 'FORBIDDEN', method: 'DELETE' },
  ]);
});

test.each(['%00', '%ff', `${'A'.repeat(500)}`, '%F0%9F%92%B0'])(
  'a path that names nothing is an entry without target: %s',
  async (name) => {
    const api = aGuardedApi();
    const { text } = await api.key(ALL);

    const { status } = await request(api.app).post(`/trigger-update/${name}`).set(withKey(text));

    expect(status).toBe(400);
    for (const { target } of await api.store.auditLog.list({ limit: 9 })) expect(target).toBeNull();
  },
);

test('the log is read page by page, by key and by action', async () => {
  const api = aGuardedApi();
  const [{ text, keyId }, admin] = [await api.key(ALL), await api.key(['admin'])];
  for (let asked = 0; asked < 5; asked += 1) {
    await request(api.app).post(`/prices/poll/${UNKNOWN}/run`).set(withKey(text));
    api.pass(1000);
  }
  await request(api.app).delete(`/prices/poll/${UNKNOWN}`).set(withKey(admin.text));
  const read = async (query: string) =>
    (await request(api.app).get(`/api/v1/audit?${query}`).set(withKey(admin.text))).body;

  const pages = [await read('limit=4')];
  pages.push(await read(`limit=4&cursor=${pages[0].next_cursor}`));

  const ids = pages.flatMap(({ entries }) => entries.map((entry: { audit_id: string }) => entry.audit_id));
  expect(pages.map(({ entries }) => entries.length)).toEqual([4, 2]);
  expect(new Set(ids).size).toBe(6);
  expect(pages[1].next_cursor).toBeNull();
  expect((await read(`key_id=${keyId}`)).entries).toHaveLength(5);
  expect((await read('action=polls.remove')).entries).toMatchObject([{ key_id: admin.keyId, status: 404 }]);
  expect((await read('cursor=nonsense')).status).toBe(400);
});
