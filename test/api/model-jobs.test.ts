import { createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { httpServer } from '../../src/api/server';
import { jobEvents } from '../../src/api/watch-job';
import type { Artifacts } from '../../src/artifacts/artifacts';
import { modelJobs } from '../../src/bus/topics';
import { silentLog } from '../../src/platform/log';
import { anApi, down, type TestApi } from '../support/api';
import { eventually } from '../support/eventually';
import { interruptible } from '../support/failing';
import { TEST_MODELS } from '../support/job-models';
import { aNewJob } from '../support/model-jobs';

const UNKNOWN = '0b9c6a1e-6f0e-4f55-9a3c-6d2f1c0e7a11';
const FILE = { name: 'report.html', contentType: 'text/html; charset=utf-8', body: Buffer.from('<p>é</p>') };

const withModels = (changes: Parameters<typeof anApi>[0] = () => ({})) =>
  anApi((standard) => ({ models: TEST_MODELS, ...changes(standard) }));

const submit = ({ app }: Pick<TestApi, 'app'>, body: object = { parts: 2 }, query = '') =>
  request(app).post(`/api/v1/obedient${query}`).send(body);

/** Claims the oldest job and completes it, as a runner would. */
async function complete({ store, dependencies }: TestApi): Promise<string> {
  const [claimed] = await store.modelJobs.claim({
    owner: 'test',
    leaseSeconds: 30,
    maxRunning: 9,
    limit: 1,
    wanted: [],
  });
  const { job, fence } = claimed!;
  const { save } = dependencies.artifacts as Artifacts;
  const artifacts = await save(job.jobId, fence, [FILE]);
  const key = { jobId: job.jobId, fence };
  await store.modelJobs.complete(key, { result: { price: 4.2 }, metrics: { price: 4.2 }, warnings: ['w'], artifacts });
  return job.jobId;
}

describe('submitting a job', () => {
  test('stores it with its defaults, answers where it is, and publishes it with the request id', async () => {
    const api = withModels();

    const answer = await submit(api).set('X-Request-Id', 'from-the-caller');

    const { job_id: id } = answer.body;
    expect(answer.status).toBe(202);
    expect(answer.headers.location).toBe(`/api/v1/jobs/${id}`);
    expect(answer.body).toMatchObject({ status: 'queued', model: 'obedient', links: { self: `/api/v1/jobs/${id}` } });
    expect(await api.store.modelJobs.find(id)).toMatchObject({
      params: { parts: 2, busy_ms: 0, mode: 'sum', symbols: [] },
      requestId: answer.headers['x-request-id'],
    });
    const records = [];
    for await (const record of api.dependencies.bus.read(modelJobs.name)) records.push(record);
    expect(records).toHaveLength(1);
    expect(JSON.parse(String(records[0]!.value))).toEqual({ job_id: id, model: 'obedient' });
    expect(records[0]!.headers['x-request-id']?.toString()).toBe(answer.headers['x-request-id']);
    api.pass(60_000);
    expect(await api.store.modelJobs.claimUnpublished(10, 0)).toEqual([]);
  });

  test.each([
    [{ parts: 0 }, 'parts'],
    [{ parts: 'two' }, 'parts'],
    [{ parts: 1e9 }, 'parts'],
    [{ busy_ms: -1 }, 'busy_ms'],
    [{ mode: 'dance' }, 'mode'],
    [{ colour: 'red' }, 'colour'],
  ])('that is invalid (%j) is refused at its place, and nothing is stored', async (body, path) => {
    const api = withModels();

    const answer = await submit(api, body);

    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'INVALID_INPUT', errors: [{ path }] });
    expect(await api.store.modelJobs.list({ limit: 10 })).toEqual([]);
  });

  test('on a symbol that nobody knows is 404, and nothing is stored', async () => {
    const api = withModels();

    const answer = await submit(api, { symbols: ['NOPE'] });

    expect([answer.status, answer.body.code]).toEqual([404, 'SYMBOL_UNKNOWN']);
    expect(await api.store.modelJobs.list({ limit: 10 })).toEqual([]);
  });

  test('on a symbol without a bar in the range is 422, and nothing is stored', async () => {
    const api = withModels();
    await api.store.instruments.ensure([{ symbol: 'AAPL', assetClass: 'equity' }]);

    const answer = await submit(api, { symbols: ['AAPL'] });

    expect([answer.status, answer.body.code]).toEqual([422, 'HISTORY_MISSING']);
    expect(await api.store.modelJobs.list({ limit: 10 })).toEqual([]);
  });

  test('again under the same Idempotency-Key gives the same job; with another body it is a conflict', async () => {
    const api = withModels();
    const send = (body: object) => submit(api, body).set('Idempotency-Key', 'once');

    const [first, second, other] = [await send({ parts: 2 }), await send({ parts: 2 }), await send({ parts: 3 })];

    expect(second.body).toEqual(first.body);
    expect([other.status, other.body.code]).toEqual([409, 'CONFLICT']);
    expect(await api.store.modelJobs.list({ limit: 10 })).toHaveLength(1);
  });

  test('while Kafka is away is accepted all the same, and stays in the outbox', async () => {
    const api = withModels(({ bus }) => ({ bus: Object.assign(interruptible(bus), { down: true }) }));

    const answer = await submit(api);

    api.pass(60_000);
    expect(answer.status).toBe(202);
    expect(await api.store.modelJobs.claimUnpublished(10, 0)).toMatchObject([{ jobId: answer.body.job_id }]);
  });

  test('while the database is away is 503', async () => {
    const api = withModels(({ store }) => ({ store: down(store, 'STORE_UNAVAILABLE').part }));

    expect((await submit(api)).status).toBe(503);
  });

  test('to a model that there is not is 404', async () => {
    expect((await request(withModels().app).post('/api/v1/astrology').send({})).status).toBe(404);
  });
});

