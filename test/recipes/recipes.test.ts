import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/temporary-folder';
import { applyBlock, copyProject, runPackage } from './project-copy';
import { changed, recipesOf } from './recipe-text';

jest.setTimeout(300_000);

const RECIPES = recipesOf(readFileSync(join(__dirname, '..', '..', 'CONTRIBUTING.md'), 'utf8'));

/** What a recipe touches is held to the same tests as everything else; these are the ones that look at all of a kind. */
const TESTS = [
  'test/recipes/recipe-proofs.test.ts',
  'test/architecture.test.ts',
  'test/api/async-api.test.ts',
  'test/deploy/compose.test.ts',
  'test/deploy/kubernetes.test.ts',
  'test/papers/papers.test.ts',
  'test/papers/variables.test.ts',
];
const CONTRACTS = ['test/providers/index.test.ts', 'test/models/index.test.ts'];
const OF_RECIPES = 'acme|drawdown|registry|no two';

let folder: string;
/** TypeScript that the recipes make or change. */
let written: readonly string[];

beforeAll(() => {
  folder = temporaryFolder();
  copyProject(folder);
  for (const block of RECIPES.flatMap(({ blocks }) => blocks)) applyBlock(folder, block);
  renameSync(join(folder, 'test/recipes/recipe-proofs.ts'), join(folder, 'test/recipes/recipe-proofs.test.ts'));
  written = RECIPES.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.kind !== 'commands' && block.path.endsWith('.ts') ? [block.path] : [])),
  );
});

test('there is a recipe for a provider, a consumer and a model', () => {
  expect(RECIPES.map(({ title }) => title)).toEqual(['Add a provider', 'Add a consumer', 'Add a model']);
  for (const { blocks } of RECIPES) expect(blocks.length).toBeGreaterThan(3);
});

test('what the recipes write keeps the types of the project', () => {
  const config = {
    extends: './tsconfig.json',
    compilerOptions: { incremental: false },
    include: ['src/**/*.d.ts'],
    files: written,
  };
  writeFileSync(join(folder, 'tsconfig.recipes.json'), JSON.stringify(config));

  const said = runPackage(folder, 'typescript/bin/tsc', ['-p', 'tsconfig.recipes.json']);

  expect(said).toBe('');
});

test('what the recipes write keeps the style of the project', () => {
  expect(() =>
    runPackage(folder, '@biomejs/biome/bin/biome', ['check', '--error-on-warnings', ...written]),
  ).not.toThrow();
});

test('what the recipes add works in the product, and every test that looks at all of a kind takes it', () => {
  const own = written.filter((path) => path.endsWith('.test.ts'));
  const jest = (args: readonly string[]) =>
    runPackage(folder, 'jest/bin/jest.js', ['--no-watchman', '--selectProjects', 'unit', ...args]);

  expect(() => jest(['--runTestsByPath', ...TESTS, ...own])).not.toThrow();
  expect(() => jest(['--testNamePattern', OF_RECIPES, '--runTestsByPath', ...CONTRACTS])).not.toThrow();
});

describe('a change', () => {
  test('takes out the lines with a minus and puts those with a plus in their place', () => {
    expect(changed('a\nb\nc\n', ' a\n-b\n+x\n+y\n c\n')).toBe('a\nx\ny\nc\n');
  });

  test.each([
    ['that are not there', 'a\nc\n'],
    ['that are there twice', 'b\nb\n'],
  ])('of lines %s is refused', (_, source) => {
    expect(() => changed(source, '-b\n+x\n')).toThrow('expected these lines once');
  });
});
