import { createServer, type RequestListener } from 'node:http';
import fc from 'fast-check';
import request from 'supertest';
import { appOf } from '../../src/api/app';
import { openContext } from '../../src/api/context';
import { hotPath } from '../../src/api/hot-path';
import type { Log } from '../../src/platform/log';
import { anApi, down, NOON } from '../support/api';
import { aPriceEvent } from '../support/price-events';

const SAME_HEADERS = [
  'content-type',
  'content-length',
  'cache-control',
  'x-content-type-options',
  'x-request-id',
  'retry-after',
  'ratelimit',
  'ratelimit-policy',
  'vary',
  'access-control-allow-origin',
  'access-control-expose-headers',
];

/** The two ways in over one context. */
function ways(changes: Parameters<typeof anApi>[0] = undefined) {
  const api = anApi(changes);
  const never = new AbortController().signal;
  const context = openContext(api.dependencies, { stopping: never, ended: never });
  const hot = hotPath(context);
  const hotOnly: RequestListener = (incoming, response) => {
    if (!hot(incoming, response)) response.writeHead(421).end();
  };
  return { api, hot: createServer(hotOnly), express: createServer(appOf(context)) };
}

async function answerOf(server: ReturnType<typeof createServer>, path: string, headers: Record<string, string>) {
  const {
    status,
    text,
    headers: answered,
  } = await request(server)
    .get(path)
    .set({ 'X-Request-Id': 'same', ...headers });
  return { status, text, headers: SAME_HEADERS.map((name) => answered[name]) };
}

const HOT = [
  '/prices/latest?symbol=FRESH',
  '/prices/latest?symbol=FRESH&provider=fixture',
  '/prices/latest?symbol=FRESH&provider=made-up',
  '/prices/latest?symbol=CLOSED',
  '/prices/latest?symbol=TABLE',
  '/prices/latest?symbol=NONE',
  '/prices/latest?symbol=FRESH&provider=nobody',
  '/prices/latest?symbol=FRESH&provider=keyless',
  '/prices/latest?symbol=FRESH&provider=constructor',
  '/prices/latest?symbol=BRK.B',
  '/prices/latest?symbol=^GSPC',
];

test.each(HOT)('%s is answered alike before and by Express', async (path) => {
  const { api, hot, express } = ways();
  const at = (symbol: string, seconds: number) =>
    aPriceEvent({ symbol, observedAt: new Date(NOON.getTime() - seconds * 1000), fetchedAt: NOON });
  await api.cache.writeLatest([{ event: at('FRESH', 3) }, { event: at('CLOSED', 9000) }, { event: at('^GSPC', 3) }]);
  await api.store.prices.insert([at('TABLE', 3)]);
  await request(hot).get('/prices/latest?symbol=TABLE');

  const [first, second] = [await answerOf(hot, path, {}), await answerOf(express, path, {})];

  expect(first.status).not.toBe(421);
  expect(second).toEqual(first);
});

test('outages are told alike before and by Express', async () => {
  const { hot, express } = ways(({ store, cache }) => ({
    store: down(store, 'STORE_UNAVAILABLE').part,
    cache: down(cache, 'CACHE_UNAVAILABLE').part,
  }));

  const [first, second] = [await answerOf(hot, HOT[0]!, {}), await answerOf(express, HOT[0]!, {})];

  expect(first.status).toBe(503);
  expect(second).toEqual(first);
});

