import { request as send } from 'node:http';
import { openApiDocument } from '../../../src/api/openapi';
import { routesOf } from '../../../src/api/routes';
import { type HttpServer, httpServer } from '../../../src/api/server';
import { openTickets } from '../../../src/api/tickets';
import type { Artifacts } from '../../../src/artifacts/artifacts';
import { isAllowed, SCOPES, type Scope } from '../../../src/domain/access';
import { keyText, makeKey } from '../../../src/domain/api-key';
import { MODELS } from '../../../src/models';
import { NOON } from '../../support/api';
import { TEST_SECRET } from '../../support/api-keys';
import { aGuardedApi, type GuardedApi, withKey } from '../../support/guarded-api';
import { aNewJob } from '../../support/model-jobs';
import { aConfig } from '../../support/poll-jobs';

interface Operation {
  readonly method: string;
  readonly path: string;
  /** What the document says a key needs; undefined where it says nobody needs one. */
  readonly scope: Scope | undefined;
  readonly takesTickets: boolean;
  readonly statuses: readonly number[];
  readonly body: unknown;
}

// The document as it is served is all that is known of the routes here.
const document = JSON.parse(JSON.stringify(openApiDocument(routesOf('1.2.3', MODELS), '1.2.3')));
const operations: Operation[] = Object.entries<Record<string, Documented>>(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, { security, responses, requestBody }]) => ({
    method: method.toUpperCase(),
    path,
    scope: security.flatMap(Object.values).flat()[0] as Scope | undefined,
    takesTickets: security.some((scheme) => 'ticket' in scheme),
    statuses: Object.keys(responses).map(Number),
    body: exampleOf(requestBody),
  })),
);

interface Documented {
  readonly security: readonly Record<string, string[]>[];
  readonly responses: Record<string, unknown>;
  readonly requestBody?: { readonly content: Record<string, { readonly schema: { readonly $ref: string } }> };
}

function exampleOf(requestBody: Documented['requestBody']): unknown {
  const name = requestBody?.content['application/json']?.schema.$ref.split('/').at(-1);
  return name === undefined ? undefined : document.components.schemas[name].example;
}

const named = (wanted: (operation: Operation) => boolean) =>
  operations.filter(wanted).map((operation) => [`${operation.method} ${operation.path}`, operation] as const);
const closed = named(({ scope }) => scope !== undefined);
const ofJobs = named(({ path }) => path.includes('{job_id}'));
const changing = ofJobs.filter(([, { method }]) => method !== 'GET');

let api: GuardedApi;
let server: HttpServer;

beforeAll(async () => {
  api = aGuardedApi();
  server = httpServer({ dependencies: api.dependencies, host: '127.0.0.1', port: 0 });
  await server.start();
});

afterAll(() => server.stop());

/** A scope short of everything but the ones given. */
const allBut = (...scopes: readonly Scope[]) => SCOPES.filter((scope) => scope !== 'admin' && !scopes.includes(scope));
const UNPRIVILEGED = allBut();

interface Answered {
  readonly status: number;
  readonly code: string | undefined;
}

/** The status of an answer, of which no more is read than it takes: a stream would not end. */
function call(operation: Operation, headers: Record<string, string>, filled = operation.path): Promise<Answered> {
  const text = operation.body === undefined ? undefined : JSON.stringify(operation.body);
  const ofBody =
    text === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(text.length) };
  const path = filled
    .replace(/\{(job_id)\}/g, '0b9c6a1e-6f0e-4f55-9a3c-6d2f1c0e7a11')
    .replace('{key_id}', 'k3v9x0a1b2c3')
    .replace('{name}', 'result.json')
    .replace(/\{\w+\}/g, 'AAPL');
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: server.port(), method: operation.method, path };
    const sent = send({ ...options, headers: { ...ofBody, ...headers } }, (response) => {
      let body = '';
      const finish = () => {
        resolve({ status: response.statusCode ?? 0, code: /"code":"(\w+)"/.exec(body)?.[1] });
        response.destroy();
      };
      if ((response.statusCode ?? 0) < 400) return finish();
      response.setEncoding('utf8').on('data', (part: string) => {
        body += part;
      });
      response.on('end', finish);
    });
    sent.on('error', reject).end(text);
  });
}

async function bad(): Promise<Record<string, Record<string, string>>> {
  const [expired, revoked] = [await api.key(['admin'], NOON), await api.key(['admin'])];
  await api.store.apiKeys.revoke(revoked.keyId);
  return {
    none: {},
    unknown: withKey(keyText(makeKey())),
    malformed: withKey('tw_nonsense'),
    expired: withKey(expired.text),
    revoked: withKey(revoked.text),
  };
}

