import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { httpServer } from '../../src/api/server';
import { anApi, NOON, type TestApi } from '../support/api';
import { eventually } from '../support/eventually';
import { aPriceEvent } from '../support/price-events';

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function serving(api: TestApi = anApi()) {
  const server = httpServer({ dependencies: api.dependencies, host: '127.0.0.1', port: 0 });
  stops.push(() => server.stop());
  await server.start();
  return { api, server, url: `http://127.0.0.1:${server.port()}` };
}

/** Sends bytes as they are and gives what comes back until the connection ends. */
function raw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('utf8');
    socket.on('data', (part) => (text += part));
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}

test('it serves the hot path and the rest on one port', async () => {
  const { api, url } = await serving();
  await api.cache.writeLatest([{ event: aPriceEvent({ observedAt: NOON }) }]);

  const price = await fetch(`${url}/prices/latest?symbol=AAPL`);
  const health = await fetch(`${url}/healthz`);

  expect(await price.json()).toMatchObject({ symbol: 'AAPL', source: 'cache' });
  expect(price.headers.get('content-security-policy')).toBeNull();
  expect(await health.json()).toEqual({ status: 'ok' });
});

test('a port in use is said in a sentence that names it', async () => {
  const { server } = await serving();

  const second = httpServer({ dependencies: anApi().dependencies, host: '127.0.0.1', port: server.port() });
  stops.push(() => second.stop());

  await expect(second.start()).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringMatching(new RegExp(`port ${server.port()} of 127.0.0.1.*another program`)),
  });
});

test('an address this machine does not have is said too', async () => {
  const server = httpServer({ dependencies: anApi().dependencies, host: '203.0.113.7', port: 0 });

  await expect(server.start()).rejects.toThrow('set HOST');
  await server.stop();
});

test('connections are kept alive between requests', async () => {
  const { url } = await serving();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ports: (number | undefined)[] = [];
  const once = () =>
    new Promise<void>((resolve, reject) => {
      get(`${url}/healthz`, { agent }, (response: IncomingMessage) => {
        ports.push(response.socket.localPort);
        response.resume().on('end', resolve);
      }).on('error', reject);
    });

  await once();
  await once();
  agent.destroy();

  expect(ports[0]).toBe(ports[1]);
});

test('a stop lets the running request end, closes idle connections, takes no new one, and is safe twice', async () => {
  const { api, server, url } = await serving();
  let release = () => {};
  api.vendor.quote('AAPL', 5, NOON);
  api.vendor.holdUntil(new Promise((resolve) => (release = resolve)));
  await fetch(`${url}/healthz`);
  const running = fetch(`${url}/prices/latest?symbol=AAPL`).then((answer) => answer.json());
  await eventually(() => api.vendor.calls.length === 1);

  const stopped = server.stop();
  const refused = await fetch(`${url}/healthz`).then(
    () => 'answered',
    () => 'refused',
  );
  release();

  expect(await running).toMatchObject({ price: 5 });
  await stopped;
  await server.stop();
  expect(refused).toBe('refused');
}, 4000);

test('a stop before the start, and after a failed one, is nothing', async () => {
  const server = httpServer({ dependencies: anApi().dependencies, host: '127.0.0.1', port: 0 });

  await expect(server.stop()).resolves.toBeUndefined();
  expect(() => server.port()).toThrow('before it listens');
});

test('bytes that are no request are answered by a problem', async () => {
  const { server } = await serving();

  const garbage = await raw(server.port(), 'BLA\u0000BLA\r\n\r\n');
  const headers = await raw(server.port(), `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`);

  expect(garbage).toMatch(/^HTTP\/1.1 400 [\s\S]*application\/problem\+json[\s\S]*"code":"INVALID_INPUT"/);
  expect(headers).toMatch(/^HTTP\/1.1 431 [\s\S]*application\/problem\+json[\s\S]*"code":"HEADERS_TOO_LARGE"/);
});

test('a client that leaves while its answer is made does no harm', async () => {
  const { api, url } = await serving();
  let release = () => {};
  api.vendor.quote('AAPL', 5, NOON);
  api.vendor.holdUntil(new Promise((resolve) => (release = resolve)));
  const leaving = new AbortController();
  const left = fetch(`${url}/prices/latest?symbol=AAPL`, { signal: leaving.signal }).catch(() => 'left');
  await eventually(() => api.vendor.calls.length === 1);

  leaving.abort();
  release();

  expect(await left).toBe('left');
  expect((await fetch(`${url}/prices/latest?symbol=AAPL`)).status).toBe(200);
});

test('a stream of fifty thousand points is read as fast as the client reads, page by page', async () => {
  const COUNT = 50_000;
  let pages = 0;
  const { url } = await serving(
    anApi(({ store }) => {
      const list: typeof store.prices.list = async ({ after, limit }) => {
        pages += 1;
        const from = after ? after.sequence + 1 : 0;
        return Array.from({ length: Math.min(limit, COUNT - from) }, (_, index) => ({
          ...aPriceEvent({ sequence: from + index }),
          ingestedAt: NOON,
        }));
      };
      return { store: { ...store, prices: { ...store.prices, list } } };
    }),
  );
  const answer = await new Promise<IncomingMessage>((resolve) => {
    get(`${url}/prices/history?symbol=AAPL`, { headers: { accept: 'application/x-ndjson' } }, resolve);
  });
  let seen = 0;
  await eventually(
    () => {
      const settled = pages > 0 && pages === seen;
      seen = pages;
      return settled;
    },
    5000,
    300,
  );
  const pagesWhileNobodyRead = pages;
  let lines = 0;

  for await (const part of answer) lines += String(part).split('\n').length - 1;

  expect(pagesWhileNobodyRead).toBeLessThan(35);
  expect(lines).toBe(COUNT);
  expect(pages).toBe(51);
});
