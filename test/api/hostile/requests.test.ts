import request from 'supertest';
import { anApi } from '../../support/api';
import { eventually } from '../../support/eventually';
import { aRequest, exchange, open, serve, statusesOf, stopServed } from './raw-client';

afterEach(stopServed);

const body = JSON.stringify({ symbols: ['AAPL'] });
const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
const post = (headers: readonly string[], payload: string) =>
  ['POST /prices/poll HTTP/1.1', 'Host: x', 'Content-Type: application/json', ...headers, '', payload].join('\r\n');
/** What a smuggler hides behind a request whose end two servers see in different places. */
const HIDDEN = 'DELETE /prices/poll/0b9c6a1e-6f0e-4f55-9a3c-6d2f1c0e7a11 HTTP/1.1\r\nHost: x\r\n\r\n';

test.each([
  ['both a length and chunks', post([`Content-Length: ${body.length}`, 'Transfer-Encoding: chunked'], chunked)],
  ['chunks and a length', post(['Transfer-Encoding: chunked', 'Content-Length: 4'], chunked)],
  ['two lengths', post([`Content-Length: ${body.length}`, 'Content-Length: 4'], body)],
  ['two lengths in one header', post([`Content-Length: ${body.length}, 4`], body)],
  ['a length with a sign', post([`Content-Length: +${body.length}`], body)],
  ['a length that is hexadecimal', post(['Content-Length: 0x10'], body)],
  ['a length without end', post([`Content-Length: ${'9'.repeat(40)}`], body)],
  ['an encoding after chunked', post(['Transfer-Encoding: chunked, identity'], chunked)],
  ['an encoding that is none', post(['Transfer-Encoding: xchunked'], chunked)],
  ['a blank before the colon', post(['Transfer-Encoding : chunked'], chunked)],
  ['a header folded over two lines', post(['Transfer-Encoding:\r\n chunked'], chunked)],
  ['a chunk size that is none', post(['Transfer-Encoding: chunked'], `zz\r\n${body}\r\n0\r\n\r\n`)],
  ['a chunk size with more in it', post(['Transfer-Encoding: chunked'], `-1\r\n${body}\r\n0\r\n\r\n`)],
  ['a line that ends without CR', `GET /healthz HTTP/1.1\nHost: x\n\n`],
  ['a CR alone in a header', 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: a\rX-B: b\r\n\r\n'],
  ['a NUL in a header', 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: a\u0000b\r\n\r\n'],
  ['a NUL in the path', 'GET /health\u0000z HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['another protocol', 'GET /healthz HTTP/3.0\r\nHost: x\r\n\r\n'],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a TLS hello', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000'],
])('a request with %s is refused once, and what hides behind it is no request', async (_what, bytes) => {
  const { api, port } = await serve({ headersTimeoutMs: 300, requestTimeoutMs: 300, lookEveryMs: 50 });

  const answer = await exchange(port, Buffer.from(bytes + HIDDEN, 'latin1'));

  expect(statusesOf(answer)).toHaveLength(1);
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d [\s\S]*application\/problem\+json/);
  expect(await api.store.pollJobs.list()).toEqual([]);
});

test('garbage behind a request whose answer has begun breaks the connection, and nothing is put into the answer', async () => {
  const { port } = await serve();
  const connection = open(port, 'GET /prices/stream HTTP/1.1\r\nHost: x\r\n\r\n');
  await eventually(() => connection.text().includes('event: snapshot'));

  connection.socket.write('BLA\u0000BLA\r\n\r\n');
  const answer = await connection.ended;

  expect(statusesOf(answer)).toEqual([200]);
});

test('a request without a host is refused, and one of HTTP/1.0 needs none', async () => {
  const { port } = await serve();

  const without = await exchange(port, 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n');
  const old = await exchange(port, 'GET /healthz HTTP/1.0\r\n\r\n');

  expect(without).toMatch(/^HTTP\/1\.1 400 [\s\S]*problem\+json[\s\S]*Host: expected one/);
  expect(statusesOf(old)).toEqual([200]);
});

test.each(['TRACE /healthz', 'PUT /healthz', 'PROPFIND /healthz', 'OPTIONS *', 'GET *', 'GET http://evil/nowhere'])(
  '%s is answered without an echo of its headers, and never by 200',
  async (line) => {
    const { port } = await serve();

    const answer = await exchange(port, aRequest(line, ['X-Secret-Of-The-Caller: hush']));

    expect([204, 404, 405]).toContain(statusesOf(answer)[0]);
    expect(answer).not.toContain('hush');
  },
);

test('CONNECT makes a proxy of nothing', async () => {
  const { port } = await serve();

  expect(statusesOf(await exchange(port, 'CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: x\r\n\r\n'))).not.toContain(200);
});

test('HEAD answers as GET without a body', async () => {
  const { app } = anApi();

  const [head, get] = [await request(app).head('/healthz'), await request(app).get('/healthz')];

  expect([head.status, head.text ?? '']).toEqual([200, '']);
  expect(head.headers['content-length']).toBe(get.headers['content-length']);
});

test.each([
  ['X-HTTP-Method-Override', 'DELETE'],
  ['X-HTTP-Method', 'DELETE'],
  ['X-Method-Override', 'DELETE'],
])('%s does not make another method of a request', async (header, method) => {
  const { app, store } = anApi();
  const made = await request(app)
    .post('/prices/poll')
    .send({ symbols: ['AAPL'] });

  const answer = await request(app).get(`/prices/poll/${made.body.job_id}?_method=DELETE`).set(header, method);
  const plain = await request(app).get(`/prices/poll/${made.body.job_id}`).set(header, method);

  expect([answer.status, plain.status]).toEqual([400, 200]);
  expect(await store.pollJobs.list()).toHaveLength(1);
});

test.each(['X-Original-URL', 'X-Rewrite-URL', 'X-Forwarded-Host', 'X-Forwarded-Prefix', 'Forwarded'])(
  '%s changes neither the route nor what the answer says',
  async (header) => {
    const { app } = anApi();

    const answer = await request(app).get('/nowhere').set(header, '/healthz');
    const made = await request(app)
      .post('/prices/poll')
      .set(header, 'evil.example')
      .send({ symbols: ['AAPL'] });

    expect(answer.status).toBe(404);
    expect(made.headers.location).toMatch(/^\/prices\/poll\/[0-9a-f-]{36}$/);
    expect(JSON.stringify([made.headers, made.body])).not.toContain('evil');
  },
);

test('an expectation that nobody knows is refused', async () => {
  const { port } = await serve();

  const answer = await exchange(port, aRequest('GET /healthz', ['Expect: the-spanish-inquisition']));

  expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*problem\+json[\s\S]*Expect: expected 100-continue/);
});
