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

/** Formatted, not started. Each is broker and controller. */
export async function makeKafkaBrokers(count: number): Promise<TestBrokers> {
  const folder = mkdtempSync(join(tmpdir(), 'tickwire-kafka-'));
  const ports: number[] = [];
  while (ports.length < count * 2) ports.push(await findFreePort(ports));
  const clusterId = `A${randomBytes(16).toString('base64url').slice(1)}`;
  const nodes = Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    port: ports[index * 2]!,
    controllerPort: ports[index * 2 + 1]!,
  }));
  const voters = nodes.map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`).join(',');
  const brokers = nodes.map((node) => makeBroker(folder, clusterId, { ...node, voters, replicas: Math.min(count, 3) }));
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
}

function makeBroker(folder: string, clusterId: string, node: Node): TestBroker {
  const settings = join(folder, `node-${node.id}.properties`);
  writeFileSync(settings, settingsOf(folder, node));
  java(['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', settings]);
  let running: ChildProcess | undefined;
  return {
    address: `127.0.0.1:${node.port}`,
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

function settingsOf(folder: string, { id, port, controllerPort, voters, replicas }: Node): string {
  return `process.roles=broker,controller
node.id=${id}
controller.quorum.voters=${voters}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
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
`;
}

/** Ready means that a coordinator answers, which takes seconds longer than an open port: asking for a lag needs one. */
async function answering(addresses: string[], count: number): Promise<void> {
  const bus = openKafkaBus({ brokers: addresses, ssl: false, clientId: 'readiness', log: silentLog });
  const topic = `ready-${count}`;
  await eventually(() => bus.createTopics([{ name: topic, partitions: count }]), 60_000, 250);
  await eventually(() => bus.lag(['ready'], [topic]), 30_000, 250);
  await bus.stop();
}
