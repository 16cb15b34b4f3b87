import { parse } from 'dotenv';
import type { DeployedProduct } from './deployed-product';
import { listOf, mapOf, parseYaml, textOf, valueAt, type YamlMap } from './yaml-text';

/** What is wrong with the scalers: every consumer of a topic scales by the lag of its own group, the runner of jobs by the jobs. */
export function autoscalingFaults(manifests: Readonly<Record<string, string>>, product: DeployedProduct): string[] {
  const partitions = Number(parse(manifests['components/process/settings.env'] ?? '').KAFKA_PARTITIONS);
  const scalers = Object.entries(manifests)
    .filter(([path]) => path.startsWith('components/keda/') && !path.endsWith('kustomization.yaml'))
    .flatMap(([, text]) => parseYaml(text).map(mapOf))
    .filter(({ kind }) => kind === 'ScaledObject');
  const of = (name: string) => scalers.find((scaler) => valueAt(scaler, 'spec', 'scaleTargetRef', 'name') === name);
  const patched = manifests['components/keda/kustomization.yaml'] ?? '';
  return product.consumers.flatMap(({ name, topic }) => [
    ...(name === 'model-runner' ? jobFaults(of(name)) : lagFaults(name, topic, { scaler: of(name), partitions })),
    ...(new RegExp(`name: .*\\b${name}\\b`).test(patched) ? [] : [`${name}: expected its replicas left to the scaler`]),
  ]);
}

function lagFaults(
  name: string,
  topic: string,
  { scaler, partitions }: { scaler: YamlMap | undefined; partitions: number },
): string[] {
  const [trigger] = listOf(valueAt(scaler, 'spec', 'triggers')).map(mapOf);
  const metadata = mapOf(trigger?.metadata);
  const faults = [
    [trigger?.type !== 'kafka' || metadata.consumerGroup !== name || metadata.topic !== topic, `the lag of ${topic}`],
    [metadata.bootstrapServersFromEnv !== 'KAFKA_BOOTSTRAP_SERVERS', 'the brokers of the process itself'],
    [Number(valueAt(scaler, 'spec', 'maxReplicaCount')) > partitions, `at most ${partitions} pods, one a partition`],
    [Number(valueAt(scaler, 'spec', 'minReplicaCount')) < 1, 'at least one pod'],
  ] as const;
  return faults.filter(([isBroken]) => isBroken).map(([, expected]) => `scaler of ${name}: expected ${expected}`);
}

function jobFaults(scaler: YamlMap | undefined): string[] {
  const [trigger] = listOf(valueAt(scaler, 'spec', 'triggers')).map(mapOf);
  const query = textOf(valueAt(trigger, 'metadata', 'query'));
  const isSound =
    trigger?.type === 'postgresql' && /FROM model_jobs WHERE status IN \('queued', 'running'\)/.test(query);
  return isSound ? [] : ['scaler of model-runner: expected the jobs that wait or run'];
}
