import { join } from 'node:path';
import type { Environment } from '../platform/environment';
import { findOnPath, isExecutable, lastLines, runCommand } from './command';

/** Oldest Java that Kafka 4 runs on. */
const OLDEST_JAVA = 17;

/** A program that is there, or one sentence that says what is missing and what to do. */
export type Tool =
  | { readonly ok: true; readonly path: string; readonly version: string }
  | { readonly ok: false; readonly problem: string };

const JAVA_ADVICE =
  'install one (Debian: apt install openjdk-17-jre-headless; macOS: brew install openjdk), point JAVA_HOME at it, or set KAFKA_BOOTSTRAP_SERVERS';
const MAVEN_ADVICE =
  'install it (Debian: apt install maven; macOS: brew install maven) or set KAFKA_BOOTSTRAP_SERVERS (and REDIS_URL where no redis-server is installed)';

/** The major version in what `java -version` prints: 8 of "1.8.0_392", 17 of "17.0.15"; undefined where there is none. */
export function javaMajorOf(output: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(output);
  return match ? Number(match[1]) : undefined;
}

/** The first Java of at least 17 from JAVA_HOME, then PATH. */
export async function findJava(environment: Environment): Promise<Tool> {
  const candidates = javaCandidates(environment);
  const tooOld: string[] = [];
  for (const path of candidates) {
    const { output } = await runCommand(path, ['-version'], { environment, timeoutMs: 20_000 });
    const major = javaMajorOf(output);
    if (major !== undefined && major >= OLDEST_JAVA) return { ok: true, path, version: String(major) };
    // macOS has a `java` that only says that there is no Java.
    if (major !== undefined) tooOld.push(`Java ${major} at ${path}`);
  }
  const got = tooOld.length > 0 ? `${tooOld.join(' and ')} is too old` : 'none in JAVA_HOME or on PATH';
  return { ok: false, problem: `the embedded Kafka needs Java ${OLDEST_JAVA} or newer, ${got}: ${JAVA_ADVICE}` };
}

/** Maven, which downloads the embedded Kafka. */
export async function findMaven(environment: Environment): Promise<Tool> {
  const path = findOnPath('mvn', environment);
  if (!path) return { ok: false, problem: `no Maven (mvn) on PATH to download the embedded Kafka: ${MAVEN_ADVICE}` };
  const { code, output } = await runCommand(path, ['-B', '-v'], { environment, timeoutMs: 20_000 });
  const version = /Apache Maven ([\w.-]+)/.exec(output)?.[1];
  if (code === 0 && version) return { ok: true, path, version };
  return { ok: false, problem: `${path} does not run (${lastLines(output, 2)}): ${MAVEN_ADVICE}` };
}

function javaCandidates(environment: Environment): string[] {
  const ofHome = environment.JAVA_HOME ? join(environment.JAVA_HOME, 'bin', 'java') : undefined;
  const candidates = [ofHome, findOnPath('java', environment)];
  return candidates.filter((path): path is string => path !== undefined && isExecutable(path));
}
