import { execFileSync } from 'node:child_process';
import { runCommand } from './run-command';

const scriptOf = async (shell: string) => (await runCommand(['completion', shell])).stdout;

/** What bash offers for the last of `words`. */
function offered(script: string, words: readonly string[]): string[] {
  const ask = `COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tickwire; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const text = execFileSync('bash', ['-c', `${script}\n${ask}`, 'bash', 'tickwire', ...words], { encoding: 'utf8' });
  return text.split('\n').filter((line) => line !== '');
}

test.each([
  [['po'], ['poll']],
  [['poll', 're'], ['resume']],
  [
    ['poll', 'r'],
    ['run', 'resume', 'rm'],
  ],
  [['poll', 'add', 'AAPL', '--inter'], ['--interval']],
  [['--json', 'jobs', 'wa'], ['wait']],
  [['jobs', 'run', 'black'], ['blackscholes']],
  [
    ['history', 'AAPL', '--interval', '1'],
    ['1m', '15m', '1h', '1d'],
  ],
  [
    ['tail', 'price-events', '--from', ''],
    ['beginning', 'end'],
  ],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
  [['fly', 'zz'], []],
])('bash completes %j', async (words, expected) => {
  const found = offered(await scriptOf('bash'), words);

  expect(found.filter((word) => !word.startsWith('--') || expected.includes(word))).toEqual(expected);
});

test('every command of the help is offered by every shell', async () => {
  const { stdout } = await runCommand(['--help']);
  const listed = stdout.split('Commands:')[1]!.split('\n\n')[0]!;
  const commands = [...listed.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, name]) => name!).filter((name) => name !== 'help');

  const [bash, zsh, fish] = [await scriptOf('bash'), await scriptOf('zsh'), await scriptOf('fish')];

  expect(commands.length).toBeGreaterThan(15);
  expect(offered(bash, [''])).toEqual(expect.arrayContaining(commands));
  for (const command of commands) {
    expect(zsh).toContain(`'${command}:`);
    expect(fish).toContain(`'__tickwire_at "tickwire"' -f -a '${command}'`);
  }
});

test('with --json the script is a member of the document', async () => {
  const { stdout } = await runCommand(['completion', 'bash', '--json']);

  expect(JSON.parse(stdout)).toEqual({ shell: 'bash', script: await scriptOf('bash') });
});
