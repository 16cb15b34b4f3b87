import { statfs } from 'node:fs/promises';
import type { Bus, PartitionLag } from '../bus/bus';
import { CONSUMERS } from '../consumers';
import { pause } from '../platform/clock';
import type { Reading } from '../platform/metrics';
import { recently } from '../platform/recently';
import type { Resources } from './resources';

/** How long what a scrape has read is good for the next. */
const FRESH_MS = 5_000;

/** What every process tells of what it works with, read when it is asked for. */
export function gaugeProcess({
  metrics,
  store,
  cache,
  providers,
}: Pick<Resources, 'metrics' | 'store' | 'cache' | 'providers'>): void {
  const up = recently(async () => {
    const [postgres, redis] = await Promise.all([answers(() => store.ping()), answers(() => cache.ping())]);
    return [
      { labels: { dependency: 'postgres' }, value: postgres },
      { labels: { dependency: 'redis' }, value: redis },
    ];
  }, FRESH_MS);
  metrics.gauge('tickwire_dependency_up', up);
  metrics.gauge('tickwire_provider_breaker_state', () =>
    providers
      .health()
      .filter(({ configured }) => configured)
      .flatMap(({ name, breaker }) => BREAKER_STATES.map((state) => breakerReading(name, state, breaker))),
  );
}

/**
 * What is true of the whole product and not of one process: told by the API, since it runs wherever anything is asked for. Several APIs tell the same, which is to
 * be joined by `max`.
 */
export function gaugeProduct({ metrics, store, bus }: Pick<Resources, 'metrics' | 'store' | 'bus'>): void {
  const lag = recently(() => lagOf(bus), FRESH_MS);
  const outbox = recently(() => store.rawResponses.countUnpublished(), FRESH_MS);
  const jobs = recently(() => Promise.all([store.modelJobs.countQueued(), store.modelJobs.countRunning()]), FRESH_MS);
  metrics.gauge('tickwire_dependency_up', async () => [{ labels: { dependency: 'kafka' }, value: await answers(lag) }]);
  metrics.gauge('kafka_consumergroup_lag', async () => (await lag()).map((row) => partitionReading(row, row.lag)));
  metrics.gauge('kafka_consumergroup_lag_sum', async () => sumsOf(await lag()));
  metrics.gauge('kafka_consumergroup_current_offset', async () =>
    (await lag()).flatMap((row) => (row.committed === null ? [] : [partitionReading(row, Number(row.committed))])),
  );
  metrics.gauge('kafka_topic_partition_current_offset', async () => endsOf(await lag()));
  metrics.gauge('tickwire_outbox_rows', async () => [{ labels: {}, value: await outbox() }]);
  metrics.gauge('tickwire_model_jobs', async () => {
    const [queued, running] = await jobs();
    return [
      { labels: { status: 'queued' }, value: queued },
      { labels: { status: 'running' }, value: running },
    ];
  });
}

/** What is left of the disk that takes the files of model jobs, told by who writes them. */
export function gaugeArtifacts({ metrics, config }: Pick<Resources, 'metrics' | 'config'>): void {
  metrics.gauge('tickwire_artifact_disk_bytes', async () => {
    const { bsize, blocks, bavail } = await statfs(config.artifactDir);
    return [
      { labels: { kind: 'size' }, value: blocks * bsize },
      { labels: { kind: 'free' }, value: bavail * bsize },
    ];
  });
}

const BREAKER_STATES = ['closed', 'half-open', 'open'] as const;

function breakerReading(provider: string, state: string, now: string): Reading<'tickwire_provider_breaker_state'> {
  return { labels: { provider, state }, value: state === now ? 1 : 0 };
}

/** How long a dependency is given to show that it lives; less than a gauge has. */
const ANSWER_WITHIN_MS = 1_500;

async function answers(ask: () => Promise<unknown>): Promise<0 | 1> {
  const late = new AbortController();
  const asked = ask().then(
    () => 1 as const,
    () => 0 as const,
  );
  const answer = await Promise.race([asked, pause(ANSWER_WITHIN_MS, late.signal).then(() => 0 as const)]);
  late.abort();
  return answer;
}

/** Each consumer's group on its own topic. */
async function lagOf(bus: Bus): Promise<readonly PartitionLag[]> {
  const groups = CONSUMERS.map(({ name }) => name);
  const rows = await bus.lag(groups, [...new Set(CONSUMERS.map(({ topic }) => topic.name))]);
  return rows.filter(({ group, topic }) => CONSUMERS.some((one) => one.name === group && one.topic.name === topic));
}

function partitionReading({ group, topic, partition }: PartitionLag, value: number) {
  return { labels: { consumergroup: group, topic, partition: String(partition) }, value };
}

function sumsOf(rows: readonly PartitionLag[]): Reading<'kafka_consumergroup_lag_sum'>[] {
  return CONSUMERS.flatMap(({ name, topic }) => {
    const own = rows.filter(({ group }) => group === name);
    const value = own.reduce((sum, { lag }) => sum + lag, 0);
    return own.length === 0 ? [] : [{ labels: { consumergroup: name, topic: topic.name }, value }];
  });
}

/** Each partition once, whichever groups read it. */
function endsOf(rows: readonly PartitionLag[]): Reading<'kafka_topic_partition_current_offset'>[] {
  const byPartition = new Map(rows.map((row) => [`${row.topic} ${row.partition}`, row]));
  return [...byPartition.values()].map(({ topic, partition, end }) => ({
    labels: { topic, partition: String(partition) },
    value: Number(end),
  }));
}
