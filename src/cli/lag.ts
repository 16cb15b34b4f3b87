import type { Bus, PartitionLag } from '../bus/bus';
import { CONSUMERS } from '../consumers';
import { pause } from '../platform/clock';
import { TickwireError, toTickwireError } from '../platform/errors';
import { wholeNumber, withExample } from './arguments';
import type { CommandDefinition, Context } from './context';
import { countOf } from './printable';

/** How often `--wait` looks. */
const LOOK_EVERY_MS = 500;

interface LagOptions {
  readonly wait?: number;
}

interface GroupLag {
  readonly group: string;
  readonly topic: string;
  readonly lag: number;
  readonly partitions: readonly Pick<PartitionLag, 'partition' | 'committed' | 'end' | 'lag'>[];
}

/** `tickwire lag`: how many events each consumer group has not handled yet. */
export const lag: CommandDefinition = (program, context) => {
  const command = program
    .command('lag')
    .description('how many events each consumer group has not handled yet')
    .option('--wait <seconds>', 'wait until it is 0; fail when it is not by then', wholeNumber(0, 86_400))
    .action(async ({ wait }: LagOptions) => {
      const groups = await context.withBus((bus) =>
        wait === undefined ? lagOfGroups(bus) : waitForNone(bus, wait * 1000, context.signal),
      );
      const total = totalOf(groups);
      context.print({ total, groups }, () => lagTable(context, groups, total));
      if (wait === undefined || total === 0) return;
      throw new TickwireError(
        'TIMEOUT',
        `the consumers are still ${countOf(total, 'event')} behind after ${wait} s; are they running? (\`npm run consumer\`)`,
      );
    });
  withExample(command, 'tickwire lag --wait 60');
};

/** The lag as soon as it is 0, or what it is when the time is over. A broker that is away meanwhile is waited for. */
async function waitForNone(bus: Bus, waitMs: number, signal: AbortSignal): Promise<readonly GroupLag[]> {
  const deadlineMs = Date.now() + waitMs;
  for (;;) {
    const isLast = Date.now() >= deadlineMs || signal.aborted;
    const groups = await lagOfGroups(bus).catch((error: unknown) => {
      if (isLast || !toTickwireError(error).retryable) throw error;
      return undefined;
    });
    if (groups && (isLast || totalOf(groups) === 0)) return groups;
    await pause(LOOK_EVERY_MS, signal);
  }
}

async function lagOfGroups(bus: Bus): Promise<readonly GroupLag[]> {
  const topics = [...new Set(CONSUMERS.map(({ topic }) => topic.name))];
  const lags = await bus.lag(
    CONSUMERS.map(({ name }) => name),
    topics,
  );
  return CONSUMERS.map(({ name, topic }) => {
    const own = lags.filter((entry) => entry.group === name && entry.topic === topic.name);
    const partitions = own.map(({ partition, committed, end, lag: behind }) => ({
      partition,
      committed,
      end,
      lag: behind,
    }));
    return { group: name, topic: topic.name, lag: totalOf(partitions), partitions };
  });
}

function totalOf(parts: readonly { readonly lag: number }[]): number {
  return parts.reduce((sum, part) => sum + part.lag, 0);
}

function lagTable(context: Context, groups: readonly GroupLag[], total: number): string {
  const rows = groups.map(({ group, topic, lag: behind, partitions }) => [
    group,
    topic,
    behind,
    partitions.map((partition) => `${partition.partition}:${partition.lag}`).join(' '),
  ]);
  return context.table(['GROUP', 'TOPIC', 'LAG', 'BY PARTITION'], [...rows, ['total', '', total, '']]);
}
