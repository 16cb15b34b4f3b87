import { httpServer } from '../../src/api/server';
import { ApiError, createClient, streamPrices, UNEXPECTED_ANSWER, waitForJob } from '../../src/client';
import { type ApiStandIn, openApiStandIn, REQUEST_ID } from '../cli/api-stand-in';
import { anApi, NOON } from '../support/api';
import { eventually } from '../support/eventually';
import { aPriceEvent } from '../support/price-events';

const JOB_ID = '3f6d0c52-8a4e-4c8e-9a53-5a1de3f0b7c4';
const ofJob = { params: { path: { job_id: JOB_ID } } };
const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function aRealApi() {
  const api = anApi();
  const server = httpServer({ dependencies: api.dependencies, host: '127.0.0.1', port: 0 });
  await server.start();
  stops.push(() => server.stop());
  return { ...api, client: createClient({ baseUrl: `http://127.0.0.1:${server.port()}` }) };
}

async function aStandIn() {
  const api: ApiStandIn = await openApiStandIn();
  stops.push(() => api.close());
  return api;
}

async function refusalOf(request: Promise<unknown>): Promise<ApiError> {
  const error = await request.then(() => undefined).catch((thrown: unknown) => thrown);
  if (error instanceof ApiError) return error;
  throw new Error(`expected an ApiError, got ${error}`);
}

test('what the API answers comes typed, and undefined parameters are left out', async () => {
  const { client, vendor } = await aRealApi();
  vendor.quote('AAPL', 231.07, NOON);
  const noProvider: string | undefined = undefined;

  const made = await client.post('/prices/poll', { body: { symbols: ['AAPL'], provider: noProvider } });
  const { job_id } = made;
  const latest = await client.get('/prices/latest', { params: { query: { symbol: 'AAPL', provider: noProvider } } });
  const changed = await client.patch('/prices/poll/{job_id}', { params: { path: { job_id } }, body: { interval: 30 } });
  const removed: undefined = await client.delete('/prices/poll/{job_id}', { params: { path: { job_id } } });

  expect('price' in latest && latest.price).toBe(231.07);
  expect(changed.interval).toBe(30);
  expect(removed).toBeUndefined();
});

test('a wrong request does not compile', () => {
  const client = createClient({ baseUrl: 'http://127.0.0.1:1' });
  const wrong = () => [
    // @ts-expect-error there is no such route
    client.get('/prices/latests'),
    // @ts-expect-error a job has an id
    client.get('/prices/poll/{job_id}'),
    // @ts-expect-error the symbols are missing
    client.post('/prices/poll', { body: { interval: 1 } }),
    // @ts-expect-error an interval is a number
    client.post('/prices/poll', { body: { symbols: [], interval: 'often' } }),
    // @ts-expect-error there is no such parameter
    client.get('/prices/latest', { params: { query: { ticker: 'AAPL' } } }),
  ];

  expect(wrong).toBeInstanceOf(Function);
});

test('a problem becomes an error with code, detail, faults, request id and how long to wait', async () => {
  const api = await aStandIn();
  const errors = [{ path: 'symbol', message: 'expected a symbol' }, 'no fault'];
  const problem = { title: 'T', detail: 'try later', code: 'PROVIDER_RATE_LIMITED', instance: REQUEST_ID, errors };
  api.answer(429, problem, { 'retry-after': '7' });

  const error = await refusalOf(createClient({ baseUrl: api.url }).get('/tickers'));

  expect(error).toMatchObject({
    status: 429,
    code: 'PROVIDER_RATE_LIMITED',
    detail: 'try later',
    faults: [errors[0]],
    requestId: REQUEST_ID,
    retryAfterMs: 7000,
    message: 'try later (symbol: expected a symbol)',
    body: problem,
  });
});

test('a status without a problem says where it came from', async () => {
  const api = await aStandIn();
  api.answer(502, '<html>Bad Gateway</html>');

  const error = await refusalOf(createClient({ baseUrl: api.url }).get('/tickers'));

  expect(error).toMatchObject({ status: 502, code: 'HTTP_502', message: `the API at ${api.url} answered 502` });
});

