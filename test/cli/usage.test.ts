import { runCommand } from './run-command';

const COMMANDS = [
  ['poll', 'add'],
  ['poll', 'list'],
  ['poll', 'show'],
  ['poll', 'run'],
  ['poll', 'pause'],
  ['poll', 'resume'],
  ['poll', 'rm'],
  ['watch'],
  ['latest'],
  ['average'],
  ['average', 'rebuild'],
  ['prices'],
  ['history'],
  ['news'],
  ['ingest'],
  ['replay'],
  ['jobs', 'run'],
  ['jobs', 'list'],
  ['jobs', 'show'],
  ['jobs', 'wait'],
  ['jobs', 'cancel'],
  ['jobs', 'report'],
  ['tail'],
  ['dlq', 'list'],
  ['dlq', 'show'],
  ['dlq', 'replay'],
  ['lag'],
  ['groups', 'reset'],
  ['keys', 'create'],
  ['keys', 'list'],
  ['keys', 'rotate'],
  ['keys', 'revoke'],
  ['audit'],
  ['doctor'],
  ['status'],
  ['completion'],
];

describe('help', () => {
  it.each(COMMANDS.map((words) => [words.join(' '), words] as const))(
    'of %s ends with an example of it',
    async (name, words) => {
      const { exitCode, stdout, stderr } = await runCommand([...words, '--help']);

      expect(exitCode).toBe(0);
      expect(stderr).toBe('');
      expect(stdout).toContain('--json');
      expect(stdout).toMatch(new RegExp(`Example:\n {2}tickwire ${name}`));
    },
  );

  it('of the program names every command', async () => {
    const { stdout } = await runCommand(['--help']);

    for (const [name] of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
  });

  it('has no colours on a pipe', async () => {
    const { stdout } = await runCommand(['--help']);

    expect(stdout).not.toContain('\u001b');
  });
});

it('the version is that of the package', async () => {
  const { exitCode, stdout } = await runCommand(['--version']);

  expect(exitCode).toBe(0);
  expect(stdout).toBe(`${require('../../package.json').version}\n`);
});

describe('a command line that is not understood exits with 2 and says why on standard error', () => {
  it.each([
    [[], 'Usage: tickwire'],
    [['fly'], "unknown command 'fly'"],
    [['poll'], 'Usage: tickwire poll'],
    [['latest'], "missing required argument 'symbols'"],
    [['latest', 'AAPL', '--fast'], "unknown option '--fast'"],
    [['latest', 'A B'], 'A symbol is 1 to 32 of'],
    [['latest', ','], 'Expected a symbol'],
    [['latest', 'AAPL', '--max-age', '-1'], 'at least 0'],
    [['latest', 'AAPL', '--api', 'localhost:8000'], 'Expected http://host:port'],
    [['average', 'AAPL', '--window', '501'], 'from 1 to 500'],
    [['average', 'rebuild', '--window', '7'], 'MOVING_AVERAGE_WINDOW'],
    [['poll', 'add', 'AAPL', '--interval', '1.5'], 'whole number from 1 to 86400'],
    [['replay', 'x.csv', '--speed', '0'], 'above zero, or max'],
    [['replay', 'x.csv', '--speed', 'fast'], 'above zero, or max'],
    [['replay', 'x.csv', '--limit', '0'], 'at least 1'],
    [['dlq', 'show', '17'], 'PARTITION:OFFSET'],
    [['dlq', 'replay'], 'or --all'],
    [['dlq', 'replay', '0:1', '--all'], 'or --all'],
    [['groups', 'reset'], 'or --all'],
    [['groups', 'reset', 'nobody'], 'there is no group nobody; there are price-history'],
    [['keys', 'create', 'x'], '--scopes'],
    [['keys', 'create', 'x', '--scopes', 'prices:read,root'], 'Expected some of prices:read, jobs:write'],
    [['keys', 'create', 'x', '--scopes', ''], 'Expected some of prices:read, jobs:write'],
    [['keys', 'create', 'a\nb', '--scopes', 'admin'], 'printable characters'],
    [['keys', 'create', 'x', '--scopes', 'admin', '--expires', '2020-01-01'], 'a time ahead'],
    [['keys', 'create', 'x', '--scopes', 'admin', '--expires', '0d'], 'a time ahead'],
    [['keys', 'create', 'x', '--scopes', 'admin', '--expires', '90'], 'a day such as'],
    [['keys', 'create', 'x', '--scopes', 'admin', '--expires', '99999d'], 'at most 3660d'],
    [['keys', 'rotate', 'k3v9x0a1b2c3', '--grace', 'long'], 'a time such as 90d'],
    [['keys', 'rotate', 'k3v9x0a1b2c3', '--grace', '31d'], 'at most 30d'],
    [['keys', 'create', 'x'.repeat(65), '--scopes', 'admin'], 'a name of 1 to 64'],
    [['audit', '--limit', '0'], 'from 1 to 1000'],
    [['lag', '--wait', 'long'], 'whole number'],
    [['jobs', 'run', 'guess', '--params', '{}'], 'Allowed choices are markowitz'],
    [['tail', 'price-events', '--from', 'here'], 'Allowed choices are beginning, end'],
    [['tail'], "missing required argument 'topic'"],
    [['watch', '--count', '0'], 'at least 1'],
    [['completion', 'tcsh'], 'Allowed choices are bash, zsh, fish'],
  ])('%j', async (argv, reason) => {
    const { exitCode, stdout, stderr } = await runCommand(argv);

    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(reason);
  });
});

describe('an error', () => {
  it('is one sentence that names every faulty variable, without a stack', async () => {
    const { exitCode, stderr } = await runCommand(['latest', 'AAPL'], { environment: { PORT: 'x', REDIS_TTL: '0' } });

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error: the configuration has 2 fault\(s\): .*PORT.*REDIS_TTL.*\n$/);
  });

  it('shows its stack when DEBUG is set', async () => {
    const { stderr } = await runCommand(['latest', 'AAPL'], { environment: { PORT: 'x', DEBUG: 'true' } });

    expect(stderr).toContain('    at ');
    expect((await runCommand(['latest', 'AAPL'], { environment: { PORT: 'x', DEBUG: 'false' } })).stderr).not.toContain(
      '    at ',
    );
  });

  it('that happens while the environment is read is told like any other', async () => {
    const { exitCode, stderr } = await runCommand(['status'], {
      readEnvironment: () => {
        throw new Error('.env is a folder');
      },
    });

    expect(exitCode).toBe(1);
    expect(stderr).toBe('error: .env is a folder\n');
  });

  it('cannot drive the terminal with what it quotes', async () => {
    const { stderr } = await runCommand(['replay', 'no\u001b[2Jtape.csv']);

    expect(stderr).toContain('no\\x1b[2Jtape.csv');
  });
});
