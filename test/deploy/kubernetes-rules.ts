import { parse } from 'dotenv';
import { type DeployedProduct, scriptFaults, variableFaults } from './deployed-product';
import { autoscalingFaults } from './keda-rules';
import { listOf, mapOf, parseYaml, parseYamlMap, textOf, valueAt, type YamlMap, type YamlValue } from './yaml-text';

/** Texts of the files below `deploy/kubernetes`, by their path from there. */
export type Manifests = Readonly<Record<string, string>>;

interface Workload {
  readonly path: string;
  readonly name: string;
  readonly kind: string;
  readonly object: YamlMap;
  readonly pod: YamlMap;
  readonly container: YamlMap;
  readonly text: string;
}

const PROCESS = 'components/process';

/** What is wrong with the manifests, in sentences. */
export function kubernetesFaults(manifests: Manifests, product: DeployedProduct): string[] {
  const objects = Object.entries(manifests)
    .filter(([path]) => /^(base|jobs)\//.test(path) && !path.endsWith('kustomization.yaml'))
    .flatMap(([path, text]) => parseYaml(text).map((value) => ({ path, text, object: mapOf(value) })));
  const workloads = objects.filter(({ object }) => valueAt(object, 'spec', 'template')).map(workloadOf);
  return [
    ...missingProcesses(workloads, product),
    ...['base', 'jobs', PROCESS, 'components/keda'].flatMap((folder) => unlistedFiles(manifests, folder)),
    ...workloads.flatMap((workload) => workloadFaults(workload, product)),
    ...hardeningFaults(manifests),
    ...settingsFaults(manifests, product),
    ...secretFaults(manifests),
    ...budgetFaults(
      workloads,
      objects.map(({ object }) => object),
    ),
    ...networkFaults(objects.map(({ object }) => object)),
    ...autoscalingFaults(manifests, product),
  ];
}

function workloadOf({ path, text, object }: { path: string; text: string; object: YamlMap }): Workload {
  const pod = mapOf(valueAt(object, 'spec', 'template', 'spec'));
  const [container] = listOf(pod.containers).map(mapOf);
  const name = textOf(valueAt(object, 'metadata', 'name'));
  return { path, name, kind: textOf(object.kind), object, pod, container: container ?? {}, text };
}

function missingProcesses(workloads: readonly Workload[], { consumers }: DeployedProduct): string[] {
  const expected: Record<string, string> = {
    'Job migrate': 'dist/scripts/init-db.js',
    'Job topics': 'dist/scripts/create-topics.js',
    'Deployment api': 'dist/scripts/api.js',
    'Deployment poller': 'dist/scripts/run-polling-jobs.js',
    ...Object.fromEntries(consumers.map(({ name }) => [`Deployment ${name}`, `dist/scripts/consumer.js ${name}`])),
  };
  const actual = new Map(
    workloads.map(({ kind, name, container }) => [`${kind} ${name}`, listOf(container.args).join(' ')]),
  );
  return Object.entries(expected)
    .filter(([name, command]) => actual.get(name) !== command)
    .map(([name, command]) => `${name}: expected ${command}, got ${actual.get(name) ?? 'none'}`);
}

/** Every file of a folder is in its list, and the other way round. */
function unlistedFiles(manifests: Manifests, folder: string): string[] {
  const kustomization = parseYamlMap(manifests[`${folder}/kustomization.yaml`] ?? '');
  const patches = listOf(kustomization.patches).map((patch) => textOf(mapOf(patch).path));
  const listed = [...listOf(kustomization.resources).map(textOf), ...patches.filter(Boolean)];
  const there = Object.keys(manifests)
    .filter((path) => path.startsWith(`${folder}/`) && path.endsWith('.yaml') && !path.endsWith('/kustomization.yaml'))
    .map((path) => path.slice(folder.length + 1));
  const common = listOf(kustomization.components).includes('../components/process');
  return [
    ...there.filter((file) => !listed.includes(file)).map((file) => `${folder}: expected ${file} to be listed`),
    ...listed.filter((file) => !there.includes(file)).map((file) => `${folder}: expected ${file} to be there`),
    ...(common || folder.startsWith('components/') ? [] : [`${folder}: expected what all processes have in common`]),
  ];
}

function workloadFaults(workload: Workload, product: DeployedProduct): string[] {
  const { path, name, kind, object, pod, container, text } = workload;
  const labels = valueAt(object, 'spec', 'template', 'metadata', 'labels');
  const selector = mapOf(valueAt(object, 'spec', 'selector', 'matchLabels'));
  const environment = listOf(container.env).map((entry) => textOf(mapOf(entry).name));
  const faults = [
    [listOf(pod.containers).length !== 1 || container.name !== 'tickwire', 'one container named tickwire'],
    [
      'image' in container || 'securityContext' in container || 'securityContext' in pod,
      'image and security in common',
    ],
    [!valueAt(container, 'resources', 'requests', 'memory'), 'a request of memory'],
    [!valueAt(container, 'resources', 'limits', 'memory'), 'a limit of memory'],
    [!hasProbes(container) && !/^ +# No probes: \S/m.test(text), 'probes, or a comment that says why there are none'],
    [Object.entries(selector).some(([key, value]) => mapOf(labels)[key] !== value), 'labels that its selector finds'],
    [kind === 'Deployment' && selector['app.kubernetes.io/component'] !== name, 'a selector of its own'],
  ] as const;
  return [
    ...faults.filter(([isBroken]) => isBroken).map(([, expected]) => `${path}: expected ${expected}`),
    ...scriptFaults(path, listOf(container.args).map(textOf), product),
    ...variableFaults(path, environment, product),
  ];
}

/** The process lives by one route and, where it is sent requests, is ready by the other. */
function hasProbes(container: YamlMap): boolean {
  const of = (probe: string, field: string) => valueAt(container, probe, 'httpGet', field);
  const isServed = of('livenessProbe', 'port') === 'http';
  return of('livenessProbe', 'path') === '/healthz' && (!isServed || of('readinessProbe', 'path') === '/readyz');
}

function hardeningFaults(manifests: Manifests): string[] {
  return ['deployment.yaml', 'job.yaml'].flatMap((file) => {
    const { pod, container } = workloadOf({
      path: file,
      text: '',
      object: parseYamlMap(manifests[`${PROCESS}/${file}`] ?? ''),
    });
    const expected: [string, YamlValue | undefined, string][] = [
      ['container', container.name, 'tickwire'],
      ['serviceAccountName', pod.serviceAccountName, 'tickwire'],
      ['automountServiceAccountToken', pod.automountServiceAccountToken, 'false'],
      ['runAsNonRoot', valueAt(pod, 'securityContext', 'runAsNonRoot'), 'true'],
      ['runAsUser', valueAt(pod, 'securityContext', 'runAsUser'), '1000'],
      ['seccompProfile', valueAt(pod, 'securityContext', 'seccompProfile', 'type'), 'RuntimeDefault'],
      ['readOnlyRootFilesystem', valueAt(container, 'securityContext', 'readOnlyRootFilesystem'), 'true'],
      ['allowPrivilegeEscalation', valueAt(container, 'securityContext', 'allowPrivilegeEscalation'), 'false'],
      ['privileged', valueAt(container, 'securityContext', 'privileged') ?? 'false', 'false'],
      ['capabilities', listOf(valueAt(container, 'securityContext', 'capabilities', 'drop')).join(), 'ALL'],
    ];
    return expected
      .filter(([, value, wanted]) => value !== wanted)
      .map(([name, , wanted]) => `${PROCESS}/${file}: expected ${name} ${wanted}`);
  });
}

function settingsFaults(manifests: Manifests, product: DeployedProduct): string[] {
  const settings = parse(manifests[`${PROCESS}/settings.env`] ?? '');
  const secrets = Object.keys(settings).filter((name) =>
    /PASSWORD|_KEY$|_SECRET$|^DATABASE_URL$|^REDIS_URL$/.test(name),
  );
  const [image] = listOf(parseYamlMap(manifests[`${PROCESS}/kustomization.yaml`] ?? '').images).map(mapOf);
  return [
    ...variableFaults('settings.env', Object.keys(settings), product),
    ...secrets.map((name) => `settings.env: expected settings that are no secret, got ${name}`),
    ...(image?.newTag === product.version ? [] : [`${PROCESS}: expected version ${product.version}`]),
  ];
}

/** Secrets are referred to, never written down. */
function secretFaults(manifests: Manifests): string[] {
  return Object.entries(manifests)
    .filter(([, text]) => /^kind: Secret$|secretGenerator|:\/\/[^\s/:@]+:[^\s/@]+@/m.test(text))
    .map(([path]) => `${path}: expected no secret`);
}

function budgetFaults(workloads: readonly Workload[], objects: readonly YamlMap[]): string[] {
  const budgets = objects.filter(({ kind }) => kind === 'PodDisruptionBudget');
  const covered = budgets.map((budget) =>
    valueAt(budget, 'spec', 'selector', 'matchLabels', 'app.kubernetes.io/component'),
  );
  return workloads
    .filter(({ kind, name }) => kind === 'Deployment' && !covered.includes(name))
    .map(({ name }) => `${name}: expected a disruption budget`);
}

function networkFaults(objects: readonly YamlMap[]): string[] {
  const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
  const denies = policies.some(
    ({ spec }) =>
      Object.keys(mapOf(valueAt(spec, 'podSelector'))).length === 0 &&
      listOf(mapOf(spec).policyTypes).join() === 'Ingress,Egress' &&
      !('ingress' in mapOf(spec) || 'egress' in mapOf(spec)),
  );
  const isOpen = JSON.stringify(policies).includes('"cidr":"0.0.0.0/0"');
  const keepsMetadata = JSON.stringify(policies).includes('169.254.0.0/16');
  return [
    ...(denies ? [] : ['network: expected a policy that denies all that no other allows']),
    ...(isOpen && !keepsMetadata ? ["network: expected a way out that leaves out a node's metadata"] : []),
  ];
}
