import { z } from 'zod';
import { json } from '../answer';
import { problemAnswer } from '../errors';
import { healthOf, healthSchema, isReady } from '../health';
import { homePage } from '../home-page';
import { defineRoute } from '../route';

const LINKS = {
  docs: '/docs',
  redoc: '/redoc',
  openapi: '/openapi.json',
  asyncapi: '/asyncapi',
  health: '/health',
  latest: '/prices/latest?symbol=AAPL',
  tickers: '/tickers',
  polling: '/prices/poll',
} as const;

const DATABASE_DOWN = 'the database does not answer; try again in a moment';

const home = defineRoute({
  method: 'get',
  path: '/',
  access: 'public',
  tag: 'service',
  summary: 'What this service is, and where to go; a page of moving prices for a browser',
  request: {},
  answers: {
    200: {
      description: 'The service',
      content: {
        'application/json': {
          schema: z
            .object({
              name: z.literal('tickwire'),
              version: z.string(),
              status: z.literal('ok'),
              links: z.record(z.string(), z.string()),
            })
            .meta({ id: 'Service' }),
        },
        'text/html': { schema: z.string() },
      },
    },
  },
  problems: [],
  handle: (_input, { version }, exchange) => {
    if (exchange.prefer(['application/json', 'text/html']) === 'text/html') return homePage(version, LINKS);
    return json({ name: 'tickwire', version, status: 'ok', links: LINKS }, 200, { Vary: 'Accept' });
  },
});

const alive = defineRoute({
  method: 'get',
  path: '/healthz',
  access: 'probe',
  tag: 'service',
  summary: 'Alive: the process answers',
  request: {},
  answers: {
    200: {
      description: 'Alive',
      content: { 'application/json': { schema: z.object({ status: z.literal('ok') }) } },
    },
  },
  problems: [],
  handle: () => json({ status: 'ok' }),
});

const ready = defineRoute({
  method: 'get',
  path: '/readyz',
  access: 'probe',
  tag: 'service',
  summary: 'Ready: the database answers, without which nothing is served for long',
  request: {},
  answers: {
    200: {
      description: 'Ready',
      content: { 'application/json': { schema: z.object({ status: z.literal('ready') }) } },
    },
  },
  problems: ['STORE_UNAVAILABLE'],
  handle: async (_input, context, { requestId }) =>
    (await isReady(context)) ? json({ status: 'ready' }) : databaseDown(requestId),
});

const health = defineRoute({
  method: 'get',
  path: '/health',
  access: 'prices:read',
  tag: 'service',
  summary: 'The service, what it depends on, and how far its consumers are',
  description:
    '`degraded` while the cache or Kafka is away: prices are still served. 503 with the same members while the database is away.',
  request: {},
  answers: { 200: { description: 'Its health', content: { 'application/json': { schema: healthSchema } } } },
  problems: ['STORE_UNAVAILABLE'],
  handle: async (_input, context, { requestId }) => {
    const found = await healthOf(context);
    return found.dependencies.database.status === 'up' ? json(found) : databaseDown(requestId, found);
  },
});

const databaseRoutes = ['/test-db', '/prices/test-db'].map((path) =>
  defineRoute({
    method: 'get',
    path,
    access: 'prices:read',
    tag: 'service',
    summary: 'Whether the database answers',
    request: {},
    answers: {
      200: {
        description: 'It does',
        content: { 'application/json': { schema: z.object({ status: z.literal('connected') }) } },
      },
    },
    problems: ['STORE_UNAVAILABLE'],
    handle: async (_input, context, { requestId }) =>
      (await isReady(context)) ? json({ status: 'connected' }) : databaseDown(requestId),
  }),
);

export const serviceRoutes = [home, alive, ready, health, ...databaseRoutes];

function databaseDown(requestId: string, members: Readonly<Record<string, unknown>> = {}) {
  const headers = { 'Retry-After': '1' };
  return problemAnswer({ code: 'STORE_UNAVAILABLE', detail: DATABASE_DOWN, requestId, headers, members });
}
