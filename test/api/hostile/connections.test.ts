import { anApi, NOON } from '../../support/api';
import { eventually } from '../../support/eventually';
import { aPriceEvent } from '../../support/price-events';
import { aRequest, exchange, open, type RawConnection, serve, statusesOf, stopServed } from './raw-client';

const held: RawConnection[] = [];

afterEach(async () => {
  for (const { socket } of held.splice(0)) socket.destroy();
  await stopServed();
});

function hold(port: number, bytes: string | Buffer = ''): RawConnection {
  const connection = open(port, bytes);
  held.push(connection);
  return connection;
}

const isOpen = ({ socket }: RawConnection) => socket.readyState === 'open';

test('a head of more than 16 kB is answered by 431', async () => {
  const { port } = await serve();

  const answer = await exchange(port, aRequest('GET /healthz', [`X-Long: ${'a'.repeat(17_000)}`]));

  expect(statusesOf(answer)).toEqual([431]);
  expect(answer).toContain('"code":"HEADERS_TOO_LARGE"');
});

test('a hundred headers are read, one more is answered by 431 whatever it says', async () => {
  const { port } = await serve();
  const headers = (count: number) => Array.from({ length: count - 2 }, (_, index) => `X-${index}: 1`);

  const enough = await exchange(port, aRequest('GET /healthz', headers(100)));
  const tooMany = await exchange(port, aRequest('GET /healthz', headers(101)));
  const thousands = await exchange(
    port,
    aRequest(
      'GET /healthz',
      Array.from({ length: 3_000 }, () => 'a:'),
    ),
  );

  expect(statusesOf(enough)).toEqual([200]);
  expect(statusesOf(tooMany)).toEqual([431]);
  expect(tooMany).toContain('expected at most 100 headers');
  expect(statusesOf(thousands)).toEqual([431]);
});

test('what follows a refused request on its connection is no request', async () => {
  const { api, port } = await serve();
  const body = JSON.stringify({ symbols: ['AAPL'] });
  const refused = aRequest(
    'GET /healthz',
    Array.from({ length: 200 }, () => 'a:'),
  );
  const next = aRequest(
    'POST /prices/poll',
    ['Content-Type: application/json', `Content-Length: ${body.length}`],
    body,
  );

  const answer = await exchange(port, refused.replace('Connection: close\r\n', '') + next);

  expect(statusesOf(answer)).toEqual([431]);
  expect(await api.store.pollJobs.list()).toEqual([]);
});

