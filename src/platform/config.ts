import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { databaseUrlOf, kafkaCertificatesOf, kafkaLoginOf, redisTlsCaOf, redisUrlOf } from './addresses';
import type { Certificates } from './certificates';
import type { Environment } from './environment';
import { TickwireError } from './errors';
import { exampleSecretsIn } from './example-secrets';
import { isAddressOrNetwork } from './ip-address';
import { tracingConfigOf } from './tracing-config';

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
  /** Authorities of the cache's certificate, PEM; undefined for those of the system. */
  readonly redisTlsCa: string | undefined;
  readonly redisTtlSeconds: number;
  readonly kafkaBrokers: readonly string[] | undefined;
  readonly kafkaPartitions: number;
  readonly kafkaSsl: boolean;
  /** Undefined for the authorities of the system and no certificate of this side. */
  readonly kafkaCertificates: Certificates | undefined;
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
  /** Origins of pages on other hosts that may call the API and open sockets. */
  readonly allowedOrigins: readonly string[];
  /** `NODE_ENV=production`: what is convenient on one's own machine and dangerous elsewhere is off. */
  readonly isProduction: boolean;
  readonly apiKeysRequired: boolean;
  /** What keys and tickets are hashed with. Undefined where none is given outside of production. */
  readonly apiKeySecret: string | undefined;
  /** Requests a minute of one key, else of one address; 0 for any number. */
  readonly rateLimitPerMinute: number;
  /** Proxies whose `X-Forwarded-For` is believed: how many there are in front, or their addresses and networks. None where empty. */
  readonly trustProxy: number | readonly string[];
  /** Where this process tells its metrics besides `/metrics` of the API; undefined for nowhere. */
  readonly metricsPort: number | undefined;
  /** Days that prices and their averages are kept; 0 for ever. */
  readonly priceRetentionDays: number;
  /** Days that vendors' answers, finished runs of polling jobs and the audit log are kept; 0 for ever. */
  readonly recordRetentionDays: number;
  /** Folder of the embedded services' data, absolute. */
  readonly home: string;
  /** For variables that a provider declares beside its own code. */
  readonly environment: Environment;
}

/** Requests a minute in production where nothing is said: a page that asks twenty times a second stays under it. */
const DEFAULT_RATE_LIMIT = 1_200;

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

const EXPECTED_ORIGINS = 'expected origins such as https://example.com, each without a path, and no *';
const isOrigin = (text: string) => /^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;

const EXPECTED_PROXIES =
  'expected a number of proxies up to 10, or their addresses and networks separated by commas, and not everybody';
const isProxy = (text: string) => ['loopback', 'linklocal', 'uniquelocal'].includes(text) || isAddressOrNetwork(text);

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
  ALLOWED_ORIGINS: list.refine((items) => items.every(isOrigin), EXPECTED_ORIGINS).default([]),
  ALLOW_PRIVATE_BASE_URLS: flag.default(false),
  NODE_ENV: z.string().optional(),
  API_KEYS_REQUIRED: flag.optional(),
  API_KEY_SECRET: z.string().min(32, 'expected at least 32 characters').optional(),
  RATE_LIMIT_PER_MINUTE: wholeNumber(0, 10_000_000).optional(),
  TRUST_PROXY: z
    .union([wholeNumber(0, 10), list.refine((items) => items.every(isProxy), EXPECTED_PROXIES)], {
      error: EXPECTED_PROXIES,
    })
    .default([]),
  METRICS_PORT: wholeNumber(0, 65535).optional(),
  PRICE_RETENTION_DAYS: wholeNumber(0, 36_500).default(0),
  RECORD_RETENTION_DAYS: wholeNumber(0, 36_500).default(30),
  TICKWIRE_HOME: z.string().default('.tickwire'),
});

/** The configuration of `environment`. @throws CONFIG_INVALID naming every faulty variable at once, never a value. */
export function parseConfig(environment: Environment): Config {
  const faults: string[] = [];
  const parsed = variables.safeParse(environment);
  if (!parsed.success) faults.push(...parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  const databaseUrl = collect(faults, () => databaseUrlOf(environment));
  const kafkaLogin = collect(faults, () => kafkaLoginOf(environment));
  const kafkaCertificates = collect(faults, () => kafkaCertificatesOf(environment, parsed.data?.KAFKA_SSL));
  const redisUrl = collect(faults, () => redisUrlOf(environment));
  const redisTlsCa = collect(faults, () => redisTlsCaOf(environment));
  collect(faults, () => tracingConfigOf(environment));
  if (environment.NODE_ENV === 'production') {
    faults.push(
      ...exampleSecretsIn(environment).map((name) => `${name}: holds an example, not a secret; set one of your own`),
    );
  }
  if (!parsed.success || faults.length > 0) {
    throw new TickwireError('CONFIG_INVALID', `the configuration has ${faults.length} fault(s): ${faults.join('; ')}`);
  }
  const values = parsed.data;
  const isProduction = values.NODE_ENV === 'production';
  return {
    port: values.PORT,
    host: values.HOST,
    logLevel: values.LOG_LEVEL ?? (values.DEBUG ? 'debug' : 'info'),
    databaseUrl,
    redisUrl,
    redisTlsCa,
    redisTtlSeconds: values.REDIS_TTL,
    kafkaBrokers: values.KAFKA_BOOTSTRAP_SERVERS,
    kafkaPartitions: values.KAFKA_PARTITIONS,
    kafkaSsl: values.KAFKA_SSL,
    kafkaCertificates,
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
    isProduction,
    apiKeysRequired: values.API_KEYS_REQUIRED ?? isProduction,
    apiKeySecret: values.API_KEY_SECRET,
    rateLimitPerMinute: values.RATE_LIMIT_PER_MINUTE ?? (isProduction ? DEFAULT_RATE_LIMIT : 0),
    trustProxy: values.TRUST_PROXY,
    metricsPort: values.METRICS_PORT,
    priceRetentionDays: values.PRICE_RETENTION_DAYS,
    recordRetentionDays: values.RECORD_RETENTION_DAYS,
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

function parseJsonList(text: string): string[] | undefined {
  try {
    return z.array(z.string()).parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
