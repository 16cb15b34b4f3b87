import request from 'supertest';
import { z } from 'zod';
import { statusOf } from '../../src/api/errors';
import type { Route } from '../../src/api/route';
import { routesOf } from '../../src/api/routes';
import type { Artifacts } from '../../src/artifacts/artifacts';
import { MODELS } from '../../src/models';
import { anApi, NOON, type TestApi } from '../support/api';
import { storeKey, TEST_SECRET } from '../support/api-keys';
import { aBar } from '../support/bars';
import { aNewJob } from '../support/model-jobs';
import { aPriceEvent } from '../support/price-events';

const routes = routesOf('1.2.3', MODELS);
const documentOf = async () => (await request(anApi().app).get('/openapi.json')).body;
const named = routes.map((route) => [`${route.method} ${route.path}`, route] as const);

/** Every route of the contract that this part of the product answers. */
const CONTRACT = [
  'delete /api/v1/keys/{key_id}',
  'get /api/v1/audit',
  'get /api/v1/keys',
  'post /api/v1/keys',
  'post /api/v1/keys/{key_id}/rotate',
  'post /api/v1/tickets',
  'delete /api/v1/jobs/{job_id}',
  'delete /prices/poll/{job_id}',
  'get /',
  'get /api/v1/jobs',
  'get /api/v1/jobs/{job_id}',
  'get /api/v1/jobs/{job_id}/artifacts/{name}',
  'get /api/v1/jobs/{job_id}/events',
  'get /asyncapi',
  'get /asyncapi.json',
  'get /corporate-actions/{symbol}',
  'get /docs',
  'get /health',
  'get /healthz',
  'get /latest-price/{ticker}',
  'get /metrics',
  'get /news',
  'get /ohlcv/{symbol}',
  'get /ohlcv/{symbol}/quarantine',
  'get /ohlcv/{symbol}/revisions',
  'get /openapi.json',
  'get /prices/average',
  'get /prices/history',
  'get /prices/latest',
  'get /prices/poll',
  'get /prices/poll/{job_id}',
  'get /prices/stream',
  'get /prices/test-db',
  'get /readyz',
  'get /redoc',
  'get /symbols',
  'get /symbols/{symbol}',
  'get /test-db',
  'get /tickers',
  'get /tickers/{symbol}',
  'patch /prices/poll/{job_id}',
  'post /api/v1/jobs/batch',
  ...MODELS.map(({ name }) => `post /api/v1/${name}`),
  'post /prices/poll',
  'post /prices/poll/{job_id}/run',
  'post /trigger-update/{ticker}',
].sort();

