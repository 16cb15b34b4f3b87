import { get } from 'node:http';
import request from 'supertest';
import type { Artifacts } from '../../../src/artifacts/artifacts';
import type { Log } from '../../../src/platform/log';
import { anApi } from '../../support/api';
import { TEST_MODELS } from '../../support/job-models';
import { aRequest, exchange, serve, statusesOf, stopServed } from './raw-client';

afterEach(stopServed);

const CRLF = '%0d%0aX-Injected:%20yes%0d%0a%0d%0a<script>';

test.each([
  `/nowhere${CRLF}`,
  `/tickers/AAPL${CRLF}`,
  `/prices/poll/${CRLF}`,
  `/prices/latest?symbol=AAPL${CRLF}`,
  `/prices/latest?symbol=AAPL&provider=${CRLF}`,
  `/prices/history?symbol=AAPL&cursor=${CRLF}`,
  `/api/v1/jobs/0b9c6a1e-6f0e-4f55-9a3c-6d2f1c0e7a11/artifacts/report${CRLF}.html`,
  `/${CRLF}`,
  `/?${CRLF}`,
])('GET %s puts no header and no second answer into the answer', async (path) => {
  const { port } = await serve();

  const answer = await exchange(port, aRequest(`GET ${path}`));

  expect(statusesOf(answer)).toHaveLength(1);
  expect(statusesOf(answer)[0]).toBeGreaterThanOrEqual(400);
  expect(answer).not.toMatch(/^X-Injected/im);
  expect(answer).toContain('application/problem+json');
});

test.each([
  ['X-Request-Id', 'a\u0000b'],
  ['X-Request-Id', 'a%0d%0aX-Injected: yes'],
  ['X-Request-Id', 'café'],
  ['X-Request-Id', `${'x'.repeat(5_000)}`],
  ['Idempotency-Key', 'a\tb'],
  ['Last-Event-ID', '1\t2'],
  ['Origin', 'http://evil.example%0d%0aX-Injected:yes'],
  ['Content-Type', 'text/%0d%0aX-Injected: yes'],
])('%s: %p comes back in no header', async (name, value) => {
  const { port } = await serve();

  const answer = await exchange(port, Buffer.from(aRequest('POST /prices/poll', [`${name}: ${value}`]), 'latin1'));
  const [head = ''] = answer.split('\r\n\r\n', 1);

  expect(statusesOf(answer)[0]).toBeGreaterThanOrEqual(400);
  expect(head).not.toMatch(/Injected|evil|café|x{200}/i);
});

const JOB = '0b9c6a1e-6f0e-4f55-9a3c-6d2f1c0e7a11';

test.each([
  '../result.json',
  '..%2fresult.json',
  '..%2f..%2f..%2f..%2fetc%2fpasswd',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '..%5c..%5cwindows%5cwin.ini',
  '%252e%252e%252fetc%252fpasswd',
  '..%c0%af..%c0%afetc%c0%afpasswd',
  '/etc/passwd',
  '%2fetc%2fpasswd',
  'result.json%00.html',
  '.',
  '..',
  '.env',
  '-rf',
  'CON',
  `${'a'.repeat(300)}.json`,
  'result.json/../../other',
  'file:%2f%2f%2fetc%2fpasswd',
])('the artifact %s is none, and nothing is read for it', async (name) => {
  const read: string[] = [];
  const api = anApi(({ artifacts }) => {
    const noting: Pick<Artifacts, 'read'> = {
      read: (jobId, fence, asked) => {
        read.push(asked);
        return artifacts.read(jobId, fence, asked);
      },
    };
    return { artifacts: noting, models: TEST_MODELS };
  });
  const { port } = await serve({}, api);

  const answer = await exchange(port, aRequest(`GET /api/v1/jobs/${JOB}/artifacts/${name}`));

  expect([400, 404]).toContain(statusesOf(answer)[0]);
  expect(answer).not.toMatch(/root:|ENOENT|EISDIR|\/src\//);
  expect(read.filter((asked) => !/^[a-z0-9][a-z0-9.-]*$/.test(asked))).toEqual([]);
});

test.each([
  '/page/../../package.json',
  '/page/..%2f..%2fpackage.json',
  '/page/%2e%2e/%2e%2e/package.json',
  '/docs/../../package.json',
  '/docs/..%2f..%2fpackage.json',
  '/docs/..%5c..%5cpackage.json',
  '/docs/assets/..%2f..%2f..%2fpackage.json',
  '/docs/assets/%2e%2e%2fpackage.json',
  '/redoc/..%2f..%2fpackage.json',
  '//etc/passwd',
  '/.env',
  '/.git/config',
  '/dist/scripts/api.js',
])('%s leads to no file', async (path) => {
  const { port } = await serve();

  const answer = await exchange(port, aRequest(`GET ${path}`));

  expect([400, 403, 404]).toContain(statusesOf(answer)[0]);
  expect(answer).not.toMatch(/"dependencies"|"license"|root:|\[core\]/);
});

describe('what a caller puts into the query', () => {
  const SECRET = 'tw_do-not-write-this-down';

  function aListeningApi() {
    const lines: string[] = [];
    const note = (fields: object, message: string) => lines.push(JSON.stringify({ ...fields, message }));
    const log: Log = { debug: note, info: note, warn: note, error: note, child: () => log, isLevelEnabled: () => true };
    return { lines, api: anApi(() => ({ log })) };
  }

  test.each([
    `/prices/latest?symbol=AAPL&api_key=${SECRET}`,
    `/prices/latest?symbol=AAPL&access_token=${SECRET}`,
    `/prices/history?symbol=AAPL&key=${SECRET}`,
    `/symbols?token=${SECRET}`,
    `/healthz?apikey=${SECRET}`,
    `/nowhere?X-API-Key=${SECRET}`,
    `/?authorization=Bearer%20${SECRET}`,
  ])('%s is in no line of the log, no header and no problem', async (path) => {
    const { lines, api } = aListeningApi();
    const { url } = await serve({}, api);

    const answer = await fetch(url + path);
    const text = JSON.stringify([...answer.headers]) + (await answer.text());

    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(text).not.toContain(SECRET);
    expect(lines.join('\n')).not.toContain(SECRET);
    expect(lines.length).toBeGreaterThan(0);
  });

  test('nor is it where a socket is asked for', async () => {
    const { lines, api } = aListeningApi();
    const { url } = await serve({}, api);
    const headers = { Connection: 'Upgrade', Upgrade: 'websocket' };

    const text = await new Promise<string>((resolve, reject) => {
      let all = '';
      get(`${url}/ws/nowhere?key=${SECRET}`, { headers, agent: false }, (response) => {
        all = JSON.stringify(response.headers);
        response.on('data', (part) => (all += part)).on('end', () => resolve(all));
      }).on('error', reject);
    });

    expect(text).toContain('problem+json');
    expect(text).not.toContain(SECRET);
    expect(lines.join('\n')).not.toContain(SECRET);
  });
});

test('the wildcards of the database are letters like others in a search', async () => {
  const { app } = anApi();

  const answers = await Promise.all(
    ['%25', '_', '%5C', '%25%25%25%25', "'%20OR%201=1--"].map((query) => request(app).get(`/symbols?query=${query}`)),
  );

  expect(answers.map(({ status, body }) => [status, body.symbols])).toEqual(answers.map(() => [200, []]));
});
