import { listProjectFiles, PRODUCT, readProjectFile } from './deployed-product';
import { kubernetesFaults, type Manifests } from './kubernetes-rules';

const ROOT = 'deploy/kubernetes';
const MANIFESTS: Manifests = Object.fromEntries(
  ['base', 'jobs', 'components/process', 'components/keda'].flatMap((folder) =>
    listProjectFiles(`${ROOT}/${folder}`).map((file) => [
      `${folder}/${file}`,
      readProjectFile(`${ROOT}/${folder}/${file}`),
    ]),
  ),
);

function broken(path: string, sound: string | RegExp, by: string): Manifests {
  const text = MANIFESTS[path]!;
  expect(text).toMatch(sound);
  return { ...MANIFESTS, [path]: text.replace(sound, by) };
}

test('the manifests run every process of the product, hardened, watched and scaled by what it has to do', () => {
  const faults = kubernetesFaults(MANIFESTS, PRODUCT);

  expect(faults).toEqual([]);
});

test('a consumer that is new is missed in the manifests', () => {
  const consumers = [...PRODUCT.consumers, { name: 'candles', topic: 'price-events' }];

  const faults = kubernetesFaults(MANIFESTS, { ...PRODUCT, consumers });

  expect(faults).toContain('Deployment candles: expected dist/scripts/consumer.js candles, got none');
  expect(faults).toContain('scaler of candles: expected the lag of price-events');
});

test('a version that is new is missed in the manifests', () => {
  const faults = kubernetesFaults(MANIFESTS, { ...PRODUCT, version: '9.0.0' });

  expect(faults).toEqual(['components/process: expected version 9.0.0']);
});

test('a file that no list names is seen', () => {
  const faults = kubernetesFaults({ ...MANIFESTS, 'base/forgotten.yaml': 'kind: ConfigMap\n' }, PRODUCT);

  expect(faults).toEqual(['base: expected forgotten.yaml to be listed']);
});

const PROCESS = 'components/process';

test.each([
  [
    'a file that is listed and not there',
    'base/kustomization.yaml',
    '  - bars.yaml\n',
    '  - x.yaml\n',
    /x.yaml to be there/,
  ],
  ['workloads without what is common', 'jobs/kustomization.yaml', '../components/process', '../x', /in common/],
  ['a script that is not built', 'jobs/migrate.yaml', 'init-db.js', 'migrate.js', /that the build makes/],
  ['an unknown variable', 'jobs/topics.yaml', 'name: KAFKA_SASL_USERNAME', 'name: KAFKA_USER', /got KAFKA_USER/],
  ['an unknown setting', `${PROCESS}/settings.env`, 'REDIS_TTL=', 'REDIS_SECONDS=', /got REDIS_SECONDS/],
  ['a secret among the settings', `${PROCESS}/settings.env`, 'REDIS_TTL=300', 'REDIS_URL=x', /got REDIS_URL/],
  ['a secret written down', 'base/artifacts.yaml', 'kind: PersistentVolumeClaim', 'kind: Secret', /expected no secret/],
  [
    'an address with a password',
    'base/news.yaml',
    'args:',
    'x: postgresql://a:b@c/d\n          args:',
    /expected no secret/,
  ],
  ['a container of another name', 'base/news.yaml', '- name: tickwire', '- name: news', /one container named tickwire/],
  [
    'an image of its own',
    'base/news.yaml',
    'args:',
    'image: x:latest\n          args:',
    /image and security in common/,
  ],
  ['security of its own', 'base/news.yaml', 'args:', 'securityContext: {}\n          args:', /image and security in/],
  ['no limit of memory', 'base/poller.yaml', 'limits: { memory: 384Mi }', 'limits: { cpu: 1 }', /a limit of memory/],
  ['no request of memory', 'base/poller.yaml', ', memory: 128Mi', '', /a request of memory/],
  ['no word on probes', 'jobs/migrate.yaml', /# No probes.*/, '', /probes, or a comment/],
  ['no probe of life', 'base/bars.yaml', 'livenessProbe:', 'probe:', /probes, or a comment/],
  ['no probe of readiness', 'base/api.yaml', '/readyz', '/healthz', /probes, or a comment/],
  ['a selector that finds nothing', 'base/bars.yaml', 'component: bars', 'component: bar', /labels that its selector/],
  ['a root user', `${PROCESS}/deployment.yaml`, 'runAsNonRoot: true', 'runAsNonRoot: false', /runAsNonRoot true/],
  ['a job of root', `${PROCESS}/job.yaml`, 'runAsUser: 1000', 'runAsUser: 0', /runAsUser 1000/],
  ['files to write', `${PROCESS}/deployment.yaml`, 'readOnlyRootFilesystem: true', 'x: true', /readOnlyRootFilesystem/],
  ['privileges', `${PROCESS}/deployment.yaml`, 'privileged: false', 'privileged: true', /privileged false/],
  ['privileges to gain', `${PROCESS}/job.yaml`, 'allowPrivilegeEscalation: false', 'x: y', /allowPrivilegeEscalation/],
  ['capabilities', `${PROCESS}/deployment.yaml`, 'drop: [ALL]', 'add: [NET_RAW]', /capabilities ALL/],
  ['every system call', `${PROCESS}/job.yaml`, 'type: RuntimeDefault', 'type: Unconfined', /seccompProfile/],
  ['no budget', 'base/disruption-budgets.yaml', 'component: news', 'component: new', /news: expected a disruption/],
  ['an open network', 'base/network-policies.yaml', '[Ingress, Egress]', '[Ingress]', /denies all/],
  ["a way to a node's metadata", 'base/network-policies.yaml', '169.254.0.0/16, ', '', /metadata/],
  [
    'a scaler of another group',
    'components/keda/consumers.yaml',
    'consumerGroup: bars',
    'consumerGroup: x',
    /scaler of bars/,
  ],
  [
    'more pods than partitions',
    'components/keda/consumers.yaml',
    'maxReplicaCount: 6',
    'maxReplicaCount: 7',
    /at most 6/,
  ],
  [
    'a scaler down to nothing',
    'components/keda/consumers.yaml',
    'minReplicaCount: 1',
    'minReplicaCount: 0',
    /at least one/,
  ],
  ['a scaler that forgets running jobs', 'components/keda/model-runner.yaml', ", 'running'", '', /wait or run/],
  ['two that set the replicas', 'components/keda/kustomization.yaml', '|news', '', /news: expected its replicas/],
])('it is seen when the manifests have %s', (_, path, sound, by, expected) => {
  const faults = kubernetesFaults(broken(path, sound, by), PRODUCT);

  expect(faults.join('\n')).toMatch(expected);
});