test.each([
  ['JSON of another program', (api: ApiStandIn) => api.answerAsAnotherProgram({ hello: 'world' })],
  ['a page', (api: ApiStandIn) => api.answer(200, '<html></html>')],
  ['nothing', (api: ApiStandIn) => api.answer(200, null)],
])('%s is no answer of the API', async (_, answer) => {
  const api = await aStandIn();
  answer(api);

  expect(await refusalOf(createClient({ baseUrl: api.url }).get('/tickers'))).toMatchObject({
    code: UNEXPECTED_ANSWER,
    status: 200,
  });
});

test('headers go with every request, a path before the routes is kept, and fetch can be replaced', async () => {
  const api = await aStandIn();
  api.answer(200, {});
  const asked: string[] = [];
  const client = createClient({
    baseUrl: `${api.url}/tickwire/`,
    headers: { 'x-api-key': 'k' },
    fetch: (request) => {
      asked.push(request.url);
      return fetch(request);
    },
  });

  await client.get('/tickers/{symbol}', { params: { path: { symbol: 'BTC/USD' } } });

  expect(asked).toEqual([`${api.url}/tickwire/tickers/BTC%2FUSD`]);
  expect(api.seen[0]?.headers).toMatchObject({ 'x-api-key': 'k', accept: 'application/json' });
});

test('a key goes with every request, streams and files included, and never in an address', async () => {
  const api = await aStandIn();
  api.answer(200, {});
  const client = createClient({ baseUrl: api.url, apiKey: 'tw_k3v9x0a1b2c3_secret-of_it' });

  await client.get('/tickers');
  await client.post('/prices/poll', { body: { symbols: ['AAPL'] } });
  await client.open('/prices/stream', { headers: { accept: 'text/event-stream' } });

  const sent = api.seen.map(({ headers }) => headers.authorization);
  expect(sent).toEqual(Array.from({ length: 3 }, () => 'Bearer tw_k3v9x0a1b2c3_secret-of_it'));
  expect(api.seen.map(({ url }) => url).join()).not.toContain('tw_');
});

test.each([['tw_a_b\r\nx-other: 1'], ['tw_abc_\u00e9'], ['']])(
  'a key that is none is refused and not quoted',
  (apiKey) => {
    const make = () => createClient({ baseUrl: 'http://127.0.0.1:1', apiKey });

    expect(make).toThrow(
      /^apiKey: expected a key as the service gives it, tw_<id>_<secret>; what was given has not that form$/,
    );
  },
);

test('waiting for a job ends with the job, and tells how far it is until then', async () => {
  const api = await aStandIn();
  api.answer(200, { job_id: JOB_ID, status: 'running', progress: 0.5 });
  const seen: number[] = [];
  const waiting = waitForJob(createClient({ baseUrl: api.url }), JOB_ID, {
    onProgress: ({ progress }) => {
      seen.push(progress);
      api.answer(200, { job_id: JOB_ID, status: 'failed', progress: 0.75 });
    },
  });

  expect((await waiting).status).toBe('failed');
  expect(seen).toEqual([0.5, 0.75]);
});

test('waiting for a job ends at once when it is no longer wanted', async () => {
  const api = await aStandIn();
  api.answer(200, { job_id: JOB_ID, status: 'running', progress: 0.5 });
  const stop = new AbortController();
  const waiting = waitForJob(createClient({ baseUrl: api.url }), JOB_ID, { signal: stop.signal });

  await eventually(() => api.seen.length > 0);
  stop.abort(new Error('enough'));

  await expect(waiting).rejects.toThrow('enough');
  expect(api.seen).toHaveLength(1);
});

test('stored prices come as one stream, however many', async () => {
  const { client, store } = await aRealApi();
  const events = Array.from({ length: 2500 }, (_, sequence) => aPriceEvent({ sequence, price: 1 + sequence }));
  await store.prices.insert(events);

  const read: number[] = [];
  for await (const point of streamPrices(client, { symbol: 'AAPL' })) read.push(point.price);

  expect(read).toEqual(events.map(({ price }) => price));
});

test('what is opened is checked like any other answer, and left unread', async () => {
  const { client } = await aRealApi();

  const missing = await refusalOf(client.open('/api/v1/jobs/{job_id}', ofJob));
  const page = await client.open('/docs', { headers: { accept: 'text/html' } });

  expect(missing).toMatchObject({ code: 'NOT_FOUND', status: 404 });
  expect(page.bodyUsed).toBe(false);
  expect(await page.text()).toContain('<html');
});
