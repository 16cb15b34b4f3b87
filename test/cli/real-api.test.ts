import { NOON } from '../support/api';
import { TEST_SECRET } from '../support/api-keys';
import { aPriceEvent } from '../support/price-events';
import { listeningApi } from './listening-api';

let api: Awaited<ReturnType<typeof listeningApi>>;

beforeEach(async () => {
  api = await listeningApi();
});

afterEach(() => api.close());

it('a polling job lives its whole life from the command line', async () => {
  const added = await api.tickwire('poll', 'add', 'AAPL', '--interval', '30', '--idempotency-key', 'k', '--json');
  const again = await api.tickwire('poll', 'add', 'AAPL', '--interval', '30', '--idempotency-key', 'k', '--json');
  const { job_id: id } = JSON.parse(added.stdout);

  const run = await api.tickwire('poll', 'run', id);
  const paused = await api.tickwire('poll', 'pause', id);
  const listed = await api.tickwire('poll', 'list');
  const resumed = await api.tickwire('poll', 'resume', id);
  const shown = await api.tickwire('poll', 'show', id);
  const removed = await api.tickwire('poll', 'rm', id);
  const gone = await api.tickwire('poll', 'show', id);

  expect(JSON.parse(again.stdout).job_id).toBe(id);
  expect(run.stdout).toBe(`job ${id} runs within a second\n`);
  expect(paused.stdout).toBe(`job ${id} is paused\n`);
  expect(listed.stdout).toMatch(new RegExp(`^${id} +paused +30 s `, 'm'));
  expect(resumed.stdout).toBe(`job ${id} is active\n`);
  expect(shown.stdout).toContain('no runs yet');
  expect(removed.stdout).toBe(`job ${id} is removed\n`);
  expect(gone).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining(id) });
});

it('what the API refuses is told in its own words', async () => {
  const { exitCode, stderr } = await api.tickwire('poll', 'add', 'AAPL', '--provider', 'nobody');

  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^error: .*nobody.*\n$/);
});

it('latest prices come with what failed', async () => {
  api.vendor.quote('AAPL', 231.07, NOON);

  const { exitCode, stdout, stderr } = await api.tickwire('latest', 'AAPL', 'NOPE');

  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^AAPL +231\.07 +USD +fixture +\S+ +0 s +provider$/m);
  expect(stderr).toMatch(/^error: no price for 1 symbol: NOPE: /);
});

it('an average is shown as soon as it is ready', async () => {
  const early = await api.tickwire('average', 'AAPL', '--window', '2');
  await api.store.prices.insert([1, 2].map((sequence) => aPriceEvent({ sequence, price: 100 + sequence })));
  const ready = await api.tickwire('average', 'AAPL', '--window', '2');

  expect(early).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining('AAPL') });
  expect(ready.stdout).toMatch(/^AAPL +101\.5 +2 +fixture /m);
});

it('the health of the API is shown in short', async () => {
  const { exitCode, stdout } = await api.tickwire('status');

  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^database +up /m);
});

describe('an API that wants keys', () => {
  const secret = { API_KEY_SECRET: TEST_SECRET };

  beforeEach(async () => {
    await api.close();
    api = await listeningApi(({ security }) => ({
      security: { ...security, apiKeysRequired: true, apiKeySecret: TEST_SECRET },
    }));
  });

  const listWith = (key: string) => api.tickwireWith({ environment: { TICKWIRE_API_KEY: key } }, 'poll', 'list');
  /** What a command about keys prints. */
  const keys = async (...argv: string[]) =>
    (await api.tickwireWith({ openStore: () => api.store, environment: secret }, 'keys', ...argv)).stdout.trim();
  const idOf = (key: string) => key.split('_')[1]!;

  it('takes a key that the command line made, for what it may', async () => {
    const key = await keys('create', 'reader', '--scopes', 'prices:read');

    const none = await api.tickwire('poll', 'list');
    const may = await listWith(key);
    const mayNot = await api.tickwireWith({ environment: { TICKWIRE_API_KEY: key } }, 'poll', 'add', 'AAPL');

    expect(none).toMatchObject({ exitCode: 1, stdout: '' });
    expect(none.stderr).toMatch(/^error: .*; set TICKWIRE_API_KEY, or /);
    expect(may).toMatchObject({ exitCode: 0, stdout: 'no polling jobs\n' });
    expect(mayNot).toMatchObject({ exitCode: 1, stdout: '' });
    expect(mayNot.stderr).toMatch(/^error: .*the scope jobs:write; give TICKWIRE_API_KEY a key that may, /);
  });

  it('takes no key that is revoked, and an old secret as long as it was told to', async () => {
    const [first, second] = [
      await keys('create', 'first', '--scopes', 'prices:read'),
      await keys('create', 'second', '--scopes', 'prices:read'),
    ];

    await keys('revoke', idOf(first), '--yes');
    const rotated = await keys('rotate', idOf(second), '--grace', '1h');
    const inGrace = await listWith(second);
    api.pass(3_700_000);
    const after = await Promise.all([first, second, rotated].map(listWith));

    expect(inGrace.exitCode).toBe(0);
    expect(after.map(({ exitCode }) => exitCode)).toEqual([1, 1, 0]);
  });
});
