import request from 'supertest';
import { hashOfKey, keyText, makeKey } from '../../src/domain/api-key';
import { openLog } from '../../src/platform/log';
import { anApi } from '../support/api';
import { eventually } from '../support/eventually';

const SECRET = 'the-secret-of-the-service-of-this-test';

/** An API that keeps what it logs, and a key that may read. */
async function aLoggedApi() {
  const lines: string[] = [];
  const log = openLog('api', { level: 'debug', destination: { write: (line) => void lines.push(line) } });
  const api = anApi(({ security }) => ({ log, security: { ...security, apiKeySecret: SECRET } }));
  const held = makeKey();
  const hash = hashOfKey(held, SECRET);
  await api.store.apiKeys.create({ keyId: held.keyId, name: 'reader', scopes: ['prices:read'], expiresAt: null, hash });
  const line = () =>
    eventually(() => lines.map((one) => JSON.parse(one)).find(({ msg }) => msg === 'request') ?? false);
  return { ...api, held, lines, line };
}

test('an answer is one line with its request, its key and its outcome, without query, headers and body', async () => {
  const { app, held, lines, line } = await aLoggedApi();

  await request(app)
    .get('/tickers?note=planted')
    .set({ Authorization: `Bearer ${keyText(held)}`, 'X-Request-Id': 'r-1', Cookie: 'planted' });

  expect(await line()).toMatchObject({ requestId: 'r-1', keyId: held.keyId, method: 'GET', path: '/tickers' });
  expect(lines.join('')).not.toMatch(new RegExp(`planted|${held.secret}`));
});

test('a request without a key has none in its line', async () => {
  const { app, line } = await aLoggedApi();

  await request(app).get('/tickers');

  expect(await line()).not.toHaveProperty('keyId');
});
