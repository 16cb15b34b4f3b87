import { parseConfig } from '../../src/platform/config';
import { exampleSecretsIn } from '../../src/platform/example-secrets';

const faultOf = (environment: Record<string, string>): string => {
  try {
    parseConfig(environment);
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
};

const EXAMPLES = [
  'change-me',
  'ChangeMe!',
  'password',
  'Pass-Word123',
  'postgres',
  'tickwire',
  '12345678',
  'please replace this with a secret of yours',
  '<your password>',
  '0'.repeat(32),
  'x'.repeat(40),
];

test.each(EXAMPLES)('%s is no secret', (secret) => {
  expect(exampleSecretsIn({ KAFKA_SASL_PASSWORD: secret })).toEqual(['KAFKA_SASL_PASSWORD']);
});

test.each(['a2f1c09e7d5b', 'correct horse battery staple', 'postgres-9f27ab31c4', '!?#', 'p%zz'])(
  '%s may be one',
  (secret) => {
    expect(exampleSecretsIn({ DB_PASSWORD: secret })).toEqual([]);
  },
);

test('in production the start is refused over them, each by name and none by value', () => {
  const environment = {
    NODE_ENV: 'production',
    DATABASE_URL: 'postgresql+asyncpg://ticks:Change%2DMe@db:5432/ticks',
    DB_PASSWORD: 'Change-Me',
    REDIS_URL: 'redis://:foobared@cache:6379',
    KAFKA_SASL_MECHANISM: 'plain',
    KAFKA_SASL_USERNAME: 'ticks',
    KAFKA_SASL_PASSWORD: 'kafka',
    API_KEY_SECRET: 'change-me-change-me-change-me-change-me',
  };

  const fault = faultOf(environment);

  for (const name of ['DATABASE_URL', 'DB_PASSWORD', 'REDIS_URL', 'KAFKA_SASL_PASSWORD', 'API_KEY_SECRET']) {
    expect(fault).toContain(`${name}: holds an example`);
  }
  expect(fault).not.toMatch(/change.?me|foobared/i);
  expect(faultOf({ ...environment, NODE_ENV: 'development' })).toBe('none');
});

test('addresses without a password are not judged: something else may keep the server', () => {
  const addresses = { DATABASE_URL: 'postgresql://ticks@db/ticks', REDIS_URL: 'redis://cache:6379' };

  expect(faultOf({ NODE_ENV: 'production', ...addresses })).toBe('none');
});
