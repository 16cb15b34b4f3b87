import { composeFaults } from './compose-rules';
import { PRODUCT, readProjectFile } from './deployed-product';

const COMPOSE = readProjectFile('docker-compose.yaml');

test('the compose file runs every process of the product, hardened, in order, and nothing of it is open to the network', () => {
  const faults = composeFaults(COMPOSE, PRODUCT);

  expect(faults).toEqual([]);
});

test('a consumer that is new is missed in the compose file', () => {
  const consumers = [...PRODUCT.consumers, { name: 'candles', topic: 'price-events' }];

  const faults = composeFaults(COMPOSE, { ...PRODUCT, consumers });

  expect(faults).toEqual(['candles: expected a service that runs dist/scripts/consumer.js candles, got none']);
});

test('a version that is new is missed in the compose file', () => {
  const faults = composeFaults(COMPOSE, { ...PRODUCT, version: '9.0.0' });

  expect(faults).toContain('api: expected version 9.0.0, got tickwire:1.0.0');
});

test.each([
  ['a port for everybody', `'127.0.0.1:\${PORT:-8000}:8000'`, `'\${PORT:-8000}:8000'`, /api: expected a port of 127/],
  ['an image that moves', 'postgres:18-bookworm', 'postgres:latest', /postgres: expected an image with the tag/],
  ['an image without a tag', 'redis:8-alpine', 'redis', /redis: expected an image with the tag/],
  ['a privileged service', '    user: redis\n', '    user: redis\n    privileged: true\n', /no `privileged`/],
  ['the socket of the engine', "'redis:/data'", "'/var/run/docker.sock:/x'", /no socket of the engine/],
  ['an engine run by root', '    user: redis\n', '', /redis: expected a user that is not root/],
  ['a process run by root', '  poller:\n', '  poller:\n    user: root\n', /poller: expected the user of the image/],
  ['capabilities kept', 'cap_drop: [ALL]', 'cap_drop: [NET_RAW]', /api: expected no capability/],
  ['privileges to gain', "security_opt: ['no-new-privileges:true']", 'security_opt: []', /no-new-privileges/],
  ['a root file system that may be written', '  read_only: true\n  tmpfs', '  tmpfs', /api: expected a word on/],
  ['a network of the host', '    image: redis:8-alpine', '    network_mode: host\n    image: redis:8-alpine', /host's/],
  ['a check turned off without a reason', '  # No check from outside: a consumer', '  x-y: a consumer', /says why/],
  ['a process without limits', "limits: { cpus: '1.0', memory: 384M, pids: 100 }", "limits: { cpus: '1.0' }", /poller/],
  ['a service that stays down', '  restart: unless-stopped\n', '', /api: expected a restart policy/],
  ['an unknown variable of a process', 'POLL_FREQ:', 'POLL_FREQUENCY:', /got POLL_FREQUENCY/],
  ['an unknown variable of the shell', `\${REDIS_TTL:-300}`, `\${REDIS_SECONDS:-300}`, /got REDIS_SECONDS/],
  ['a secret that everybody knows', `\${FINNHUB_API_KEY:-}`, `\${FINNHUB_API_KEY:-demo}`, /secret without a default/],
  ['a script that is not built', 'run-polling-jobs.js', 'poll.js', /expected a script that the build makes/],
  ['no init', '  init: true\n', '', /expected an init/],
  [
    'artifacts that nobody else reads',
    'artifacts:/var/lib/tickwire/artifacts:ro',
    'other:/x',
    /api: expected the volume/,
  ],
  ['a start before the schema', 'migrate: { condition: service_completed_successfully }', 'postgres: {}', /too early/],
  ['Grafana for whoever looks to change', 'ORG_ROLE: Viewer', 'ORG_ROLE: Admin', /grafana: expected GF_AUTH_ANONYMOUS/],
  ['a way to log in to Grafana', "FORM: 'true'", "FORM: 'false'", /grafana: expected GF_AUTH_DISABLE_LOGIN_FORM/],
  [
    'Prometheus where nobody asked',
    '    profiles: [observability]\n    user: nobody',
    '    user: nobody',
    /prometheus: ex/,
  ],
  ['files of the project to write to', '/observability:/etc/prometheus:ro', '/observability:/x', /to be read only/],
  ['Prometheus run by root', '    user: nobody\n', '    user: root\n', /prometheus: expected a user that is not root/],
  ['brokers that do not copy', "KAFKA_MIN_INSYNC_REPLICAS: '2'", "KAFKA_MIN_INSYNC_REPLICAS: '1'", /three brokers/],
])('it is seen when the compose file has %s', (_, sound, broken, expected) => {
  expect(COMPOSE).toContain(sound);

  const faults = composeFaults(COMPOSE.replace(sound, broken), PRODUCT);

  expect(faults.join('\n')).toMatch(expected);
});

test('it is seen when a service of the compose file has no health check', () => {
  const broken = COMPOSE.replace(
    / {4}healthcheck:\n {6}test: \['CMD-SHELL', 'test "\$\$\(redis-cli[\s\S]*?start_period: 30s\n/,
    '',
  );

  const faults = composeFaults(broken, PRODUCT);

  expect(faults).toEqual(['redis: expected a health check']);
});
