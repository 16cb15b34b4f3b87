import { connect } from 'node:net';
import { eventually } from '../support/eventually';
import { type ServedLive, serveLive } from '../support/live';

let served: ServedLive;

beforeEach(async () => {
  served = await serveLive();
  await served.publish({ A: 1 });
});

afterEach(() => served.stop());

/** Another client still gets what is published now. */
async function expectOthersUnharmed(): Promise<void> {
  const other = served.connect();
  await other.told('snapshot');
  await served.publish({ A: 1000 + Math.random() });
  await other.told('diff');
  await other.end();
}

test.each([
  ['text that is no JSON', 'hello'],
  ['a number', '5'],
  ['null', 'null'],
  ['a list', '["AAPL"]'],
  ['an empty object', '{}'],
  ['a field nobody knows', '{"watch":["A"]}'],
  ['two wishes at once', '{"watchlist":["A"],"resume":1}'],
  ['a watchlist that is no list', '{"watchlist":"A"}'],
  ['a symbol that is none', '{"watchlist":["A","no symbol!"]}'],
  ['a symbol that is a number', '{"watchlist":[1]}'],
  ['a sequence below zero', '{"resume":-1}'],
  ['a sequence that is no whole number', '{"resume":1.5}'],
  ['a topic that is none', '{"subscribe":["everything"]}'],
  ['JSON as deep as a frame may be', '['.repeat(60_000)],
  ['an object as deep', `${'{"watchlist":'.repeat(4_000)}1${'}'.repeat(4_000)}`],
  ['a name of the language', '{"__proto__":["A"]}'],
])('%s is answered by an error, and the connection and its watchlist stay', async (_, text) => {
  const client = served.connect();
  await client.told('snapshot');

  client.say(text);
  const error = await client.told('error');
  client.say('ping');
  await eventually(() => client.texts.includes('pong'));
  await served.publish({ A: 2 });
  await client.told('diff');

  expect(error).toEqual({ type: 'error', code: 'INVALID_INPUT', detail: expect.stringMatching(/expected|1 to 32/i) });
  expect(client.ofType('snapshot')).toHaveLength(1);
});

test('a binary frame is answered by an error', async () => {
  const client = served.connect();
  await client.told('snapshot');

  client.socket.send(Buffer.from('{"watchlist":[]}'));

  expect(await client.told('error')).toMatchObject({
    code: 'INVALID_INPUT',
    detail: expect.stringContaining('binary'),
  });
});

test('ten thousand symbols are answered by an error, without being read', async () => {
  const client = served.connect();
  await client.told('snapshot');

  client.say({ watchlist: Array.from({ length: 10_000 }, (_, index) => `SYMBOL${index}`) });
  const tooLarge = await client.told('error');
  client.say({ watchlist: Array.from({ length: 1_001 }, (_, index) => `S${index}`) });
  const tooMany = await client.told('error', 2);

  expect(tooLarge).toMatchObject({ code: 'FRAME_TOO_LARGE' });
  expect(tooMany).toMatchObject({ code: 'INVALID_INPUT', detail: expect.stringContaining('1000') });
  await expectOthersUnharmed();
});

test('a frame of a megabyte is closed by the protocol with 1009', async () => {
  const client = served.connect();
  await client.told('snapshot');

  client.say('x'.repeat(1_048_576));

  await eventually(() => client.closedWith !== undefined);
  expect(client.closedWith).toBe(1009);
  await expectOthersUnharmed();
});

test('bytes that are no frames end the connection and nothing else', async () => {
  const socket = connect(served.port, '127.0.0.1');
  const ended = new Promise((resolve) => socket.on('close', resolve));
  const key = 'dGhlIHNhbXBsZSBub25jZQ==';
  const head = ['GET /ws/prices HTTP/1.1', 'Host: x', 'Upgrade: websocket', 'Connection: Upgrade'];

  socket.write(`${[...head, 'Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${key}`].join('\r\n')}\r\n\r\n`);
  socket.on('data', () => socket.write(Buffer.alloc(64, 0xff)));
  socket.on('error', () => undefined);

  await ended;
  await eventually(() => served.live.connections() === 0);
  await expectOthersUnharmed();
});

test('a thousand frames at once: as many as are allowed are answered, the rest is refused once, and the client may go on later', async () => {
  const client = served.connect();
  await client.told('snapshot');

  for (let index = 0; index < 1_000; index += 1) client.say('ping');
  await client.told('error');
  await expectOthersUnharmed();
  const pongs = client.texts.filter((text) => text === 'pong').length;
  await eventually(() => {
    client.say({ watchlist: ['A'] });
    return client.ofType('snapshot').length > 1;
  });

  expect(pongs).toBe(50);
  expect(client.ofType('error')[0]).toMatchObject({ code: 'RATE_LIMITED' });
  expect(client.ofType('error').length).toBeLessThan(30);
});

test('clients that leave at any moment, in any way, leave nothing behind', async () => {
  const clients = Array.from({ length: 30 }, (_, index) => served.connect(index % 5 === 0 ? '/ws/news' : '/ws/prices'));
  await Promise.all(clients.slice(0, 20).map((client) => client.told('snapshot')));

  for (const [index, client] of clients.entries()) {
    if (index < 20) client.say({ watchlist: ['A', `B${index}`] });
    if (index < 20 && index % 2) client.say({ subscribe: ['averages', 'jobs'] });
    if (index % 3) client.socket.close();
    else client.socket.terminate();
  }

  await eventually(() => {
    expect(served.live.sizes()).toEqual({ connections: 0, addresses: 0, places: 0, watchlists: 0 });
  });
});
