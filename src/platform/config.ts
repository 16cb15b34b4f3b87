import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Environment } from './environment';
import { TickwireError } from './errors';

/** SASL login of a broker. */
export interface KafkaLogin {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** What every process of the product is configured with, validated. Addresses are undefined where none was given. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly logLevel: string;
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly redisTtlSeconds: number;
  readonly kafkaBrokers: readonly string[] | undefined;
  readonly kafkaPartitions: number;
  readonly kafkaSsl: boolean;
  readonly kafkaLogin: KafkaLogin | undefined;
  /** The provider of requests that name none. */
  readonly provider: string;
  readonly symbols: readonly string[];
  readonly intervalSeconds: number;
  readonly tickers: readonly string[];
  readonly pollFrequencySeconds: number;
  readonly movingAverageWindow: number;
  /** Model jobs that run at once, over all runners. */
  readonly maxConcurrentJobs: number;
  readonly jobTimeoutSeconds: number;
  /** How long a runner that died keeps its jobs from the others. */
  readonly jobLeaseSeconds: number;
  /** Threads that one runner computes on, which is also how many jobs it takes at once. One core is left to what answers. */
  readonly jobThreads: number;
  /** Folder of the jobs' artifacts, absolute. */
  readonly artifactDir: string;
  /** Seconds between two looks for the news of one symbol; 0 looks never. */
  readonly newsIntervalSeconds: number;
  /** Origins of pages that may open a socket besides those of this host. */
  readonly allowedOrigins: readonly string[];
  /** Folder of the embedded services' data, absolute. */
  readonly home: string;
  /** For variables that a provider declares beside its own code. */
  readonly environment: Environment;
}

const wholeNumber = (low: number, high: number) =>
  z.coerce
    .number({ error: 'expected a whole number' })
    .int('expected a whole number')
    .min(low, `expected at least ${low}`)
    .max(high, `expected at most ${high}`);
const flag = z.stringbool({ error: 'expected true or false' });
const list = z.string().transform((text, context) => {
  const items = text.trim().startsWith('[')
    ? parseJsonList(text)
    : text
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean);
  if (items) return items;
  context.addIssue({ code: 'custom', message: 'expected a JSON list of texts, or texts separated by commas' });
  return z.NEVER;
});

const variables = z.object({
  PORT: wholeNumber(0, 65535).default(8000),
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).optional(),
  DEBUG: flag.default(false),
  DATABASE_URL: z.string().optional(),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'expected redis://… or rediss://…')
    .optional(),
  REDIS_HOST: z.string().optional(),
  REDIS_PORT: wholeNumber(1, 65535).optional(),
  REDIS_TTL: wholeNumber(1, 86_400).default(300),
  KAFKA_BOOTSTRAP_SERVERS: list.optional(),
  KAFKA_PARTITIONS: wholeNumber(1, 1000).default(6),
  KAFKA_SSL: flag.default(false),
  KAFKA_SASL_MECHANISM: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
  KAFKA_SASL_USERNAME: z.string().optional(),
  KAFKA_SASL_PASSWORD: z.string().optional(),
  PROVIDER: z.string().optional(),
  USE_FIXTURE: flag.default(false),
  SYMBOLS: list.default([]),
  INTERVAL: wholeNumber(1, 86_400).default(60),
  TICKERS: list.default([]),
  POLL_FREQ: wholeNumber(1, 86_400).default(60),
  MOVING_AVERAGE_WINDOW: wholeNumber(1, 500).default(5),
  MAX_CONCURRENT_JOBS: wholeNumber(1, 1000).default(10),
  JOB_TIMEOUT_SECONDS: wholeNumber(1, 86_400).default(300),
  JOB_LEASE_SECONDS: wholeNumber(1, 3600).default(15),
  JOB_THREADS: wholeNumber(1, 256).optional(),
  ARTIFACT_DIR: z.string().optional(),
  NEWS_INTERVAL: wholeNumber(0, 86_400).default(300),
  ALLOWED_ORIGINS: list.default([]),
  TICKWIRE_HOME: z.string().default('.tickwire'),
});

