import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TickwireError } from '../platform/errors';
import { Child, type Launch } from './child';
import { lastLines, runCommand } from './command';
import type { Engine } from './engine';
import { downloadJars } from './engine-jars';
import { exchange } from './exchange';
import { type LocalOptions, portsFile } from './home';
import { findJava } from './java';
import { rememberedPorts } from './port';

/** One Kafka node, broker and controller at once, with its data in `kafka/`. Ready when it answers for a group's coordinator. */
export function openKafka(options: LocalOptions): Engine {
  let broker: number | undefined;
  const child = new Child({
    name: 'kafka',
    home: options.home,
    stopSignal: 'SIGTERM',
    stopWithinMs: 20_000,
    readyWithinMs: 60_000,
    prepare: async (signal) => {
      const prepared = await prepare(options, signal);
      broker = prepared.port;
      return prepared.launch;
    },
  });
  return Object.assign(child, {
    address: () => {
      if (broker === undefined) throw new TickwireError('ENGINE_UNAVAILABLE', 'kafka was not started');
      return `127.0.0.1:${broker}`;
    },
  });
}

async function prepare(options: LocalOptions, signal: AbortSignal): Promise<{ port: number; launch: Launch }> {
  const java = await findJava(options.environment);
  if (!java.ok) throw new TickwireError('ENGINE_UNAVAILABLE', java.problem);
  const classPath = join(await downloadJars(options, signal), '*');
  const folder = join(options.home, 'kafka');
  const [port = 0, controllerPort = 0] = await rememberedPorts(portsFile(options.home, 'kafka'), 2);
  const settings = writeSettings(folder, port, controllerPort);
  await formatOnce({ folder, settings, java: java.path, classPath, environment: options.environment });
  const args = [...JVM_FLAGS, `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`, '-cp', classPath];
  return {
    port,
    launch: {
      command: java.path,
      args: [...args, 'kafka.Kafka', settings],
      cwd: folder,
      environment: options.environment,
      mark: settings,
      isReady: () => hasCoordinator(port),
    },
  };
}

const JVM_FLAGS = ['-Xmx512m', '-Xms256m', '-XX:+UseSerialGC', '-Djava.awt.headless=true'];

/** Writes `server.properties` and returns its path. */
function writeSettings(folder: string, port: number, controllerPort: number): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'server.properties');
  writeFileSync(file, settingsOf(folder, port, controllerPort));
  writeFileSync(join(folder, 'log4j2.properties'), LOG_SETTINGS);
  return file;
}

/** After a crash the controller waits for the end of the old session before it takes the broker back: the session is short. */
function settingsOf(folder: string, port: number, controllerPort: number): string {
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=${join(folder, 'data')}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=5
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=2
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=2
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=2500
log.cleaner.dedupe.buffer.size=33554432
`;
}

const LOG_SETTINGS = `status=error
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d{ISO8601} %p %c{1}: %m%n
rootLogger.level=warn
rootLogger.appenderRef.console.ref=console
`;

interface Format {
  readonly folder: string;
  readonly settings: string;
  readonly java: string;
  readonly classPath: string;
  readonly environment: LocalOptions['environment'];
}

/** Gives the data folder its cluster id. The mark is written last, so an interrupted format is done again. */
async function formatOnce({ folder, settings, java, classPath, environment }: Format): Promise<void> {
  const mark = join(folder, 'formatted');
  if (existsSync(mark)) return;
  const clusterId = randomBytes(16).toString('base64url').replace(/^-/, 'A');
  const tool = ['-XX:TieredStopAtLevel=1', '-cp', classPath, 'kafka.tools.StorageTool'];
  const args = [...tool, 'format', '--ignore-formatted', '-t', clusterId, '-c', settings];
  const { code, output } = await runCommand(java, args, { environment, cwd: folder, timeoutMs: 60_000 });
  if (code !== 0) {
    throw new TickwireError('ENGINE_UNAVAILABLE', `kafka could not format ${folder}: ${lastLines(output, 3)}`);
  }
  writeFileSync(mark, `${clusterId}\n`);
}

const FIND_COORDINATOR = 10;

/** Asks for the coordinator of a group (FindCoordinator, version 0): an open port alone does not mean that consumers can join. */
async function hasCoordinator(port: number): Promise<boolean> {
  const group = Buffer.from('tickwire');
  const request = Buffer.alloc(16);
  request.writeInt32BE(12 + group.length, 0);
  request.writeInt16BE(FIND_COORDINATOR, 4);
  request.writeInt32BE(1, 8);
  request.writeInt16BE(-1, 12);
  request.writeInt16BE(group.length, 14);
  const answer = await exchange(port, Buffer.concat([request, group]));
  const errorCode = answer && answer.length >= 10 ? answer.readInt16BE(8) : -1;
  return errorCode === 0;
}
