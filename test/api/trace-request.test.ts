import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openLog, silentLog } from '../../src/platform/log';
import { anApi, NOON } from '../support/api';
import { eventually } from '../support/eventually';
import { REMOTE, tracingInTests } from '../support/tracing';

const { trace, flush, kept } = tracingInTests();

const ask = (path: string, { method = 'GET', traceparent = '', body = '', log = silentLog }) =>
  new Promise<void>((resolve, reject) => {
    const { app, vendor } = anApi(() => ({ log }));
    vendor.quote('AAPL', 101, NOON);
    const server = createServer(app).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      const headers = {
        'Content-Type': 'application/json',
        'X-Request-Id': 'r-7',
        ...(traceparent && { traceparent }),
      };
      const asked = request({ port, path, method, headers }, (answer) => {
        answer.resume().once('end', () => server.close(() => resolve()));
      });
      asked.once('error', reject).end(body);
    });
  });

test("a request is a span under its caller's, named by its route, with what was done for it within", async () => {
  await trace();

  await ask('/trigger-update/AAPL?token=planted', { method: 'POST', traceparent: REMOTE });

  await flush();
  const server = kept.collector.span('POST /trigger-update/{ticker}');
  expect(server).toMatchObject({ kind: 2, traceId: REMOTE.slice(3, 35), parentSpanId: REMOTE.slice(36, 52) });
  expect(server.attributes).toMatchObject({
    'http.request.method': 'POST',
    'http.response.status_code': expect.anything(),
    'http.route': '/trigger-update/{ticker}',
    'tickwire.request.id': 'r-7',
    'url.path': '/trigger-update/AAPL',
  });
  expect(JSON.stringify(kept.collector.spans)).not.toContain('planted');
});

test('what a body led to is within the span of its request', async () => {
  await trace();

  await ask('/trigger-update/AAPL', { method: 'POST', body: '{}' });

  await flush();
  const [server, call, ingest] = ['POST /trigger-update/{ticker}', 'call fixture', 'ingest'].map(kept.collector.span);
  expect([call!.traceId, ingest!.traceId]).toEqual([server!.traceId, server!.traceId]);
  expect(ingest!.parentSpanId).toBe(server!.spanId);
});

test('the line of the access log carries the trace of its request', async () => {
  const lines: string[] = [];
  const log = openLog('test', { level: 'info', destination: { write: (line) => void lines.push(line) } });
  await trace();

  await ask('/tickers', { traceparent: REMOTE, log });

  const line = await eventually(
    () => lines.map((one) => JSON.parse(one)).find(({ msg }) => msg === 'request') ?? false,
  );
  expect(line).toMatchObject({ traceId: REMOTE.slice(3, 35), requestId: 'r-7', path: '/tickers' });
});
