import request from 'supertest';
import { anApi } from '../support/api';

const PAGE = 'https://page.example';

const allowing = (origins: readonly string[] = [PAGE, 'http://localhost:3000']) =>
  anApi(({ security }) => ({ security: { ...security, allowedOrigins: origins } })).app;

const corsHeadersOf = (headers: Record<string, string>) =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'));

test('a page of an allowed origin may read answers and the headers it needs, without cookies', async () => {
  const { headers } = await request(allowing()).get('/tickers').set('Origin', PAGE);

  expect(headers['access-control-allow-origin']).toBe(PAGE);
  expect(headers['access-control-expose-headers']?.split(',')).toEqual(
    expect.arrayContaining(['Location', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'X-Request-Id', 'ETag']),
  );
  expect(headers['access-control-allow-credentials']).toBeUndefined();
  expect(headers.vary).toBe('Origin');
});

test('a preflight is answered with the methods and headers that the API takes, before anything is asked of it', async () => {
  const { status, headers, text } = await request(allowing())
    .options('/prices/poll')
    .set({ Origin: PAGE, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'x-api-key' });

  expect([status, text]).toEqual([204, '']);
  expect(headers['access-control-allow-origin']).toBe(PAGE);
  expect(headers['access-control-allow-methods']).toBe('GET,HEAD,POST,PATCH,DELETE');
  expect(headers['access-control-allow-headers']).toBe(
    'Authorization,X-API-Key,Content-Type,Idempotency-Key,Last-Event-ID,X-Request-Id',
  );
  expect(headers['access-control-max-age']).toBe('600');
});

test.each([
  'https://evil.example',
  'http://page.example',
  'https://page.example:8443',
  'https://page.example.evil.example',
  'https://sub.page.example',
  'https://PAGE.example',
  'null',
  '*',
  '',
])('the origin %p gets no word of it, but that answers vary', async (origin) => {
  const app = allowing();

  const answer = await request(app).get('/tickers').set('Origin', origin);
  const preflight = await request(app)
    .options('/prices/poll')
    .set({ Origin: origin, 'Access-Control-Request-Method': 'POST' });

  expect([corsHeadersOf(answer.headers), corsHeadersOf(preflight.headers)]).toEqual([[], []]);
  expect([answer.headers.vary, preflight.headers.vary]).toEqual(['Origin', 'Origin']);
  expect(answer.status).toBe(200);
});

test('answers vary by origin also for those who sent none, and keep what else they vary by', async () => {
  const app = allowing();

  const [plain, home] = [await request(app).get('/tickers'), await request(app).get('/').set('Origin', PAGE)];

  expect([plain.headers.vary, corsHeadersOf(plain.headers)]).toEqual(['Origin', []]);
  expect(home.headers.vary).toBe('Origin, Accept');
});

test('problems may be read by an allowed page too', async () => {
  const answer = await request(allowing()).get('/nowhere').set('Origin', PAGE);

  expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([404, PAGE]);
});

test('without allowed origins nothing of it is said', async () => {
  const { headers } = await request(allowing([])).get('/tickers').set('Origin', PAGE);

  expect([corsHeadersOf(headers), headers.vary]).toEqual([[], undefined]);
});

describe('a request that changes something', () => {
  const change = (headers: Record<string, string>) =>
    request(allowing())
      .post('/prices/poll')
      .set({ Host: 'ticks.example', ...headers })
      .send({ symbols: ['AAPL'] });

  test.each([
    ['a page of another host', { Origin: 'https://evil.example' }],
    ['a page without an origin', { Origin: 'null' }],
    ['a page of another port', { Origin: 'https://ticks.example:444' }],
    ['a page that the browser calls cross-site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a page of a neighbour', { 'Sec-Fetch-Site': 'same-site', Origin: 'https://other.ticks.example' }],
    ['a page whose host was taken over', { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://ticks.example' }],
  ])('is refused from %s', async (_who, headers) => {
    const answer = await change(headers);

    expect([answer.status, answer.body.code]).toEqual([403, 'ORIGIN_REFUSED']);
  });

  test.each([
    ['no browser', {}],
    ['a page of this host', { Origin: 'https://ticks.example' }],
    [
      'a page of this host behind a proxy that renames it',
      { Origin: 'https://public.example', 'Sec-Fetch-Site': 'same-origin' },
    ],
    ['the address line', { 'Sec-Fetch-Site': 'none' }],
    ['an allowed page', { Origin: PAGE, 'Sec-Fetch-Site': 'cross-site' }],
  ])('is taken from %s', async (_who, headers) => {
    expect((await change(headers)).status).toBe(202);
  });

  test('is refused so without allowed origins as well, and reading is not', async () => {
    const { app } = anApi();

    const changing = await request(app).post('/trigger-update/AAPL').set('Origin', 'https://evil.example');
    const reading = await request(app).get('/tickers').set('Origin', 'https://evil.example');

    expect([changing.status, reading.status]).toEqual([403, 200]);
  });
});

test('answers carry the headers that the OWASP Secure Headers Project asks for', async () => {
  const { headers } = await request(anApi().app).get('/tickers');

  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': expect.stringContaining('camera=()'),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-permitted-cross-domain-policies': 'none',
  });
  expect(headers).not.toHaveProperty('x-powered-by');
  expect(headers).not.toHaveProperty('server');
});
