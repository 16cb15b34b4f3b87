import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKafkaBus } from '../../src/bus/kafka';
import { jarsFolder } from '../../src/local/engine-jars';
import { downloadsOf } from '../../src/local/home';
import { findFreePort } from '../../src/local/port';
import { silentLog } from '../../src/platform/log';
import { eventually } from './eventually';

const LIBS = join(process.env.TEST_KAFKA_LIBS ?? jarsFolder(downloadsOf('.tickwire')), '*');

/** A broker of a test's own, to be killed and started again on the same port and data. */
export interface TestBroker {
  readonly address: string;
  /** Of its further listeners, by name. */
  readonly listeners: Readonly<Record<string, string>>;
  /** Resolves when the process runs, not when it answers. */
  start(): void;
  /** By default at once, as a power cut would. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface TestBrokers {
  readonly brokers: readonly TestBroker[];
  readonly addresses: string[];
  /** Resolves when as many brokers as there are answer. */
  ready(): Promise<void>;
  /** Stops all and removes their data. */
  remove(): Promise<void>;
}

/** What brokers have besides plain text on a port of loopback. */
export interface BrokerExtras {
  /** Further listeners, advertised as `localhost`: their protocol (SSL, SASL_SSL) by their name. */
  readonly listeners?: Readonly<Record<string, string>>;
  /** Lines for `server.properties`. */
  readonly settings?: string;
  /** For the tool that formats the data, as `--add-scram` with its value. */
  readonly formatArguments?: readonly string[];
}

/** Formatted, not started. Each is broker and controller. */
export async function makeKafkaBrokers(count: number, extras: BrokerExtras = {}): Promise<TestBrokers> {
  const folder = mkdtempSync(join(tmpdir(), 'tickwire-kafka-'));
  const names = Object.keys(extras.listeners ?? {});
  const portsEach = 2 + names.length;
  const ports: number[] = [];
  while (ports.length < count * portsEach) ports.push(await findFreePort(ports));
  const clusterId = `A${randomBytes(16).toString('base64url').slice(1)}`;
  const nodes = Array.from({ length: count }, (_, index) => {
    const [port, controllerPort, ...more] = ports.slice(index * portsEach, (index + 1) * portsEach);
    const listenerPorts = Object.fromEntries(names.map((name, place) => [name, more[place]!]));
    return { id: index + 1, port: port!, controllerPort: controllerPort!, listenerPorts };
  });
  const voters = nodes.map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`).join(',');
  const brokers = nodes.map((node) =>
    makeBroker(folder, clusterId, { ...node, voters, replicas: Math.min(count, 3), extras }),
  );
  const addresses = brokers.map(({ address }) => address);
  return {
    brokers,
    addresses,
    ready: () => answering(addresses, count),
    remove: async () => {
      await Promise.all(brokers.map((broker) => broker.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Node {
  readonly id: number;
  readonly port: number;
  readonly controllerPort: number;
  readonly voters: string;
  readonly replicas: number;
  readonly listenerPorts: Readonly<Record<string, number>>;
  readonly extras: BrokerExtras;
}

function makeBroker(folder: string, clusterId: string, node: Node): TestBroker {
  const settings = join(folder, `node-${node.id}.properties`);
  writeFileSync(settings, settingsOf(folder, node));
  const { formatArguments = [] } = node.extras;
  java(['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', settings, ...formatArguments]);
  let running: ChildProcess | undefined;
  return {
    address: `127.0.0.1:${node.port}`,
    listeners: Object.fromEntries(
      Object.entries(node.listenerPorts).map(([name, port]) => [name, `localhost:${port}`]),
    ),
    start: () => {
      const flags = ['-Xmx320m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', LIBS];
      running = spawn('java', [...flags, 'kafka.Kafka', settings], { stdio: 'ignore' });
    },
    stop: async (signal = 'SIGKILL') => {
      const child = running;
      running = undefined;
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await once(child, 'exit');
    },
  };
}

function java(args: string[]): void {
  execFileSync('java', ['-XX:TieredStopAtLevel=1', '-cp', LIBS, ...args], { stdio: 'pipe' });
}

function settingsOf(
  folder: string,
  { id, port, controllerPort, voters, replicas, listenerPorts, extras }: Node,
): string {
  const more = Object.entries(listenerPorts);
  const at = (host: string) => more.map(([name, morePort]) => `,${name}://${host}:${morePort}`).join('');
  const protocols = Object.entries(extras.listeners ?? {}).map(([name, protocol]) => `,${name}:${protocol}`);
  return `process.roles=broker,controller
node.id=${id}
controller.quorum.voters=${voters}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}${at('127.0.0.1')}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}${at('localhost')}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT${protocols.join('')}
log.dirs=${join(folder, `node-${id}`)}
offsets.topic.replication.factor=${replicas}
offsets.topic.num.partitions=3
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=2500
log.cleaner.dedupe.buffer.size=33554432
${extras.settings ?? ''}`;
}

/** Ready means that a coordinator answers, which takes seconds longer than an open port: asking for a lag needs one. */
async function answering(addresses: string[], count: number): Promise<void> {
  const bus = openKafkaBus({ brokers: addresses, ssl: false, clientId: 'readiness', log: silentLog });
  const topic = `ready-${count}`;
  await eventually(() => bus.createTopics([{ name: topic, partitions: count }]), 60_000, 250);
  await eventually(() => bus.lag(['ready'], [topic]), 30_000, 250);
  await bus.stop();
}
