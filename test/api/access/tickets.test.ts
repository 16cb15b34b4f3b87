import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { type HttpServer, httpServer } from '../../../src/api/server';
import { openTickets, TICKET_SECONDS } from '../../../src/api/tickets';
import { modelJobEvents } from '../../../src/bus/topics';
import { openMemoryCache } from '../../../src/cache/memory';
import { makeKey } from '../../../src/domain/api-key';
import { openLive } from '../../../src/live/open-live';
import { TickwireError } from '../../../src/platform/errors';
import { anApi, NOON } from '../../support/api';
import { TEST_SECRET } from '../../support/api-keys';
import { eventually } from '../../support/eventually';
import { aGuardedApi, type GuardedApi, withKey } from '../../support/guarded-api';
import { LiveClient } from '../../support/live-client';
import { aNewJob } from '../../support/model-jobs';

const servers: HttpServer[] = [];
const clients: LiveClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) await client.end();
  for (const server of servers.splice(0)) await server.stop();
});

async function serve({ dependencies }: Pick<GuardedApi, 'dependencies'>) {
  const server = httpServer({ dependencies, host: '127.0.0.1', port: 0 });
  servers.push(server);
  await server.start();
  return `127.0.0.1:${server.port()}`;
}

/** `open`, or the status that a socket was refused with. */
async function connect(url: string, headers: Record<string, string> = {}): Promise<'open' | number> {
  const client = new LiveClient(`ws://${url}`, { headers });
  clients.push(client);
  return new Promise((resolve) => {
    client.socket.once('open', () => resolve('open'));
    client.socket.once('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
  });
}

async function aTicket(host: string, text: string): Promise<string> {
  const { body } = await request(`http://${host}`).post('/api/v1/tickets').set(withKey(text));
  return body.ticket;
}

test('a key gets tickets, each another, that are good for half a minute', async () => {
  const { app, key } = aGuardedApi();
  const { text, keyId } = await key();
  const ask = () => request(app).post('/api/v1/tickets').set(withKey(text));

  const [first, second] = [await ask(), await ask()];

  expect(first.status).toBe(201);
  expect(first.body).toEqual({
    ticket: expect.stringContaining(keyId),
    expires_at: new Date(NOON.getTime() + TICKET_SECONDS * 1000).toISOString(),
  });
  expect(second.body.ticket).not.toBe(first.body.ticket);
  expect((await request(app).post('/api/v1/tickets')).status).toBe(401);
});

test.each(['/ws/prices', '/ws/news'])(
  '%s opens with a ticket once, with a key in a header, and not without',
  async (path) => {
    const api = aGuardedApi();
    const host = await serve(api);
    const { text } = await api.key();
    const ticket = await aTicket(host, text);

    const opened = [
      await connect(`${host}${path}?ticket=${ticket}`),
      await connect(`${host}${path}?ticket=${ticket}`),
      await connect(`${host}${path}`, withKey(text)),
      await connect(`${host}${path}`, { 'X-API-Key': text }),
      await connect(`${host}${path}`),
      await connect(`${host}${path}?api_key=${text}`),
    ];

    expect(opened).toEqual(['open', 401, 'open', 'open', 401, 400]);
    expect(JSON.stringify(api.lines)).not.toContain(ticket);
    expect(api.lines.find(({ reason }) => String(reason).startsWith('used ticket'))).toMatchObject({ path });
  },
);

test('an event stream of a job opens with a ticket, of a key that may know the job', async () => {
  const api = aGuardedApi();
  const host = await serve(api);
  const [mine, other] = [await api.key(['models:run', 'prices:read']), await api.key(['models:run', 'prices:read'])];
  const { jobId } = aNewJob();
  await api.store.modelJobs.create([aNewJob({ jobId, owner: mine.keyId })], { graceSeconds: 60 });
  await api.store.modelJobs.cancel(jobId);
  const follow = async (text: string) =>
    request(`http://${host}`).get(`/api/v1/jobs/${jobId}/events?ticket=${await aTicket(host, text)}`);

  const [own, strange] = [await follow(mine.text), await follow(other.text)];

  expect([own.status, own.text.includes('event: end')]).toEqual([200, true]);
  expect(strange.status).toBe(404);
});

test('a ticket that is late, forged, of another service or of a revoked key is refused as any bad key is', async () => {
  const api = aGuardedApi();
  const host = await serve(api);
  const [good, revoked] = [await api.key(), await api.key()];
  const late = await aTicket(host, good.text);
  api.pass(TICKET_SECONDS * 1000);
  const ofRevoked = await aTicket(host, revoked.text);
  await api.store.apiKeys.revoke(revoked.keyId);
  api.pass(5_000);
  const [fresh, other] = [await aTicket(host, good.text), await api.key(['admin'])];
  const cache = openMemoryCache({ ttlSeconds: 60, defaultProvider: 'fixture' });
  const elsewhere = openTickets({ secret: `not-${TEST_SECRET}`, cache, clock: api.dependencies.clock });
  const unknown = openTickets({ secret: TEST_SECRET, cache, clock: api.dependencies.clock });
  const tickets = [
    late,
    ofRevoked,
    fresh.replace(good.keyId, other.keyId),
    `${fresh.slice(0, -20)}${fresh.at(-20) === 'A' ? 'B' : 'A'}${fresh.slice(-19)}`,
    elsewhere.issue(good.keyId).ticket,
    unknown.issue(makeKey().keyId).ticket,
    'anybody',
    'nonsense',
    '',
  ];

  const opened = [];
  for (const ticket of tickets) opened.push(await connect(`${host}/ws/prices?ticket=${ticket}`));

  expect(opened).toEqual(tickets.map(() => 401));
  expect(await connect(`${host}/ws/prices?ticket=${fresh}`)).toBe('open');
});

test('while the database is away a ticket is not used up', async () => {
  const broken = { isAway: false };
  const api = aGuardedApi(({ store }) => {
    const find: typeof store.apiKeys.find = (keyId) =>
      broken.isAway ? Promise.reject(new TickwireError('STORE_UNAVAILABLE', 'away')) : store.apiKeys.find(keyId);
    return { store: { ...store, apiKeys: { ...store.apiKeys, find } } };
  });
  const [host, another] = [await serve(api), await serve(api)];
  const { text } = await api.key();
  const ticket = await aTicket(host, text);

  broken.isAway = true;
  const away = await connect(`${another}/ws/prices?ticket=${ticket}`);
  broken.isAway = false;
  const back = await connect(`${another}/ws/prices?ticket=${ticket}`);
  const again = await connect(`${host}/ws/prices?ticket=${ticket}`);

  expect([away, back, again]).toEqual([503, 'open', 401]);
});

test.each([TEST_SECRET, undefined])(
  'where no key is required a client that always asks for tickets works too',
  async (apiKeySecret) => {
    const api = anApi(({ security }) => ({ security: { ...security, apiKeySecret } }));
    const host = await serve(api);
    const { body, status } = await request(`http://${host}`).post('/api/v1/tickets');

    const opened = [
      await connect(`${host}/ws/prices?ticket=${body.ticket}`),
      await connect(`${host}/ws/prices?ticket=${body.ticket}`),
      await connect(`${host}/ws/prices`),
    ];

    expect(status).toBe(201);
    expect(opened).toEqual(['open', 'open', 'open']);
  },
);

test('a socket is told of the jobs that its key may know, and of none without the scope for jobs', async () => {
  const api = aGuardedApi();
  const host = await serve(api);
  const scopes = ['prices:read', 'models:run'] as const;
  const [mine, other] = [await api.key(scopes), await api.key(scopes)];
  const [admin, reader] = [await api.key(['admin']), await api.key(['prices:read'])];
  const follow = async ({ text }: { text: string }) => {
    const client = new LiveClient(`ws://${host}/ws/prices`, { headers: withKey(text) });
    clients.push(client);
    await client.told('snapshot');
    client.say({ subscribe: ['jobs'] });
    client.say('ping');
    await eventually(() => client.texts.includes('pong'));
    return client;
  };
  const followers = [await follow(mine), await follow(mine), await follow(other), await follow(admin)];
  const refused = await follow(reader);
  const at = NOON;
  const event = (owner: string | null) => {
    const jobId = randomUUID();
    const error = { code: 'MODEL_FAILED', message: `of ${owner}` };
    return { jobId, message: modelJobEvents.message({ jobId, owner, status: 'failed', progress: 0.5, at, error }) };
  };
  const [ofMine, ofOther, ofNobody] = [event(mine.keyId), event(other.keyId), event(null)];
  const told = (client: LiveClient) =>
    client.ofType('jobs').flatMap(({ jobs }) => (jobs as { job_id: string }[]).map(({ job_id: id }) => id));

  const expected = [
    [ofMine, ofNobody],
    [ofMine, ofNobody],
    [ofOther, ofNobody],
    [ofMine, ofOther, ofNobody],
  ].map((events) => new Set(events.map(({ jobId }) => jobId)));

  // The topic may not be read yet when the first are published.
  await eventually(async () => {
    await api.dependencies.bus.publish([ofMine, ofOther, ofNobody].map(({ message }) => message));
    return followers.every((client, place) => [...expected[place]!].every((jobId) => told(client).includes(jobId)));
  });

  expect(followers.map((client) => new Set(told(client)))).toEqual(expected);
  expect(told(refused)).toEqual([]);
  expect(await refused.told('error')).toMatchObject({ code: 'INVALID_INPUT' });
  expect(JSON.stringify(followers[0]!.frames)).not.toContain(other.keyId);
  expect(followers[0]!.ofType('jobs')[0]!.jobs).not.toContainEqual(
    expect.objectContaining({ owner: expect.anything() }),
  );
});

test('a socket whose key is revoked is closed, and others stay', async () => {
  const api = aGuardedApi();
  const live = openLive({ ...api.dependencies, limits: { heartbeatMs: 1_500 } });
  const host = await serve({ dependencies: { ...api.dependencies, live } });
  const [revoked, good] = [await api.key(), await api.key()];
  const sockets = [revoked, good].map(
    ({ text }) => new LiveClient(`ws://${host}/ws/prices`, { headers: withKey(text) }),
  );
  clients.push(...sockets);
  await Promise.all(sockets.map((client) => client.told('snapshot')));

  await api.store.apiKeys.revoke(revoked.keyId);
  api.pass(5_000);
  await eventually(() => sockets[0]!.closedWith !== undefined);

  expect(sockets.map(({ closedWith }) => closedWith)).toEqual([1008, undefined]);
});
