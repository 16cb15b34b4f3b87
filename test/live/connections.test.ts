import { connect } from 'node:net';
import WebSocket from 'ws';
import { eventually } from '../support/eventually';
import { type ServedLive, serveLive } from '../support/live';
import type { LiveClient } from '../support/live-client';

let served: ServedLive;

afterEach(() => served.stop());

/** How a request for a socket is refused: status and problem. */
function refusal(client: LiveClient): Promise<{ status: number | undefined; problem: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    client.socket.on('open', () => reject(new Error('it was granted')));
    client.socket.on('unexpected-response', (_request, response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode, problem: JSON.parse(text) }));
    });
  });
}

/** Sends a request as it is and gives the whole answer. */
function raw(port: number, lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(`${lines.join('\r\n')}\r\n\r\n`));
    socket.setEncoding('utf8');
    socket.on('data', (part) => (text += part));
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}

test('a page of another host is refused; one of this host, one that is allowed and a client without a page are not', async () => {
  served = await serveLive({}, ['https://board.example']);
  const own = `http://127.0.0.1:${served.port}`;

  const strange = await refusal(served.connect('/ws/prices', { origin: 'https://evil.example' }));
  const malformed = await refusal(served.connect('/ws/prices', { origin: 'null' }));
  for (const origin of [own, 'https://board.example', undefined]) {
    await served.connect('/ws/prices', origin === undefined ? {} : { origin }).told('snapshot');
  }

  expect(strange).toMatchObject({ status: 403, problem: { code: 'ORIGIN_REFUSED', status: 403 } });
  expect(malformed.status).toBe(403);
});

test('another path is a problem that names those there are', async () => {
  served = await serveLive();

  const { status, problem } = await refusal(served.connect('/ws/everything'));

  expect(status).toBe(404);
  expect(problem).toMatchObject({ code: 'NOT_FOUND', detail: expect.stringContaining('/ws/prices and /ws/news') });
});

test('a request for any other protocol is answered as if it had not asked', async () => {
  served = await serveLive();

  const answer = await raw(served.port, ['GET / HTTP/1.1', 'Host: x', 'Connection: Upgrade', 'Upgrade: h2c']);

  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n.*plain/s);
});

test('past the limits of connections one is refused, until another leaves', async () => {
  served = await serveLive({ connections: 3, connectionsPerAddress: 2 });
  const first = served.connect();
  await Promise.all([first.told('snapshot'), served.connect().told('snapshot')]);

  const { status, problem } = await refusal(served.connect());
  await first.end();
  await eventually(() => served.live.connections() === 1);
  await served.connect().told('snapshot');

  expect(status).toBe(503);
  expect(problem).toMatchObject({ code: 'LIVE_FULL', detail: expect.stringContaining('2 connections') });
});

test('a peer that answers no ping is dropped, one that does is kept', async () => {
  served = await serveLive({ heartbeatMs: 600 });
  const dead = served.connect('/ws/prices', { autoPong: false } as WebSocket.ClientOptions);
  const alive = served.connect();
  await Promise.all([dead, alive].map((client) => client.told('snapshot')));

  await eventually(() => dead.closedWith !== undefined);

  expect(dead.closedWith).toBe(1006);
  expect(alive.socket.readyState).toBe(WebSocket.OPEN);
});

test('a client that does not read costs a bounded number of bytes, gets the newest of each symbol when it does, and the others are not held up', async () => {
  served = await serveLive({ maxUnsentBytes: 10_000, maxBehindMs: 60_000, lookEveryMs: 60_000, tickMs: 1 });
  const symbols = Array.from({ length: 200 }, (_, index) => `S${index}`);
  const [slow, prompt] = [served.connect(), served.connect()];
  await Promise.all([slow, prompt].map((client) => client.told('snapshot')));

  slow.socket.pause();
  let price = 0;
  const before = process.memoryUsage().arrayBuffers;
  // Until the buffers between the two are full, and long after.
  for (let round = 1; round <= 300; round += 1) {
    price = round;
    await served.publish(Object.fromEntries(symbols.map((symbol) => [symbol, round])));
    await eventually(() => prompt.followed.truth.S0 === round, 10_000, 1);
  }
  const grown = process.memoryUsage().arrayBuffers - before;
  slow.socket.resume();

  await eventually(() =>
    expect(slow.followed.truth).toEqual(Object.fromEntries(symbols.map((s) => [s, price]).sort())),
  );
  expect(slow.followed.faults).toEqual([]);
  expect(slow.ofType('diff').length).toBeLessThan(prompt.ofType('diff').length);
  expect(grown).toBeLessThan(15_000_000);
});

test('one that takes nothing for too long is closed with 1013', async () => {
  served = await serveLive({ maxUnsentBytes: 1_000, maxBehindMs: 50 });
  const client = served.connect();
  await client.told('snapshot');
  const symbols = Array.from({ length: 1_000 }, (_, index) => `S${index}`);

  client.socket.pause();
  await eventually(async () => {
    await served.publish(Object.fromEntries(symbols.map((symbol) => [symbol, Math.random()])));
    return served.live.sizes().places === 0;
  }, 20_000);
  client.socket.resume();

  await eventually(() => client.closedWith !== undefined);
  expect(client.closedWith).toBe(1013);
  await eventually(() => served.live.connections() === 0);
});

test('when the service stops, clients are told to come back, and no more are taken', async () => {
  served = await serveLive();
  const clients = [served.connect(), served.connect('/ws/news')];
  await Promise.all(clients.map((client) => client.told('snapshot')));

  await served.live.stop();
  await eventually(() => clients.every(({ closedWith }) => closedWith !== undefined));
  const late = await refusal(served.connect());

  expect(clients.map(({ closedWith }) => closedWith)).toEqual([1001, 1001]);
  expect(late).toMatchObject({ status: 503, problem: { code: 'LIVE_FULL' } });
  expect(served.live.sizes()).toEqual({ connections: 0, addresses: 0, places: 0, watchlists: 0 });
});

test('a stop does not wait long for a client that never answers', async () => {
  served = await serveLive();
  const client = served.connect();
  await client.told('snapshot');
  client.socket.pause();

  await served.live.stop();

  expect(served.live.connections()).toBe(0);
});

test('a page as one would write it: opens, watches, pings, and bears what is no JSON', async () => {
  served = await serveLive();
  await served.publish({ AAPL: 1, MSFT: 1, IBM: 1 });
  const prices: Record<string, number> = {};
  let ticks = 0;
  const page = new WebSocket(`ws://127.0.0.1:${served.port}/ws/prices`, { origin: `http://127.0.0.1:${served.port}` });
  page.onopen = () => page.send(JSON.stringify({ watchlist: ['AAPL', 'MSFT'] }));
  page.onmessage = ({ data }) => {
    try {
      const frame = JSON.parse(String(data));
      if (frame.type === 'snapshot') for (const symbol of Object.keys(prices)) delete prices[symbol];
      for (const [symbol, entry] of Object.entries(frame.prices ?? {}))
        prices[symbol] = (entry as { price: number }).price;
    } catch {
      ticks += data === 'pong' ? 1 : 0;
    }
  };
  const pinging = setInterval(() => page.readyState === WebSocket.OPEN && page.send('ping'), 40);

  for (let round = 2; round <= 40; round += 1) {
    await served.publish({ AAPL: round, IBM: round });
    await eventually(() => ticks >= round / 4, 10_000, 2);
  }

  await eventually(() => expect(prices).toEqual({ AAPL: 40, MSFT: 1 }));
  clearInterval(pinging);
  page.close();
  await eventually(() => served.live.connections() === 0);
});
