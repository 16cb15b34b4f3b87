import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { parseConfig } from '../../src/platform/config';
import { PROVIDERS } from '../../src/providers';
import { ROOT } from './markdown';

/** Of the system or of Node, not of the product. */
const OF_THE_SYSTEM = new Set(['PATH', 'JAVA_HOME', 'NO_COLOR', 'NODE_OPTIONS']);

const EXAMPLE = readFileSync(join(ROOT, '.env.example'), 'utf8');
const documented = Object.keys(parse(EXAMPLE));

/** What the configuration asks an environment for, whatever the answer. */
function configured(): ReadonlySet<string> {
  const asked = new Set<string>();
  const environment = new Proxy<Record<string, string>>(
    {},
    {
      get: (_, name) => void asked.add(String(name)),
      has: (_, name) => Boolean(asked.add(String(name))) && false,
    },
  );
  parseConfig(environment);
  return asked;
}

/** What the sources read beside it: `environment.NAME`, a field of a schema over the environment, or a constant that names the variable. */
function readInSources(): readonly string[] {
  const read =
    /\b(?:environment|env|configured)\.([A-Z][A-Z0-9_]{2,})\b|^ {2}([A-Z][A-Z0-9_]+): z\b|_VARIABLE = '([A-Z][A-Z0-9_]+)'/gm;
  return readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.includes('generated'))
    .flatMap((path) => [...readFileSync(join(ROOT, 'src', path), 'utf8').matchAll(read)])
    .map(([, ...names]) => names.find(Boolean) ?? '');
}

const known = new Set(
  [
    ...configured(),
    ...PROVIDERS.flatMap(({ variables }) => variables.map(({ name }) => name)),
    ...readInSources(),
  ].filter((name) => /^[A-Z][A-Z0-9_]+$/.test(name) && !OF_THE_SYSTEM.has(name)),
);

test('every variable that the product reads is in .env.example', () => {
  expect(known.size).toBeGreaterThan(40);
  expect([...known].filter((name) => !documented.includes(name))).toEqual([]);
});

test('.env.example has no variable that the product does not read, and none twice', () => {
  const lines = EXAMPLE.split('\n').filter((line) => /^[A-Z]/.test(line));

  expect(documented.filter((name) => !known.has(name))).toEqual([]);
  expect(lines).toHaveLength(documented.length);
});

test('.env.example holds no secret, and is a configuration that the product takes', () => {
  const values = parse(EXAMPLE);
  const given = Object.entries(values).filter(
    ([name, value]) => value !== '' && /KEY|PASSWORD|SECRET|TOKEN/.test(name),
  );

  expect(given.filter(([name]) => name !== 'API_KEYS_REQUIRED')).toEqual([]);
  expect(() =>
    parseConfig(Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))),
  ).not.toThrow();
});