test('the document is OpenAPI 3.1 with every route of the contract and no other', async () => {
  const document = await documentOf();

  const documented = Object.entries<object>(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method} ${path}`),
  );
  expect(document.openapi).toBe('3.1.0');
  expect(document.info).toMatchObject({ title: 'tickwire', version: '1.2.3' });
  expect(documented.sort()).toEqual(CONTRACT);
  expect(named.map(([name]) => name).sort()).toEqual(CONTRACT);
});

test('every reference in it leads somewhere, and every operation has its own id', async () => {
  const document = await documentOf();

  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
    ([, name]) => name!,
  );
  const operations = Object.values<Record<string, { operationId: string }>>(document.paths).flatMap((item) =>
    Object.values(item).map(({ operationId }) => operationId),
  );
  expect(references.length).toBeGreaterThan(10);
  for (const name of references) expect(document.components.schemas).toHaveProperty(name);
  expect(new Set(operations).size).toBe(operations.length);
});

test.each(named)('%s says what it is for, what it takes and what can go wrong', async (_name, route) => {
  const { paths } = await documentOf();
  const operation = paths[route.path][route.method];

  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
  const parameters: { name: string; in: string; required: boolean }[] = operation.parameters ?? [];
  const statuses = Object.keys(operation.responses).map(Number);
  expect(operation.summary.length).toBeGreaterThan(5);
  expect(parameters.filter((each) => each.in === 'path').map(({ name }) => name)).toEqual(inPath);
  for (const code of [...route.problems, 'INVALID_INPUT', 'INTERNAL'] as const) {
    const response = operation.responses[statusOf(code)];
    expect(Object.keys(response.content)).toEqual(['application/problem+json']);
    expect(response.content['application/problem+json'].examples).toHaveProperty(code);
  }
  expect(statuses.filter((status) => status < 300).map(String)).toEqual(Object.keys(route.answers));
});

test('what is validated is what is documented', async () => {
  const { paths, components } = await documentOf();
  const parameter = (path: string, name: string) =>
    paths[path].get.parameters.find((each: { name: string }) => each.name === name);

  expect(components.schemas.PollRequest).toMatchObject({
    type: 'object',
    required: ['symbols'],
    additionalProperties: false,
    properties: { symbols: { minItems: 1, maxItems: 100 }, interval: { type: 'integer', minimum: 1, maximum: 86_400 } },
  });
  expect(parameter('/prices/average', 'window')).toMatchObject({
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: 500 },
  });
  expect(parameter('/prices/latest', 'max_age').schema).toMatchObject({ type: 'integer', default: 300 });
  expect(parameter('/prices/latest', 'symbols').schema).toMatchObject({ type: 'string' });
  expect(parameter('/prices/history', 'start').schema).toMatchObject({ type: 'string', format: 'date-time' });
});

test('examples fit the schemas they stand beside', () => {
  const schemas = routes.flatMap((route) => [
    ...(route.request.body ? [route.request.body] : []),
    ...Object.values(route.answers).flatMap(({ content = {} }) => Object.values(content).map(({ schema }) => schema)),
  ]);
  const withExamples = schemas.flatMap(parts).flatMap((schema) => {
    const example = z.globalRegistry.get(schema)?.example;
    return example === undefined ? [] : [{ schema, example }];
  });

  expect(withExamples.length).toBeGreaterThanOrEqual(4);
  for (const { schema, example } of withExamples) expect(schema.safeParse(example).error).toBeUndefined();
});

function parts(schema: z.ZodType): z.ZodType[] {
  return schema instanceof z.ZodUnion ? schema.options.filter((option) => option instanceof z.ZodType) : [schema];
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: { readonly example?: unknown; readonly default?: unknown };
}

/** The address "Try it out" sends to: the examples of the parameters, filled in. */
function tried(parameters: readonly Parameter[], path: string, ids: Readonly<Record<string, string>>): string {
  const examples = parameters.flatMap(({ name, in: place, schema }) => {
    const example = ids[name] ?? schema.example ?? schema.default;
    return example === undefined ? [] : [{ name, place, example: String(example) }];
  });
  const query = examples.filter(({ place }) => place === 'query');
  const filled = examples
    .filter(({ place }) => place === 'path')
    .reduce((text, { name, example }) => text.replace(`{${name}}`, example), path);
  return `${filled}?${new URLSearchParams(query.map(({ name, example }) => [name, example] as [string, string]))}`;
}

/** A job as the route wants one: a queued one to cancel, a completed one to read, the polling job for all others. */
async function jobIdFor({ store, dependencies }: TestApi, route: Route, pollJobId: string): Promise<string> {
  if (!route.path.startsWith('/api/v1/jobs')) return pollJobId;
  const { jobId } = (await store.modelJobs.create([aNewJob()], { graceSeconds: 60 })).jobs[0]!;
  if (route.method === 'delete') return jobId;
  const claim = { owner: 'test', leaseSeconds: 60, maxRunning: 100, limit: 1, wanted: [jobId] };
  const [claimed] = await store.modelJobs.claim(claim);
  const file = { name: 'result.json', contentType: 'application/json', body: Buffer.from('{}') };
  const artifacts = await (dependencies.artifacts as Artifacts).save(jobId, claimed!.fence, [file]);
  await store.modelJobs.complete(
    { jobId, fence: claimed!.fence },
    { result: {}, metrics: {}, warnings: [], artifacts },
  );
  return jobId;
}

/** A bar for every symbol that an example of a model asks for. */
async function saveHistoryOfExamples({ store }: TestApi): Promise<void> {
  const needs = MODELS.flatMap((model) =>
    model.examples.flatMap(({ params }) => model.historyOf(model.parameters.parse(params)) ?? []),
  );
  for (const { symbols, start, end } of needs) {
    const middle = new Date((Date.parse(start) + Date.parse(end)) / 2).toISOString().slice(0, 10);
    for (const symbol of symbols) await store.bars.save([aBar({ symbol, date: middle })], []);
  }
}

test('every operation works as "Try it out" sends it', async () => {
  const api = anApi(({ defaults, security }) => ({
    defaults: { ...defaults, movingAverageWindow: 1 },
    security: { ...security, apiKeySecret: TEST_SECRET },
  }));
  const admin = await storeKey(api.store.apiKeys, { scopes: ['admin'] });
  const { app, vendor, dependencies } = api;
  const document = (await request(app).get('/openapi.json')).body;
  for (const symbol of ['AAPL', 'MSFT']) vendor.quote(symbol, 100, NOON);
  const fetched = await request(app).get('/prices/latest?symbol=AAPL');
  const { timestamp, fetched_at } = fetched.body;
  await dependencies.store.prices.insert([
    aPriceEvent({ observedAt: new Date(timestamp), fetchedAt: new Date(fetched_at) }),
  ]);
  await dependencies.store.bars.save([aBar()], []);
  await saveHistoryOfExamples(api);

  // A stream of prices has no end to wait for: test/live/stream.test.ts reads it.
  for (const [name, route] of named.filter(([, { path }]) => path !== '/prices/stream')) {
    const { body: made } = await request(app)
      .post('/prices/poll')
      .send({ symbols: ['AAPL'] });
    const operation = document.paths[route.path][route.method];
    const reference = operation.requestBody?.content['application/json'].schema.$ref.split('/').at(-1);
    const body = reference && document.components.schemas[reference].example;

    const { keyId } = await storeKey(api.store.apiKeys, { scopes: ['prices:read'] });
    const ids = { job_id: await jobIdFor(api, route, made.job_id), key_id: keyId };

    const answer = await request(app)
      [route.method](tried(operation.parameters ?? [], route.path, ids))
      .set(route.access === 'admin' ? { 'x-api-key': admin.text } : {})
      .send(body);

    expect([name, Object.keys(route.answers)]).toEqual([name, expect.arrayContaining([String(answer.status)])]);
    const schema = route.answers[answer.status]?.content?.['application/json']?.schema;
    if (schema) expect([name, schema.safeParse(answer.body).error]).toEqual([name, undefined]);
  }
});
