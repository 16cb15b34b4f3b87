import { parseConfig, required } from '../../src/platform/config';

const faultOf = (environment: Record<string, string>) => {
  try {
    parseConfig(environment);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('expected a fault');
};

test('an empty environment gives the documented defaults', () => {
  const config = parseConfig({});

  expect(config).toMatchObject({
    port: 8000,
    host: '127.0.0.1',
    logLevel: 'info',
    databaseUrl: undefined,
    redisUrl: undefined,
    redisTtlSeconds: 300,
    kafkaBrokers: undefined,
    kafkaPartitions: 6,
    provider: 'finnhub',
    symbols: [],
    intervalSeconds: 60,
    movingAverageWindow: 5,
  });
});

test('all faults are reported at once, by name and without values', () => {
  const fault = faultOf({ PORT: 'hunter2', INTERVAL: '0', REDIS_URL: 'http://secret', USE_FIXTURE: 'maybe' });

  for (const name of ['PORT', 'INTERVAL', 'REDIS_URL', 'USE_FIXTURE']) expect(fault).toContain(name);
  expect(fault).not.toMatch(/hunter2|secret|maybe/);
});

test.each([
  ['[" AAPL","MSFT"]', [' AAPL', 'MSFT']],
  ['AAPL, MSFT,', ['AAPL', 'MSFT']],
])('SYMBOLS is a JSON list or commas: %s', (text, symbols) => {
  expect(parseConfig({ SYMBOLS: text }).symbols).toEqual(symbols);
});

test('a broken JSON list is a fault of its variable', () => {
  expect(faultOf({ SYMBOLS: '["AAPL"' })).toContain('SYMBOLS');
});

test('a +asyncpg suffix of the database URL is dropped', () => {
  const { databaseUrl } = parseConfig({ DATABASE_URL: 'postgresql+asyncpg://u:p@db:5432/ticks' });

  expect(databaseUrl).toBe('postgresql://u:p@db:5432/ticks');
});

test.each([
  [
    { DB_HOST: 'db', DB_PORT: '5433', DB_NAME: 'ticks', DB_USER: 'u', DB_PASSWORD: 'a/b' },
    'postgresql://u:a%2Fb@db:5433/ticks',
  ],
  [{ POSTGRES_USER: 'u', POSTGRES_PASSWORD: 'p', POSTGRES_DB: 'ticks' }, 'postgresql://u:p@localhost:5432/ticks'],
])('the database can be given in parts', (parts, url) => {
  expect(parseConfig(parts).databaseUrl).toBe(url);
});

test.each([
  [{ DATABASE_URL: 'postgresql://u:p@db/ticks', DB_HOST: 'other' }, /DATABASE_URL contradicts .*host/],
  [{ DATABASE_URL: 'mysql://u:p@db/ticks' }, /DATABASE_URL: expected postgresql/],
  [{ REDIS_URL: 'redis://a:6379', REDIS_PORT: '6380' }, /REDIS_URL contradicts/],
  [{ KAFKA_SASL_USERNAME: 'u' }, /go together/],
])('contradictions stop the start with a sentence', (environment, sentence) => {
  expect(faultOf(environment as Record<string, string>)).toMatch(sentence);
});

test('USE_FIXTURE makes the fixture the default provider, and PROVIDER wins over it', () => {
  expect(parseConfig({ USE_FIXTURE: 'true' }).provider).toBe('fixture');
  expect(parseConfig({ USE_FIXTURE: 'true', PROVIDER: 'yahoo' }).provider).toBe('yahoo');
});

test('a missing address names its variable and what would start it', () => {
  expect(() => required(undefined, 'DATABASE_URL')).toThrow(/DATABASE_URL is not set.*npm start/);
});
