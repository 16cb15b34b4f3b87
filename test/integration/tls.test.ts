import { randomUUID } from 'node:crypto';
import type { Bus } from '../../src/bus/bus';
import { parseConfig } from '../../src/platform/config';
import { type Log, silentLog } from '../../src/platform/log';
import { busOf, cacheOf, providersOf, storeOf } from '../../src/processes/adapters';
import { migrate } from '../../src/store/postgres/migrate';
import { makeAuthority, missingOpenssl, type TestAuthority } from '../support/certificates';
import type { OwnPostgres } from '../support/database';
import { eventually } from '../support/eventually';
import type { TestBroker, TestBrokers } from '../support/kafka-brokers';
import { aConfig } from '../support/poll-jobs';
import { recordsOf } from '../support/records';
import {
  makeSecureKafka,
  makeSecurePostgres,
  type SecureRedis,
  type Security,
  startSecureRedis,
} from '../support/secure-engines';
import { describeWithKafka, describeWithRedis } from '../support/services';
import { temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(120_000);

const PASSWORD = 'correct-horse-battery';
const WRONG = 'wrong-pony-torch';
const missing = missingOpenssl();
const describeUnlessMissing = missing ? describe.skip : describe;

/** What a process with these variables would be told, or that it would start. */
async function startOf(open: () => { start(): Promise<void>; stop(): Promise<void> }): Promise<string> {
  const service = open();
  try {
    await service.start();
    return 'started';
  } catch (error) {
    const { message } = error as Error;
    expect(message).not.toContain(PASSWORD);
    expect(message).not.toContain(WRONG);
    return message;
  } finally {
    await service.stop();
  }
}

/** A log that keeps the text of its warnings. */
function aWarnedLog(): { log: Log; warnings: string[] } {
  const warnings: string[] = [];
  return { warnings, log: { ...silentLog, warn: (fields) => warnings.push(JSON.stringify(fields)) } };
}

describeUnlessMissing(`TLS and logins of the engines${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let security: Security;
  let stranger: TestAuthority;
  const authority = () => security.authority;

  beforeAll(() => {
    const folder = temporaryFolder();
    const own = makeAuthority(folder, 'authority');
    const expired = own.issue('expired', 'until yesterday');
    stranger = makeAuthority(folder, 'stranger');
    security = { authority: own, server: own.issue('server'), expired, password: PASSWORD, folder };
  });

  describeWithKafka('Kafka', () => {
    let kafka: TestBrokers;
    let broker: TestBroker;

    beforeAll(async () => {
      kafka = await makeSecureKafka(security);
      [broker] = kafka.brokers as [TestBroker];
      broker.start();
      await kafka.ready();
    });
    afterAll(() => kafka?.remove());

    const login = (mechanism: string, password = PASSWORD) => ({
      KAFKA_SASL_MECHANISM: mechanism,
      KAFKA_SASL_USERNAME: 'tickwire',
      KAFKA_SASL_PASSWORD: password,
    });
    const busWith = (address: string, variables: Record<string, string>): Bus =>
      busOf(parseConfig({ KAFKA_BOOTSTRAP_SERVERS: address, ...variables }), 'tls', silentLog);
    const trusted = () => ({ KAFKA_SSL: 'true', KAFKA_SSL_CA: authority().cert });
    const secure = () => broker.listeners.SECURE!;

    test.each(['plain', 'scram-sha-256', 'scram-sha-512'])(
      'produces and consumes over SASL_SSL with %s',
      async (mechanism) => {
        const bus = busWith(secure(), { ...trusted(), ...login(mechanism) });
        const topic = `test-${randomUUID()}`;
        const seen: string[] = [];
        await bus.start();
        await bus.createTopics([{ name: topic, partitions: 1 }]);

        await bus.publish([{ topic, key: 'A', value: 'over TLS' }]);
        await bus.subscribe({
          group: topic,
          topic,
          maxBatch: 10,
          handle: async (records) => {
            seen.push(...records.map(({ value }) => String(value)));
          },
          onFatal: (error) => {
            throw error;
          },
        });
        await eventually(() => seen.length === 1);

        expect(seen).toEqual(['over TLS']);
        expect(await recordsOf(bus, topic)).toHaveLength(1);
        await bus.stop();
      },
    );

    test('shows its own certificate to a broker that wants one', async () => {
      const client = authority().issue('client');
      const own = { KAFKA_SSL_CERT: client.cert, KAFKA_SSL_KEY: client.key };

      expect(await startOf(() => busWith(broker.listeners.MUTUAL!, { ...trusted(), ...own }))).toBe('started');
      expect(await startOf(() => busWith(broker.listeners.MUTUAL!, trusted()))).toMatch(
        /Kafka wants a certificate of this side.*KAFKA_SSL_CERT and KAFKA_SSL_KEY/,
      );
    });

    test.each<[string, () => string, () => Record<string, string>, RegExp]>([
      [
        'an unknown authority',
        secure,
        () => ({ KAFKA_SSL: 'true', ...login('plain') }),
        /not signed by an authority trusted.*KAFKA_SSL_CA/,
      ],
      [
        'a wrong authority',
        secure,
        () => ({ ...trusted(), KAFKA_SSL_CA: stranger.cert, ...login('plain') }),
        /KAFKA_SSL_CA/,
      ],
      [
        'a wrong host name',
        () => secure().replace('localhost', '127.0.0.1'),
        () => ({ ...trusted(), ...login('plain') }),
        /for another host.*127\.0\.0\.1/,
      ],
      ['an expired certificate', () => broker.listeners.EXPIRED!, trusted, /not valid now.*expired/],
      [
        'a wrong password',
        secure,
        () => ({ ...trusted(), ...login('plain', WRONG) }),
        /refused the login.*KAFKA_SASL_PASSWORD/,
      ],
      [
        'a wrong SCRAM password',
        secure,
        () => ({ ...trusted(), ...login('scram-sha-512', WRONG) }),
        /refused the login.*KAFKA_SASL_PASSWORD/,
      ],
      ['plain text to a port with TLS', secure, () => ({}), /speaks TLS on this port: set KAFKA_SSL=true/],
      ['TLS to a port without', () => broker.address, trusted, /KAFKA_SSL/],
    ])('%s ends the start with a sentence', async (_, address, variables, sentence) => {
      expect(await startOf(() => busWith(address(), variables()))).toMatch(sentence);
    });

    test('a broker that is away is no reason not to start', async () => {
      expect(await startOf(() => busWith('127.0.0.1:1', { ...trusted(), ...login('plain') }))).toBe('started');
    });
  });

  describe('PostgreSQL', () => {
    let postgres: OwnPostgres;

    beforeAll(async () => {
      postgres = await makeSecurePostgres(security);
      await postgres.start();
      const { query } = await adminOf(postgres);
      await query(`CREATE ROLE sealed LOGIN SUPERUSER PASSWORD '${PASSWORD}'`);
      await query('CREATE DATABASE sealed OWNER sealed');
    });
    afterAll(() => postgres?.remove());

    const urlWith = (parameters: string, { host = 'localhost', password = PASSWORD, database = 'sealed' } = {}) =>
      `postgresql://sealed:${password}@${host}:${new URL(postgres.databaseUrl).port}/${database}${parameters}`;
    const storeWith = (url: string) => storeOf(parseConfig({ DATABASE_URL: url }), silentLog);
    const root = () => `sslrootcert=${authority().certFile}`;

    test.each(['require', 'verify-full', 'verify-ca'])(
      'pool, Prisma and migrations go over TLS with sslmode=%s',
      async (mode) => {
        const databaseUrl = urlWith(`?sslmode=${mode}&${root()}`);
        await migrate({ databaseUrl });
        const store = storeWith(databaseUrl);
        await store.start();

        const { job } = await store.pollJobs.create(aConfig(), {});

        expect(await store.pollJobs.find(job.jobId)).toMatchObject({ jobId: job.jobId });
        await store.stop();
      },
    );

    test('verify-ca asks for no host name, as in libpq', async () => {
      const url = urlWith(`?sslmode=verify-ca&${root()}`, { host: '127.0.0.1' });

      expect(await startOf(() => storeWith(url))).toBe('started');
    });

    test.each<[string, () => string, RegExp]>([
      [
        'require with an unknown authority',
        () => urlWith('?sslmode=require'),
        /not signed by an authority trusted.*sslrootcert/,
      ],
      ['a wrong authority', () => urlWith(`?sslmode=verify-full&sslrootcert=${stranger.certFile}`), /sslrootcert/],
      [
        'a wrong authority under verify-ca',
        () => urlWith(`?sslmode=verify-ca&sslrootcert=${stranger.certFile}`),
        /sslrootcert/,
      ],
      [
        'a wrong host name',
        () => urlWith(`?sslmode=require&${root()}`, { host: '127.0.0.1' }),
        /for another host.*127\.0\.0\.1/,
      ],
      ['a wrong password', () => urlWith(`?sslmode=require&${root()}`, { password: WRONG }), /refused the password/],
      [
        'a missing database',
        () => urlWith(`?sslmode=require&${root()}`, { database: 'none' }),
        /no database of this name/,
      ],
      ['plain text where only TLS may come in', () => urlWith(''), /sslmode=verify-full/],
    ])('%s ends the start with a sentence', async (_, url, sentence) => {
      expect(await startOf(() => storeWith(url()))).toMatch(sentence);
    });

    test('an expired certificate, and a server without TLS, end the start with a sentence', async () => {
      const { query } = await adminOf(postgres);
      const url = urlWith(`?sslmode=require&${root()}`);
      const toldWith = async (...settings: string[]) => {
        for (const setting of settings) await query(`ALTER SYSTEM SET ${setting}`);
        await query('SELECT pg_reload_conf()');
        return eventually(async () => {
          const told = await startOf(() => storeWith(url));
          if (told === 'started') throw new Error('the old settings are still in force');
          return told;
        });
      };

      expect(await toldWith("ssl_cert_file = 'expired.pem'", "ssl_key_file = 'expired.key'")).toMatch(/not valid now/);
      expect(await toldWith('ssl = off')).toMatch(/does not speak TLS.*sslmode/);
    });
  });

  describeWithRedis('Redis', () => {
    let redis: SecureRedis;

    beforeAll(async () => {
      redis = await startSecureRedis(security);
      await eventually(() => pingOf(url()));
    });
    afterAll(() => redis?.stop());

    const url = ({ host = 'localhost', password = PASSWORD, scheme = 'rediss', to = redis.tlsPort } = {}) =>
      `${scheme}://tickwire:${password}@${host}:${to}`;
    const cacheWith = (address: string, ca: string | undefined = authority().cert, log = silentLog) => {
      const variables = { REDIS_URL: address, PROVIDER: 'fixture', ...(ca && { REDIS_TLS_CA: ca }) };
      const config = parseConfig(variables);
      return cacheOf(config, providersOf(config, log).providers, log, 2_000);
    };
    const pingOf = async (address: string) => {
      const cache = cacheWith(address);
      await cache.start();
      await cache.ping().finally(() => cache.stop());
    };

    test('commands and subscriptions go over TLS', async () => {
      const cache = cacheWith(url());
      await cache.start();
      const told: string[] = [];
      await cache.onTickerUpdate(
        () => undefined,
        (text) => told.push(text),
      );

      await cache.ping();

      expect(await cache.readSnapshot()).toMatchObject({ prices: {} });
      await cache.stop();
    });

    test.each<[string, () => string, () => string | undefined, RegExp]>([
      ['an unknown authority', () => url(), () => '', /not signed by an authority trusted.*REDIS_TLS_CA/],
      ['a wrong authority', () => url(), () => stranger.cert, /REDIS_TLS_CA/],
      ['a wrong host name', () => url({ host: '127.0.0.1' }), () => authority().cert, /for another host.*127\.0\.0\.1/],
      [
        'a wrong password',
        () => url({ password: WRONG }),
        () => authority().cert,
        /refused user or password.*REDIS_URL/,
      ],
      ['no password', () => url().replace(/tickwire:.*@/, ''), () => authority().cert, /wants a password/],
    ])('%s ends the start with a sentence', async (_, address, ca, sentence) => {
      expect(await startOf(() => cacheWith(address(), ca()))).toMatch(sentence);
    });

    test.each<[string, () => string, string, RegExp]>([
      ['plain text to a port with TLS', () => url({ scheme: 'redis' }), '', /does this port want TLS \(rediss/],
      ['TLS to a port without', () => url({ to: redis.plainPort }), 'trusted', /does this port speak TLS/],
    ])('%s, which looks like a Redis that is away, is a question in the log', async (_, address, ca, question) => {
      const { log, warnings } = aWarnedLog();

      expect(await startOf(() => cacheWith(address(), ca && authority().cert, log))).toBe('started');

      expect(warnings.join('\n')).toMatch(question);
    });

    test('a Redis that is away is no reason not to start', async () => {
      expect(await startOf(() => cacheWith(url({ to: 1 })))).toBe('started');
    });
  });
});

async function adminOf({ databaseUrl }: OwnPostgres) {
  const { Client } = await import('pg');
  const query = async (text: string) => {
    const client = new Client(databaseUrl);
    await client.connect();
    await client.query(text).finally(() => client.end());
  };
  return { query };
}
