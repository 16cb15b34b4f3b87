import { parseConfig } from '../../src/platform/config';
import { makeAuthority, missingOpenssl, type TestAuthority } from '../support/certificates';
import { temporaryFolder } from '../support/temporary-folder';

const missing = missingOpenssl();
const describeWithOpenssl = missing ? describe.skip : describe;

test.each([
  [{ KAFKA_SSL: 'true', KAFKA_SSL_CA: 'hunter2' }, /KAFKA_SSL_CA: expected certificates in PEM/],
  [{ KAFKA_SSL: 'true', KAFKA_SSL_KEY: 'hunter2' }, /KAFKA_SSL_CERT and KAFKA_SSL_KEY go together/],
  [
    { REDIS_URL: 'redis://cache', REDIS_TLS_CA: 'hunter2' },
    /REDIS_TLS_CA is given, but TLS is off: write REDIS_URL as rediss/,
  ],
  [{ REDIS_URL: 'rediss://cache', REDIS_TLS_CA: 'hunter2' }, /REDIS_TLS_CA: expected certificates in PEM/],
  [{ DATABASE_URL: 'postgresql://db/x?sslmode=prefer' }, /DATABASE_URL: sslmode=prefer falls back to plain text/],
])('TLS that cannot work stops the start with a sentence: %j', (environment, sentence) => {
  const read = () => parseConfig(environment as unknown as Record<string, string>);

  expect(read).toThrow(sentence);
  expect(read).not.toThrow(/hunter2/);
});

describeWithOpenssl(`certificates in variables${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let authority: TestAuthority;

  beforeAll(() => {
    authority = makeAuthority(temporaryFolder(), 'authority');
  });

  test('authorities, and a certificate with its key, are read', () => {
    const { cert, key } = authority.issue('own');
    const kafka = { KAFKA_SSL: 'true', KAFKA_SSL_CA: authority.cert, KAFKA_SSL_CERT: cert, KAFKA_SSL_KEY: key };

    const config = parseConfig({ ...kafka, REDIS_URL: 'rediss://cache', REDIS_TLS_CA: authority.cert });

    expect(config.kafkaCertificates).toEqual({ ca: authority.cert, cert, key });
    expect(config.redisTlsCa).toBe(authority.cert);
  });

  test('certificates for brokers that are reached without TLS are a contradiction', () => {
    expect(() => parseConfig({ KAFKA_SSL_CA: authority.cert })).toThrow(/TLS is off: set KAFKA_SSL=true/);
  });

  test('the key of another certificate is refused', () => {
    const [own, other] = [authority.issue('own'), authority.issue('other')];
    const pair = { KAFKA_SSL_CERT: own.cert, KAFKA_SSL_KEY: other.key };

    expect(() => parseConfig({ KAFKA_SSL: 'true', ...pair })).toThrow(
      /KAFKA_SSL_CERT and KAFKA_SSL_KEY: expected a certificate and its own key/,
    );
  });
});
