import { type DeployedProduct, imageFaults, scriptFaults, variableFaults } from './deployed-product';
import { listOf, mapOf, parseYamlMap, textOf, valueAt, type YamlMap } from './yaml-text';

interface Service {
  readonly name: string;
  readonly of: YamlMap;
  /** Runs the image that is built here. */
  readonly isOurs: boolean;
}

/** Commands of the product that run by themselves, besides its consumers. */
const PROCESSES = {
  migrate: 'init-db.js',
  topics: 'create-topics.js',
  api: 'api.js',
  poller: 'run-polling-jobs.js',
} as const;

/** What is wrong with a compose file, in sentences. */
export function composeFaults(text: string, product: DeployedProduct): string[] {
  const file = parseYamlMap(text);
  const services = Object.entries(mapOf(file.services)).map(([name, value]) => ({
    name,
    of: mapOf(value),
    isOurs: textOf(mapOf(value).image).startsWith('tickwire:'),
  }));
  return [
    ...missingProcesses(services, product),
    ...interpolationFaults(text, product),
    ...unexplainedExceptions(text),
    ...services.flatMap((service) => [
      ...imageFaults(service.name, textOf(service.of.image)),
      ...portFaults(service),
      ...privilegeFaults(service),
      ...lifeFaults(service),
      ...(service.isOurs ? ownFaults(service, product) : []),
    ]),
    ...artifactFaults(services),
    ...orderFaults(services),
    ...clusterFaults(services),
    ...observabilityFaults(services),
  ];
}

function missingProcesses(services: readonly Service[], { consumers }: DeployedProduct): string[] {
  const commands = new Map(services.map(({ name, of }) => [name, listOf(of.command).join(' ')]));
  const expected = [
    ...Object.entries(PROCESSES).map(([name, script]) => [name, `dist/scripts/${script}`] as const),
    ...consumers.map(({ name }) => [name, `dist/scripts/consumer.js ${name}`] as const),
  ];
  return expected
    .filter(([name, command]) => commands.get(name) !== command)
    .map(([name, command]) => `${name}: expected a service that runs ${command}, got ${commands.get(name) ?? 'none'}`);
}

/** `${NAME}` anywhere in the file, and no secret with a value that everybody knows. */
function interpolationFaults(text: string, product: DeployedProduct): string[] {
  const used = [...text.matchAll(/(?<!\$)\$\{(\w+)(?::?([-?+])([^}]*))?\}/g)];
  const names = used.map(([, name = '']) => name);
  const known = used
    .filter(([, name = '', kind, value]) => /PASSWORD|_KEY$|_SECRET$/.test(name) && kind !== '?' && value !== '')
    .map(([whole]) => `${whole}: expected a secret without a default`);
  return [...variableFaults('docker-compose.yaml', [...new Set(names)], product), ...known];
}

/** What turns a guard off says why on the line before. */
function unexplainedExceptions(text: string): string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) =>
    /disable: true|read_only: false/.test(line) && !/^\s*# /.test(lines[index - 1] ?? '')
      ? [`line ${index + 1}: expected a comment before ${line.trim()} that says why`]
      : [],
  );
}

function portFaults({ name, of }: Service): string[] {
  return listOf(of.ports)
    .map((port) => (typeof port === 'string' ? port : textOf(mapOf(port).host_ip)))
    .filter((port) => !/^127\.0\.0\.1(:|$)/.test(port))
    .map((port) => `${name}: expected a port of 127.0.0.1, got ${port}`);
}

function privilegeFaults({ name, of, isOurs }: Service): string[] {
  const user = textOf(of.user);
  const isRoot = isOurs ? user !== '' : user === '' || /^(root|0)(:|$)/.test(user);
  const faults = [
    [of.privileged !== undefined, 'no `privileged`'],
    [isRoot, isOurs ? 'the user of the image' : 'a user that is not root'],
    [listOf(of.cap_drop).join() !== 'ALL' || of.cap_add !== undefined, 'no capability'],
    [!listOf(of.security_opt).includes('no-new-privileges:true'), '`no-new-privileges`'],
    [of.read_only !== 'true' && (isOurs || of.read_only !== 'false'), 'a word on `read_only`'],
    [['network_mode', 'pid', 'ipc', 'devices'].some((key) => key in of), "nothing of the host's"],
    [JSON.stringify(of.volumes ?? '').includes('docker.sock'), 'no socket of the engine'],
  ] as const;
  return faults.filter(([isBroken]) => isBroken).map(([, expected]) => `${name}: expected ${expected}`);
}