test('the document names a scope, or that none is needed, for every operation', () => {
  expect(operations.length).toBeGreaterThan(40);
  expect(closed.length).toBeGreaterThan(30);
  for (const [name, { scope }] of closed) expect([name, SCOPES]).toEqual([name, expect.arrayContaining([scope])]);
  expect(named(({ scope }) => scope === undefined).map(([name]) => name)).not.toContain(
    expect.stringContaining('api/v1'),
  );
  expect(changing.length).toBeGreaterThanOrEqual(4);
});

test.each(closed)('%s: without a good key 401, whatever is wrong with it', async (_name, operation) => {
  const answers = await Promise.all(
    Object.entries(await bad()).map(async ([kind, headers]) => ({ kind, ...(await call(operation, headers)) })),
  );

  expect(answers.map(({ kind, status, code }) => ({ kind, status, code }))).toEqual(
    answers.map(({ kind }) => ({ kind, status: 401, code: 'UNAUTHENTICATED' })),
  );
  expect(operation.statuses).toEqual(expect.arrayContaining([401, 403, 429]));
});

test.each(closed)('%s: with every scope but its own 403, with its own let in', async (_name, operation) => {
  const scope = operation.scope!;
  const [wrong, right] = [await api.key(allBut(scope)), await api.key([scope])];

  const [refused, allowed] = [await call(operation, withKey(wrong.text)), await call(operation, withKey(right.text))];

  expect(refused).toEqual({ status: 403, code: 'FORBIDDEN' });
  expect([401, 403]).not.toContain(allowed.status);
  expect(operation.statuses).toContain(allowed.status);
  expect(isAllowed({ keyId: null, scopes: allBut(scope) }, scope)).toBe(false);
});

test.each(named(({ scope }) => scope === undefined))('%s: open to everybody', async (_name, operation) => {
  expect((await call(operation, {})).status).toBeLessThan(400);
});

test.each(closed)('%s: a ticket counts where the document says so, and nowhere else', async (_name, operation) => {
  const { keyId } = await api.key(['admin']);
  const { ticket } = ticketOf(keyId);

  const { status } = await call(operation, {}, `${operation.path}?ticket=${ticket}`);

  // The job that is asked for is not there.
  const letIn = operation.path.includes('{job_id}') ? 404 : 200;
  expect(status).toBe(operation.takesTickets ? letIn : 401);
});

function ticketOf(keyId: string) {
  const tickets = openTickets({ secret: TEST_SECRET, cache: api.cache, clock: api.dependencies.clock });
  return tickets.issue(keyId);
}

/** A new job as the operation wants one, of this owner: completed to read its files, else queued. */
async function jobOf(operation: Operation, owner: string | null): Promise<string> {
  if (operation.path.startsWith('/prices/poll')) {
    return (await api.store.pollJobs.create(aConfig(), { owner })).job.jobId;
  }
  const { modelJobs } = api.store;
  const { jobId } = aNewJob();
  await modelJobs.create([aNewJob({ jobId, owner })], { graceSeconds: 60 });
  if (operation.method === 'DELETE') return jobId;
  const claim = { owner: 'test', leaseSeconds: 60, maxRunning: 1000, limit: 1, wanted: [jobId] };
  const fence = (await modelJobs.claim(claim))[0]!.fence;
  const file = { name: 'result.json', contentType: 'application/json', body: Buffer.from('{}') };
  const artifacts = await (api.dependencies.artifacts as Artifacts).save(jobId, fence, [file]);
  await modelJobs.complete({ jobId, fence }, { result: {}, metrics: {}, warnings: [], artifacts });
  return jobId;
}

test.each(ofJobs)(
  '%s: of another key 404 as if it were not there, of one’s own done, with admin too',
  async (_name, operation) => {
    const [mine, other, admin] = [await api.key(UNPRIVILEGED), await api.key(UNPRIVILEGED), await api.key(['admin'])];
    const [jobId, again] = [await jobOf(operation, mine.keyId), await jobOf(operation, mine.keyId)];
    const at = (id: string) => operation.path.replace('{job_id}', id);

    const stranger = await call(operation, withKey(other.text), at(jobId));
    const absent = await call(operation, withKey(other.text));
    const owner = await call(operation, withKey(mine.text), at(jobId));
    const overseer = await call(operation, withKey(admin.text), at(again));

    expect(stranger).toEqual({ status: 404, code: 'NOT_FOUND' });
    expect(absent).toEqual(stranger);
    expect([owner.status, overseer.status].map((status) => Math.floor(status / 100))).toEqual([2, 2]);
  },
);

test.each(ofJobs)('%s: what is nobody’s may be seen by all and changed with admin', async (_name, operation) => {
  const [some, admin] = [await api.key(UNPRIVILEGED), await api.key(['admin'])];
  const path = operation.path.replace('{job_id}', await jobOf(operation, null));

  const anyone = await call(operation, withKey(some.text), path);
  const overseer = await call(operation, withKey(admin.text), path);

  const isChange = operation.method !== 'GET';
  expect(anyone.status).toBe(isChange ? 403 : 200);
  expect(Math.floor(overseer.status / 100)).toBe(2);
});
