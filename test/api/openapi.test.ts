import request from 'supertest';
import { z } from 'zod';
import { statusOf } from '../../src/api/errors';
import { routesOf } from '../../src/api/routes';
import { anApi, NOON } from '../support/api';
import { aPriceEvent } from '../support/price-events';

const routes = routesOf('1.2.3');
const documentOf = async () => (await request(anApi().app).get('/openapi.json')).body;
const named = routes.map((route) => [`${route.method} ${route.path}`, route] as const);

/** Every route of the contract that this part of the product answers. */
const CONTRACT = [
  'delete /prices/poll/{job_id}',
  'get /',
  'get /docs',
  'get /health',
  'get /healthz',
  'get /latest-price/{ticker}',
  'get /openapi.json',
  'get /prices/average',
  'get /prices/history',
  'get /prices/latest',
  'get /prices/poll',
  'get /prices/poll/{job_id}',
  'get /prices/test-db',
  'get /readyz',
  'get /redoc',
  'get /test-db',
  'get /tickers',
  'get /tickers/{symbol}',
  'patch /prices/poll/{job_id}',
  'post /prices/poll',
  'post /prices/poll/{job_id}/run',
  'post /trigger-update/{ticker}',
];

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
function tried(parameters: readonly Parameter[], path: string, jobId: string): string {
  const examples = parameters.flatMap(({ name, in: place, schema }) => {
    const example = name === 'job_id' ? jobId : (schema.example ?? schema.default);
    return example === undefined ? [] : [{ name, place, example: String(example) }];
  });
  const query = examples.filter(({ place }) => place === 'query');
  const filled = examples
    .filter(({ place }) => place === 'path')
    .reduce((text, { name, example }) => text.replace(`{${name}}`, example), path);
  return `${filled}?${new URLSearchParams(query.map(({ name, example }) => [name, example] as [string, string]))}`;
}

test('every operation works as "Try it out" sends it', async () => {
  const { app, vendor, dependencies } = anApi(({ defaults }) => ({
    defaults: { ...defaults, movingAverageWindow: 1 },
  }));
  const document = (await request(app).get('/openapi.json')).body;
  for (const symbol of ['AAPL', 'MSFT']) vendor.quote(symbol, 100, NOON);
  const fetched = await request(app).get('/prices/latest?symbol=AAPL');
  const { timestamp, fetched_at } = fetched.body;
  await dependencies.store.prices.insert([
    aPriceEvent({ observedAt: new Date(timestamp), fetchedAt: new Date(fetched_at) }),
  ]);

  for (const [name, route] of named) {
    const { body: made } = await request(app)
      .post('/prices/poll')
      .send({ symbols: ['AAPL'] });
    const operation = document.paths[route.path][route.method];
    const reference = operation.requestBody?.content['application/json'].schema.$ref.split('/').at(-1);
    const body = reference && document.components.schemas[reference].example;

    const answer = await request(app)
      [route.method](tried(operation.parameters ?? [], route.path, made.job_id))
      .send(body);

    expect([name, answer.status]).toEqual([name, Number(Object.keys(route.answers)[0])]);
    const schema = route.answers[answer.status]?.content?.['application/json']?.schema;
    if (schema) expect([name, schema.safeParse(answer.body).error]).toEqual([name, undefined]);
  }
});