/** The configuration of `environment`. @throws CONFIG_INVALID naming every faulty variable at once, never a value. */
export function parseConfig(environment: Environment): Config {
  const faults: string[] = [];
  const parsed = variables.safeParse(environment);
  if (!parsed.success) faults.push(...parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  const databaseUrl = collect(faults, () => databaseUrlOf(environment));
  const kafkaLogin = collect(faults, () => kafkaLoginOf(environment));
  const redisUrl = collect(faults, () => redisUrlOf(environment));
  if (!parsed.success || faults.length > 0) {
    throw new TickwireError('CONFIG_INVALID', `the configuration has ${faults.length} fault(s): ${faults.join('; ')}`);
  }
  const values = parsed.data;
  return {
    port: values.PORT,
    host: values.HOST,
    logLevel: values.LOG_LEVEL ?? (values.DEBUG ? 'debug' : 'info'),
    databaseUrl,
    redisUrl,
    redisTtlSeconds: values.REDIS_TTL,
    kafkaBrokers: values.KAFKA_BOOTSTRAP_SERVERS,
    kafkaPartitions: values.KAFKA_PARTITIONS,
    kafkaSsl: values.KAFKA_SSL,
    kafkaLogin,
    provider: values.PROVIDER ?? (values.USE_FIXTURE ? 'fixture' : 'finnhub'),
    symbols: values.SYMBOLS,
    intervalSeconds: values.INTERVAL,
    tickers: values.TICKERS,
    pollFrequencySeconds: values.POLL_FREQ,
    movingAverageWindow: values.MOVING_AVERAGE_WINDOW,
    maxConcurrentJobs: values.MAX_CONCURRENT_JOBS,
    jobTimeoutSeconds: values.JOB_TIMEOUT_SECONDS,
    jobLeaseSeconds: values.JOB_LEASE_SECONDS,
    jobThreads: values.JOB_THREADS ?? Math.max(1, availableParallelism() - 1),
    artifactDir: resolve(values.ARTIFACT_DIR ?? join(values.TICKWIRE_HOME, 'artifacts')),
    newsIntervalSeconds: values.NEWS_INTERVAL,
    allowedOrigins: values.ALLOWED_ORIGINS,
    home: resolve(values.TICKWIRE_HOME),
    environment,
  };
}

/** A value that this process cannot do without. @throws CONFIG_INVALID naming the variable. */
export function required<T>(value: T | undefined, variable: string): T {
  if (value !== undefined) return value;
  throw new TickwireError(
    'CONFIG_INVALID',
    `${variable} is not set; give an address, or run \`npm start\`, which starts that service here`,
  );
}

function collect<T>(faults: string[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** `DATABASE_URL`, else `DB_*`, else `POSTGRES_*`. @throws when URL and parts contradict each other. */
function databaseUrlOf(env: Environment): string | undefined {
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

function redisUrlOf(env: Environment): string | undefined {
  const { REDIS_URL: url, REDIS_HOST: host, REDIS_PORT: port } = env;
  if (url === undefined) return host || port ? `redis://${host ?? 'localhost'}:${port ?? '6379'}` : undefined;
  if (!URL.canParse(url)) throw new Error('REDIS_URL: expected redis://host:port');
  const parsed = new URL(url);
  const contradicts = (host && host !== parsed.hostname) || (port && port !== (parsed.port || '6379'));
  if (contradicts) throw new Error('REDIS_URL contradicts REDIS_HOST or REDIS_PORT: remove one of the two');
  return url;
}

function kafkaLoginOf(env: Environment): KafkaLogin | undefined {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = env;
  if (!mechanism && !username && !password) return undefined;
  if (!mechanism || !username || !password) {
    throw new Error(
      'KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD go together: set all three or none',
    );
  }
  return { mechanism: mechanism as KafkaLogin['mechanism'], username, password };
}

function parseJsonList(text: string): string[] | undefined {
  try {
    return z.array(z.string()).parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
