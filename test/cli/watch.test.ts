import { httpServer } from '../../src/api/server';
import { anApi } from '../support/api';
import { eventually } from '../support/eventually';
import { nextEvents } from '../support/live';
import { aPriceEvent } from '../support/price-events';
import { type ApiStandIn, openApiStandIn } from './api-stand-in';
import { type RunOptions, runCommand } from './run-command';

const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** The API with its live part, on a port that another one can take over. */
async function serve(api = anApi(), port = 0) {
  const server = httpServer({ dependencies: api.dependencies, host: '127.0.0.1', port });
  await server.start();
  stops.push(() => server.stop());
  return {
    api,
    server,
    url: `http://127.0.0.1:${server.port()}`,
    publish: (prices: Record<string, number>) => api.cache.writeLatest(nextEvents(prices)),
  };
}

/** `tickwire watch …argv` while it runs. */
function start(url: string, argv: readonly string[], options: RunOptions = {}) {
  const user = new AbortController();
  stops.push(async () => user.abort());
  let stdout = '';
  const ended = runCommand(['watch', ...argv, '--api', url], {
    signal: user.signal,
    onStdout: (text) => {
      stdout = text;
    },
    ...options,
  });
  return {
    ended,
    shows: (pattern: RegExp) => eventually(() => expect(stdout).toMatch(pattern)),
    pressCtrlC: () => {
      user.abort();
      return ended;
    },
  };
}

describe('on a pipe', () => {
  test('the prices there are and every change come as a line each, of the wanted symbols only', async () => {
    const { url, publish } = await serve();
    await publish({ AAPL: 1, TSLA: 1 });
    const watch = start(url, ['aapl', 'MSFT']);

    await watch.shows(/ {2}AAPL {2}1 /);
    await publish({ MSFT: 2, TSLA: 2 });
    await watch.shows(/ {2}MSFT {2}2 /);
    const { exitCode, stdout, stderr } = await watch.pressCtrlC();

    expect(exitCode).toBe(130);
    expect(stderr).toBe('');
    expect(stdout).not.toContain('TSLA');
    expect(stdout).not.toContain('\u001b');
    expect(stdout.split('\n')).toHaveLength(3);
  });

  test('it ends by itself after --count changes', async () => {
    const { url, publish } = await serve();
    await publish({ A: 1, B: 1, C: 1 });

    const { exitCode, stdout } = await start(url, ['--count', '2']).ended;

    expect(exitCode).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
  });

  test('with --json each line is a document', async () => {
    const { url, publish } = await serve();
    await publish({ A: 1 });

    const { stdout } = await start(url, ['--count', '1', '--json']).ended;

    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([{ connection: 'live' }, expect.objectContaining({ symbol: 'A', price: 1 })]);
  });
});

test('an API that goes away and comes back is told, and what was missed is made up for', async () => {
  const first = await serve();
  await first.publish({ A: 1 });
  const watch = start(first.url, ['--json']);
  await watch.shows(/"price":1,/);

  const port = first.server.port();
  await first.server.stop();
  await watch.shows(/"connection":"lost","since":"[^"]+Z","reason":/);
  await first.publish({ A: 2 });
  await serve(
    anApi(() => ({ cache: first.api.cache })),
    port,
  );
  await watch.shows(/"connection":"lost"[\s\S]*"connection":"live"[\s\S]*"price":2,/);

  expect((await watch.pressCtrlC()).exitCode).toBe(130);
});

test('a stream that broke is opened again where it broke off', async () => {
  const api: ApiStandIn = await openApiStandIn();
  stops.push(() => api.close());
  const told = { type: 'snapshot', prices: {}, sequence: 41 };
  api.answer(200, `id: 41\nevent: snapshot\ndata: ${JSON.stringify(told)}\n\n`, {
    'content-type': 'text/event-stream',
  });
  const watch = start(api.url, ['AAPL', 'MSFT']);

  await eventually(() => api.seen.length >= 2);
  await watch.pressCtrlC();

  expect(api.seen[0]).toMatchObject({ url: '/prices/stream?symbols=AAPL%2CMSFT' });
  expect(api.seen[0]?.headers).not.toHaveProperty('last-event-id');
  expect(api.seen[1]?.headers['last-event-id']).toBe('41');
});

test('a service that gets no prices itself says so, and so does the command', async () => {
  const api: ApiStandIn = await openApiStandIn();
  stops.push(() => api.close());
  const status = { type: 'status', state: 'stale', since: '2026-01-05T15:00:12.000Z' };
  api.answer(200, `event: status\ndata: ${JSON.stringify(status)}\n\n`, { 'content-type': 'text/event-stream' });
  const watch = start(api.url, ['--json']);

  await watch.shows(/\{"connection":"stale","since":"2026-01-05T15:00:12.000Z"/);

  await watch.pressCtrlC();
});

test('an API that was never there is an error that says what to do', async () => {
  const { url, server } = await serve();
  await server.stop();

  const { exitCode, stderr } = await start(url, ['AAPL']).ended;

  expect(exitCode).toBe(1);
  expect(stderr).toBe(`error: the API at ${url} does not answer; start it with \`npm start\`, or give --api URL\n`);
});

describe('on a terminal', () => {
  test('a table is drawn, drawn anew with each change, and the terminal is given back', async () => {
    const { url, publish } = await serve();
    await publish({ AAPL: 1 });
    const watch = start(url, ['AAPL', 'NOPE'], { isTerminal: true, environment: { NO_COLOR: '1' } });

    await watch.shows(/live; Ctrl-C ends\n\nSYMBOL +PRICE[\s\S]*AAPL +1 [\s\S]*NOPE +- .*no price yet/);
    await publish({ AAPL: 3 });
    await watch.shows(/AAPL +3 /);
    const { exitCode, stdout } = await watch.pressCtrlC();

    expect(exitCode).toBe(130);
    expect(stdout.startsWith('\u001b[?1049h\u001b[?25l')).toBe(true);
    const [, left] = stdout.split('\u001b[?25h\u001b[?1049l');
    expect(left).toMatch(/^live; Ctrl-C ends\n\nSYMBOL[\s\S]*AAPL +3 /);
  });

  test('a price of the past is marked stale, and every price is while the connection is lost', async () => {
    const { api, url, publish, server } = await serve();
    await publish({ AAPL: 1 });
    await api.cache.writeLatest([{ event: aPriceEvent({ symbol: 'MSFT', price: 2, observedAt: new Date() }) }]);
    const watch = start(url, [], { isTerminal: true, environment: { NO_COLOR: '1' } });
    await watch.shows(/AAPL +1 .*, stale\nMSFT +2 .* \d+ s\n/);

    await server.stop();
    await watch.shows(/NOT CONNECTED for \d+ s: .*; these are the last prices known[\s\S]*MSFT +2 .*, stale\n/);

    expect((await watch.pressCtrlC()).exitCode).toBe(130);
  });
});
