import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from '../../src/platform/environment';

const before = { ...process.env };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tickwire-environment-'));
  for (const name of ['DATABASE_URL', 'REDIS_URL', 'PORT', 'KAFKA_BOOTSTRAP_SERVERS', 'TICKWIRE_HOME'])
    delete process.env[name];
});

afterEach(() => {
  process.env = { ...before };
  rmSync(folder, { recursive: true });
});

function write(path: string, text: string): string {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
  return join(folder, path);
}

test('what the process was given wins over .env', () => {
  write('.env', 'PORT=1111\nREDIS_URL=redis://from-file\n');
  process.env.PORT = '2222';

  const environment = readEnvironment(folder);

  expect(environment).toMatchObject({ PORT: '2222', REDIS_URL: 'redis://from-file' });
});

test('an empty variable counts as not set', () => {
  process.env.PORT = '';

  expect(readEnvironment(folder).PORT).toBeUndefined();
});

test('a secret can be given as a file', () => {
  process.env.FINNHUB_API_KEY_FILE = write('key', 's3cret\n');

  expect(readEnvironment(folder).FINNHUB_API_KEY).toBe('s3cret');
});

test.each(['KAFKA_SSL_CA', 'KAFKA_SSL_CERT', 'KAFKA_SSL_KEY', 'REDIS_TLS_CA'])('%s can be given as a file', (name) => {
  process.env[`${name}_FILE`] = write('pem', '-----BEGIN\n');

  expect(readEnvironment(folder)[name]).toBe('-----BEGIN');
});

test('addresses of a running start are used where no address is configured in any spelling', () => {
  write(
    '.tickwire/addresses.env',
    'DATABASE_URL=postgresql://running\nREDIS_URL=redis://running\nKAFKA_BOOTSTRAP_SERVERS=127.0.0.1:1\n',
  );
  process.env.DB_HOST = 'elsewhere';

  const environment = readEnvironment(folder);

  expect(environment.DATABASE_URL).toBeUndefined();
  expect(environment).toMatchObject({ REDIS_URL: 'redis://running', KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1' });
});

test('the secret of API keys of a running start is used where none is configured, in a file or not', () => {
  write('.tickwire/addresses.env', 'API_KEY_SECRET=of-the-running-start\n');

  const running = readEnvironment(folder).API_KEY_SECRET;
  process.env.API_KEY_SECRET_FILE = write('secret', 'configured\n');

  expect([running, readEnvironment(folder).API_KEY_SECRET]).toEqual(['of-the-running-start', 'configured']);
});

test('a secret file that is not there stops the start, by name', () => {
  process.env.FINNHUB_API_KEY_FILE = join(folder, 'nowhere');

  expect(() => readEnvironment(folder)).toThrow(/FINNHUB_API_KEY_FILE/);
});
