import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PRODUCT, readProjectFile } from './deployed-product';
import { testedNodes, workflowFaults } from './workflow-rules';

const CI = readProjectFile('.github/workflows/ci.yml');
const RELEASE = readProjectFile('.github/workflows/release.yml');
const held = { product: PRODUCT, exists: (path: string) => existsSync(join(__dirname, '..', '..', path)) };

test.each([
  ['ci', CI],
  ['release', RELEASE],
])('the workflow %s may do little, ends in time, and uses what is pinned and there', (_, text) => {
  const faults = workflowFaults(text, held);

  expect(faults).toEqual([]);
});

test('the tests run on the oldest Node that the package takes, and on two after it', () => {
  const { engines } = JSON.parse(readProjectFile('package.json'));

  const nodes = testedNodes(CI);

  expect(nodes).toHaveLength(3);
  expect(engines.node).toMatch(new RegExp(`^>=${nodes[0]}\\.`));
});

test('an image is released only after every test, under the version of the package', () => {
  expect(RELEASE).toMatch(/image:\n {4}needs: ci\n/);
  expect(RELEASE).toContain(`test "$GITHUB_REF_NAME" = "v$(node -p "require('./package.json').version")"`);
  expect(RELEASE).toContain('provenance: mode=max');
});

test.each([
  ['an action that moves', 'actions/cache@v4', 'actions/cache@main', /an action of a version/],
  ['permission to write', 'permissions:\n  contents: read', 'permissions: write-all', /permissions: expected/],
  ['no word on permissions', 'permissions:\n  contents: read\n', '', /permissions: expected/],
  ['no concurrency', 'concurrency:', 'x:', /concurrency: expected/],
  ['strangers with our permissions', '  pull_request:\n', '  pull_request_target:\n', /no strangers/],
  ['a job without end', '    timeout-minutes: 45\n', '', /test: expected a timeout/],
  ['a kept login', '          persist-credentials: false\n', '          fetch-depth: 1\n', /keeps no login/],
  ['an expression in a shell', 'npm test', `npm test \${{ github.head_ref }}`, /in place of expressions/],
  ['a command that is not there', 'npm run check', 'npm run bench', undefined],
  [
    'a test that is not there',
    'test/integration/kafka.test.ts',
    'test/integration/kafka-4.test.ts',
    /kafka-4.test.ts to/,
  ],
  ['an image that moves', 'postgres:18-bookworm', 'postgres:latest', /the tag of a version/],
  ['a port for everybody', "'127.0.0.1:9092:9092'", "'9092:9092'", /a port of 127/],
  ['another version', 'tags: tickwire:1.0.0', 'tags: tickwire:0.9.0', /expected version/],
])('it is seen when a workflow has %s', (_, sound, by, expected) => {
  expect(CI).toContain(sound);
  const product = expected ? PRODUCT : { ...PRODUCT, commands: new Set(['test', 'build']) };

  const faults = workflowFaults(CI.replace(sound, by), { ...held, product });

  expect(faults.join('\n')).toMatch(expected ?? /no command bench/);
});
