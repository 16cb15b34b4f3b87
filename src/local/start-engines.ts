import { TOPIC_NAMES } from '../bus/topics';
import type { Config } from '../platform/config';
import { parseConfig } from '../platform/config';
import type { Environment } from '../platform/environment';
import { TickwireError } from '../platform/errors';
import { silentLog } from '../platform/log';
import { busOf } from '../processes/adapters';
import { migrate } from '../store/postgres/migrate';
import type { Engine } from './engine';
import { downloadJars, findKafkaTools, hasJars } from './engine-jars';
import type { LocalOptions } from './home';
import { openKafka } from './kafka';
import { openPostgres } from './postgres';
import { findRedis, openRedis } from './redis';
import type { Supervisor } from './supervisor';
import { type Print, step } from './terminal';

export interface EnginesOptions {
  readonly config: Config;
  readonly local: LocalOptions;
  readonly supervisor: Supervisor;
  readonly print: Print;
  readonly signal: AbortSignal;
}

/** Addresses of what was started, by variable, and whether there is a broker. */
export interface StartedEngines {
  readonly addresses: Environment;
  readonly hasKafka: boolean;
}

/**
 * Starts an engine for each address that is not configured, all at once, and fills them: the database with its tables, the broker with its topics.
 * Without the tools for a broker there is none, and then no Redis either where none is installed.
 */
export async function startEngines(options: EnginesOptions): Promise<StartedEngines> {
  const { config, print } = options;
  const lacking = config.kafkaBrokers ? undefined : await kafkaProblem(options.local);
  if (lacking) {
    print(`  note   no Kafka: ${lacking}`);
    print('         every stage runs in one process instead, and events do not survive a restart in this mode');
  } else {
    await downloadOnce(options);
  }
  const hasKafka = lacking === undefined;
  const addresses = await Promise.all([
    startDatabase(options),
    startCache(options, hasKafka),
    hasKafka ? startBroker(options) : {},
  ]);
  return { addresses: Object.assign({}, ...addresses), hasKafka };
}

async function kafkaProblem(local: LocalOptions): Promise<string | undefined> {
  const tools = await findKafkaTools(local);
  return tools.ok ? undefined : tools.problem;
}

async function downloadOnce({ config, local, print, signal }: EnginesOptions): Promise<void> {
  if (config.kafkaBrokers || hasJars(local.downloads)) return;
  await step(
    print,
    'Downloads',
    () => downloadJars(local, signal),
    () => `Kafka, into ${local.downloads}`,
  );
}

async function startDatabase(options: EnginesOptions): Promise<Environment> {
  const { config, local, print } = options;
  const databaseUrl = config.databaseUrl ?? (await startOne(options, 'PostgreSQL', openPostgres(local)));
  await step(
    print,
    'Migrations',
    () => migrate({ databaseUrl }),
    (applied) => (applied.length > 0 ? `${applied.length} applied` : 'up to date'),
  );
  return config.databaseUrl ? {} : { DATABASE_URL: databaseUrl };
}

async function startCache(options: EnginesOptions, hasKafka: boolean): Promise<Environment> {
  const { config, local, print, signal } = options;
  if (config.redisUrl) return {};
  const binary = await findRedis(local, signal);
  if (binary.ok) return { REDIS_URL: await startOne(options, 'Redis', openRedis(local)) };
  if (hasKafka) throw new TickwireError('ENGINE_UNAVAILABLE', binary.problem);
  print(`  note   no Redis, so the latest prices are kept in memory: ${binary.problem}`);
  return {};
}

async function startBroker(options: EnginesOptions): Promise<Environment> {
  const { config, local, print } = options;
  const started: Environment = config.kafkaBrokers
    ? {}
    : { KAFKA_BOOTSTRAP_SERVERS: await startOne(options, 'Kafka', openKafka(local)) };
  const reached = parseConfig({ ...config.environment, ...started });
  await step(
    print,
    'Topics',
    () => createTopics(reached),
    (created) => (created.length > 0 ? `${created.length} created` : 'all there'),
  );
  return started;
}

async function createTopics(config: Config): Promise<readonly string[]> {
  const bus = busOf(config, 'tickwire-start', silentLog);
  await bus.start();
  try {
    const topics = TOPIC_NAMES.map((name) => ({ name, partitions: config.kafkaPartitions }));
    return (await bus.createTopics(topics)).created;
  } finally {
    await bus.stop();
  }
}

async function startOne({ supervisor, print }: EnginesOptions, title: string, engine: Engine): Promise<string> {
  await step(
    print,
    title,
    () => supervisor.keep(engine),
    () =>
      engine
        .address()
        .replace(/^.*[@/](?=127\.)/, '')
        .replace(/\/.*$/, ''),
  );
  return engine.address();
}
