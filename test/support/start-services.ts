import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { stopLeftovers } from '../../src/local/claim';
import type { Engine } from '../../src/local/engine';
import { downloadJars, findKafkaTools, hasJars, jarsFolder } from '../../src/local/engine-jars';
import { downloadsOf, type LocalOptions, prepareHome } from '../../src/local/home';
import type { Tool } from '../../src/local/java';
import { openKafka } from '../../src/local/kafka';
import { openPostgres } from '../../src/local/postgres';
import { findRedis, openRedis } from '../../src/local/redis';
import { commandLineOf } from '../../src/local/run-record';
import { type Environment, readConfigured } from '../../src/platform/environment';

/** Homes of test runs, each under the number of its process, so that a run can clean up after one that was killed. */
const HOMES = join(tmpdir(), `tickwire-tests-${userInfo().uid}`);
const home = join(HOMES, String(process.pid));

const given = () => {
  const { TEST_DATABASE_URL, TEST_REDIS_URL, TEST_KAFKA_BROKERS } = process.env;
  return Boolean(TEST_DATABASE_URL && TEST_REDIS_URL && TEST_KAFKA_BROKERS);
};

const started: Engine[] = [];

/**
 * Embedded PostgreSQL, Kafka and Redis for the integration tests, started once for the whole run by the same code as `npm start`, unless all three
 * addresses are given. Without Java 17 or Maven there is no Kafka and `TEST_KAFKA_MISSING` says why, without a Redis `TEST_REDIS_MISSING`; with `CI` set
 * that fails the run.
 */
export default async function startServices(): Promise<void> {
  const local = localOptions();
  if (!given()) await startEngines(local);
  if (hasJars(local.downloads)) process.env.TEST_KAFKA_LIBS ??= jarsFolder(local.downloads);
}

export async function stopServices(): Promise<void> {
  await Promise.all(started.splice(0).map((engine) => engine.stop()));
  rmSync(home, { recursive: true, force: true });
}

function localOptions(): LocalOptions {
  const environment: Environment = readConfigured();
  const downloads = downloadsOf(environment.TICKWIRE_HOME ?? join(process.cwd(), '.tickwire'));
  return { home, downloads, environment, note: (sentence) => console.log(sentence) };
}

async function startEngines(local: LocalOptions): Promise<void> {
  await sweep();
  prepareHome(home);
  const hasKafka = isThere('TEST_KAFKA_MISSING', await findKafkaTools(local));
  if (hasKafka) await downloadJars(local);
  const hasRedis = isThere('TEST_REDIS_MISSING', await findRedis(local));
  await Promise.all([
    startOne('TEST_DATABASE_URL', openPostgres(local)),
    hasRedis && startOne('TEST_REDIS_URL', openRedis(local)),
    hasKafka && startOne('TEST_KAFKA_BROKERS', openKafka(local)),
  ]).catch(async (error) => {
    await stopServices();
    throw error;
  });
}

async function startOne(variable: string, engine: Engine): Promise<void> {
  started.push(engine);
  await engine.start();
  process.env[variable] = engine.address();
}

/** Writes down why the tests of something are skipped. With `CI` set a skip is a failure. */
function isThere(variable: string, tool: Tool): boolean {
  if (tool.ok) return true;
  if (process.env.CI) throw new Error(`with CI set every test must run: ${tool.problem}`);
  process.env[variable] = tool.problem;
  console.warn(`some tests are skipped: ${tool.problem}`);
  return false;
}

/** Stops and removes what runs that were killed have left. */
async function sweep(): Promise<void> {
  mkdirSync(HOMES, { recursive: true });
  for (const pid of readdirSync(HOMES)) {
    if (Number(pid) !== process.pid && (await commandLineOf(Number(pid))) !== undefined) continue;
    await stopLeftovers(join(HOMES, pid));
    rmSync(join(HOMES, pid), { recursive: true, force: true });
  }
}
