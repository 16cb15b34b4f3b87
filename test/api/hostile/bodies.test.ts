import request from 'supertest';
import { anApi, type TestApi } from '../../support/api';

/** One for all: what is refused leaves nothing behind. */
let api: TestApi;

beforeAll(() => {
  api = anApi();
});

const post = (path: string, text: string | Buffer) =>
  request(api.app)
    .post(path)
    .set('Content-Type', 'application/json')
    .serialize((it) => it as unknown as string)
    .send(text);

/** Bodies of routes that take one; each reads what it is given by another schema. */
const ROUTES = ['/prices/poll', '/api/v1/montecarlo', '/api/v1/markowitz', '/api/v1/blackscholes'];

async function expectNothingHappened(): Promise<void> {
  expect(await api.store.pollJobs.list()).toEqual([]);
  expect((await api.store.modelJobs.list({ limit: 10 })).length).toBe(0);
  expect({}).not.toHaveProperty('polluted');
  expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('symbols');
}

const POLLUTED = '{"polluted":true,"symbols":["AAPL"],"interval":60}';

describe.each(ROUTES)('POST %s', (path) => {
  test.each([
    ['__proto__', `{"__proto__":${POLLUTED}}`],
    ['__proto__ of __proto__', `{"__proto__":{"__proto__":${POLLUTED}}}`],
    ['constructor.prototype', `{"constructor":{"prototype":${POLLUTED}}}`],
    ['__proto__ deep inside', `{"symbols":[{"__proto__":${POLLUTED}}],"parameters":{"__proto__":${POLLUTED}}}`],
    ['names of the language', '{"toString":1,"valueOf":2,"hasOwnProperty":3,"toJSON":4,"then":5}'],
    ['arrays as deep as a body allows', `${'['.repeat(49_000)}${']'.repeat(49_000)}`],
    ['objects as deep', `${'{"a":'.repeat(16_000)}1${'}'.repeat(16_000)}`],
    ['arrays in a known field', `{"symbols":${'['.repeat(40_000)}${']'.repeat(40_000)}}`],
    ['an array of thirty thousand numbers', `{"symbols":[${'1,'.repeat(30_000)}1]}`],
    ['a number without end', `{"symbols":["AAPL"],"interval":${'9'.repeat(50_000)}}`],
    ['a number beyond numbers', '{"symbols":["AAPL"],"interval":1e99999}'],
    ['a number of a million zeros', `{"symbols":["AAPL"],"interval":0.${'0'.repeat(50_000)}1}`],
    ['a NUL in a symbol', '{"symbols":["AA\\u0000PL"]}'],
    ['half of a surrogate pair', '{"symbols":["AA\\ud800PL"]}'],
    ['the wrong half first', '{"symbols":["\\udc00\\ud800"]}'],
    ['letters that only look like others', '{"symbols":["АAPL"]}'],
    ['letters that grow in upper case', '{"symbols":["ß","ﬁ"]}'],
    ['letters that become others in upper case', '{"symbols":["ſ","ı"]}'],
    ['text that turns around', '{"symbols":["\\u202eLPAA"]}'],
    ['a byte order mark and more', '\ufeff{"symbols":["AAPL"],"x":1}'],
    ['a second value', '{"symbols":["AAPL"]}{"symbols":["MSFT"]}'],
    ['comments', '{"symbols":["AAPL"] /* really */}'],
    ['NaN', '{"symbols":["AAPL"],"interval":NaN}'],
  ])('%s is refused, changes nothing and costs nobody else anything', async (_what, text) => {
    const answer = await post(path, text);

    expect([400, 413]).toContain(answer.status);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.text.length).toBeLessThan(20_000);
    await expectNothingHappened();
    expect((await request(api.app).get('/healthz')).status).toBe(200);
  });

  test.each([
    ['over-long UTF-8', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
    ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['UTF-8 that breaks off', Buffer.from([0x22, 0xe2, 0x82, 0x22])],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
  ])('%s never becomes a symbol', async (_what, bytes) => {
    const answer = await post(path, Buffer.concat([Buffer.from('{"symbols":['), bytes, Buffer.from(']}')]));

    expect(answer.status).toBe(400);
    await expectNothingHappened();
  });
});

test('of a field that comes twice the last counts, in what is checked as in what is done', async () => {
  api = anApi();

  const refused = await post('/prices/poll', '{"symbols":["AAPL"],"symbols":["no symbol!"]}');
  const taken = await post('/prices/poll', '{"symbols":["no symbol!"],"symbols":["AAPL"]}');

  expect(refused.status).toBe(400);
  expect(taken.body.config.symbols).toEqual(['AAPL']);
  expect((await api.store.pollJobs.list()).map(({ symbols }) => symbols)).toEqual([['AAPL']]);
  api = anApi();
});

test('a body that unfolds to more than a body may have is refused', async () => {
  const { gzipSync } = await import('node:zlib');
  const bomb = gzipSync(Buffer.alloc(50_000_000, 0x20));

  const answer = await request(api.app)
    .post('/prices/poll')
    .set({ 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' })
    .serialize((it) => it as unknown as string)
    .send(bomb);

  expect(bomb.length).toBeLessThan(100_000);
  expect(answer.status).toBe(413);
  await expectNothingHappened();
});

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'the name %s is no field of a query, no job, no symbol, no provider and no model',
  async (name) => {
    const answers = [
      await request(api.app).get(`/prices/latest?symbol=AAPL&${name}=x`),
      await request(api.app).get(`/prices/latest?symbol=AAPL&${name}[x]=y`),
      await request(api.app).get(`/prices/poll/${name}`),
      await request(api.app).get(`/tickers/${name}`),
      await request(api.app).get(`/prices/latest?symbol=AAPL&provider=${name}`),
      await request(api.app).get(`/api/v1/jobs?model=${name}`),
      await post(`/api/v1/${name}`, '{}'),
    ];

    for (const answer of answers) expect([200, 400, 404]).toContain(answer.status);
    expect(answers.map(({ text }) => text).join()).not.toMatch(/native code|function/);
    await expectNothingHappened();
  },
);
