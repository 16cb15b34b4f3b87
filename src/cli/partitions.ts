import { type Command, Option } from 'commander';
import { TickwireError } from '../platform/errors';
import { BAR_TABLES } from '../store/bar-rules';
import type { Partition, Partitions } from '../store/history-store';
import { PRICE_TABLES } from '../store/price-months';
import type { Store } from '../store/store';
import { day, withExample } from './arguments';
import { audited } from './audited';
import type { CommandDefinition, Context } from './context';

/** How far ahead partitions may be made: more is a slip of the pen, and each year is 27 tables. */
const MAX_YEARS_AHEAD = 20;

interface DropOptions {
  readonly before: Date;
  readonly table?: string;
  readonly yes?: true;
}

/** `tickwire partitions list | ensure | drop`: years of the bar tables, months of prices and averages. Reads the database directly. */
export const partitions: CommandDefinition = (program, context) => {
  const group = program
    .command('partitions')
    .description('the partitions of stored bars (years), prices and averages (months)');
  registerList(group, context);
  registerEnsure(group, context);
  registerDrop(group, context);
};

function registerList(group: Command, context: Context): void {
  const command = group
    .command('list')
    .description('each partition with its size; rows are estimated')
    .action(async () => {
      const listed = await context.withStore(listAll);
      context.print({ partitions: listed.map(documentOf) }, () =>
        listed.length === 0 ? 'there are no partitions' : tableOf(context, listed),
      );
    });
  withExample(command, 'tickwire partitions list');
}

function registerEnsure(group: Command, context: Context): void {
  const command = group
    .command('ensure')
    .description('make the partitions that are missing from now on')
    .option('--until <day>', 'the last day they have to hold; a year from now when not given', day)
    .action(async ({ until = yearsFromNow(1) }: { until?: Date }) => {
      if (until > yearsFromNow(MAX_YEARS_AHEAD)) {
        throw new TickwireError(
          'INVALID_INPUT',
          `--until: expected a day within ${MAX_YEARS_AHEAD} years from now, got ${dayOf(until)}`,
        );
      }
      const made = await context.withStore((store) => ofBoth(store, (partitions) => partitions.ensure(until)));
      context.print({ until: dayOf(until), made }, () =>
        made.length === 0 ? `nothing was missing until ${dayOf(until)}` : made.map((name) => `made ${name}`).join('\n'),
      );
    });
  withExample(command, 'tickwire partitions ensure --until 2030-12-31');
}

function registerDrop(group: Command, context: Context): void {
  const command = group
    .command('drop')
    .description('drop partitions that end by a day, with every row in them; without --yes only say which')
    .requiredOption('--before <day>', 'they hold nothing of this day or later', day)
    .addOption(new Option('--table <name>', 'of this table only').choices([...BAR_TABLES, ...PRICE_TABLES]))
    .option('--yes', 'do it: what is dropped is gone')
    .action(async (options: DropOptions) => {
      const { ended, dropped } = await context.withStore((store) => drop(store, options));
      const document = { dropped, would_drop: options.yes ? [] : ended.map(({ name }) => name) };
      context.print(document, () => sentenceOf(context, options, ended, dropped));
    });
  withExample(command, 'tickwire partitions drop --before 2015-01-01 --table eq_ohlcv --yes');
}

async function drop(store: Store, { before, table, yes }: DropOptions) {
  const ended = (await listAll(store)).filter((one) => one.to <= before && (table ?? one.table) === one.table);
  if (!yes || ended.length === 0) return { ended, dropped: [] };
  const target = `${table ?? 'every table'} before ${dayOf(before)}`;
  const dropped = await audited(store, { action: 'partitions.drop', target }, () =>
    ofBoth(store, (partitions) => partitions.drop(before, table)),
  );
  return { ended, dropped };
}

function listAll(store: Store): Promise<readonly Partition[]> {
  return ofBoth(store, (partitions) => partitions.list());
}

/** What is done with the years of bars, then with the months of prices. */
async function ofBoth<T>(store: Store, run: (partitions: Partitions) => Promise<readonly T[]>): Promise<readonly T[]> {
  return [...(await run(store.partitions)), ...(await run(store.pricePartitions))];
}

function sentenceOf(
  context: Context,
  { before, yes }: DropOptions,
  ended: readonly Partition[],
  dropped: readonly string[],
): string {
  if (ended.length === 0) return `no partition ends by ${dayOf(before)}; nothing was dropped`;
  if (yes) return dropped.map((name) => `dropped ${name}`).join('\n');
  return `${tableOf(context, ended)}\n\nnothing was dropped; --yes drops these ${ended.length}`;
}

function tableOf(context: Context, listed: readonly Partition[]): string {
  return context.table(
    ['TABLE', 'PARTITION', 'FROM', 'TO', 'ROWS', 'BYTES'],
    listed.map(({ table, name, from, to, rows, bytes }) => [table, name, dayOf(from), dayOf(to), rows, bytes]),
  );
}

function documentOf({ from, to, ...partition }: Partition) {
  return { ...partition, from: from.toISOString(), to: to.toISOString() };
}

function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}

function yearsFromNow(years: number): Date {
  const now = new Date();
  return new Date(now.setUTCFullYear(now.getUTCFullYear() + years));
}
