import { get } from 'node:http';
import { httpServer } from '../../src/api/server';
import { openMetrics } from '../../src/platform/metrics';
import { anApi, NOON, type TestApi } from '../support/api';
import { eventually } from '../support/eventually';
import { samplesOf, valueIn } from '../support/metrics';
import { aPriceEvent } from '../support/price-events';

const COUNT = 'tickwire_http_request_duration_seconds_count';
const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function serving(changes: Parameters<typeof anApi>[0] = () => ({})) {
  const metrics = openMetrics();
  const api: TestApi = anApi((standard) => ({ metrics, ...changes(standard) }));
  const server = httpServer({ dependencies: api.dependencies, host: '127.0.0.1', port: 0 });
  stops.push(() => server.stop());
  await server.start();
  /** Once that many requests have been timed, since their end is heard of a moment after their answer. */
  const timed = async (requests: number) => {
    const counts = async () => samplesOf(await metrics.text()).filter(({ name }) => name === COUNT);
    await eventually(async () => (await counts()).reduce((sum, { value }) => sum + value, 0) === requests);
    return (await counts())
      .map(({ labels: { method, route, status }, value }) => `${value} ${method} ${route} ${status}`)
      .sort();
  };
  return { api, metrics, url: `http://127.0.0.1:${server.port()}`, timed };
}

test('every request is timed under its route as it is documented, on the hot path too', async () => {
  const { api, url, timed } = await serving();
  await api.cache.writeLatest([{ event: aPriceEvent({ observedAt: NOON }) }]);

  for (const path of [
    '/prices/latest?symbol=AAPL',
    '/prices/latest?symbol=AAPL&max_age=60',
    '/tickers/AAPL',
    '/prices/poll/0b6b4b9e-95f5-4f9c-8a3e-0d4b1f7f3a11',
  ]) {
    await fetch(url + path);
  }

  expect(await timed(4)).toEqual([
    '1 GET /prices/poll/{job_id} 404',
    '1 GET /tickers/{symbol} 200',
    '2 GET /prices/latest 200',
  ]);
});

test('what nobody documented is told as other, so that strangers add no series', async () => {
  const { url, timed } = await serving();

  for (const path of ['/a', '/b/c', '/prices/latest/d', '/%2e%2e/etc/passwd', '/prices/latestx?symbol=AAPL']) {
    await fetch(url + path);
  }
  await fetch(`${url}/tickers`, { method: 'PUT' });
  await fetch(`${url}/tickers`, { method: 'PROPFIND' });

  expect(await timed(7)).toEqual(['2 other /tickers 405', '5 GET other 404']);
});

test('a client that leaves before its answer is no success', async () => {
  const { api, url, timed } = await serving();
  let release: () => void = () => undefined;
  api.vendor.holdUntil(new Promise((resolve) => (release = resolve)));
  const asking = get(`${url}/prices/latest?symbol=MSFT`).on('error', () => undefined);
  await eventually(() => api.vendor.calls.length === 1);

  asking.destroy();

  expect(await timed(1)).toEqual(['1 GET /prices/latest 499']);
  release();
});

test('what is let in and what is refused is counted by outcome, probes are not', async () => {
  const { metrics, url } = await serving((standard) => ({
    security: { ...standard.security, apiKeysRequired: true, apiKeySecret: 'a secret of the tests, long enough' },
  }));
  const before = await metrics.text();

  for (const path of ['/tickers', '/prices/latest?symbol=AAPL', '/', '/healthz', '/readyz']) await fetch(url + path);

  const count = (text: string, outcome: string) => valueIn(text, 'tickwire_admissions_total', { outcome });
  const after = await metrics.text();
  expect(['admitted', 'UNAUTHENTICATED', 'FORBIDDEN', 'RATE_LIMITED'].map((it) => count(before, it))).toEqual([
    0, 0, 0, 0,
  ]);
  expect([count(after, 'UNAUTHENTICATED'), count(after, 'admitted')]).toEqual([2, 1]);
});

test('a request past the limit is counted as such', async () => {
  const { metrics, url } = await serving((standard) => ({
    security: { ...standard.security, rateLimitPerMinute: 1 },
  }));

  for (let asked = 0; asked < 3; asked++) await fetch(`${url}/tickers`);

  expect(valueIn(await metrics.text(), 'tickwire_admissions_total', { outcome: 'RATE_LIMITED' })).toBeGreaterThan(0);
});

test('the API tells its metrics to whoever may read prices', async () => {
  const { url } = await serving();

  const response = await fetch(`${url}/metrics`);

  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(valueIn(await response.text(), 'tickwire_admissions_total', { outcome: 'admitted' })).toBe(1);
});

test('and to nobody else', async () => {
  const { url } = await serving((standard) => ({
    security: { ...standard.security, apiKeysRequired: true, apiKeySecret: 'a secret of the tests, long enough' },
  }));

  const response = await fetch(`${url}/metrics`);

  expect(response.status).toBe(401);
});
