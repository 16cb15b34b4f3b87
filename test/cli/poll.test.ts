import { type ApiStandIn, openApiStandIn } from './api-stand-in';
import { runCommand } from './run-command';

const ID = '0b9c6a1e-6f0e-4f55-9a3c-6d2f1c0e7a11';
const RUN = {
  scheduled_for: '2026-01-05T15:00:00.000Z',
  started_at: '2026-01-05T15:00:00.100Z',
  finished_at: '2026-01-05T15:00:00.300Z',
  outcome: 'partial',
  quotes: 1,
  failures: [{ symbol: 'NOPE', code: 'SYMBOL_UNKNOWN', detail: 'fixture does not know NOPE' }],
};
const JOB = {
  job_id: ID,
  status: 'active',
  symbols: ['AAPL', 'NOPE'],
  interval: 30,
  provider: 'fixture',
  next_run_at: '2026-01-05T15:00:30.000Z',
  missed_ticks: 0,
  created_at: '2026-01-05T15:00:00.000Z',
  last_run: RUN,
};

let api: ApiStandIn;

beforeEach(async () => {
  api = await openApiStandIn();
});

afterEach(() => api.close());

const poll = (...argv: string[]) => runCommand(['poll', ...argv, '--api', api.url]);

describe('poll add', () => {
  const accepted = {
    job_id: ID,
    status: 'accepted',
    config: { symbols: ['AAPL', 'MSFT'], interval: 30, provider: 'fixture' },
  };

  it('sends the symbols in the spelling of the pipeline, and only the options that were given', async () => {
    api.answer(202, accepted);

    const { exitCode, stdout } = await poll('add', 'aapl', 'MSFT,aapl');

    expect(exitCode).toBe(0);
    expect(stdout).toBe(`job ${ID} fetches AAPL, MSFT from fixture every 30 s\n`);
    expect(api.seen[0]).toMatchObject({ method: 'POST', url: '/prices/poll', body: { symbols: ['AAPL', 'MSFT'] } });
    expect(Object.keys(api.seen[0]?.body as object)).toEqual(['symbols']);
    expect(api.seen[0]?.headers).not.toHaveProperty('idempotency-key');
  });

  it('passes interval, provider and idempotency key on', async () => {
    api.answer(202, accepted);

    await poll('add', 'AAPL', '--interval', '30', '--provider', 'yahoo', '--idempotency-key', 'k-1');

    expect(api.seen[0]?.body).toEqual({ symbols: ['AAPL'], interval: 30, provider: 'yahoo' });
    expect(api.seen[0]?.headers['idempotency-key']).toBe('k-1');
  });

  it('prints the answer of the API as it came with --json', async () => {
    api.answer(202, { ...accepted, later: 'field' });

    const { stdout } = await poll('add', 'AAPL', '--json');

    expect(JSON.parse(stdout)).toEqual({ ...accepted, later: 'field' });
  });
});

describe('poll list', () => {
  it('shows a line for each job', async () => {
    api.answer(200, { jobs: [JOB, { ...JOB, status: 'paused', next_run_at: null, last_run: null }] });

    const { stdout } = await poll('list');

    const [head, first, second] = stdout.split('\n');
    expect(head).toMatch(/^JOB +STATUS +EVERY +PROVIDER +NEXT RUN +LAST RUN +SYMBOLS$/);
    expect(first).toMatch(/^0b9c6a1e\S+ +active +30 s +fixture +2026-01-05T15:00:30Z +partial +AAPL NOPE$/);
    expect(second).toMatch(/ paused +30 s +fixture +- +- +AAPL NOPE$/);
  });

  it('prints one JSON document with --json, before or after the command', async () => {
    api.answer(200, { jobs: [JOB] });

    const after = await poll('list', '--json');
    const before = await runCommand(['--json', '--api', api.url, 'poll', 'list']);

    expect(JSON.parse(after.stdout)).toEqual({ jobs: [JOB] });
    expect(before.stdout).toBe(after.stdout);
  });
});

it('poll show adds the runs, with the reason of a failure', async () => {
  api.answer(200, { ...JOB, runs: [RUN] });

  const { exitCode, stdout } = await poll('show', ID);

  expect(exitCode).toBe(0);
  expect(api.seen[0]).toMatchObject({ method: 'GET', url: `/prices/poll/${ID}` });
  expect(stdout).toMatch(/2026-01-05T15:00:00Z +partial +1 +NOPE: fixture does not know NOPE/);
});

it('poll run asks for a run now', async () => {
  api.answer(202, { job_id: ID, status: 'accepted' });

  const { exitCode, stdout } = await poll('run', ID);

  expect(exitCode).toBe(0);
  expect(api.seen[0]).toMatchObject({ method: 'POST', url: `/prices/poll/${ID}/run`, body: undefined });
  expect(stdout).toBe(`job ${ID} runs within a second\n`);
});

it.each([
  ['pause', 'paused'],
  ['resume', 'active'],
])('poll %s sets the status %s', async (verb, status) => {
  api.answer(200, { ...JOB, status, runs: [] });

  const { exitCode, stdout } = await poll(verb, ID);

  expect(exitCode).toBe(0);
  expect(api.seen[0]).toMatchObject({ method: 'PATCH', url: `/prices/poll/${ID}`, body: { status } });
  expect(stdout).toBe(`job ${ID} is ${status}\n`);
});

describe('poll rm', () => {
  it('removes the job', async () => {
    api.answer(204, null, {});

    const { exitCode, stdout } = await poll('rm', ID, '--json');

    expect(exitCode).toBe(0);
    expect(api.seen[0]).toMatchObject({ method: 'DELETE', url: `/prices/poll/${ID}` });
    expect(JSON.parse(stdout)).toEqual({ job_id: ID, removed: true });
  });

  it('fails with the words of the API when there is no such job', async () => {
    api.answer(404, { title: 'Not Found', detail: `job_id: there is no polling job ${ID}` });

    const { exitCode, stderr } = await poll('rm', ID);

    expect(exitCode).toBe(1);
    expect(stderr).toBe(`error: job_id: there is no polling job ${ID}\n`);
  });
});

it('an id cannot leave its place in the path', async () => {
  api.answer(404, { detail: 'no' });

  await poll('show', '../../health');

  expect(api.seen[0]?.url).toBe('/prices/poll/..%2F..%2Fhealth');
});
