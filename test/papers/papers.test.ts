import { TOPIC_NAMES } from '../../src/bus/topics';
import { runCommand } from '../cli/run-command';
import { anchorsOf, linkFaults, namedPaths, page, pages, textAt } from './markdown';

const PAGES = pages();
const named = PAGES.map((one) => [one.path, one] as const);

/** Names of the commands, as the command line itself lists them. */
async function commands(): Promise<readonly string[]> {
  const { stdout } = await runCommand(['--help']);
  const [listed = ''] = stdout.slice(stdout.indexOf('Commands:')).split('\n\n');
  return [...listed.matchAll(/^ {2}([a-z]+) /gm)].map(([, name = '']) => name).filter((name) => name !== 'help');
}

test('the pages are there', () => {
  expect(PAGES.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['CHANGELOG.md', 'CONTRIBUTING.md', 'README.md', 'SECURITY.md', 'docs/operations.md']),
  );
});

test.each(named)('every link of %s leads to a file, and to a heading of it', (_, one) => {
  expect(linkFaults(one, textAt)).toEqual([]);
});

test.each(named)('every path that %s names is there', (_, one) => {
  const absent = namedPaths(one).filter((path) => textAt(path) === undefined);

  expect(absent).toEqual([]);
});

test('the table of threats in SECURITY.md names a place in the code and a test for each', () => {
  const { text } = page('SECURITY.md');
  const rows = text.slice(text.indexOf('| threat |')).split('\n\n')[0]!.split('\n').slice(2);

  const incomplete = rows.filter((row) => !/`(?:src|deploy|scripts)\/|`Dockerfile`/.test(row) || !/`test\//.test(row));

  expect(rows.length).toBeGreaterThan(15);
  expect(incomplete).toEqual([]);
});

test('docs/operations.md has every command of the command line in its table, and no page has another', async () => {
  const [, section = ''] = page('docs/operations.md').text.split('## Commands\n');
  const [table = ''] = section.split('## ');
  const known = await commands();

  const all = PAGES.map((one) => one.text).join('\n');
  const told = [...all.matchAll(/`tickwire ([a-z]+)/g)].map(([, name = '']) => name);

  expect(known.length).toBeGreaterThan(15);
  expect(known.filter((name) => !table.includes(`\`tickwire ${name}`))).toEqual([]);
  expect(told.filter((name) => !known.includes(name))).toEqual([]);
});

test('docs/events.md tells of every topic', () => {
  const { text } = page('docs/events.md');

  expect(TOPIC_NAMES.filter((name) => !text.includes(`| \`${name}\` |`))).toEqual([]);
});

describe('this very check', () => {
  const read = (path: string) => ({ 'docs/a.md': '# One thing: `two`\n' })[path];
  const faultsOf = (text: string) => linkFaults({ path: 'docs/b.md', text }, read);

  test.each([
    ['a file that is not there', '[x](c.md)', /c\.md leads to no file/],
    ['a heading that is not there', '[x](a.md#one)', /a\.md#one leads to no heading/],
  ])('sees a link to %s', (_, text, expected) => {
    expect(faultsOf(text).join()).toMatch(expected);
  });

  test('lets a sound link, one to elsewhere and one in a block of code be', () => {
    expect(faultsOf('[x](a.md#one-thing-two) [y](https://x.example/#z)\n\n    [z](c.md)\n')).toEqual([]);
    expect([...anchorsOf('## A\n\n<a id="b"></a>\n')]).toEqual(['a', 'b']);
  });
});
