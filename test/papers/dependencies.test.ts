import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './markdown';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly license?: string;
}

const LOCK: { packages: Record<string, Locked> } = readJson('package-lock.json');
const packages = Object.entries(LOCK.packages).filter(([place]) => place !== '');

/** SPDX names of licences that ask for no more than to be named; of a choice, one that is. */
const ALLOWED = /^(0BSD|Apache-2\.0|BlueOak-1\.0\.0|BSD-[23]-Clause|ISC|MIT|Python-2\.0|Unlicense)$/;

/** Packages whose `package.json` says nothing or no SPDX name; read in their licence files. */
const READ_BY_HAND: Readonly<Record<string, string>> = {
  'decko@1.2.0': 'MIT',
  'finnhub@2.0.14': 'Apache-2.0',
  'seq-queue@0.0.5': 'MIT',
  'stickyfill@1.1.1': 'MIT',
  'url-template@2.0.8': 'BSD-3-Clause',
  '@visx/vendor@4.0.0-alpha.0': 'MIT',
};

/** Licences that ask for more, judged for one version: EPL-2.0 lets a package be passed on unchanged, and Prisma's studio alone uses this one. */
const JUDGED: Readonly<Record<string, string>> = { 'elkjs@0.11.1': 'EPL-2.0' };

function readJson(path: string) {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}

/** The words of a licence expression of which one has to be allowed. */
function choicesOf(expression: string): string[] {
  return expression.replace(/[()]/g, '').split(/ OR /i);
}

/** `name@version` of an entry. */
function titleOf([place, { version }]: readonly [string, Locked]): string {
  return `${place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${version}`;
}

function isAllowed(title: string, licence: string): boolean {
  return JUDGED[title] === licence || choicesOf(licence).some((choice) => ALLOWED.test(choice));
}

test('every package comes from the registry under its version, none from an address of its own', () => {
  // The lock names no address at all: each machine asks the registry that it is configured with.
  const odd = packages.filter(([, { resolved, link, version }]) => link || !version || resolved !== undefined);

  expect(packages.length).toBeGreaterThan(500);
  expect(odd.map(([place]) => place)).toEqual([]);
});

test('every package is held to its bytes, but for tools of development on other systems than the lock was made on', () => {
  const loose = packages.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'));

  const excused = loose.filter(([, { dev, optional, os }]) => dev && optional && os);

  expect(loose.map(([place]) => place)).toEqual(excused.map(([place]) => place));
});

test('the packages of package.json are pinned to one version, which is the locked one', () => {
  const { dependencies, devDependencies } = readJson('package.json') as Record<string, Record<string, string>>;
  const wanted = Object.entries({ ...dependencies, ...devDependencies });

  const loose = wanted.filter(([name, version]) => LOCK.packages[`node_modules/${name}`]?.version !== version);

  expect(loose).toEqual([]);
});

test('every production dependency has a licence of the list', () => {
  const shipped = packages.filter(([, { dev }]) => !dev);

  const odd = shipped
    .map((one) => ({ title: titleOf(one), licence: READ_BY_HAND[titleOf(one)] ?? one[1].license ?? 'none' }))
    .filter(({ title, licence }) => !isAllowed(title, licence));

  expect(shipped.length).toBeGreaterThan(300);
  expect(odd).toEqual([]);
});

test('what was read or judged by hand is still installed under that version', () => {
  const installed = new Set(packages.map(titleOf));

  expect(Object.keys({ ...READ_BY_HAND, ...JUDGED }).filter((title) => !installed.has(title))).toEqual([]);
});

test.each([
  ['left@1.0.0', 'GPL-3.0-only', false],
  ['left@1.0.0', '(MIT AND GPL-3.0-only)', false],
  ['left@1.0.0', 'EPL-2.0', false],
  ['left@1.0.0', 'none', false],
  ['left@1.0.0', '(MPL-2.0 OR Apache-2.0)', true],
])('the licence of %s, %s: allowed is %s', (title, licence, expected) => {
  expect(isAllowed(title, licence)).toBe(expected);
});