function lifeFaults({ name, of }: Service): string[] {
  const check = mapOf(of.healthcheck);
  const limits = mapOf(valueAt(of, 'deploy', 'resources', 'limits'));
  const faults = [
    [check.disable !== 'true' && listOf(check.test).length < 2, 'a health check'],
    [!/^(unless-stopped|on-failure:\d+)$/.test(textOf(of.restart)), 'a restart policy'],
    [['cpus', 'memory', 'pids'].some((limit) => !limits[limit]), 'limits of cpus, memory and pids'],
  ] as const;
  return faults.filter(([isBroken]) => isBroken).map(([, expected]) => `${name}: expected ${expected}`);
}

function ownFaults({ name, of }: Service, product: DeployedProduct): string[] {
  const image = textOf(of.image);
  return [
    ...scriptFaults(name, listOf(of.command).map(textOf), product),
    ...variableFaults(name, Object.keys(mapOf(of.environment)), product),
    ...(image === `tickwire:${product.version}` ? [] : [`${name}: expected version ${product.version}, got ${image}`]),
    ...(of.init === 'true' ? [] : [`${name}: expected an init, since commands that end leave signals to it`]),
  ];
}

/** Who writes artifacts and who reads them have the same volume, where the image expects it. */
function artifactFaults(services: readonly Service[]): string[] {
  const volumesOf = (wanted: string) => listOf(services.find(({ name }) => name === wanted)?.of.volumes);
  const expected = { 'model-runner': ARTIFACTS, api: `${ARTIFACTS}:ro` };
  return Object.entries(expected)
    .filter(([name, volume]) => !volumesOf(name).includes(volume))
    .map(([name, volume]) => `${name}: expected the volume ${volume}`);
}

const ARTIFACTS = 'artifacts:/var/lib/tickwire/artifacts';

/** Nothing of the product starts before its engines are healthy and its schema and topics are made. */
function orderFaults(services: readonly Service[]): string[] {
  const conditionOf = (of: YamlMap, on: string) => textOf(valueAt(of, 'depends_on', on, 'condition'));
  const ended = 'service_completed_successfully';
  return services
    .filter(({ isOurs }) => isOurs)
    .flatMap(({ name, of }) => {
      if (name === 'migrate') return conditionOf(of, 'postgres') === 'service_healthy' ? [] : [`${name}: too early`];
      if (name === 'topics') return conditionOf(of, 'kafka') === 'service_healthy' ? [] : [`${name}: too early`];
      const inOrder = conditionOf(of, 'migrate') === ended && conditionOf(of, 'topics') === ended;
      return inOrder && conditionOf(of, 'redis') === 'service_healthy' ? [] : [`${name}: too early`];
    });
}

/** Three brokers, where two must have a record before it counts. */
function clusterFaults(services: readonly Service[]): string[] {
  const brokers = services.filter(({ of }) => listOf(of.profiles).includes('cluster'));
  const settings = brokers.map(({ of }) => mapOf(of.environment));
  const ids = new Set(settings.map(({ KAFKA_NODE_ID }) => KAFKA_NODE_ID));
  const voters = brokers.map(({ name }, index) => `${textOf(settings[index]?.KAFKA_NODE_ID)}@${name}:9093`).join();
  const agree = settings.every(
    (of) =>
      of.KAFKA_CONTROLLER_QUORUM_VOTERS === voters &&
      of.KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR === '3' &&
      of.KAFKA_MIN_INSYNC_REPLICAS === '2',
  );
  return ids.size === 3 && agree ? [] : ['cluster: expected three brokers that know each other, and copies on all'];
}

/** Prometheus and Grafana come only when asked for; nobody logs in to Grafana, and who looks changes nothing, on the disk neither. */
function observabilityFaults(services: readonly Service[]): string[] {
  const settings = mapOf(services.find(({ name }) => name === 'grafana')?.of.environment);
  const wanted: Readonly<Record<string, string>> = {
    GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
    GF_AUTH_BASIC_ENABLED: 'false',
    GF_AUTH_DISABLE_LOGIN_FORM: 'true',
    GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: 'true',
  };
  const writable = services.flatMap(({ name, of }) =>
    listOf(of.volumes)
      .map(textOf)
      .filter((volume) => /^[./]/.test(volume) && !volume.endsWith(':ro'))
      .map((volume) => `${name}: expected ${volume} to be read only`),
  );
  return [
    ...['prometheus', 'grafana']
      .filter((name) => listOf(services.find((one) => one.name === name)?.of.profiles).join() !== 'observability')
      .map((name) => `${name}: expected a service of the profile observability`),
    ...Object.entries(wanted)
      .filter(([name, value]) => settings[name] !== value)
      .map(([name, value]) => `grafana: expected ${name} ${value}`),
    ...writable,
  ];
}
