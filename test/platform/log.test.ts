import fc from 'fast-check';
import { keyText, makeKey } from '../../src/domain/api-key';
import { openLog } from '../../src/platform/log';
import { cleanEverythingOf, cleanOf, secretsOf } from '../../src/platform/redaction';

const PLANTED = 'pl"nted+/sécret 9=';

function aLog(secrets: readonly string[] = [PLANTED], level = 'debug') {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  return { lines, log: openLog('test', { level, clean: cleanEverythingOf(secrets), destination }) };
}

test('a line is JSON with its level, process and fields', () => {
  const { log, lines } = aLog();

  log.child({ consumer: 'bars' }).info({ symbol: 'AAPL', lag: 3 }, 'caught up');

  expect(JSON.parse(lines[0]!)).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-/),
    process: 'test',
    consumer: 'bars',
    symbol: 'AAPL',
    lag: 3,
    msg: 'caught up',
  });
});

test.each([
  ['a message', (log) => log.error({}, `refused ${PLANTED}`)],
  ['a field', (log) => log.info({ error: `refused ${PLANTED}` }, 'x')],
  ['the name of a field', (log) => log.info({ [PLANTED]: 1 }, 'x')],
  ['a nested field', (log) => log.info({ a: { b: [{ c: PLANTED }] } }, 'x')],
  ['a field of a child', (log) => log.child({ owner: PLANTED }).warn({}, 'x')],
  [
    'an error with a stack and a cause',
    (log) => log.error({ err: new Error(PLANTED, { cause: new Error(PLANTED) }) }, 'x'),
  ],
  ['a line of the level debug', (log) => log.debug({ a: PLANTED }, PLANTED)],
] satisfies [string, (log: ReturnType<typeof openLog>) => void][])(
  'a secret within %s is taken out, and the line stays JSON',
  (_, write) => {
    const { log, lines } = aLog();

    write(log);

    const told = JSON.stringify(JSON.parse(lines[0]!));
    expect(told).toContain('[redacted]');
    expect(told).not.toMatch(/cret 9/);
  },
);

test('a number stays one, also where a secret is made of the same digits', () => {
  const { log, lines } = aLog(['12345678']);

  log.info({ offset: 12345678, error: 'refused 12345678' }, 'x');

  expect(JSON.parse(lines[0]!)).toMatchObject({ offset: 12345678, error: 'refused [redacted]' });
});

test('a secret is found in every spelling that a URL, JSON or base64 gives it, wherever it stands', () => {
  const clean = cleanOf([PLANTED]);
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const url = new URL('https://vendor.example/quote');
  url.searchParams.set('token', PLANTED);
  const spellings = [
    PLANTED,
    encodeURIComponent(PLANTED),
    encodeURIComponent(PLANTED).replaceAll(/%../g, (code) => code.toLowerCase()),
    encodeURI(PLANTED),
    url.href,
    JSON.stringify({ key: PLANTED }),
    base64(PLANTED),
    base64(`user:${PLANTED}`),
    base64(`\0u\0${PLANTED}`),
    base64(`name:${PLANTED}:more`),
    Buffer.from(`x${PLANTED}`).toString('base64url'),
  ];

  const cleaned = spellings.map((text) => clean(`before ${text} after`));

  for (const text of cleaned) expect(text).toMatch(/^before .*\[redacted\].* after$/s);
});

test('whatever a secret is made of, no text that holds it keeps it', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 6, unit: 'binary' }), fc.string(), fc.string(), (secret, before, after) => {
      fc.pre(!'[redacted]'.includes(secret));
      const clean = cleanOf([secret]);

      expect(clean(`${before}${secret}${after}`)).toContain('[redacted]');
    }),
    { numRuns: 30 },
  );
});

test.each([
  ['credentials in a URL', 'redis://:hunter2hunter2@cache:6379 is away', 'redis://[redacted]@cache:6379 is away'],
  ['a password with an at sign', 'postgresql://u:p@ss@db/x', 'postgresql://[redacted]@db/x'],
  ['a token in a query', 'GET /quote?symbol=A&token=abc123&x=1', 'GET /quote?symbol=A&token=[redacted]&x=1'],
  ['an API key in a query', 'https://v.example/eod?api_token=demo', 'https://v.example/eod?api_token=[redacted]'],
  ['a bearer', 'authorization: Bearer abcdefghijklmnop.q', 'authorization: Bearer [redacted]'],
  ['a login', 'Basic dXNlcjpwYXNzd29yZA==', 'Basic [redacted]'],
])('%s is taken out, whoever it belongs to', (_, text, expected) => {
  const clean = cleanEverythingOf([]);

  expect(clean(text)).toBe(expected);
});

test("of a caller's key only its id stays", () => {
  const held = makeKey();

  expect(cleanEverythingOf([])(`key ${keyText(held)}!`)).toBe(`key tw_${held.keyId}_[redacted]!`);
});

test.each([
  'https://docs.example/path?symbol=AAPL&start=2026-01-01',
  'kafka://broker:9092',
  'an e-mail to a@b.example',
  'Basic arithmetic and a Bearer',
  'tw_aaa is no key',
])('an ordinary text stays as it is: %s', (text) => {
  expect(cleanEverythingOf(['another-secret'])(text)).toBe(text);
});

test('fields that hold nothing but secrets are replaced whatever they hold', () => {
  const { log, lines } = aLog([]);

  log.info({ password: 'x', request: { headers: { a: 'y' } }, apiKey: 'z', url: 'u' }, 'm');

  expect(JSON.parse(lines[0]!)).toMatchObject({
    password: '[Redacted]',
    request: { headers: '[Redacted]' },
    apiKey: '[Redacted]',
    url: '[Redacted]',
  });
});

test('the secrets of an environment are its keys, passwords, tokens, and what its URLs and headers hold', () => {
  const secrets = secretsOf({
    FINNHUB_API_KEY: 'finnhub-key',
    API_KEY_SECRET: 'service-secret',
    KAFKA_SASL_PASSWORD: 'sasl-password',
    SOME_TOKEN: 'some-token',
    DATABASE_URL: 'postgresql://tickwire:p%40ssw0rd@db:5432/tickwire?sslpassword=of-the-key',
    REDIS_URL: 'redis://cache:6379',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20otlp-token,x-team=prices-team',
    DB_PASSWORD: 'abc',
    PORT: '8000000',
    PROVIDER: 'finnhub',
  });

  expect(secrets).toEqual(
    expect.arrayContaining([
      'finnhub-key',
      'service-secret',
      'sasl-password',
      'some-token',
      'p@ssw0rd',
      'p%40ssw0rd',
      'of-the-key',
      'otlp-token',
    ]),
  );
  for (const open of ['abc', '8000000', 'finnhub', 'tickwire', 'cache']) expect(secrets).not.toContain(open);
});

test('a text of a hundred thousand letters that almost hold a secret is looked through in steps that grow with its length', () => {
  const clean = cleanEverythingOf(['secret-secret']);
  const hostile = ['?tokentoken', '://a', '&key', 'Bearer ', 'tw_', '-----BEGIN '].map((part) => part.repeat(20_000));

  for (const text of hostile) expect(clean(text)).toHaveLength(text.length);
});
