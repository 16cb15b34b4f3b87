import { request } from 'node:http';
import { connect } from 'node:net';
import { silentLog } from '../../src/platform/log';
import { METRICS_TYPE, openMetrics } from '../../src/platform/metrics';
import { type MetricsServer, metricsServer } from '../../src/processes/metrics-server';
import { valueIn } from '../support/metrics';

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function aServer(metrics = openMetrics()): Promise<{ server: MetricsServer; url: string }> {
  const server = metricsServer({ metrics, host: '127.0.0.1', port: 0, log: silentLog });
  stops.push(() => server.stop());
  await server.start();
  return { server, url: `http://127.0.0.1:${server.port()}` };
}

test('the metrics of a process are told on their own port, as Prometheus reads them', async () => {
  const metrics = openMetrics();
  const { url } = await aServer(metrics);
  metrics.counter('tickwire_poll_missed_ticks_total', {})(4);

  const response = await fetch(`${url}/metrics?whatever`);

  expect(response.headers.get('content-type')).toBe(METRICS_TYPE);
  expect(METRICS_TYPE).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(valueIn(await response.text(), 'tickwire_poll_missed_ticks_total')).toBe(4);
});

test('it says that the process is alive', async () => {
  const { url } = await aServer();

  const response = await fetch(`${url}/healthz`);

  expect(await response.json()).toEqual({ status: 'ok' });
});

test.each([
  ['GET', '/', 404],
  ['GET', '/metrics/', 404],
  ['GET', '/../metrics', 404],
  ['POST', '/metrics', 405],
  ['DELETE', '/healthz', 405],
])('it answers %s %s with %i and nothing else', async (method, path, status) => {
  const { server } = await aServer();

  const answer = await raw(server.port(), method, path);

  expect(answer).toEqual({ status, body: '' });
});

test('HEAD has the length of the metrics and no body', async () => {
  const { url } = await aServer();

  const response = await fetch(`${url}/healthz`, { method: 'HEAD' });

  expect(response.headers.get('content-length')).toBe('15');
  expect(await response.text()).toBe('');
});

test('a port in use stops the start with a sentence that names the variable', async () => {
  const { server } = await aServer();

  const second = metricsServer({ metrics: openMetrics(), host: '127.0.0.1', port: server.port(), log: silentLog });

  await expect(second.start()).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining(`METRICS_PORT: expected a free port of 127.0.0.1, got ${server.port()}`),
  });
  await second.stop();
});

test('it stops at once though a scraper holds its connection and a scrape hangs, and is safe to stop twice', async () => {
  const metrics = openMetrics();
  let answer: (rows: readonly []) => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    metrics.gauge('tickwire_outbox_rows', () => {
      resolve();
      return new Promise((told) => {
        answer = told;
      });
    });
  });
  const { server, url } = await aServer(metrics);
  const idle = connect(server.port(), '127.0.0.1');
  const closed = new Promise((resolve) => idle.once('close', resolve).on('error', () => undefined));
  const scrape = fetch(`${url}/metrics`).catch(() => 'cut');
  await asked;

  await server.stop();
  await server.stop();

  expect(await scrape).toBe('cut');
  await closed;
  answer([]);
});

/** As it is written: `fetch` would tidy the path up. */
function raw(port: number, method: string, path: string): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part) => (body += part));
      response.on('end', () => resolve({ status: response.statusCode, body }));
    });
    sent.on('error', reject);
    sent.end();
  });
}
