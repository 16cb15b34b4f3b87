import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, parseConfig } from '../platform/config';
import { type Environment, readConfigured } from '../platform/environment';
import { messageOf } from '../platform/errors';
import { findLeftovers, findStart } from './claim';
import { hasJars, jarsFolder } from './engine-jars';
import { canConnect } from './exchange';
import { downloadsOf, homeProblem } from './home';
import { findJava, findMaven, type Tool } from './java';
import { holderOf, isPortFree } from './port';
import { findPostgresBinaries } from './postgres-place';
import { findInstalled, tryBinary } from './redis';

/** One thing that `npm start` needs or meets on this machine. */
export interface Check {
  readonly what: string;
  readonly ok: boolean;
  /** What was found. */
  readonly detail: string;
  /** What to do where it is not ok; empty where it is. */
  readonly advice: string;
}

const OLDEST_NODE = '20.19';

/** Looks at everything `npm start` needs or meets; starts nothing that stays, changes nothing. */
export async function diagnose(environment: Environment = readConfigured()): Promise<readonly Check[]> {
  const configuration = configOf(environment);
  if ('fault' in configuration)
    return [checkNode(), bad('configuration', configuration.fault, 'correct the variables named')];
  const config = configuration;
  const checks = await Promise.all([
    checkNode(),
    fine('configuration', 'no faults'),
    checkHome(config),
    checkDatabase(config),
    checkJava(config),
    checkMaven(config),
    checkRedis(config),
    ...checkBrokers(config),
    checkDownloads(config),
    checkStart(config),
    checkPort(config),
    checkLeftovers(config),
  ]);
  return checks;
}

/** True when `version` (as `20.19.1`) is at least `oldest`, compared by numbers. */
export function isAtLeast(version: string, oldest: string): boolean {
  return version.localeCompare(oldest, 'en', { numeric: true }) >= 0;
}

function fine(what: string, detail: string): Check {
  return { what, ok: true, detail, advice: '' };
}

function bad(what: string, detail: string, advice: string): Check {
  return { what, ok: false, detail, advice };
}

/** A tool's one sentence says what is wrong, then after a colon what to do. */
function ofTool(what: string, tool: Tool): Check {
  if (tool.ok) return fine(what, `${tool.version} at ${tool.path}`);
  const [detail = '', ...advice] = tool.problem.split(': ');
  return bad(what, detail, advice.join(': '));
}

function configOf(environment: Environment): Config | { fault: string } {
  try {
    return parseConfig(environment);
  } catch (error) {
    return { fault: messageOf(error) };
  }
}

function checkNode(): Check {
  const { node } = process.versions;
  if (isAtLeast(node, OLDEST_NODE)) return fine('Node', node);
  return bad('Node', node, `install Node ${OLDEST_NODE} or newer`);
}

function checkHome({ home }: Config): Check {
  const problem = homeProblem(home);
  return problem ? bad('TICKWIRE_HOME', home, problem) : fine('TICKWIRE_HOME', home);
}

async function checkDatabase({ databaseUrl }: Config): Promise<Check> {
  if (databaseUrl) return checkAddress('PostgreSQL', databaseUrl, 5432, 'start it, or correct DATABASE_URL');
  return ofTool('PostgreSQL', findPostgresBinaries());
}

async function checkJava({ kafkaBrokers, environment }: Config): Promise<Check> {
  if (kafkaBrokers) return fine('Java', 'not needed: KAFKA_BOOTSTRAP_SERVERS is set');
  return ofTool('Java', await findJava(environment));
}

async function checkMaven({ kafkaBrokers, environment, home }: Config): Promise<Check> {
  if (kafkaBrokers) return fine('Maven', 'not needed: KAFKA_BOOTSTRAP_SERVERS is set');
  if (hasJars(downloadsOf(home))) return fine('Maven', 'not needed: Kafka is downloaded');
  return ofTool('Maven', await findMaven(environment));
}

/** Downloads nothing, so a binary that is still to come is taken on trust. */
async function checkRedis({ redisUrl, environment, home }: Config): Promise<Check> {
  if (redisUrl) return checkAddress('Redis', redisUrl, 6379, 'start it, or correct REDIS_URL');
  const downloads = downloadsOf(home);
  const unpacked = join(jarsFolder(downloads), 'redis-server');
  const binary = findInstalled({ environment }) ?? (existsSync(unpacked) ? unpacked : undefined);
  if (binary) return ofTool('Redis', await tryBinary(binary));
  const canDownload = hasJars(downloads) || ((await findMaven(environment)).ok && (await findJava(environment)).ok);
  if (canDownload) return fine('Redis', 'none installed; the first start takes one from Maven');
  return bad('Redis', 'none installed', 'install redis-server or valkey-server, or set REDIS_URL');
}

function checkBrokers({ kafkaBrokers = [] }: Config): readonly Promise<Check>[] {
  const advice = 'start it, or correct KAFKA_BOOTSTRAP_SERVERS';
  return kafkaBrokers.map((broker) => checkAddress('Kafka', `kafka://${broker}`, 9092, advice));
}

async function checkAddress(what: string, url: string, defaultPort: number, advice: string): Promise<Check> {
  if (!URL.canParse(url)) return bad(what, 'its address is no host:port', advice);
  const { hostname, port } = new URL(url);
  const address = `${hostname}:${port || defaultPort}`;
  const reached = await canConnect(hostname.replace(/^\[|\]$/g, ''), Number(port || defaultPort));
  return reached ? fine(what, `${address} answers`) : bad(what, `nobody answers at ${address}`, advice);
}

function checkDownloads({ home, kafkaBrokers }: Config): Check {
  if (kafkaBrokers) return fine('downloads', 'none needed for Kafka');
  const folder = jarsFolder(downloadsOf(home));
  return fine('downloads', hasJars(downloadsOf(home)) ? folder : 'none yet; the first start makes them, about 55 MB');
}

async function checkStart({ home }: Config): Promise<Check> {
  const start = await findStart(home);
  if (!start) return fine('npm start', 'not running');
  return fine('npm start', `running as process ${start.pid}${start.url ? ` at ${start.url}` : ''}`);
}

async function checkPort({ port, host, home, environment }: Config): Promise<Check> {
  const what = `port ${port}`;
  if (await isPortFree(port, host)) return fine(what, 'free');
  if ((await findStart(home))?.url?.endsWith(`:${port}`)) return fine(what, 'used by the running npm start');
  const holder = `in use by ${(await holderOf(port, environment)) ?? 'another program'}`;
  if (environment.PORT === undefined) return fine(what, `${holder}; npm start will take the next free one`);
  return bad(what, holder, 'stop it, or set PORT to another port');
}

async function checkLeftovers({ home }: Config): Promise<Check> {
  if (await findStart(home)) return fine('leftovers', 'none');
  const names = await findLeftovers(home);
  return fine('leftovers', names.length > 0 ? `${names.join(', ')}; the next start stops them` : 'none');
}
