import { parseConfig } from '../../src/platform/config';
import { type Log, silentLog } from '../../src/platform/log';
import { apiSecurityOf } from '../../src/processes/api-security';

const SECRET = 'of-this-test-and-of-nothing-else-0123';

function securityOf(environment: Record<string, string>) {
  const warnings: string[] = [];
  const log: Log = { ...silentLog, warn: (_fields, message) => warnings.push(message) };
  return { security: apiSecurityOf(parseConfig(environment), log), warnings };
}

test('in production keys are required, and the API does not start without a secret to check them with', () => {
  expect(() => securityOf({ NODE_ENV: 'production' })).toThrow('API_KEY_SECRET is not set');
  expect(() => securityOf({ API_KEYS_REQUIRED: 'true' })).toThrow('API_KEY_SECRET is not set');

  const { security } = securityOf({ NODE_ENV: 'production', API_KEY_SECRET: SECRET });

  expect(security).toMatchObject({ apiKeysRequired: true, apiKeySecret: SECRET });
  expect(() => securityOf({ NODE_ENV: 'production', API_KEY_SECRET: 'short' })).toThrow('API_KEY_SECRET');
});

test('on this machine they are not, unless it is told so', () => {
  expect(securityOf({}).security).toMatchObject({ apiKeysRequired: false });
  expect(securityOf({ API_KEYS_REQUIRED: 'true', API_KEY_SECRET: SECRET }).security.apiKeysRequired).toBe(true);
});

test.each(['0.0.0.0', '::', '192.0.2.7', 'example.com'])('an open door is said: %s without keys', (HOST) => {
  expect(securityOf({ HOST }).warnings).toHaveLength(1);
  expect(securityOf({ HOST, API_KEYS_REQUIRED: 'true', API_KEY_SECRET: SECRET }).warnings).toEqual([]);
});

test.each(['127.0.0.1', '::1', 'localhost', '127.1.2.3'])('%s is reached by this machine alone', (HOST) => {
  expect(securityOf({ HOST }).warnings).toEqual([]);
});