test('a head that does not come to an end is answered by 408, and others are answered meanwhile', async () => {
  const { port, url } = await serve({ headersTimeoutMs: 150, lookEveryMs: 30 });
  const slow = Array.from({ length: 50 }, () => hold(port, 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: '));
  await eventually(() => slow.every(isOpen));

  const other = await fetch(`${url}/healthz`);
  const answers = await Promise.all(slow.map(({ ended }) => ended));

  expect(other.status).toBe(200);
  expect(answers.map((answer) => statusesOf(answer)[0])).toEqual(slow.map(() => 408));
  expect(answers[0]).toContain('"code":"REQUEST_TIMEOUT"');
});

test('a head that comes byte by byte gets no more time for that', async () => {
  const { port } = await serve({ headersTimeoutMs: 200, lookEveryMs: 30 });
  const slow = hold(port, 'GET /healthz HTTP/1.1\r\nHost: x\r\n');
  await eventually(() => slow.socket.bytesWritten > 0);
  const dripping = setInterval(() => slow.socket.write('X: 1\r\n'), 20);

  const answer = await slow.ended;
  clearInterval(dripping);

  expect(statusesOf(answer)).toEqual([408]);
});

test('a body that does not come to an end is answered by 408', async () => {
  const { api, port } = await serve({ headersTimeoutMs: 100, requestTimeoutMs: 150, lookEveryMs: 30 });
  const head = ['POST /prices/poll HTTP/1.1', 'Host: x', 'Content-Type: application/json', 'Content-Length: 90'];

  const answer = await exchange(port, `${head.join('\r\n')}\r\n\r\n{"symbols":`);

  expect(statusesOf(answer)).toEqual([408]);
  expect(await api.store.pollJobs.list()).toEqual([]);
});

test('what was answered before its body came is not told off behind its answer', async () => {
  const { port } = await serve({ headersTimeoutMs: 100, requestTimeoutMs: 150, lookEveryMs: 30 });
  const head = ['POST /nowhere HTTP/1.1', 'Host: x', 'Content-Type: application/json', 'Content-Length: 90'];

  const answer = await exchange(port, `${head.join('\r\n')}\r\n\r\n{"symbols":`);

  expect(statusesOf(answer)).toEqual([404]);
});

test('a connection that says nothing at all is cut', async () => {
  const { port } = await serve({ idleTimeoutMs: 100 });

  expect(await exchange(port, '')).toBe('');
});

test('a client that never reads its answer is cut', async () => {
  const endless = anApi(({ store }) => {
    const list: typeof store.prices.list = async ({ after, limit }) => {
      pages += 1;
      const from = after ? after.sequence + 1 : 0;
      return Array.from({ length: limit }, (_, index) => ({
        ...aPriceEvent({ sequence: from + index }),
        ingestedAt: NOON,
      }));
    };
    return { store: { ...store, prices: { ...store.prices, list } } };
  });
  let pages = 0;
  const { port } = await serve({ idleTimeoutMs: 100 }, endless);
  const deaf = hold(port, aRequest('GET /prices/history?symbol=AAPL', ['Accept: application/x-ndjson']));
  deaf.socket.pause();
  let seen = 0;
  await eventually(
    () => {
      const isStill = pages > 0 && pages === seen;
      seen = pages;
      return isStill;
    },
    5_000,
    300,
  );

  deaf.socket.resume();
  const answer = await deaf.ended;

  expect(statusesOf(answer)).toEqual([200]);
  expect(answer.endsWith('0\r\n\r\n')).toBe(false);
});

test('one address has so many connections and no more, until one of them ends', async () => {
  const { port } = await serve({ connectionsPerAddress: 3 });
  const first = [hold(port), hold(port), hold(port)];
  await eventually(() => first.every(isOpen));

  const refused = await exchange(port, '');
  first[0]?.socket.destroy();
  const later = await eventually(async () => {
    const answer = await exchange(port, aRequest('GET /healthz'));
    return statusesOf(answer)[0] === 200 && answer;
  });

  expect(refused).toMatch(/^HTTP\/1\.1 503 /);
  expect(refused).toMatch(
    /Retry-After: 1[\s\S]*application\/problem\+json|application\/problem\+json[\s\S]*Retry-After: 1/,
  );
  expect(refused).toContain('this address has its 3 connections');
  expect(later).toContain('"status":"ok"');
});

test('all together have so many connections and no more, until one of them ends', async () => {
  const { port } = await serve({ connections: 2 });
  const first = [hold(port), hold(port)];
  await eventually(() => first.every(isOpen));

  const refused = await exchange(port, '');
  first[0]?.socket.destroy();
  const later = await eventually(async () => statusesOf(await exchange(port, aRequest('GET /healthz')))[0] === 200);

  expect(refused).toContain('all 2 connections are taken');
  expect(later).toBe(true);
});

test('what is asked on a refused connection reaches nothing', async () => {
  const { api, port } = await serve({ connectionsPerAddress: 1 });
  hold(port, 'GET /healthz HTTP/1.1\r\n');
  const body = JSON.stringify({ symbols: ['AAPL'] });
  const asked = aRequest(
    'POST /prices/poll',
    ['Content-Type: application/json', `Content-Length: ${body.length}`],
    body,
  );

  const answers = await Promise.all(Array.from({ length: 20 }, () => exchange(port, asked)));

  expect(answers.map((answer) => statusesOf(answer))).toEqual(answers.map(() => [503]));
  expect(await api.store.pollJobs.list()).toEqual([]);
});

test('a trusted proxy has many callers behind it and is bounded by what all may have', async () => {
  const { dependencies } = anApi();
  const trusting = anApi(() => ({ security: { ...dependencies.security, trustProxy: ['loopback'] } }));
  const { port } = await serve({ connectionsPerAddress: 1, connections: 3 }, trusting);
  const behind = [hold(port), hold(port), hold(port)];
  await eventually(() => behind.every(isOpen));

  const fourth = await exchange(port, '');

  expect(behind.map((connection) => connection.text())).toEqual(['', '', '']);
  expect(fourth).toContain('all 3 connections are taken');
});

test('requests sent without waiting for answers are answered in order, up to a bound that ends the connection', async () => {
  let release = () => {};
  const api = anApi();
  api.vendor.quote('SLOW', 5, NOON);
  api.vendor.holdUntil(new Promise((resolve) => (release = resolve)));
  const { port } = await serve({ pipelined: 5 }, api);
  const line = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
  const piped = hold(port, line('/prices/latest?symbol=SLOW') + line('/healthz').repeat(500));
  await eventually(() => api.vendor.calls.length === 1);

  release();
  const answer = await piped.ended;

  expect(statusesOf(answer)).toEqual([200, 200, 200, 200, 200, 200, 503]);
  expect(answer).toContain('"code":"TOO_MANY_CONNECTIONS"');
});

test('a connection that always has a few requests under way is served for as long as it likes', async () => {
  const { port } = await serve({ pipelined: 5 });
  const line = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
  const connection = hold(port, line.repeat(4));

  for (let round = 1; round <= 20; round += 1) {
    await eventually(() => statusesOf(connection.text()).length === round * 4, 5_000, 1);
    connection.socket.write(line.repeat(4));
  }
  await eventually(() => statusesOf(connection.text()).length === 84);

  expect(new Set(statusesOf(connection.text()))).toEqual(new Set([200]));
});
