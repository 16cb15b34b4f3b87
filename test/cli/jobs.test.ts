import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MODELS } from '../../src/models';
import { temporaryFolder } from '../support/temporary-folder';
import { type ApiStandIn, openApiStandIn } from './api-stand-in';
import { runCommand } from './run-command';

const ID = '3f6d0c52-8a4e-4c8e-9a53-5a1de3f0b7c4';
const JOB = {
  job_id: ID,
  status: 'completed',
  model: 'blackscholes',
  progress: 1,
  params: { spot: 42 },
  created_at: '2026-01-05T15:00:00.000Z',
  started_at: '2026-01-05T15:00:01.000Z',
  finished_at: '2026-01-05T15:00:02.000Z',
  attempts: 1,
  metrics: { price: 4.7594 },
  warnings: ['a wide spread'],
  error: null,
  artifacts: [{ name: 'report.html', content_type: 'text/html', bytes: 1234, sha256: 'ab', href: '/x' }],
  links: {},
};

let api: ApiStandIn;

beforeEach(async () => {
  api = await openApiStandIn();
});

afterEach(() => api.close());

const jobs = (...argv: string[]) => runCommand(['jobs', ...argv, '--api', api.url]);

describe('jobs run', () => {
  test('shows an example that its model takes', async () => {
    const { stdout } = await runCommand(['jobs', 'run', '--help']);

    const [, name, params = ''] = /jobs run (\w+) --wait --params '([^']+)'/.exec(stdout) ?? [];
    const model = MODELS.find((one) => one.name === name);
    expect(model?.parameters.safeParse(JSON.parse(params)).error).toBeUndefined();
    expect(model).toBeDefined();
  });

  test('submits the parameters as they are and says which job it is', async () => {
    api.answer(202, { job_id: ID, status: 'queued', model: 'blackscholes' });

    const { exitCode, stdout } = await jobs('run', 'blackscholes', '--params', '{"spot":42}', '--idempotency-key', 'k');

    expect(exitCode).toBe(0);
    expect(stdout).toBe(`job ${ID} of blackscholes is queued\n`);
    expect(api.seen[0]).toMatchObject({ method: 'POST', url: '/api/v1/blackscholes', body: { spot: 42 } });
    expect(api.seen[0]?.headers['idempotency-key']).toBe('k');
  });

  test('reads the parameters from a file', async () => {
    const file = join(temporaryFolder(), 'params.json');
    writeFileSync(file, '{"spot":43}');
    api.answer(202, { job_id: ID, status: 'queued', model: 'blackscholes' });

    await jobs('run', 'blackscholes', '--params', `@${file}`);

    expect(api.seen[0]?.body).toEqual({ spot: 43 });
  });

  test('waits for the end when asked to, and shows what came out', async () => {
    api.answer(200, JOB);

    const { exitCode, stdout } = await jobs('run', 'blackscholes', '--params', '{}', '--wait');

    expect(exitCode).toBe(0);
    expect(api.seen[1]).toMatchObject({ method: 'GET', url: `/api/v1/jobs/${ID}` });
    expect(stdout).toMatch(/completed[\s\S]*price +4\.7594[\s\S]*report\.html[\s\S]*warning: a wide spread/);
  });

  test('tells every fault of the parameters in the words of the API', async () => {
    const errors = [{ path: 'volatility', message: 'expected a number of at least 0' }];
    api.answer(400, { title: 'Invalid input', detail: 'the request is invalid', errors });

    const { exitCode, stderr } = await jobs('run', 'blackscholes', '--params', '{"volatility":-1}');

    expect(exitCode).toBe(1);
    expect(stderr).toContain('volatility: expected a number of at least 0');
  });

  test('says what is wrong with text that is no JSON, and asks nobody', async () => {
    const { exitCode, stderr } = await jobs('run', 'blackscholes', '--params', '{spot:42}');

    expect(exitCode).toBe(1);
    expect(stderr).toContain('--params: expected JSON or @file');
    expect(api.seen).toEqual([]);
  });
});

test('jobs wait fails with the reason of a job that failed', async () => {
  api.answer(200, { ...JOB, status: 'failed', error: { code: 'JOB_TIMEOUT', message: 'it was ended after 300 s' } });

  const { exitCode, stdout, stderr } = await jobs('wait', ID);

  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toBe(`error: job ${ID} is failed: it was ended after 300 s (JOB_TIMEOUT)\n`);
});

test('jobs wait shows how far the job is on a terminal', async () => {
  api.answer(200, { ...JOB, status: 'running', progress: 0.25 });
  const waiting = runCommand(['jobs', 'wait', ID, '--api', api.url], { isTerminal: true });
  while (api.seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
  api.answer(200, JOB);

  const { exitCode, stderr } = await waiting;

  expect(exitCode).toBe(0);
  expect(stderr).toContain('100%');
});

test('jobs list passes its filters on and shows a line for each job', async () => {
  api.answer(200, { jobs: [JOB], next_cursor: null });

  const { stdout } = await jobs('list', '--status', 'completed', '--model', 'blackscholes', '--limit', '5');

  expect(api.seen[0]?.url).toBe('/api/v1/jobs?limit=5&status=completed&model=blackscholes');
  expect(stdout).toMatch(new RegExp(`${ID} +blackscholes +completed +100 % +1 +2026-01-05T15:00:00Z +-`));
});

test('jobs show prints the document of the API as it came with --json', async () => {
  api.answer(200, JOB);

  const { stdout } = await jobs('show', ID, '--json');

  expect(JSON.parse(stdout)).toEqual(JOB);
});

test('jobs cancel cancels', async () => {
  api.answer(200, { ...JOB, status: 'cancelled' });

  const { stdout } = await jobs('cancel', ID);

  expect(api.seen[0]).toMatchObject({ method: 'DELETE', url: `/api/v1/jobs/${ID}` });
  expect(stdout).toBe(`job ${ID} is cancelled\n`);
});

test('jobs report saves the report byte by byte', async () => {
  const file = join(temporaryFolder(), 'mine.html');
  api.answer(200, '<p>é</p>', { 'content-type': 'text/html' });

  const { exitCode } = await jobs('report', ID, '--output', file);

  expect(exitCode).toBe(0);
  expect(api.seen[0]?.url).toBe(`/api/v1/jobs/${ID}/artifacts/report.html`);
  expect(readFileSync(file, 'utf8')).toBe('<p>é</p>');
});

test('jobs report writes no file when there is no report', async () => {
  const file = join(temporaryFolder(), 'none.html');
  api.answer(404, { detail: `name: job ${ID} is queued and has no files` });

  const { exitCode, stderr } = await jobs('report', ID, '--output', file);

  expect([exitCode, existsSync(file)]).toEqual([1, false]);
  expect(stderr).toContain('has no files');
});
