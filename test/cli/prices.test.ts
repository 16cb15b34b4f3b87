import { type ApiStandIn, openApiStandIn } from './api-stand-in';
import { runCommand } from './run-command';

const PRICE = {
  symbol: 'AAPL',
  provider: 'fixture',
  price: 231.07,
  currency: 'USD',
  volume: 1203450,
  timestamp: '2026-01-05T15:00:00.000Z',
  fetched_at: '2026-01-05T15:00:00.412Z',
  event_id: 'fixture:AAPL:1767625200000:0:231.07',
  age_ms: 61_210,
  stale: false,
  source: 'cache',
};

let api: ApiStandIn;

beforeEach(async () => {
  api = await openApiStandIn();
});

afterEach(() => api.close());

const tickwire = (...argv: string[]) => runCommand([...argv, '--api', api.url]);

describe('latest', () => {
  it('asks for all symbols at once and shows a line for each', async () => {
    api.answer(200, { prices: [PRICE, { ...PRICE, symbol: 'BTC=F', currency: null, stale: true }], errors: [] });

    const { exitCode, stdout, stderr } = await tickwire(
      'latest',
      'aapl',
      'BTC=F',
      '--provider',
      'fixture',
      '--max-age',
      '0',
    );

    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    expect(api.seen[0]?.url).toBe('/prices/latest?symbols=AAPL%2CBTC%3DF&provider=fixture&max_age=0');
    expect(stdout).toMatch(/AAPL +231\.07 +USD +fixture +2026-01-05T15:00:00\.000Z +1 min 1 s +cache\n/);
    expect(stdout).toMatch(/BTC=F +231\.07 +- +fixture +\S+ +1 min 1 s, stale +cache\n/);
  });

  it('prints what there is and fails when a symbol has no price', async () => {
    const answer = {
      prices: [PRICE],
      errors: [{ symbol: 'NOPE', code: 'SYMBOL_UNKNOWN', detail: 'fixture does not know NOPE' }],
    };
    api.answer(200, answer);

    const { exitCode, stdout, stderr } = await tickwire('latest', 'AAPL', 'NOPE', '--json');

    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toEqual(answer);
    expect(stderr).toBe('error: no price for 1 symbol: NOPE: fixture does not know NOPE\n');
  });
});

describe('average', () => {
  it('shows the average with its window', async () => {
    const answer = {
      symbol: 'AAPL',
      provider: 'fixture',
      window: 20,
      average: 230.123456789,
      count: 20,
      timestamp: '2026-01-05T15:00:00.000Z',
      event_ids: [],
    };
    api.answer(200, answer);

    const { exitCode, stdout } = await tickwire('average', 'AAPL', '--window', '20', '--provider', 'fixture');

    expect(exitCode).toBe(0);
    expect(api.seen[0]?.url).toBe('/prices/average?symbol=AAPL&window=20&provider=fixture');
    expect(stdout).toMatch(/AAPL +230\.123456789 +20 +fixture +2026-01-05T15:00:00\.000Z\n/);
  });

  it('fails in the words of the API while it is not ready', async () => {
    api.answer(404, { code: 'AVERAGE_NOT_READY', detail: 'AAPL has 3 prices from fixture; the average needs 5' });

    const { exitCode, stdout, stderr } = await tickwire('average', 'AAPL');

    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toBe('error: AAPL has 3 prices from fixture; the average needs 5\n');
  });
});

it('colours are shown on a terminal, and not with NO_COLOR', async () => {
  api.answer(200, { prices: [PRICE], errors: [] });
  const argv = ['latest', 'AAPL', '--api', api.url];

  const terminal = await runCommand(argv, { isTerminal: true });
  const plain = await runCommand(argv, { isTerminal: true, environment: { NO_COLOR: '1' } });
  const piped = await runCommand(argv);

  expect(terminal.stdout).toContain('\u001b[1mSYMBOL\u001b[22m');
  expect(plain.stdout).not.toContain('\u001b');
  expect(piped.stdout).toBe(plain.stdout);
});

it('what another provider says cannot drive the terminal', async () => {
  api.answer(200, { prices: [{ ...PRICE, currency: '\u001b]0;x\u0007\u202e' }], errors: [] });

  const { stdout } = await tickwire('latest', 'AAPL');

  expect(stdout).toContain('\\x1b]0;x\\x07\\u{202e}');
});