test('limits and origins are told alike before and by Express', async () => {
  const { api, hot, express } = ways(({ security }) => ({
    security: { ...security, rateLimitPerMinute: 2, trustProxy: 1, allowedOrigins: ['https://page.example'] },
  }));
  await api.cache.writeLatest([{ event: aPriceEvent({ symbol: 'FRESH', observedAt: NOON }) }]);
  const askedOf = async (server: typeof hot, address: string) => {
    const headers = { 'X-Forwarded-For': address, Origin: 'https://page.example' };
    return [
      await answerOf(server, HOT[0]!, headers),
      await answerOf(server, HOT[0]!, {}),
      await answerOf(server, HOT[0]!, headers),
      await answerOf(server, HOT[0]!, headers),
    ];
  };

  const [first, second] = [await askedOf(hot, '198.51.100.1'), await askedOf(express, '198.51.100.2')];

  expect(first.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
  expect(second.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
  expect([second[0], second[3]]).toEqual([first[0], first[3]]);
  expect(first[0]?.headers).toEqual(expect.arrayContaining(['"requests";r=1;t=60', 'Origin', 'https://page.example']));
});

test('with a limit a price that the cache has costs one read of it, begun beside the limit', async () => {
  const calls: string[] = [];
  const { api, hot } = ways(({ cache, security }) => ({
    security: { ...security, rateLimitPerMinute: 9 },
    cache: {
      ...cache,
      readLatest: (...asked) => {
        calls.push('read');
        return cache.readLatest(...asked);
      },
      takeAllowance: async (...asked) => {
        calls.push('take');
        const taken = await cache.takeAllowance(...asked);
        calls.push('taken');
        return taken;
      },
    },
  }));
  await api.cache.writeLatest([{ event: aPriceEvent({ symbol: 'FRESH', observedAt: NOON }) }]);

  const { status } = await request(hot).get(HOT[0]!);

  expect(status).toBe(200);
  expect(calls).toEqual(['read', 'take', 'taken']);
});

test('any query is either left to Express or answered as Express answers it', async () => {
  const { api, hot, express } = ways();
  await api.cache.writeLatest([{ event: aPriceEvent({ observedAt: NOON }) }]);
  const piece = fc.constantFrom(
    'symbol=',
    'symbols=',
    'AAPL',
    'aapl',
    '&',
    '=',
    '%41',
    '+',
    '%20',
    'provider=',
    'fixture',
    '?',
    '#',
    '&max_age=1',
    '"',
    '^',
    '__proto__',
  );
  const query = fc.array(piece, { maxLength: 7 }).map((pieces) => `/prices/latest?${pieces.join('')}`);
  let taken = 0;

  await fc.assert(
    fc.asyncProperty(fc.oneof(query, fc.constant('/prices/latest?symbol=AAPL')), async (path) => {
      const first = await answerOf(hot, path, {});
      if (first.status === 421) return;
      taken += 1;

      expect(await answerOf(express, path, {})).toEqual(first);
    }),
    { numRuns: 150 },
  );
  expect(taken).toBeGreaterThan(10);
});

test('other methods and forms are left to Express', async () => {
  const { hot } = ways();

  const left = [
    await request(hot).head(HOT[0]!),
    await request(hot).post(HOT[0]!),
    await request(hot).get('/prices/latest?symbol=FRESH&max_age=5'),
    await request(hot).get('/prices/latest?symbols=FRESH'),
    await request(hot).get('/prices/latest?symbol=FRESH&symbol=B'),
    await request(hot).get('/prices/latest/?symbol=FRESH'),
    await request(hot).get(`/prices/latest?symbol=${'A'.repeat(33)}`),
    await request(hot).get('/prices/latest?symbol=FRESH\u0000'.replace('\u0000', '%00')),
  ];

  expect(left.map(({ status }) => status)).toEqual(left.map(() => 421));
});

test('a hit is a debug line, so that the log does not cost more than the answer', async () => {
  const levels: string[] = [];
  const note = (level: string) => () => levels.push(level);
  const log: Log = {
    debug: note('debug'),
    info: note('info'),
    warn: note('warn'),
    error: note('error'),
    child: () => log,
    isLevelEnabled: () => true,
  };
  const { api, hot } = ways(() => ({ log }));
  await api.cache.writeLatest([{ event: aPriceEvent({ observedAt: NOON }) }]);

  await request(hot).get('/prices/latest?symbol=AAPL');

  expect(levels).toEqual(['debug']);
});
