import { get, type IncomingMessage } from 'node:http';
import { httpServer } from '../../src/api/server';
import { anApi } from '../support/api';
import { eventually } from '../support/eventually';
import { nextEvents } from '../support/live';
import { FollowedPrices, type TestFrame } from '../support/live-client';

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function serving() {
  const api = anApi();
  const server = httpServer({ dependencies: api.dependencies, host: '127.0.0.1', port: 0 });
  stops.push(() => server.stop());
  await server.start();
  return { api, server, publish: (prices: Record<string, number>) => api.cache.writeLatest(nextEvents(prices)) };
}

interface TestEvent {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: TestFrame;
}

/** Reads events as `EventSource` would, or `curl`. */
async function follow(port: number, path: string, headers: Record<string, string> = {}) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, headers }, resolve).on('error', reject);
  });
  const events: TestEvent[] = [];
  const followed = new FollowedPrices();
  const state = { text: '', hasEnded: false };
  response.setEncoding('utf8');
  response.on('data', (part: string) => {
    const blocks = (state.text + part).split('\n\n');
    state.text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s)));
      if (fields.data === undefined) continue;
      const data = JSON.parse(fields.data) as TestFrame;
      events.push({ id: fields.id, event: fields.event, data });
      followed.take(data);
    }
  });
  response.on('close', () => {
    state.hasEnded = true;
  });
  stops.unshift(async () => void response.destroy());
  return { response, events, followed, state };
}

test('a stream tells a snapshot and then the diffs, with the sequence as id', async () => {
  const { server, publish } = await serving();
  await publish({ A: 1, B: 1 });

  const { response, events, followed } = await follow(server.port(), '/prices/stream');
  await eventually(() => events.length === 1);
  await publish({ A: 2 });
  await eventually(() => expect(followed.truth).toEqual({ A: 2, B: 1 }));

  expect(response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
  expect(events.map(({ event, id, data }) => [event, id, data.type])).toEqual([
    ['snapshot', String(events[0]!.data.sequence), 'snapshot'],
    ['diff', String(events[0]!.data.sequence! + 1), 'diff'],
  ]);
});

test('only the symbols that were asked for are told', async () => {
  const { server, publish } = await serving();
  await publish({ A: 1, B: 1 });

  const { events } = await follow(server.port(), '/prices/stream?symbols=a');
  await eventually(() => events.length === 1);
  await publish({ B: 2 });
  await publish({ A: 2 });
  await eventually(() => events.length === 2);

  expect(events.map(({ data }) => Object.keys(data.prices!))).toEqual([['A'], ['A']]);
});

test('a client that comes back with the last id is told what it missed', async () => {
  const { server, publish } = await serving();
  await publish({ A: 1, B: 1 });
  const first = await follow(server.port(), '/prices/stream');
  await eventually(() => first.events.length === 1);
  first.response.destroy();
  await publish({ A: 2 });
  await publish({ A: 3 });

  const back = await follow(server.port(), '/prices/stream', { 'Last-Event-ID': first.events[0]!.id! });
  await eventually(() => back.events.length === 2);

  const from = first.events[0]!.data.sequence! + 1;
  expect(back.events[0]).toMatchObject({ event: 'resumed', data: { from } });
  expect(back.events[1]).toMatchObject({ event: 'diff', data: { from, prices: { A: { price: 3 } } } });
});

test('an id that is not known any more is told so with a snapshot, and one that is none is refused', async () => {
  const { server, publish } = await serving();
  await publish({ A: 1 });

  const { events } = await follow(server.port(), '/prices/stream', { 'Last-Event-ID': '7' });
  await eventually(() => events.length === 1);
  const refused = await fetch(`http://127.0.0.1:${server.port()}/prices/stream`, {
    headers: { 'Last-Event-ID': 'seven' },
  });

  expect(events[0]).toMatchObject({ event: 'snapshot', data: { reason: 'resume_expired' } });
  expect(refused.status).toBe(400);
});

test('a stopping server ends its streams at once, and they leave nothing behind', async () => {
  const { api, server, publish } = await serving();
  await publish({ A: 1 });
  const { events, state } = await follow(server.port(), '/prices/stream');
  await eventually(() => events.length === 1);

  const beganMs = performance.now();
  await server.stop();

  await eventually(() => state.hasEnded);
  expect(performance.now() - beganMs).toBeLessThan(4_000);
  expect(api.dependencies.live.connections()).toBe(0);
});

test('a client that leaves is forgotten', async () => {
  const { api, server, publish } = await serving();
  await publish({ A: 1 });
  const { events, response } = await follow(server.port(), '/prices/stream?symbols=A');
  await eventually(() => events.length === 1);

  response.destroy();

  await eventually(() => api.dependencies.live.connections() === 0);
});

test('a client that reads slowly is told the newest, and what it has not read is bounded', async () => {
  const { server, publish } = await serving();
  const symbols = Array.from({ length: 500 }, (_, index) => `S${index}`);
  const { response, events, followed } = await follow(server.port(), '/prices/stream');
  await eventually(() => events.length === 1);

  response.pause();
  for (let round = 1; round <= 150; round += 1) {
    await publish(Object.fromEntries(symbols.map((symbol) => [symbol, round])));
    await new Promise((resolve) => setImmediate(resolve));
  }
  response.resume();

  await eventually(() => expect(followed.truth.S499).toBe(150));
  expect(followed.faults).toEqual([]);
});
