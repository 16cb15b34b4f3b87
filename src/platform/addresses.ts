import { type Certificates, certificatesOf, requireCertificate } from './certificates';
import type { KafkaLogin } from './config';
import { databaseConnectionOf } from './database-connection';
import type { Environment } from './environment';

/** `DATABASE_URL`, else `DB_*`, else `POSTGRES_*`. @throws when URL and parts contradict each other. */
export function databaseUrlOf(env: Environment): string | undefined {
  const parts = {
    host: env.DB_HOST,
    port: env.DB_PORT,
    database: env.DB_NAME ?? env.POSTGRES_DB,
    user: env.DB_USER ?? env.POSTGRES_USER,
    password: env.DB_PASSWORD ?? env.POSTGRES_PASSWORD,
  };
  const given = env.DATABASE_URL;
  if (given === undefined) return Object.values(parts).some(Boolean) ? urlOfParts(parts) : undefined;
  const text = given.replace(/^(postgres(?:ql)?)\+asyncpg:/, '$1:');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol))
    throw new Error('DATABASE_URL: expected postgresql://user:password@host:port/name');
  refuseContradictions(url, parts);
  databaseConnectionOf(text);
  return text;
}

type DatabaseParts = Record<'host' | 'port' | 'database' | 'user' | 'password', string | undefined>;

function urlOfParts(parts: DatabaseParts): string {
  const url = new URL('postgresql://localhost:5432');
  url.hostname = parts.host ?? 'localhost';
  url.port = parts.port ?? '5432';
  url.username = encodeURIComponent(parts.user ?? 'postgres');
  url.password = encodeURIComponent(parts.password ?? '');
  url.pathname = `/${encodeURIComponent(parts.database ?? parts.user ?? 'postgres')}`;
  return url.href;
}

function refuseContradictions(url: URL, parts: DatabaseParts): void {
  const ofUrl: DatabaseParts = {
    host: url.hostname,
    port: url.port || '5432',
    database: decodeURIComponent(url.pathname.slice(1)),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  };
  const differing = (Object.keys(parts) as (keyof DatabaseParts)[]).filter(
    (part) => parts[part] !== undefined && parts[part] !== ofUrl[part],
  );
  if (differing.length > 0) {
    throw new Error(
      `DATABASE_URL contradicts the variable(s) for ${differing.join(', ')} (DB_* or POSTGRES_*): remove one of the two`,
    );
  }
}

/** `REDIS_URL`, else `REDIS_HOST` and `REDIS_PORT`. @throws when they contradict each other. */
export function redisUrlOf(env: Environment): string | undefined {
  const { REDIS_URL: url, REDIS_HOST: host, REDIS_PORT: port } = env;
  if (url === undefined) return host || port ? `redis://${host ?? 'localhost'}:${port ?? '6379'}` : undefined;
  if (!URL.canParse(url)) throw new Error('REDIS_URL: expected redis://host:port');
  const parsed = new URL(url);
  const contradicts = (host && host !== parsed.hostname) || (port && port !== (parsed.port || '6379'));
  if (contradicts) throw new Error('REDIS_URL contradicts REDIS_HOST or REDIS_PORT: remove one of the two');
  return url;
}

/** PEM of the authorities of the cache's certificate. @throws when the cache is reached without TLS, or it is no PEM. */
export function redisTlsCaOf({ REDIS_URL: url, REDIS_TLS_CA: ca }: Environment): string | undefined {
  if (ca === undefined) return undefined;
  if (!url?.startsWith('rediss:'))
    throw new Error('REDIS_TLS_CA is given, but TLS is off: write REDIS_URL as rediss://…');
  requireCertificate(ca, 'REDIS_TLS_CA');
  return ca;
}

/** Certificates for the brokers. @throws when TLS `isOn` is false, or they do not fit together. */
export function kafkaCertificatesOf(env: Environment, isOn: boolean | undefined): Certificates | undefined {
  const certificates = certificatesOf(env, 'KAFKA_SSL');
  if (certificates && isOn === false) {
    throw new Error('KAFKA_SSL_CA, KAFKA_SSL_CERT or KAFKA_SSL_KEY is given, but TLS is off: set KAFKA_SSL=true');
  }
  return certificates;
}

/** @throws when a part of the login is missing. */
export function kafkaLoginOf(env: Environment): KafkaLogin | undefined {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = env;
  if (!mechanism && !username && !password) return undefined;
  if (!mechanism || !username || !password) {
    throw new Error(
      'KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD go together: set all three or none',
    );
  }
  return { mechanism: mechanism as KafkaLogin['mechanism'], username, password };
}
