import { keyText, makeKey } from '../../src/domain/api-key';
import { eventually } from '../support/eventually';
import { type ApiStandIn, openApiStandIn } from './api-stand-in';
import { runCommand } from './run-command';

let api: ApiStandIn;

beforeEach(async () => {
  api = await openApiStandIn();
});

afterEach(() => api.close());

const status = (...more: string[]) => runCommand(['status', '--api', api.url, ...more]);

it('an API that does not answer is named, with what to do', async () => {
  const { url } = api;
  await api.close();

  const { exitCode, stdout, stderr } = await runCommand(['poll', 'list', '--api', url]);

  expect(exitCode).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toBe(`error: the API at ${url} does not answer; start it with \`npm start\`, or give --api URL\n`);
});

it('the address of the API comes from PORT and HOST when --api is not given', async () => {
  api.answer(200, { jobs: [] });
  const { port } = new URL(api.url);

  const { exitCode, stdout } = await runCommand(['poll', 'list'], { environment: { PORT: port, HOST: '0.0.0.0' } });

  expect(exitCode).toBe(0);
  expect(stdout).toBe('no polling jobs\n');
});

it('--api keeps a path before the routes', async () => {
  api.answer(200, { jobs: [] });

  await runCommand(['poll', 'list', '--api', `${api.url}/tickwire`]);

  expect(api.seen[0]?.url).toBe('/tickwire/prices/poll');
});

it('a problem is shown as its detail and its faults', async () => {
  const errors = [
    { path: 'interval', message: 'expected at most 86400' },
    { path: 'symbols.1', message: 'not a symbol' },
  ];
  api.answer(400, {
    title: 'Bad Request',
    status: 400,
    detail: 'the request is not valid',
    code: 'INVALID_INPUT',
    errors,
  });

  const { exitCode, stdout, stderr } = await status('--json');

  expect(exitCode).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toBe('error: the request is not valid (interval: expected at most 86400; symbols.1: not a symbol)\n');
});

it('a problem without a detail is shown as its title, and an empty one as its status', async () => {
  api.answer(429, { title: 'Too Many Requests' });
  const titled = await status();
  api.answer(502, {});
  const empty = await status();

  expect(titled.stderr).toBe('error: Too Many Requests\n');
  expect(empty.stderr).toBe(`error: the API at ${api.url} answered 502\n`);
});

it.each([
  ['a page', '<html></html>'],
  ['another JSON', { hello: 'world' }],
  ['nothing', null],
])('%s instead of an answer is taken for another program', async (_, body) => {
  api.answerAsAnotherProgram(body);

  const { exitCode, stderr } = await runCommand(['poll', 'list', '--api', api.url]);

  expect(exitCode).toBe(1);
  expect(stderr).toContain(`${api.url} answered something that is not tickwire's API`);
});

it('a request that the user interrupts ends at once, with 130 and without an error', async () => {
  const stop = new AbortController();
  const running = runCommand(['status', '--api', api.url], { signal: stop.signal });

  await eventually(() => api.seen.length > 0);
  stop.abort();

  expect(await running).toEqual({ exitCode: 130, stdout: '', stderr: '' });
});

it('a reader that went away is no failure', async () => {
  const stop = new AbortController();
  stop.abort('nobody reads the output');

  expect(await runCommand(['status', '--api', api.url], { signal: stop.signal })).toEqual({
    exitCode: 0,
    stdout: '',
    stderr: '',
  });
});

describe('an API key', () => {
  const key = keyText(makeKey());
  const withKey = (...argv: string[]) =>
    runCommand([...argv, '--api', api.url], { environment: { TICKWIRE_API_KEY: key } });

  it.each([
    ['a call', ['poll', 'list']],
    ['a file', ['jobs', 'report', '3f6d0c52-8a4e-4c8e-9a53-5a1de3f0b7c4']],
    ['a stream', ['watch']],
  ])('of TICKWIRE_API_KEY goes with %s, in a header', async (_, argv) => {
    api.answer(401, { detail: 'no valid key', code: 'UNAUTHENTICATED' });

    await withKey(...argv);

    expect(api.seen[0]?.headers.authorization).toBe(`Bearer ${key}`);
    expect(api.seen[0]?.url).not.toContain(key);
  });

  it('that is not given is not sent', async () => {
    api.answer(200, { jobs: [] });

    await runCommand(['poll', 'list', '--api', api.url]);

    expect(api.seen[0]?.headers).not.toHaveProperty('authorization');
  });

  it.each([['not a key'], [`${key}\u00e9`], [`${key}\r\nx-other: 1`], ['\u4e2d']])(
    'that is none is refused before anything is sent, and never quoted',
    async (text) => {
      const environment = { TICKWIRE_API_KEY: text, DEBUG: 'true' };

      const { exitCode, stdout, stderr } = await runCommand(['poll', 'list', '--api', api.url], { environment });

      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/^error: TICKWIRE_API_KEY: expected a key as `tickwire keys create` prints it\n/);
      expect(stdout + stderr).not.toContain(text);
      expect(stdout + stderr).not.toContain(key);
      expect(api.seen).toEqual([]);
    },
  );

  it('that is missing is asked for, with where to put it', async () => {
    api.answer(401, { detail: 'expected an API key', code: 'UNAUTHENTICATED' });

    const { exitCode, stderr } = await status();

    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      'error: expected an API key; set TICKWIRE_API_KEY, or TICKWIRE_API_KEY_FILE to the name of a file with a key, `tickwire keys create` makes one\n',
    );
  });

  it('that is not accepted is said to be so, and not shown', async () => {
    api.answer(401, { detail: 'no valid API key', code: 'UNAUTHENTICATED' });

    const { stderr } = await withKey('status');

    expect(stderr).toBe(
      'error: no valid API key; the key of TICKWIRE_API_KEY is not accepted, `tickwire keys create` makes one\n',
    );
  });

  it('without the scope is told which one is missing', async () => {
    api.answer(403, { detail: 'this key lacks the scope jobs:write', code: 'FORBIDDEN' });

    const { stderr } = await withKey('poll', 'list');

    expect(stderr).toBe(
      'error: this key lacks the scope jobs:write; give TICKWIRE_API_KEY a key that may, `tickwire keys create` makes one\n',
    );
  });
});
