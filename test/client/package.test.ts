import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/temporary-folder';

const ROOT = join(__dirname, '../..');

const run = (command: string, args: readonly string[], cwd: string) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** A project that has installed the package as `npm pack` makes it, with the dependencies of this one. */
let project: string;

beforeAll(() => {
  project = temporaryFolder();
  const installed = join(project, 'node_modules');
  mkdirSync(installed);
  const [{ filename }] = JSON.parse(run('npm', ['pack', '--silent', '--json', '--pack-destination', project], ROOT));
  run('tar', ['-xzf', join(project, filename), '-C', installed], project);
  run('mv', ['package', 'tickwire'], installed);
  symlinkSync(join(ROOT, 'node_modules'), join(installed, 'tickwire/node_modules'));
  symlinkSync(join(ROOT, 'node_modules/@types'), join(installed, '@types'));
  symlinkSync(join(ROOT, 'node_modules/undici-types'), join(installed, 'undici-types'));
}, 120_000);

test('the package has the client with its types, and needs no tests or tools to be installed', () => {
  const of = (path: string) => existsSync(join(project, 'node_modules/tickwire', path));

  expect(
    ['dist/src/client/index.js', 'dist/src/client/index.d.ts', 'prisma/schema.prisma', 'src/cli/index.ts'].filter(of),
  ).toHaveLength(4);
  expect(['test', 'bench', '.env', 'biome.json'].filter(of)).toEqual([]);
});

test('the client can be required, and imported', () => {
  const print = 'console.log(typeof client.createClient, client.MODEL_NAMES.includes("blackscholes"))';

  const required = run(process.execPath, ['-e', `const client = require('tickwire/client'); ${print}`], project);
  const module = `import * as client from 'tickwire/client'; ${print}`;
  const imported = run(process.execPath, ['--input-type=module', '-e', module], project);

  expect([required, imported]).toEqual(['function true\n', 'function true\n']);
});

test('its types know the routes, in a project as strict as can be', () => {
  const program = `import { createClient } from 'tickwire/client';
const client = createClient({ baseUrl: 'http://127.0.0.1:8000' });
const ticker = client.get('/tickers/{symbol}', { params: { path: { symbol: 'AAPL' } } });
export const price: Promise<number> = ticker.then((found) => found.price);
// @ts-expect-error a price is no text
export const text: Promise<string> = ticker.then((found) => found.price);
// @ts-expect-error there is no such route
void client.get('/tickerz');
`;
  writeFileSync(join(project, 'program.ts'), program);
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--module', 'node16', '--target', 'es2022'];

  expect(run(process.execPath, [tsc, ...options, '--types', 'node', 'program.ts'], project)).toBe('');
}, 120_000);

test('the command is there: an executable that starts Node, and knows its help', () => {
  const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const file = join(project, 'node_modules/tickwire', bin.tickwire);

  expect(readFileSync(file, 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true);
  expect(statSync(file).mode & 0o111).toBeGreaterThan(0);
  expect(run(process.execPath, [file, '--help'], project)).toContain('Usage: tickwire');
});