describe('waiting for the end', () => {
  test('answers 200 with the result when it is there in time', async () => {
    const api = withModels();

    const waiting = submit(api, {}, '?wait=20').then((answer) => answer);
    await eventually(async () => (await api.store.modelJobs.list({ status: 'queued', limit: 1 })).length === 1);
    const id = await complete(api);
    const answer = await waiting;

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      job_id: id,
      status: 'completed',
      result: { price: 4.2 },
      metrics: { price: 4.2 },
    });
    expect(answer.headers.location).toBe(`/api/v1/jobs/${id}`);
  });

  test('answers 202 when it is not', async () => {
    const answer = await submit(withModels(), {}, '?wait=1');

    expect([answer.status, answer.body.status]).toEqual([202, 'queued']);
  });

  test.each(['31', '-1', 'long'])('for %s seconds is refused', async (wait) => {
    const answer = await submit(withModels(), {}, `?wait=${wait}`);

    expect(answer.body).toMatchObject({ status: 400, errors: [{ path: 'wait' }] });
  });
});

describe('a batch', () => {
  const send = ({ app }: TestApi, jobs: unknown) => request(app).post('/api/v1/jobs/batch').send({ jobs });

  test('of 1,000 jobs is stored in its order', async () => {
    const api = withModels();
    const jobs = Array.from({ length: 1000 }, (_, index) => ({
      model: 'obedient',
      params: { parts: (index % 9) + 1, symbols: [], busy_ms: 0, mode: 'sum' },
    }));

    const answer = await send(api, jobs);

    expect(answer.status).toBe(202);
    expect(answer.body.jobs).toHaveLength(1000);
    const third = await api.store.modelJobs.find(answer.body.jobs[2].job_id);
    expect(third?.params).toMatchObject({ parts: 3 });
  });

  test('may be larger than other bodies, up to its own limit', async () => {
    const api = withModels();
    const padded = (bytes: number) => [{ model: 'obedient', params: { symbols: ['X'.repeat(bytes)] } }];

    const large = await send(api, padded(500_000));
    const tooLarge = await send(api, padded(1_100_000));

    expect(large.status).not.toBe(413);
    expect(tooLarge.status).toBe(413);
    expect(tooLarge.body.detail).toContain('1000000');
  });

  test('with faults is told each at its place, and nothing is stored', async () => {
    const api = withModels();

    const answer = await send(api, [
      { model: 'obedient', params: {} },
      { model: 'astrology', params: {} },
      { model: 'obedient', params: { parts: 0 } },
      { model: 'obedient' },
    ]);

    expect(answer.status).toBe(400);
    expect(answer.body.errors.map(({ path }: { path: string }) => path)).toEqual([
      'jobs.1.model',
      'jobs.2.params.parts',
      'jobs.3.params',
    ]);
    expect(await api.store.modelJobs.list({ limit: 10 })).toEqual([]);
  });

  test('with one job whose history is missing names it, and nothing is stored', async () => {
    const api = withModels();

    const answer = await send(api, [
      { model: 'obedient', params: {} },
      { model: 'obedient', params: { symbols: ['NOPE'] } },
    ]);

    expect(answer.body).toMatchObject({ status: 404, detail: expect.stringMatching(/^jobs\.1: .*NOPE/) });
    expect(await api.store.modelJobs.list({ limit: 10 })).toEqual([]);
  });

  test.each([
    ['none', []],
    ['1,001', Array(1001).fill({ model: 'obedient', params: {} })],
  ])('of %s jobs is refused', async (_, jobs) => {
    expect((await send(withModels(), jobs)).status).toBe(400);
  });
});

