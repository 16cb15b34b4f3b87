import request from 'supertest';
import { openAdmission } from '../../src/api/admission';
import { clientAddresses } from '../../src/api/client-address';
import { TickwireError } from '../../src/platform/errors';
import { anApi, down, type TestApi } from '../support/api';

const LIMIT = 3;

function limited(changes: Parameters<typeof anApi>[0] = () => ({}), trustProxy: number = 1): TestApi {
  return anApi((standard) => ({
    security: { ...standard.security, rateLimitPerMinute: LIMIT, trustProxy },
    ...changes(standard),
  }));
}

const ask = ({ app }: TestApi, address = '198.51.100.7', path = '/tickers') =>
  request(app).get(path).set('X-Forwarded-For', address);

async function statusesOf(api: TestApi, addresses: readonly string[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const address of addresses) statuses.push((await ask(api, address)).status);
  return statuses;
}

test('every answer says what is left, and past the limit it is 429 with the time to wait', async () => {
  const api = limited();

  const answers = [await ask(api), await ask(api), await ask(api), await ask(api)];
  api.pass(20_000);
  const later = await ask(api);
  api.pass(40_000);
  const next = await ask(api);

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
  expect(answers.map(({ headers }) => headers.ratelimit)).toEqual([
    '"requests";r=2;t=60',
    '"requests";r=1;t=60',
    '"requests";r=0;t=60',
    '"requests";r=0;t=60',
  ]);
  expect(new Set(answers.map(({ headers }) => headers['ratelimit-policy']))).toEqual(new Set(['"requests";q=3;w=60']));
  expect(answers.map(({ headers }) => headers['retry-after'])).toEqual([undefined, undefined, undefined, '60']);
  expect(answers[3]?.body).toMatchObject({ code: 'RATE_LIMITED', status: 429 });
  expect([later.status, later.headers['retry-after']]).toEqual([429, '40']);
  expect([next.status, next.headers.ratelimit]).toEqual([200, '"requests";r=2;t=60']);
});

test('each address has an allowance of its own, an IPv6 client one for its network', async () => {
  const api = limited();
  const neighbours = ['2001:db8:1:2::1', '2001:db8:1:2::2', '2001:db8:1:2:ffff::3', '2001:db8:1:2::4'];

  expect(await statusesOf(api, neighbours)).toEqual([200, 200, 200, 429]);
  expect(await statusesOf(api, ['2001:db8:1:3::1', '198.51.100.7'])).toEqual([200, 200]);
});

test('a forged X-Forwarded-For gives nobody another allowance', async () => {
  const untrusting = limited(undefined, 0);
  const trusting = limited();

  const forged = await statusesOf(untrusting, ['1.1.1.1', '2.2.2.2', '3.3.3.3', '4.4.4.4']);
  const beforeTheProxy = await statusesOf(
    trusting,
    ['1.1.1.1', '2.2.2.2', '3.3.3.3', '4.4.4.4'].map((made) => `${made}, 198.51.100.7`),
  );

  expect(forged).toEqual([200, 200, 200, 429]);
  expect(beforeTheProxy).toEqual([200, 200, 200, 429]);
});

test('probes are always answered, and use nothing up', async () => {
  const api = limited();

  const probes = await Promise.all(Array.from({ length: 10 }, () => ask(api, '198.51.100.7', '/healthz')));
  const [after] = await statusesOf(api, ['198.51.100.7']);

  expect(probes.map(({ status, headers }) => [status, headers.ratelimit])).toEqual(probes.map(() => [200, undefined]));
  expect(after).toBe(200);
});

test('without a limit nothing is told and the cache is not asked', async () => {
  const api = anApi();
  const away = down(api.cache, 'CACHE_UNAVAILABLE');

  const answer = await request(anApi(() => ({ cache: away.part })).app).get('/tickers');

  expect([answer.headers.ratelimit, answer.headers['ratelimit-policy']]).toEqual([undefined, undefined]);
  expect(away.calls).not.toContain('takeAllowance');
});

test('while the cache is away the limit is this process its own, and the same', async () => {
  const away = down(anApi().cache, 'CACHE_UNAVAILABLE');
  const api = limited(() => ({ cache: away.part }));

  const answers = [];
  for (let index = 0; index < 4; index += 1) answers.push(await ask(api, '198.51.100.7', '/prices/poll'));

  expect(answers.map(({ status, headers }) => [status, headers.ratelimit])).toEqual([
    [200, '"requests";r=2;t=60'],
    [200, '"requests";r=1;t=60'],
    [200, '"requests";r=0;t=60'],
    [429, '"requests";r=0;t=60'],
  ]);
  expect(away.calls.filter((call) => call === 'takeAllowance')).toHaveLength(1);
});

test('who fails to say who they are uses up what their address may ask, and a key has its own', async () => {
  const taken: string[] = [];
  const admit = openAdmission({
    addressOf: clientAddresses(1),
    authenticate: async ({ headers }) => {
      if (headers.authorization === 'right') return { keyId: 'k1', scopes: ['admin'] };
      throw new TickwireError('UNAUTHENTICATED', 'no such key');
    },
    takeRequest: async (subject) => {
      taken.push(subject);
      return { headers: {}, retryAfterMs: taken.filter((one) => one === subject).length > 2 ? 1_000 : 0 };
    },
  });
  const from = (authorization: string) =>
    ({
      socket: { remoteAddress: '::ffff:10.0.0.1' },
      headers: { authorization, 'x-forwarded-for': '2001:db8:1:2::1' },
    }) as unknown as Parameters<typeof admit>[0];

  const outcomes = [];
  for (const authorization of ['wrong', 'guess', 'right', 'another'])
    outcomes.push(await admit(from(authorization), 'prices:read'));

  expect(taken).toEqual([
    'address:2001:db8:1:2::/64',
    'address:2001:db8:1:2::/64',
    'key:k1',
    'address:2001:db8:1:2::/64',
  ]);
  expect(outcomes.map((outcome) => (outcome.ok ? 'in' : outcome.error.code))).toEqual([
    'UNAUTHENTICATED',
    'UNAUTHENTICATED',
    'in',
    'RATE_LIMITED',
  ]);
});
