import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { TickwireError } from '../platform/errors';
import { lastLines, runCommand } from './command';
import type { LocalOptions } from './home';
import { findJava, findMaven, type Tool } from './java';
import { withLock } from './lock';
import { zipEntries } from './zip';

const KAFKA_VERSION = '4.1.1';
const REDIS_JAR_VERSION = '1.4.3';
const DOWNLOAD_WITHIN_MS = 10 * 60_000;

const dependency = (group: string, artifact: string, version: string) =>
  `    <dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>tickwire</groupId><artifactId>engines</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
${dependency('org.apache.kafka', 'kafka_2.13', KAFKA_VERSION)}
${dependency('com.github.codemonstur', 'embedded-redis', REDIS_JAR_VERSION)}
${dependency('org.apache.logging.log4j', 'log4j-slf4j-impl', '2.24.3')}
  </dependencies>
</project>
`;

/** The folder of Kafka's jars, and of the jar that holds Redis binaries; it exists only when the download is whole. */
export function jarsFolder(downloads: string): string {
  return join(downloads, 'kafka', `${KAFKA_VERSION}-${REDIS_JAR_VERSION}`);
}

export function hasJars(downloads: string): boolean {
  return existsSync(jarsFolder(downloads));
}

/** What the embedded Kafka needs of this machine: Java, and Maven while its jars are not here yet. */
export async function findKafkaTools({ downloads, environment }: LocalOptions): Promise<Tool> {
  const java = await findJava(environment);
  if (!java.ok || hasJars(downloads)) return java;
  const maven = await findMaven(environment);
  return maven.ok ? java : maven;
}

/**
 * Downloads the jars by Maven once and returns their folder. Several starts at once download once; an interrupted download leaves nothing behind that
 * would pass for a whole one. @throws ENGINE_UNAVAILABLE
 */
export async function downloadJars(options: LocalOptions, signal?: AbortSignal): Promise<string> {
  const folder = jarsFolder(options.downloads);
  if (existsSync(folder)) return folder;
  mkdirSync(join(options.downloads, 'kafka'), { recursive: true });
  await withLock(
    join(options.downloads, 'kafka', 'download.lock'),
    async () => {
      if (!existsSync(folder)) await download(folder, options, signal);
    },
    signal,
  );
  return folder;
}

async function download(folder: string, { environment }: LocalOptions, signal?: AbortSignal): Promise<void> {
  const maven = await findMaven(environment);
  if (!maven.ok) throw new TickwireError('ENGINE_UNAVAILABLE', maven.problem);
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  const pom = join(part, 'pom.xml');
  writeFileSync(pom, POM);
  const args = ['-B', '-q', '-f', pom, 'dependency:copy-dependencies'];
  const flags = [`-DoutputDirectory=${part}`, '-DincludeScope=runtime'];
  const { code, output } = await runCommand(maven.path, [...args, ...flags], {
    environment,
    cwd: part,
    timeoutMs: DOWNLOAD_WITHIN_MS,
    signal,
  });
  if (code !== 0) throw new TickwireError('ENGINE_UNAVAILABLE', downloadFailure(output));
  renameSync(part, folder);
}

function downloadFailure(output: string): string {
  return `Maven could not download Kafka ${KAFKA_VERSION} (${lastLines(output, 3)}): look at the network and at Maven's settings.xml, or set KAFKA_BOOTSTRAP_SERVERS`;
}

/** The Redis binary for this machine out of the embedded-redis jar, unpacked once; undefined when the jar has none. */
export function unpackRedis(downloads: string): string | undefined {
  const jar = readdirSync(jarsFolder(downloads)).find((name) => /^embedded-redis-.*\.jar$/.test(name));
  if (!jar) return undefined;
  const entry = zipEntries(readFileSync(join(jarsFolder(downloads), jar))).find(({ name }) => isForThisMachine(name));
  if (!entry) return undefined;
  const binary = join(jarsFolder(downloads), 'redis-server');
  if (!existsSync(binary)) {
    writeFileSync(`${binary}.${process.pid}`, entry.unpack());
    chmodSync(`${binary}.${process.pid}`, 0o755);
    renameSync(`${binary}.${process.pid}`, binary);
  }
  return binary;
}

function isForThisMachine(entryName: string): boolean {
  const architecture = { x64: 'amd64', arm64: 'arm64' }[process.arch as string] ?? process.arch;
  return /(^|\/)redis-server-/.test(entryName) && entryName.endsWith(`-${process.platform}-${architecture}`);
}
