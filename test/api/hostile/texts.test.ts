import request from 'supertest';
import { unstorableTextsIn } from '../../../src/api/storable-text';
import { anApi } from '../../support/api';

const EXPECTED = 'expected text without NUL and of whole characters';

test.each([
  ['a query', '/symbols?query=%00', 'query'],
  ['another query', '/api/v1/jobs?model=a%00b', 'model'],
  ['a list of a query', '/corporate-actions/AAPL?source=%00', 'source'],
])('a NUL in %s is refused before any database sees it', async (_where, path, field) => {
  const answer = await request(anApi().app).get(path);

  expect(answer.status).toBe(400);
  expect(answer.body.errors).toEqual([{ path: field, message: EXPECTED }]);
});

test.each([
  ['a NUL', '\\u0000'],
  ['half of a surrogate pair', '\\ud83d'],
  ['the other half', 'x\\ude00'],
])('%s in the parameters of a model is refused, a whole character is not', async (_what, escaped) => {
  const { app, store } = anApi();
  const post = (symbol: string) =>
    request(app)
      .post('/api/v1/montecarlo')
      .set('Content-Type', 'application/json')
      .send(`{"assets":[{"symbol":"${symbol}","drift":0.05,"volatility":0.2}],"simulations":100}`);

  const refused = await post(escaped);
  const stored = (await store.modelJobs.list({ limit: 10 })).length;
  const taken = await post('\\ud83d\\ude00');

  expect([refused.status, refused.body.errors]).toEqual([400, [{ path: 'assets.0.symbol', message: EXPECTED }]]);
  expect(stored).toBe(0);
  expect(taken.status).toBe(202);
});

test('the names of fields are texts too', () => {
  const faults = unstorableTextsIn({ query: {}, body: { bounds: { 'a\u0000': 1, b: 2 }, at: new Date(0) } });

  expect(faults).toEqual([{ path: 'bounds', message: EXPECTED }]);
});
