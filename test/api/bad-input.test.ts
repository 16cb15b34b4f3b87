import request from 'supertest';
import { problemSchema } from '../../src/api/errors';
import { anApi } from '../support/api';

const ID = '0b9c6a1e-6f0e-4f55-9a3c-6d2f1c0e7a11';
const LONG = 'A'.repeat(10_000);
const many = (count: number) => Array.from({ length: count }, (_, index) => `S${index}`);

function expectProblem(answer: request.Response, status: number, code: string): void {
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(problemSchema.parse(answer.body)).toMatchObject({ status, instance: answer.headers['x-request-id'] });
  expect(answer.text).not.toMatch(/node_modules|\bat \w+ \(|SELECT |\/src\//);
}

const bodies: [string, unknown, string[]][] = [
  ['no body', undefined, ['symbols']],
  ['an empty object', {}, ['symbols']],
  ['an array', [], ['body']],
  ['symbols null', { symbols: null }, ['symbols']],
  ['symbols as text', { symbols: 'AAPL' }, ['symbols']],
  ['no symbol', { symbols: [] }, ['symbols']],
  ['a number as symbol', { symbols: ['AAPL', 5] }, ['symbols.1']],
  ['an empty symbol', { symbols: [' '] }, ['symbols.0']],
  ['a symbol with a blank', { symbols: ['A B'] }, ['symbols.0']],
  ['a symbol with a NUL', { symbols: ['A\u0000'] }, ['symbols.0']],
  ['a symbol of 10 kB', { symbols: [LONG] }, ['symbols.0']],
  ['101 symbols', { symbols: many(101) }, ['symbols']],
  ['interval 0', { symbols: ['A'], interval: 0 }, ['interval']],
  ['interval -1', { symbols: ['A'], interval: -1 }, ['interval']],
  ['interval 1.5', { symbols: ['A'], interval: 1.5 }, ['interval']],
  ['interval 1e9', { symbols: ['A'], interval: 1e9 }, ['interval']],
  ['interval as text', { symbols: ['A'], interval: '60' }, ['interval']],
  ['interval null', { symbols: ['A'], interval: null }, ['interval']],
  ['provider as a number', { symbols: ['A'], provider: 7 }, ['provider']],
  ['provider of 10 kB', { symbols: ['A'], provider: LONG }, ['provider']],
  ['an unknown field', { symbols: ['A'], colour: 'red' }, ['colour']],
  ['everything wrong', { symbols: ['?'], interval: 0, provider: '', x: 1 }, ['symbols.0', 'interval', 'provider', 'x']],
  ['a prototype', JSON.parse('{"symbols":["A"],"__proto__":{"interval":1}}'), ['__proto__']],
  ['a constructor', { symbols: ['A'], constructor: { prototype: { polluted: true } } }, ['constructor']],
];

test.each(bodies)('POST /prices/poll with %s names what is wrong and stores nothing', async (_name, body, paths) => {
  const { app, store } = anApi();

  const answer = await request(app)
    .post('/prices/poll')
    .set('Content-Type', 'application/json')
    .send(body === undefined ? undefined : JSON.stringify(body));

  expectProblem(answer, 400, 'INVALID_INPUT');
  expect(answer.body.errors.map(({ path }: { path: string }) => path).sort()).toEqual([...paths].sort());
  expect(await store.pollJobs.list()).toEqual([]);
  expect({}).not.toHaveProperty('polluted');
});

const requests: [string, string, (string | undefined)?, object?][] = [
  ['get', '/prices/latest'],
  ['get', '/prices/latest?symbol='],
  ['get', '/prices/latest?symbol=A&symbol=B'],
  ['get', '/prices/latest?symbol[]=A'],
  ['get', '/prices/latest?symbol=A&symbols=B'],
  ['get', `/prices/latest?symbol=${LONG}`],
  ['get', '/prices/latest?symbol=A%00'],
  ['get', '/prices/latest?symbol=%FF'],
  ['get', '/prices/latest?symbol=A&colour=red'],
  ['get', '/prices/latest?symbol=A&__proto__=x'],
  ['get', '/prices/latest?symbol=A&max_age=-1'],
  ['get', '/prices/latest?symbol=A&max_age=1.5'],
  ['get', '/prices/latest?symbol=A&max_age=ten'],
  ['get', '/prices/latest?symbol=A&max_age='],
  ['get', '/prices/latest?symbol=A&max_age=1e3'],
  ['get', '/prices/latest?symbol=A&provider='],
  ['get', '/prices/latest?symbols='],
  ['get', '/prices/latest?symbols=A,,B'],
  ['get', `/prices/latest?symbols=${many(101).join(',')}`],
  ['get', '/prices/latest?symbol=A&provider=nobody', 'PROVIDER_UNKNOWN'],
  ['get', '/prices/latest?symbols=A,B&provider=nobody', 'PROVIDER_UNKNOWN'],
  ['get', '/prices/latest?symbol=A&provider=constructor', 'PROVIDER_UNKNOWN'],
  ['get', '/prices/average'],
  ['get', '/prices/average?symbol=A&window=0'],
  ['get', '/prices/average?symbol=A&window=501'],
  ['get', '/prices/average?symbol=A&window=2.5'],
  ['get', '/prices/average?symbol=A&window=5&window=6'],
  ['get', '/prices/average?symbol=A&x=1'],
  ['get', '/prices/average?symbol=A&provider=nobody', 'PROVIDER_UNKNOWN'],
  ['get', '/prices/history'],
  ['get', '/prices/history?symbol=A&start=yesterday'],
  ['get', '/prices/history?symbol=A&start=2026-02-30'],
  ['get', '/prices/history?symbol=A&start=0000-01-01'],
  ['get', '/prices/history?symbol=A&start=2026-01-02&end=2026-01-01'],
  ['get', '/prices/history?symbol=A&limit=0'],
  ['get', '/prices/history?symbol=A&limit=10001'],
  ['get', '/prices/history?symbol=A&cursor=garbage'],
  ['get', `/prices/history?symbol=A&cursor=${Buffer.from('1 2 \u0000').toString('base64url')}`],
  ['get', `/prices/history?symbol=A&cursor=${Buffer.from('999999999999999 2 x').toString('base64url')}`],
  ['get', `/prices/history?symbol=A&cursor=${LONG}`],
  ['get', '/prices/history?symbol=A&provider=nobody', 'PROVIDER_UNKNOWN'],
  ['get', '/latest-price/A%20B'],
  ['get', `/latest-price/${LONG}`],
  ['get', '/latest-price/%zz'],
  ['get', '/latest-price/A?x=1'],
  ['post', '/trigger-update/A%20B'],
  ['post', '/trigger-update/A', undefined, { unknown: true }],
  ['get', '/tickers?x=1'],
  ['get', '/tickers/%5B%5D'],
  ['get', '/prices/poll?x=1'],
  ['get', '/prices/poll/not-a-job'],
  ['patch', `/prices/poll/${ID}`, undefined, {}],
  ['patch', `/prices/poll/${ID}`, undefined, { status: 'asleep' }],
  ['patch', `/prices/poll/${ID}`, undefined, { provider: 'fixture' }],
  ['patch', `/prices/poll/${ID}`, undefined, { interval: 0, symbols: [] }],
  ['delete', '/prices/poll/not-a-job'],
  ['post', '/prices/poll/not-a-job/run'],
  ['post', '/prices/poll', 'PROVIDER_UNKNOWN', { symbols: ['A'], provider: 'nobody' }],
  ['get', '/healthz?x=1'],
  ['get', '/?x=1'],
];

test.each(requests)('%s %.80s is refused with 400', async (method, path, code = 'INVALID_INPUT', body = undefined) => {
  const { app, store, vendor } = anApi();

  const answer = await request(app)[method as 'get'](path).send(body);

  expectProblem(answer, 400, code);
  expect(await store.pollJobs.list()).toEqual([]);
  expect(vendor.calls).toEqual([]);
});

test('every fault is told at once, each at its place', async () => {
  const answer = await request(anApi().app).get('/prices/average?window=0&colour=red&symbol=%20');

  expect(answer.body.errors).toEqual(
    expect.arrayContaining([
      { path: 'symbol', message: expect.stringContaining('1 to 32') },
      { path: 'window', message: 'expected a whole number from 1 to 500' },
      { path: 'colour', message: 'unknown field' },
    ]),
  );
});

test('malformed JSON, a list of faults without end and a number for a body are 400', async () => {
  const { app } = anApi();
  const send = (body: string) => request(app).post('/prices/poll').set('Content-Type', 'application/json').send(body);

  const [malformed, endless, number] = [
    await send('{"symbols": ["AAPL"'),
    await send(JSON.stringify(Object.fromEntries(many(5000).map((name) => [name, 1])))),
    await send('7'),
  ];

  expectProblem(malformed, 400, 'INVALID_INPUT');
  expectProblem(endless, 400, 'INVALID_INPUT');
  expectProblem(number, 400, 'INVALID_INPUT');
  expect(endless.body.errors.length).toBeLessThanOrEqual(50);
});

test('a body of 200 kB is 413', async () => {
  const answer = await request(anApi().app)
    .post('/prices/poll')
    .send({ symbols: ['A'.repeat(200_000)] });

  expectProblem(answer, 413, 'BODY_TOO_LARGE');
});

test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1', 'garbage'])(
  'a body of type %s is 415',
  async (type) => {
    const answer = await request(anApi().app).post('/prices/poll').set('Content-Type', type).send('{"symbols":["A"]}');

    expectProblem(answer, 415, 'UNSUPPORTED_MEDIA_TYPE');
  },
);

test('a body in an unknown encoding is 415, and one that does not decode is 400', async () => {
  const { app } = anApi();
  const send = (encoding: string) =>
    request(app)
      .post('/prices/poll')
      .set({ 'Content-Type': 'application/json', 'Content-Encoding': encoding })
      .send('{}');

  expectProblem(await send('morse'), 415, 'UNSUPPORTED_MEDIA_TYPE');
  expectProblem(await send('gzip'), 400, 'INVALID_INPUT');
});

test('an unknown route is 404, also below known ones', async () => {
  const { app } = anApi();

  for (const path of [
    '/nowhere',
    '/prices',
    '/docs/package.json',
    '/docs/nothing.js',
    '/docs/../../etc/passwd',
    '/redoc/x',
  ]) {
    expectProblem(await request(app).get(path), 404, 'NOT_FOUND');
  }
});

test('a wrong method is 405 and says which are right', async () => {
  const { app } = anApi();

  const put = await request(app).put('/prices/poll').send({});
  const post = await request(app).post('/prices/latest');
  const options = await request(app).options('/prices/poll');

  expectProblem(put, 405, 'METHOD_NOT_ALLOWED');
  expect(put.headers.allow).toBe('POST, GET, HEAD, OPTIONS');
  expectProblem(post, 405, 'METHOD_NOT_ALLOWED');
  expect(post.headers.allow).toBe('GET, HEAD, OPTIONS');
  expect([options.status, options.headers.allow]).toEqual([204, 'POST, GET, HEAD, OPTIONS']);
});

test.each([
  ['', undefined],
  ['a'.repeat(129), undefined],
  ['two words', undefined],
  ['<script>', undefined],
  ['caller-7.A_b', 'caller-7.A_b'],
])('the request id %p is echoed only when it is one', async (given, echoed) => {
  const answer = await request(anApi().app).get('/nowhere').set('X-Request-Id', given);

  expect(answer.body.instance).toBe(answer.headers['x-request-id']);
  if (echoed) expect(answer.body.instance).toBe(echoed);
  else expect(answer.body.instance).toMatch(/^[0-9a-f-]{36}$/);
});

test.each(['k'.repeat(129), 'caf\u00e9'])('the idempotency key %p is refused', async (key) => {
  const answer = await request(anApi().app)
    .post('/prices/poll')
    .set('Idempotency-Key', key)
    .send({ symbols: ['A'] });

  expectProblem(answer, 400, 'INVALID_INPUT');
  expect(answer.body.errors[0].path).toBe('idempotency-key');
});

test('headers of garbage do no harm', async () => {
  const answer = await request(anApi().app)
    .get('/healthz')
    .set({
      Accept: ';;;///',
      'Accept-Language': '\u00ff'.repeat(500),
      Cookie: '=;=',
      Range: 'bytes=9-1',
      'If-None-Match': '*',
    });

  expect(answer.status).toBe(200);
});
