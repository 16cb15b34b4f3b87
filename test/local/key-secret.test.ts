import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { keySecretFile, keySecretOf } from '../../src/local/key-secret';
import { temporaryFolder } from '../support/temporary-folder';

test('a secret is made once, for its owner alone, and is the same at every start', () => {
  const home = temporaryFolder();

  const first = keySecretOf(home, {});
  const second = keySecretOf(home, {});

  expect(first.API_KEY_SECRET).toMatch(/^[0-9a-f]{64}$/);
  expect(second).toEqual(first);
  expect(statSync(keySecretFile(home)).mode & 0o777).toBe(0o600);
  expect(keySecretOf(temporaryFolder(), {})).not.toEqual(first);
});

test('where one is configured none is made', () => {
  const home = temporaryFolder();

  expect(keySecretOf(home, { API_KEY_SECRET: 'configured'.repeat(4) })).toEqual({});
  expect(() => readFileSync(keySecretFile(home))).toThrow('ENOENT');
});

test('a file that was cut short is told by its name, and not replaced: every key would be lost', () => {
  const home = temporaryFolder();
  mkdirSync(home, { recursive: true });
  writeFileSync(keySecretFile(home), 'short\n');

  expect(() => keySecretOf(home, {})).toThrow(keySecretFile(home));
  expect(readFileSync(keySecretFile(home), 'utf8')).toBe('short\n');
});
