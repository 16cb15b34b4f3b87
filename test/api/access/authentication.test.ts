import type { RequestListener } from 'node:http';
import request from 'supertest';
import { httpServer } from '../../../src/api/server';
import { hashOfKey, keyText, makeKey, parseKey } from '../../../src/domain/api-key';
import { TickwireError } from '../../../src/platform/errors';
import { anApi, NOON } from '../../support/api';
import { storeKey, TEST_SECRET } from '../../support/api-keys';
import { eventually } from '../../support/eventually';
import { aGuardedApi, withKey } from '../../support/guarded-api';

const ask = (app: RequestListener, headers: Record<string, string> = {}, path = '/tickers') =>
  request(app).get(path).set(headers);

const statusOf = async (app: RequestListener, text: string) => (await ask(app, withKey(text))).status;

describe('a key', () => {
  test('is taken from Authorization and from X-API-Key, and from both where they agree', async () => {
    const { app, key } = aGuardedApi();
    const { text } = await key();

    const answers = [
      await ask(app, { Authorization: `Bearer ${text}` }),
      await ask(app, { Authorization: `bearer  ${text}` }),
      await ask(app, { 'X-API-Key': text }),
      await ask(app, { 'X-API-Key': text, Authorization: `Bearer ${text}` }),
      await ask(app, { 'X-API-Key': text, Authorization: 'Basic b2Y6YS1wcm94eQ==' }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  });

  test('that is not good gets one answer, whatever is wrong with it, and only the log says what', async () => {
    const api = aGuardedApi();
    const [good, expired, revoked] = [await api.key(), await api.key(['admin'], NOON), await api.key()];
    await api.store.apiKeys.revoke(revoked.keyId);
    const wrongSecret = keyText({ keyId: good.keyId, secret: makeKey().secret });
    const bad: [Record<string, string>, RegExp][] = [
      [{}, /^no key$/],
      [{ Authorization: 'Bearer' }, /^malformed$/],
      [{ Authorization: 'Bearer nonsense' }, /^malformed$/],
      [{ Authorization: `Bearer ${good.text}x` }, /^malformed$/],
      [{ 'X-API-Key': 'tw_' }, /^malformed$/],
      [{ 'X-API-Key': good.text, Authorization: `Bearer ${expired.text}` }, /^two keys that differ$/],
      [withKey(keyText(makeKey())), /^unknown or wrong key/],
      [withKey(wrongSecret), /^unknown or wrong key/],
      [withKey(expired.text), /^expired key/],
      [withKey(revoked.text), /^revoked key/],
    ];

    const answers = [];
    for (const [headers] of bad) answers.push(await ask(api.app, headers));

    const bodies = answers.map(({ body: { instance: _, ...body } }) => body);
    expect(bodies[0]).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    expect(bodies).toEqual(bad.map(() => bodies[0]));
    expect(answers.map(({ headers }) => headers['www-authenticate'])).toEqual(bad.map(() => 'Bearer realm="tickwire"'));
    const refusals = api.lines.filter(({ message }) => message === 'request refused');
    expect(refusals.map(({ reason }) => reason)).toEqual(bad.map(([, reason]) => expect.stringMatching(reason)));
    expect(refusals[0]).toMatchObject({ requestId: answers[0]!.headers['x-request-id'], code: 'UNAUTHENTICATED' });
    const logged = JSON.stringify(api.lines);
    for (const { text } of [good, expired, revoked]) expect(logged).not.toContain(parseKey(text)!.secret);
    expect(logged).not.toContain('nonsense');
  });

  test.each(['api_key', 'apikey', 'api-key', 'key', 'token', 'access_token', 'Authorization', 'x-api-key', 'mine'])(
    'in the query as %s does not count, is told so, and is in no log',
    async (name) => {
      const api = aGuardedApi();
      const { text } = await api.key(['admin']);

      const alone = await ask(api.app, {}, `/prices/latest?symbol=A&${name}=${text}`);
      const beside = await ask(api.app, withKey(text), `/tickers?${name}=${text}`);

      for (const { status, body } of [alone, beside]) {
        expect([status, body.code]).toEqual([400, 'INVALID_INPUT']);
        expect(body.detail).toContain('Authorization: Bearer');
      }
      expect(JSON.stringify([api.lines, alone.body, beside.body])).not.toContain(text);
    },
  );

  test('needs the scope of the route, and admin has every scope', async () => {
    const { app, key } = aGuardedApi();
    const scopes = ['prices:read', 'jobs:write', 'models:run', 'admin'] as const;
    const paths = ['/tickers', '/api/v1/jobs', '/api/v1/audit'];

    const statuses = [];
    for (const scope of scopes) {
      const { text } = await key([scope]);
      statuses.push(await Promise.all(paths.map(async (path) => (await ask(app, withKey(text), path)).status)));
    }

    expect(statuses).toEqual([
      [200, 403, 403],
      [403, 403, 403],
      [403, 200, 403],
      [200, 200, 200],
    ]);
  });

  test('stops working when it expires, to the millisecond', async () => {
    const { app, key, pass } = aGuardedApi();
    const { text } = await key(['admin'], new Date(NOON.getTime() + 2_000));

    const statuses = [await statusOf(app, text)];
    pass(1_999);
    statuses.push(await statusOf(app, text));
    pass(1);
    statuses.push(await statusOf(app, text));

    expect(statuses).toEqual([200, 200, 401]);
  });

  test('that is revoked works for five seconds more at most, in every process', async () => {
    const { app, key, store, pass } = aGuardedApi();
    const { keyId, text } = await key();
    const before = await statusOf(app, text);

    await store.apiKeys.revoke(keyId);
    pass(5_000);

    expect([before, await statusOf(app, text)]).toEqual([200, 401]);
  });

  test('that is rotated works at once under both secrets, and under the old one for its grace', async () => {
    const { app, key, store, pass } = aGuardedApi();
    const { keyId, text } = await key();
    const before = await statusOf(app, text);
    const next = makeKey(keyId);

    await store.apiKeys.rotate(keyId, { hash: hashOfKey(next, TEST_SECRET), graceSeconds: 60 });
    const during = [await statusOf(app, keyText(next)), await statusOf(app, text)];
    pass(60_000);
    const after = [await statusOf(app, keyText(next)), await statusOf(app, text)];

    expect([before, during, after]).toEqual([200, [200, 200], [200, 401]]);
  });

  test('works under the one secret of the service alone', async () => {
    const api = aGuardedApi(({ security }) => ({ security: { ...security, apiKeySecret: `another-${TEST_SECRET}` } }));
    const { text } = await api.key();

    expect(await statusOf(api.app, text)).toBe(401);
  });
});

describe('while the database is away', () => {
  test('a key that was used goes on for a minute, and any other is told to come back', async () => {
    const broken = { isAway: false };
    const api = aGuardedApi(({ store }) => ({
      store: { ...store, apiKeys: interruptibleKeys(store.apiKeys, broken) },
    }));
    const [used, unused] = [await api.key(), await api.key()];
    const first = await statusOf(api.app, used.text);

    broken.isAway = true;
    api.pass(59_000);
    const within = await statusOf(api.app, used.text);
    const other = await ask(api.app, withKey(unused.text));
    api.pass(1_000);
    const after = await statusOf(api.app, used.text);
    broken.isAway = false;

    expect([first, within, after]).toEqual([200, 200, 503]);
    expect(other.body).toMatchObject({ status: 503, code: 'STORE_UNAVAILABLE' });
    expect(other.headers).toHaveProperty('retry-after');
    expect([await statusOf(api.app, used.text), await statusOf(api.app, unused.text)]).toEqual([200, 200]);
  });

  test('one that says nothing keeps nobody waiting whose key is known', async () => {
    const broken = { isAway: false, hangs: true };
    const api = aGuardedApi(({ store }) => ({
      store: { ...store, apiKeys: interruptibleKeys(store.apiKeys, broken) },
    }));
    const { text } = await api.key();
    await statusOf(api.app, text);

    broken.isAway = true;
    api.pass(30_000);
    const statuses = [await statusOf(api.app, text), await statusOf(api.app, text)];

    expect(statuses).toEqual([200, 200]);
  });
});

interface Broken {
  isAway: boolean;
  readonly hangs?: boolean;
}

type Keys = ReturnType<typeof aGuardedApi>['store']['apiKeys'];

function interruptibleKeys(apiKeys: Keys, broken: Broken): Keys {
  return {
    ...apiKeys,
    find: (keyId) => {
      if (!broken.isAway) return apiKeys.find(keyId);
      if (broken.hangs) return new Promise(() => undefined);
      return Promise.reject(new TickwireError('STORE_UNAVAILABLE', 'the database does not answer'));
    },
  };
}

describe('the last use', () => {
  test('is noted once a minute, however many requests there are', async () => {
    const touched: Date[] = [];
    const api = aGuardedApi(({ store }) => ({
      store: { ...store, apiKeys: { ...store.apiKeys, touch: async (_keyId, at) => void touched.push(at) } },
    }));
    const { text } = await api.key();

    for (const afterMs of [0, 30_000, 29_999, 1, 60_000]) {
      api.pass(afterMs);
      await statusOf(api.app, text);
    }

    expect(touched.map((at) => at.getTime() - NOON.getTime())).toEqual([0, 60_000, 120_000]);
  });

  test('that cannot be noted is in nobody’s way', async () => {
    const api = aGuardedApi(({ store }) => {
      const touch = () => Promise.reject(new TickwireError('STORE_UNAVAILABLE', 'away'));
      return { store: { ...store, apiKeys: { ...store.apiKeys, touch } } };
    });
    const { keyId, text } = await api.key();

    expect(await statusOf(api.app, text)).toBe(200);
    await eventually(() => api.lines.some((line) => line.keyId === keyId && line.error === 'away'));
  });

  test('is in the list of keys', async () => {
    const api = aGuardedApi();
    const { keyId, text } = await api.key(['admin']);
    await statusOf(api.app, text);

    const { body } = await ask(api.app, withKey(text), '/api/v1/keys');

    expect(body.keys).toMatchObject([{ key_id: keyId, last_used_at: NOON.toISOString(), state: 'active' }]);
  });
});

describe('where no keys are required', () => {
  const open = (apiKeySecret: string | undefined) =>
    anApi(({ security }) => ({ security: { ...security, apiKeySecret } }));

  test('whoever gives none may do everything, and a good key is who it is', async () => {
    const { app, store } = open(TEST_SECRET);
    const { text } = await storeKey(store.apiKeys, { scopes: ['prices:read'] });

    expect((await ask(app, {}, '/api/v1/audit')).status).toBe(200);
    expect((await ask(app, withKey(text))).status).toBe(200);
    expect((await ask(app, withKey(text), '/api/v1/audit')).status).toBe(403);
  });

  test.each([TEST_SECRET, undefined])(
    'a bad key is refused all the same, with and without a secret',
    async (secret) => {
      const { app } = open(secret);

      expect((await ask(app, withKey(keyText(makeKey())))).status).toBe(401);
      expect((await ask(app, { 'X-API-Key': 'nonsense' })).status).toBe(401);
      expect((await ask(app, {}, `/tickers?api_key=${keyText(makeKey())}`)).status).toBe(400);
    },
  );
});

test('probes and the documentation are open to everybody', async () => {
  const { app } = aGuardedApi();

  const statuses = [];
  for (const path of ['/healthz', '/readyz', '/', '/docs', '/openapi.json']) {
    statuses.push((await ask(app, {}, path)).status);
  }

  expect(statuses).toEqual([200, 200, 200, 200, 200]);
});

test('the hot path lets in whom the route would, with the same answers', async () => {
  const api = aGuardedApi();
  api.vendor.quote('AAPL', 101, NOON);
  const server = httpServer({ dependencies: api.dependencies, host: '127.0.0.1', port: 0 });
  await server.start();
  const [reads, runs] = [await api.key(['prices:read']), await api.key(['models:run'])];
  // With another order of parameters it is Express that answers.
  const paths = ['/prices/latest?symbol=AAPL&provider=fixture', '/prices/latest?provider=fixture&symbol=AAPL'];

  const answers = [];
  for (const headers of [withKey(reads.text), withKey(runs.text), withKey(keyText(makeKey())), {}]) {
    answers.push(
      await Promise.all(paths.map((path) => request(`http://127.0.0.1:${server.port()}`).get(path).set(headers))),
    );
  }
  await server.stop();

  expect(answers.map((pair) => pair.map(({ status }) => status))).toEqual([
    [200, 200],
    [403, 403],
    [401, 401],
    [401, 401],
  ]);
  for (const [hot, plain] of answers.slice(1)) {
    expect({ ...hot!.body, instance: '' }).toEqual({ ...plain!.body, instance: '' });
    expect(hot!.headers['www-authenticate']).toEqual(plain!.headers['www-authenticate']);
  }
  const refusals = api.lines.filter(({ message }) => message === 'request refused');
  expect(refusals).toHaveLength(6);
  expect(new Set(refusals.map(({ path }) => path))).toEqual(new Set(['/prices/latest']));
});
