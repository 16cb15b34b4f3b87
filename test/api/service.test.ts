import request from 'supertest';
import { healthSchema } from '../../src/api/health';
import { priceEvents } from '../../src/bus/topics';
import { anApi, down, NOON } from '../support/api';
import { aPriceEvent } from '../support/price-events';

test('the root is information for a program and a page for a browser', async () => {
  const { app } = anApi();

  const forProgram = await request(app).get('/');
  const forBrowser = await request(app).get('/').set('Accept', 'text/html,application/xhtml+xml,*/*;q=0.8');

  expect(forProgram.body).toMatchObject({ name: 'tickwire', version: '1.2.3', status: 'ok', links: { docs: '/docs' } });
  expect(forBrowser.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(forBrowser.text).toContain('1.2.3');
  expect(forBrowser.headers.vary).toBe('Accept');
});

test('every link of the root leads somewhere', async () => {
  const { app, store } = anApi();
  await store.prices.insert([aPriceEvent({ observedAt: NOON })]);
  const { links } = (await request(app).get('/')).body;

  for (const path of Object.values<string>(links)) {
    expect([path, (await request(app).get(path)).status]).toEqual([path, 200]);
  }
});

test('pages load nothing from elsewhere, and run no script but their own', async () => {
  const { app } = anApi();

  const home = await request(app).get('/').set('Accept', 'text/html');
  const docs = await request(app).get('/docs');
  const redoc = await request(app).get('/redoc');

  const loading = /<(?!a\s)[^>]*(src|href)=["'](https?:)?\/\//;
  for (const { text } of [home, docs, redoc]) expect(text).not.toMatch(loading);
  expect(home.headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self'; style-src 'self';/);
  expect(home.headers['content-security-policy']).not.toContain('unsafe');
  for (const { headers } of [docs, redoc]) expect(headers['content-security-policy']).toContain("script-src 'self';");
});

test('the docs pages find their scripts here', async () => {
  const { app } = anApi();
  const pages = [await request(app).get('/docs'), await request(app).get('/docs/'), await request(app).get('/redoc')];

  for (const { status, text } of pages) {
    const assets = [...text.matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css|png))"/g)].map(([, path]) => path!);
    expect(status).toBe(200);
    expect(assets.length).toBeGreaterThan(0);
    for (const path of assets) expect([path, (await request(app).head(path)).status]).toEqual([path, 200]);
  }
  expect((await request(app).get('/docs/swagger-ui-init.js')).text).toContain('/openapi.json');
});

test('the live page finds its script and style here, under names that may be kept for ever', async () => {
  const { app } = anApi();
  const { text } = await request(app).get('/').set('Accept', 'text/html');
  const paths = [...text.matchAll(/(?:src|href)="(\/page\/[^"]+)"/g)].map(([, path]) => path!);

  expect(paths).toEqual([
    expect.stringMatching(/^\/page\/page-[0-9a-f]{16}\.css$/),
    expect.stringMatching(/^\/page\/page-[0-9a-f]{16}\.js$/),
  ]);
  for (const path of paths) {
    const { status, headers } = await request(app).get(path).set('Accept-Encoding', 'gzip');
    expect([path, status, headers['content-encoding']]).toEqual([path, 200, 'gzip']);
    expect(headers['cache-control']).toContain('immutable');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-type']).toMatch(/^text\/(css|javascript)/);
  }
  expect((await request(app).get(paths[0]!.replace(/-[0-9a-f]+/, '-0000000000000000'))).status).toBe(404);
});

test('dead letters and published records are counted', async () => {
  const { app, dependencies } = anApi();
  await dependencies.bus.publish([
    { topic: 'dead-letters', key: 'AAPL', value: 'no event' },
    { topic: 'symbol-averages', key: 'AAPL', value: '{}' },
  ]);

  const { body } = await request(app).get('/health');

  expect(body.dead_letters).toEqual({ records: 1 });
  expect(body.topics).toContainEqual({ name: 'symbol-averages', published: 1 });
});

test('answers that are no page allow a browser nothing', async () => {
  const answer = await request(anApi().app).get('/healthz');

  expect(answer.headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  expect(answer.headers['x-powered-by']).toBeUndefined();
});

test('with all there, it is alive, ready, healthy and connected', async () => {
  const { app, dependencies } = anApi();
  await dependencies.bus.publish([priceEvents.message(aPriceEvent())]);

  const health = await request(app).get('/health');

  expect((await request(app).get('/healthz')).body).toEqual({ status: 'ok' });
  expect((await request(app).get('/readyz')).body).toEqual({ status: 'ready' });
  expect((await request(app).get('/test-db')).body).toEqual({ status: 'connected' });
  expect((await request(app).get('/prices/test-db')).body).toEqual({ status: 'connected' });
  expect(health.status).toBe(200);
  expect(healthSchema.parse(health.body)).toMatchObject({
    status: 'ok',
    service: { name: 'tickwire', version: '1.2.3' },
    dependencies: { database: { status: 'up' }, cache: { status: 'up' }, kafka: { status: 'up' } },
    consumers: [{ name: 'price-history', group: 'price-history', topic: 'price-events', lag: 1, handled: 0 }],
    topics: expect.arrayContaining([
      { name: 'price-events', published: 1 },
      { name: 'symbol-averages', published: 0 },
    ]),
    dead_letters: { records: 0 },
    models: [],
    providers: [
      { name: 'fixture', configured: true, breaker: 'closed' },
      { name: 'keyless', configured: false, missing: ['KEYLESS_API_KEY'] },
    ],
    outbox: { unpublished: 0 },
  });
});

test('without cache and Kafka it is degraded and still ready', async () => {
  const { app } = anApi(({ cache, bus }) => ({
    cache: down(cache, 'CACHE_UNAVAILABLE').part,
    bus: down(bus, 'BUS_UNAVAILABLE').part,
  }));

  const health = await request(app).get('/health');

  expect(health.status).toBe(200);
  expect(health.body).toMatchObject({
    status: 'degraded',
    dependencies: { database: { status: 'up' }, cache: { status: 'down' }, kafka: { status: 'down' } },
    consumers: [{ lag: null, handled: null }],
    topics: expect.arrayContaining([{ name: 'price-events', published: null }]),
    dead_letters: { records: null },
  });
  expect(health.text).not.toContain('/var/lib');
  expect((await request(app).get('/readyz')).status).toBe(200);
});

test('without the database it is alive but neither ready nor healthy, and says the rest', async () => {
  const { app } = anApi(({ store }) => ({ store: down(store, 'STORE_UNAVAILABLE').part }));

  const health = await request(app).get('/health');

  for (const path of ['/readyz', '/test-db', '/prices/test-db']) {
    const { status, body } = await request(app).get(path);
    expect([path, status, body.code]).toEqual([path, 503, 'STORE_UNAVAILABLE']);
  }
  expect((await request(app).get('/healthz')).status).toBe(200);
  expect(health.headers['content-type']).toBe('application/problem+json');
  expect(health.body).toMatchObject({
    status: 503,
    code: 'STORE_UNAVAILABLE',
    dependencies: { database: { status: 'down' }, cache: { status: 'up' } },
    outbox: { unpublished: null },
  });
});

test('a dependency that hangs is given a second', async () => {
  const { app } = anApi(({ bus }) => ({
    bus: { ...bus, ping: () => new Promise(() => undefined), lag: () => new Promise(() => undefined) },
  }));
  const started = Date.now();

  const health = await request(app).get('/health');

  expect(health.body.dependencies.kafka.status).toBe('down');
  expect(Date.now() - started).toBeLessThan(3000);
});

test('a fault nobody foresaw is a 500 that tells nothing', async () => {
  const { app } = anApi(({ store }) => ({
    store: { ...store, pollJobs: { ...store.pollJobs, list: () => Promise.reject(new Error('SELECT /etc/secret')) } },
  }));

  const answer = await request(app).get('/prices/poll');

  expect([answer.status, answer.body.code]).toEqual([500, 'INTERNAL']);
  expect(answer.text).not.toContain('secret');
});

test('each request is one line in the log', async () => {
  const lines: object[] = [];
  const { app } = anApi(({ log }) => ({
    log: { ...log, isLevelEnabled: () => true, info: (fields) => lines.push(fields) },
  }));

  await request(app).get('/tickers?x=secret').set('X-Request-Id', 'logged');

  expect(lines).toEqual([
    { requestId: 'logged', method: 'GET', path: '/tickers', status: 400, durationMs: expect.any(Number) },
  ]);
});