describe('jobs', () => {
  test('are listed newest first, page by page, by status and model', async () => {
    const api = withModels();
    const ids: string[] = [];
    for (let index = 0; index < 3; index += 1) {
      ids.push((await submit(api)).body.job_id);
      api.pass(1000);
    }
    await complete(api);
    const list = (query: string) => request(api.app).get(`/api/v1/jobs?${query}`);

    const first = (await list('limit=2')).body;
    const rest = (await list(`limit=2&cursor=${first.next_cursor}`)).body;
    const done = (await list('status=completed&model=obedient')).body;
    const none = (await list('model=other')).body;

    const idsOf = ({ jobs }: { jobs: { job_id: string }[] }) => jobs.map(({ job_id }) => job_id);
    expect([...idsOf(first), ...idsOf(rest)]).toEqual([...ids].reverse());
    expect(rest.next_cursor).toBeNull();
    expect(idsOf(done)).toEqual([ids[0]]);
    expect(done.jobs[0]).not.toHaveProperty('result');
    expect(none).toEqual({ jobs: [], next_cursor: null });
  });

  test.each(['status=lost', 'limit=0', 'cursor=abc', 'colour=red'])('cannot be asked for by %s', async (query) => {
    expect((await request(withModels().app).get(`/api/v1/jobs?${query}`)).status).toBe(400);
  });

  test('are cancelled once; a final one is a conflict', async () => {
    const api = withModels();
    const { job_id: id } = (await submit(api)).body;

    const cancelled = await request(api.app).delete(`/api/v1/jobs/${id}`);
    const again = await request(api.app).delete(`/api/v1/jobs/${id}`);

    expect(cancelled.body).toMatchObject({ job_id: id, status: 'cancelled' });
    expect([again.status, again.body.code]).toEqual([409, 'CONFLICT']);
  });

  test.each([
    ['get', ''],
    ['delete', ''],
    ['get', '/events'],
    ['get', '/artifacts/result.json'],
  ] as const)('that are not there are 404 to %s %s', async (method, path) => {
    const answer = await request(withModels().app)[method](`/api/v1/jobs/${UNKNOWN}${path}`);

    expect([answer.status, answer.body.code]).toEqual([404, 'NOT_FOUND']);
  });
});

describe('a file of a job', () => {
  test('comes byte by byte, and a browser runs nothing of it', async () => {
    const api = withModels();
    await submit(api);
    const id = await complete(api);

    const answer = await request(api.app).get(`/api/v1/jobs/${id}/artifacts/report.html`);

    expect(answer.status).toBe(200);
    expect(answer.text).toBe('<p>é</p>');
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['content-security-policy']).toMatch(/default-src 'none'.*sandbox/);
    expect(answer.headers['content-security-policy']).not.toMatch(/script/);
    expect(answer.headers.etag).toMatch(/^"[0-9a-f]{64}"$/);
  });

  test('is 404 while the job has none, under another name and under a path', async () => {
    const api = withModels();
    const { job_id: id } = (await submit(api)).body;
    const file = (name: string) => request(api.app).get(`/api/v1/jobs/${id}/artifacts/${name}`);

    const early = await file('report.html');
    await complete(api);
    const other = await file('other.svg');
    const path = await file(encodeURIComponent('../../secret'));

    expect([early.status, other.status, path.status]).toEqual([404, 404, 400]);
    expect(early.body.detail).toContain('queued');
  });
});

describe('the events of a job', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
  });

  /** What the stream said so far. */
  function follow(port: number, id: string) {
    let text = '';
    let [isEnded, isComplete] = [false, false];
    const client = get({ port, path: `/api/v1/jobs/${id}/events`, headers: { 'last-event-id': '7' } }, (response) => {
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.once('close', () => {
        isEnded = true;
        isComplete = response.complete;
      });
    });
    client.on('error', () => undefined);
    return { text: () => text, isEnded: () => isEnded, isComplete: () => isComplete, leave: () => client.destroy() };
  }

  test('tell its state, then every change, and end with it', async () => {
    const api = withModels();
    const { job_id: id } = (await submit(api)).body;
    server = createServer(api.app).listen(0);
    const stream = follow((server.address() as AddressInfo).port, id);
    await eventually(() => stream.text().includes('"status":"queued"'));

    await complete(api);

    await eventually(() => stream.isEnded());
    expect(stream.text()).toMatch(/^retry: \d+\n\nid: 1\nevent: progress\ndata: \{.*"queued".*\}\n\n/);
    expect(stream.text()).toMatch(/event: end\ndata: \{.*"status":"completed","progress":1.*\}\n\n$/);
  });

  test('end properly when the server stops: they are not broken off', async () => {
    const api = withModels();
    const { job_id: id } = (await submit(api)).body;
    const http = httpServer({ dependencies: { ...api.dependencies, log: silentLog }, host: '127.0.0.1', port: 0 });
    await http.start();
    const stream = follow(http.port(), id);
    await eventually(() => stream.text().includes('"status":"queued"'));

    await http.stop();

    await eventually(() => stream.isEnded());
    expect(stream.isComplete()).toBe(true);
  });

  test('are looked up no more once the client is gone', async () => {
    const { store } = withModels();
    const [job] = (await store.modelJobs.create([aNewJob()], { graceSeconds: 10 })).jobs;
    const gone = new AbortController();
    const events = jobEvents(job!, { store, signal: gone.signal });
    await events.next();

    const next = events.next();
    gone.abort();

    expect(await next).toEqual({ done: true, value: undefined });
  });
});
