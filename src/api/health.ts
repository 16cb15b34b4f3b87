import { z } from 'zod';
import type { PartitionLag } from '../bus/bus';
import { DEAD_LETTERS, TOPIC_NAMES } from '../bus/topics';
import { toTickwireError } from '../platform/errors';
import type { ApiContext } from './context';
import { publicDetailOf } from './errors';
import { type Probed, probe } from './probe';

/** How long a dependency is given to show that it lives. */
const TIMEOUT_MS = 1000;

/** A group without members that never commits: to it, everything a topic still holds lies ahead. */
const ONLOOKER = 'health';

const dependencySchema = z.object({
  status: z.enum(['up', 'down']),
  latency_ms: z.number().nullable(),
  detail: z.string().optional(),
});

export const healthSchema = z
  .object({
    status: z.enum(['ok', 'degraded']),
    service: z.object({ name: z.literal('tickwire'), version: z.string(), uptime_seconds: z.number() }),
    dependencies: z.object({ database: dependencySchema, cache: dependencySchema, kafka: dependencySchema }),
    consumers: z.array(
      z.object({
        name: z.string(),
        title: z.string(),
        group: z.string(),
        topic: z.string(),
        lag: z.number().nullable().meta({ description: 'Events not handled yet; null while Kafka does not say' }),
        handled: z.number().nullable().meta({
          description: 'Events behind it, counted by their offsets: it grows by one with each event that is handled',
        }),
      }),
    ),
    topics: z.array(
      z.object({
        name: z.string(),
        published: z.number().nullable().meta({ description: 'Records ever published; null while Kafka does not say' }),
      }),
    ),
    dead_letters: z.object({
      records: z.number().nullable().meta({ description: 'Records put aside that are still kept' }),
    }),
    models: z.array(z.object({ name: z.string() })),
    providers: z.array(
      z.object({
        name: z.string(),
        title: z.string(),
        configured: z.boolean(),
        missing: z.array(z.string()),
        breaker: z.enum(['closed', 'open', 'half-open']),
      }),
    ),
    outbox: z.object({
      unpublished: z.number().nullable().meta({ description: 'Stored answers not on the topic yet' }),
    }),
  })
  .meta({ id: 'Health' });

export type Health = z.infer<typeof healthSchema>;

/** Looks at everything the service lives on, at once, each for at most a second. Never rejects. */
export async function healthOf(context: ApiContext): Promise<Health> {
  const { store, cache, bus, clock, startedAt, version } = context;
  const [database, cached, kafka, lag, ends, unpublished] = await Promise.all([
    probe(() => store.ping(), TIMEOUT_MS),
    probe(() => cache.ping(), TIMEOUT_MS),
    probe(() => bus.ping(), TIMEOUT_MS),
    probe(() => lagOf(context), TIMEOUT_MS),
    probe(() => bus.lag([ONLOOKER], TOPIC_NAMES), TIMEOUT_MS),
    probe(() => store.rawResponses.countUnpublished(), TIMEOUT_MS),
  ]);
  return {
    status: database.ok && cached.ok && kafka.ok ? 'ok' : 'degraded',
    service: {
      name: 'tickwire',
      version,
      uptime_seconds: Math.floor((clock().getTime() - startedAt.getTime()) / 1000),
    },
    dependencies: { database: viewOf(database), cache: viewOf(cached), kafka: viewOf(kafka) },
    consumers: consumersOf(context, lag.ok ? lag.value : undefined),
    ...topicsOf(ends.ok ? ends.value : undefined),
    models: [],
    providers: context.providers.health().map((provider) => ({ ...provider, missing: [...provider.missing] })),
    outbox: { unpublished: unpublished.ok ? unpublished.value : null },
  };
}

/** True when the database answers. */
export async function isReady({ store }: Pick<ApiContext, 'store'>): Promise<boolean> {
  return (await probe(() => store.ping(), TIMEOUT_MS)).ok;
}

function lagOf({ bus, consumers }: ApiContext): Promise<readonly PartitionLag[]> {
  const topics = [...new Set(consumers.map(({ topic }) => topic.name))];
  return bus.lag(
    consumers.map(({ name }) => name),
    topics,
  );
}

function consumersOf({ consumers }: ApiContext, partitions: readonly PartitionLag[] | undefined): Health['consumers'] {
  return consumers.map(({ name, title, topic }) => {
    const own = partitions?.filter((partition) => partition.group === name && partition.topic === topic.name);
    const lag = own?.reduce((sum, partition) => sum + partition.lag, 0) ?? null;
    const handled = own?.reduce((sum, partition) => sum + Number(partition.end) - partition.lag, 0) ?? null;
    return { name, title, group: name, topic: topic.name, lag, handled };
  });
}

function topicsOf(partitions: readonly PartitionLag[] | undefined): Pick<Health, 'topics' | 'dead_letters'> {
  const sumOf = (name: string, count: (partition: PartitionLag) => number) =>
    partitions?.filter(({ topic }) => topic === name).reduce((sum, partition) => sum + count(partition), 0) ?? null;
  return {
    topics: TOPIC_NAMES.map((name) => ({ name, published: sumOf(name, ({ end }) => Number(end)) })),
    dead_letters: { records: sumOf(DEAD_LETTERS, ({ lag }) => lag) },
  };
}

function viewOf(probed: Probed<unknown>): z.infer<typeof dependencySchema> {
  if (probed.ok) return { status: 'up', latency_ms: probed.latencyMs };
  return { status: 'down', latency_ms: null, detail: publicDetailOf(toTickwireError(probed.error)) };
}
