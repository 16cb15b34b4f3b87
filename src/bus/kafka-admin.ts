import type { Admin, ITopicConfig } from 'kafkajs';
import { pause } from '../platform/clock';
import { messageOf, TickwireError } from '../platform/errors';
import type { Bus, PartitionLag } from './bus';
import { within } from './deadline';
import { type KafkaOptions, kafkaClient, toBusError } from './kafka-client';
import { kafkaFaultOf } from './kafka-fault';

const ADMIN_DEADLINE_MS = 15_000;
const PING_DEADLINE_MS = 3_000;
const REMOVE_DEADLINE_MS = 2_000;
/** How long a new topic may take to have a leader for each partition. */
const LEADERS_DEADLINE_MS = 10_000;

/** More copies than three add no safety that this product needs. */
const MAX_REPLICAS = 3;

/** Runs `work` with a connection of its own, so that no state of a broker that went away is left. @throws BUS_UNAVAILABLE, BUS_REFUSED. */
export async function withAdmin<T>(
  options: KafkaOptions,
  doing: string,
  work: (admin: Admin) => Promise<T>,
  deadlineMs = ADMIN_DEADLINE_MS,
): Promise<T> {
  const admin = kafkaClient(options, deadlineMs).admin();
  const late = () => new TickwireError('BUS_UNAVAILABLE', `${doing}: no answer within ${deadlineMs} ms`);
  try {
    return await within(
      admin.connect().then(() => work(admin)),
      deadlineMs,
      late,
    );
  } catch (error) {
    throw toBusError(error, doing);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/**
 * Tries the brokers once, so that a process that only publishes does not live with a login or a certificate that cannot work.
 * @throws CONFIG_INVALID where only an operator can mend it. Brokers that are away are no reason.
 */
export async function refuseFaultyAccess(options: KafkaOptions): Promise<void> {
  try {
    await ping(options);
  } catch (error) {
    const fault = kafkaFaultOf(error);
    if (fault) throw new TickwireError('CONFIG_INVALID', fault, { cause: error });
    options.log.warn({ error: messageOf(error) }, 'no broker answers yet, going on without');
  }
}

export async function ping(options: KafkaOptions): Promise<void> {
  await withAdmin(options, 'asking the broker', (admin) => admin.describeCluster(), PING_DEADLINE_MS);
}

export async function createTopics(
  options: KafkaOptions,
  topics: Parameters<Bus['createTopics']>[0],
): Promise<{ created: readonly string[] }> {
  const created = await withAdmin(options, 'creating topics', async (admin) => {
    const existing = new Set(await admin.listTopics());
    const missing = topics.filter(({ name }) => !existing.has(name));
    const { brokers } = await admin.describeCluster();
    if (missing.length > 0) requireCopies(new Set(options.brokers).size, brokers.length);
    const configs = missing.map(({ name, partitions }) => topicConfig(name, partitions, brokers.length));
    if (configs.length > 0) await admin.createTopics({ topics: configs, waitForLeaders: false });
    return missing.map(({ name }) => name);
  });
  await waitForLeaders(
    options,
    topics.map(({ name }) => name),
  );
  return { created };
}

/** A topic keeps the number of copies it is made with: one made while brokers are away would have too few for good. */
function requireCopies(configured: number, live: number): void {
  const wanted = Math.min(MAX_REPLICAS, configured);
  if (live >= wanted) return;
  throw new TickwireError(
    'BUS_UNAVAILABLE',
    `creating topics: expected ${wanted} of the ${configured} brokers of KAFKA_BOOTSTRAP_SERVERS, ${live} answered; topics made now would have too few copies for good`,
  );
}

function topicConfig(topic: string, numPartitions: number, liveBrokers: number): ITopicConfig {
  const replicationFactor = Math.min(MAX_REPLICAS, liveBrokers);
  const config = { topic, numPartitions, replicationFactor };
  if (replicationFactor < MAX_REPLICAS) return config;
  return { ...config, configEntries: [{ name: 'min.insync.replicas', value: '2' }] };
}

/** A topic is created before the brokers can take messages for it: until then they call it unknown, or know no leader. */
async function waitForLeaders(options: KafkaOptions, topics: string[]): Promise<void> {
  const deadline = Date.now() + LEADERS_DEADLINE_MS;
  while (!(await haveLeaders(options, topics))) {
    if (Date.now() > deadline) {
      const names = topics.join(', ');
      throw new TickwireError('BUS_UNAVAILABLE', `topics without leaders after ${LEADERS_DEADLINE_MS} ms: ${names}`);
    }
    await pause(50);
  }
}

/** Asks the leaders themselves for an offset, since what other brokers know of them is not yet true of them. */
async function haveLeaders(options: KafkaOptions, names: string[]): Promise<boolean> {
  try {
    return await withAdmin(options, 'finding leaders', async (admin) => {
      const { topics } = await admin.fetchTopicMetadata({ topics: names });
      const areNamed = topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0));
      if (areNamed) await Promise.all(names.map((name) => admin.fetchTopicOffsets(name)));
      return areNamed;
    });
  } catch {
    return false;
  }
}

