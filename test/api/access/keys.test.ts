import request from 'supertest';
import { parseKey } from '../../../src/domain/api-key';
import { anApi, NOON } from '../../support/api';
import { TEST_SECRET } from '../../support/api-keys';
import { aGuardedApi, type GuardedApi, withKey } from '../../support/guarded-api';

async function administered() {
  const api = aGuardedApi();
  const admin = await api.key(['admin']);
  const as = withKey(admin.text);
  return {
    api,
    admin,
    create: (body: object) => request(api.app).post('/api/v1/keys').set(as).send(body),
    rotate: (keyId: string, body?: object) => request(api.app).post(`/api/v1/keys/${keyId}/rotate`).set(as).send(body),
    revoke: (keyId: string) => request(api.app).delete(`/api/v1/keys/${keyId}`).set(as),
    list: () => request(api.app).get('/api/v1/keys').set(as),
  };
}

const works = async ({ app }: GuardedApi, text: string) =>
  (await request(app).get('/tickers').set(withKey(text))).status === 200;

test('a key that is made works, and its text is told once', async () => {
  const { api, create, list } = await administered();

  const { status, body } = await create({ name: ' dashboard ', scopes: ['prices:read', 'prices:read'] });

  const { key, ...shown } = body;
  const { keyId, secret } = parseKey(key)!;
  expect(status).toBe(201);
  expect(shown).toEqual({
    key_id: keyId,
    name: 'dashboard',
    state: 'active',
    scopes: ['prices:read'],
    created_at: NOON.toISOString(),
    expires_at: null,
    revoked_at: null,
    last_used_at: null,
  });
  expect(await works(api, key)).toBe(true);
  const { body: listed } = await list();
  expect(listed.keys.map((one: { key_id: string }) => one.key_id)).toContain(keyId);
  expect(JSON.stringify([listed, api.lines, await api.store.auditLog.list({ limit: 9 })])).not.toContain(secret);
});

test.each([
  [{ name: 'x', scopes: [] }, 'scopes'],
  [{ name: 'x', scopes: ['everything'] }, 'scopes.0'],
  [{ name: '', scopes: ['admin'] }, 'name'],
  [{ name: 'a\u0000b', scopes: ['admin'] }, 'name'],
  [{ name: 'x'.repeat(65), scopes: ['admin'] }, 'name'],
  [{ name: 'x', scopes: ['admin'], expires_at: 'tomorrow' }, 'expires_at'],
  [{ name: 'x', scopes: ['admin'], key_id: 'a'.repeat(12) }, 'key_id'],
])('a key such as %j is not made', async (body, path) => {
  const { create, list } = await administered();

  const answer = await create(body);

  expect(answer.status).toBe(400);
  expect(answer.body.errors.map((fault: { path: string }) => fault.path)).toEqual([path]);
  expect((await list()).body.keys).toHaveLength(1);
});

test('a key cannot be over before it begins, nor take the name of another', async () => {
  const { create } = await administered();
  await create({ name: 'nightly', scopes: ['jobs:write'] });

  const over = await create({ name: 'x', scopes: ['admin'], expires_at: NOON.toISOString() });
  const taken = await create({ name: 'nightly', scopes: ['prices:read'] });

  expect(over.body).toMatchObject({ code: 'INVALID_INPUT', detail: expect.stringContaining('expires_at') });
  expect(taken.body).toMatchObject({ status: 409, detail: expect.stringContaining('nightly') });
});

test('a rotation gives another text, and the one before works for the grace that was asked for', async () => {
  const { api, create, rotate } = await administered();
  const { body: made } = await create({ name: 'x', scopes: ['prices:read'] });

  const standard = await rotate(made.key_id);
  api.pass(86_399_000);
  const duringGrace = [await works(api, made.key), await works(api, standard.body.key)];
  api.pass(1_000);
  const afterGrace = [await works(api, made.key), await works(api, standard.body.key)];
  const atOnce = await rotate(made.key_id, { grace_seconds: 0 });
  api.pass(5_000);
  const withoutGrace = [await works(api, standard.body.key), await works(api, atOnce.body.key)];

  expect(standard.body).toMatchObject({ key_id: made.key_id, state: 'active', scopes: ['prices:read'] });
  expect([duringGrace, afterGrace, withoutGrace]).toEqual([
    [true, true],
    [false, true],
    [false, true],
  ]);
});

test('a revoked key is void for good and can be revoked again, but not rotated', async () => {
  const { api, create, revoke, rotate } = await administered();
  const { body: made } = await create({ name: 'x', scopes: ['prices:read'] });

  const [first, again, rotated] = [await revoke(made.key_id), await revoke(made.key_id), await rotate(made.key_id)];
  const unknown = [await revoke('a'.repeat(12)), await rotate('a'.repeat(12))];

  expect([first.status, first.body.state, again.status, rotated.status]).toEqual([200, 'revoked', 200, 404]);
  expect(unknown.map(({ status }) => status)).toEqual([404, 404]);
  expect(await works(api, made.key)).toBe(false);
  expect((await create({ name: 'x', scopes: ['prices:read'] })).status).toBe(201);
});

test('nobody without a key makes one, also where none is required: it would outlast that', async () => {
  const { app, store } = anApi(({ security }) => ({ security: { ...security, apiKeySecret: TEST_SECRET } }));

  const answers = [
    await request(app)
      .post('/api/v1/keys')
      .send({ name: 'x', scopes: ['admin'] }),
    await request(app).post('/api/v1/keys/k3v9x0a1b2c3/rotate'),
    await request(app).delete('/api/v1/keys/k3v9x0a1b2c3'),
  ];

  expect(answers.map(({ body }) => body.code)).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
  expect(await store.apiKeys.list()).toEqual([]);
});