/** A group that never committed has everything that is still there before it. */
export function lag(
  options: KafkaOptions,
  groups: readonly string[],
  topics: readonly string[],
): Promise<readonly PartitionLag[]> {
  return withAdmin(options, 'reading offsets', async (admin) => {
    const rows: PartitionLag[] = [];
    for (const topic of topics) {
      const ends = new Map((await admin.fetchTopicOffsets(topic)).map((offsets) => [offsets.partition, offsets]));
      for (const group of groups) {
        for (const { partition, offset } of await committedOffsets(admin, group, topic)) {
          const { low = '0', high = '0' } = ends.get(partition) ?? {};
          rows.push(lagOf({ group, topic, partition }, offset, low, high));
        }
      }
    }
    return rows;
  });
}

async function committedOffsets(admin: Admin, groupId: string, topic: string) {
  const [answer] = await admin.fetchOffsets({ groupId, topics: [topic] });
  return (answer?.partitions ?? []).toSorted((a, b) => a.partition - b.partition);
}

function lagOf(
  where: Pick<PartitionLag, 'group' | 'topic' | 'partition'>,
  offset: string,
  low: string,
  end: string,
): PartitionLag {
  const committed = BigInt(offset) < 0n ? null : offset;
  const next = committed === null || BigInt(committed) < BigInt(low) ? low : committed;
  return { ...where, committed, end, lag: Number(BigInt(end) - BigInt(next)) };
}

/** @throws CONFLICT when the group has running members: they would go on where they are. */
export async function resetToBeginning(options: KafkaOptions, group: string, topic: string): Promise<void> {
  const starts = await withAdmin(options, `resetting ${group}`, async (admin) => {
    const [description] = (await admin.describeGroups([group])).groups;
    if (description && description.members.length > 0) throw hasMembers(group, description.members.length);
    return await admin.fetchTopicOffsets(topic);
  });
  await commitAsOnlyMember(
    options,
    group,
    starts.map(({ partition, low }) => ({ topic, partition, offset: low })),
  );
}

/** Gives a new group its place behind everything that is there. */
export async function startAtEnd(options: KafkaOptions, group: string, topic: string): Promise<void> {
  const ends = await withAdmin(options, `starting ${group}`, (admin) => admin.fetchTopicOffsets(topic));
  await commitAsOnlyMember(
    options,
    group,
    ends.map(({ partition, high }) => ({ topic, partition, offset: high })),
  );
}

/** Removes a group without members; one that stays behind expires with its offsets. */
export async function removeGroup(options: KafkaOptions, group: string): Promise<void> {
  await withAdmin(options, `removing ${group}`, (admin) => admin.deleteGroups([group]), REMOVE_DEADLINE_MS).catch(
    () => undefined,
  );
}

function hasMembers(group: string, members: number): TickwireError {
  return new TickwireError('CONFLICT', `group ${group} has ${members} running member(s); stop them, then reset it`);
}

/** Joins the group for a moment, since kafkajs commits only for a member. Its own way to set offsets takes five seconds and asks for no success. */
async function commitAsOnlyMember(
  options: KafkaOptions,
  groupId: string,
  offsets: { topic: string; partition: number; offset: string }[],
): Promise<void> {
  const consumer = kafkaClient(options).consumer({ groupId, maxWaitTimeInMs: 100, allowAutoTopicCreation: false });
  const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
  const late = () => new TickwireError('BUS_UNAVAILABLE', `resetting ${groupId}: no answer in ${ADMIN_DEADLINE_MS} ms`);
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...new Set(offsets.map(({ topic }) => topic))], fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: async () => undefined });
    await within(joined, ADMIN_DEADLINE_MS, late);
    await consumer.commitOffsets(offsets);
  } catch (error) {
    throw toBusError(error, `resetting ${groupId}`);
  } finally {
    await consumer.disconnect();
  }
}
