import { type Command, InvalidArgumentError } from 'commander';
import type { Bus, BusRecord, Message } from '../bus/bus';
import { TickwireError } from '../platform/errors';
import { wholeNumber, withExample } from './arguments';
import type { CommandDefinition, Context } from './context';
import { type DeadLetter, placeOf, readDeadLetters, toDeadLetter, toOriginalMessage } from './dead-letter';
import { countOf, jsonOfBytes, printable, printableBytes, shortInstant } from './printable';
import { publishInOrder } from './publish-in-order';

/** `tickwire dlq …`: records that could not be handled, with their original bytes. */
export const dlq: CommandDefinition = (program, context) => {
  const group = program.command('dlq').description('dead letters: records that could not be handled');
  registerList(group, context);
  registerShow(group, context);
  registerReplay(group, context);
};

function registerList(group: Command, context: Context): void {
  const command = group
    .command('list')
    .description('list the newest dead letters, newest last')
    .option('--limit <count>', 'at most so many', wholeNumber(1), 20)
    .action(async ({ limit }: { limit: number }) => {
      const { total, letters } = await context.withBus((bus) => newestOf(bus, limit, context.signal));
      context.print({ total, dead_letters: letters.map(wireOf) }, () => {
        if (total === 0) return 'no dead letters';
        const shown = letterTable(context, letters);
        return total > letters.length ? `${shown}\n\nthe newest ${letters.length} of ${total}` : shown;
      });
    });
  withExample(command, 'tickwire dlq list --limit 5');
}

function registerShow(group: Command, context: Context): void {
  const command = group
    .command('show')
    .description('show one dead letter: headers, key and value')
    .argument('<partition:offset>', 'as `dlq list` shows it', place)
    .action(async (at: string) => {
      const record = await context.withBus((bus) => findRecord(bus, at, context.signal));
      context.print(documentOf(record), () => textOf(record));
    });
  withExample(command, 'tickwire dlq show 3:17');
}

function registerReplay(group: Command, context: Context): void {
  const command = group
    .command('replay')
    .description('publish dead letters again where they came from, as they were')
    .argument('[partition:offset...]', 'as `dlq list` shows them', places)
    .option('--all', 'every dead letter there is now')
    .action(async (given: readonly string[] = [], { all }: { all?: true }) => {
      if ((given.length === 0) === (all === undefined)) command.error('error: give PARTITION:OFFSET, or --all');
      const done = await context.withBus((bus) => replayLetters(bus, all ? 'all' : new Set(given), context.signal));
      const { found, ...counts } = done;
      const missing = given.filter((at) => !found.has(at));
      context.print({ ...counts, missing }, () => doneText(done));
      if (missing.length === 0) return;
      throw new TickwireError('NOT_FOUND', `there is no dead letter ${missing.join(', ')}; see \`tickwire dlq list\``);
    });
  withExample(command, 'tickwire dlq replay 3:17 3:18');
}

async function newestOf(
  bus: Bus,
  limit: number,
  signal: AbortSignal,
): Promise<{ total: number; letters: readonly DeadLetter[] }> {
  let newest: { letter: DeadLetter; storedMs: number }[] = [];
  let total = 0;
  const keepNewest = () => {
    newest = newest.sort((a, b) => a.storedMs - b.storedMs).slice(-limit);
  };
  for await (const { letter, record } of readDeadLetters(bus, signal)) {
    total += 1;
    newest.push({ letter, storedMs: record.timestampMs });
    if (newest.length >= 2 * limit) keepNewest();
  }
  keepNewest();
  return { total, letters: newest.map(({ letter }) => letter) };
}

async function findRecord(bus: Bus, at: string, signal: AbortSignal): Promise<BusRecord> {
  for await (const { letter, record } of readDeadLetters(bus, signal)) if (letter.at === at) return record;
  throw new TickwireError('NOT_FOUND', `there is no dead letter ${at}; see \`tickwire dlq list\``);
}

interface Replayed {
  /** Published again. */
  readonly replayed: number;
  /** The same record, set aside more than once. */
  readonly repeated: number;
  /** Letters that cannot be published again: they do not say which topic they came from, or were too large to be kept. */
  readonly impossible: readonly string[];
  readonly found: ReadonlySet<string>;
}

/** Each original record once, however often it was set aside; those that come back while this runs are left for another run. */
async function replayLetters(bus: Bus, wanted: 'all' | ReadonlySet<string>, signal: AbortSignal): Promise<Replayed> {
  const done = { replayed: 0, repeated: 0, impossible: [] as string[], found: new Set<string>() };
  const origins = new Set<string>();
  async function* messages(): AsyncGenerator<Message> {
    for await (const { letter, record } of readDeadLetters(bus, signal)) {
      if (wanted !== 'all' && !wanted.has(letter.at)) continue;
      done.found.add(letter.at);
      if (letter.originalTopic === null || !letter.isWhole) done.impossible.push(letter.at);
      else if (origins.has(letter.origin)) done.repeated += 1;
      else yield toOriginalMessage(record, letter.originalTopic);
      origins.add(letter.origin);
    }
  }
  await publishInOrder({
    bus,
    messages,
    signal,
    onPublished: (count) => {
      done.replayed += count;
    },
  });
  return done;
}

function doneText({ replayed, repeated, impossible }: Replayed): string {
  return [
    `${countOf(replayed, 'record')} published again`,
    ...(repeated > 0 ? [`${countOf(repeated, 'letter')} left out: the same record as another one`] : []),
    ...(impossible.length > 0 ? [`left out, without its topic or its bytes: ${impossible.join(', ')}`] : []),
  ].join('\n');
}

function place(text: string): string {
  if (/^\d+:\d+$/.test(text)) return text;
  throw new InvalidArgumentError('Expected PARTITION:OFFSET, like 3:17.');
}

function places(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, place(text)];
}

function letterTable(context: Context, letters: readonly DeadLetter[]): string {
  return context.table(
    ['AT', 'FAILED', 'FROM', 'GROUP', 'CODE', 'BYTES', 'REASON'],
    letters.map((letter) => [
      letter.at,
      shortInstant(letter.failedAt),
      letter.origin,
      letter.group ?? '-',
      letter.code ?? '-',
      letter.bytes === null ? 'null' : `${letter.bytes}`,
      letter.reason ?? '-',
    ]),
  );
}

function wireOf({ at, origin, originalTopic, group, code, reason, failedAt, bytes }: DeadLetter) {
  return { at, origin, original_topic: originalTopic, group, code, reason, failed_at: failedAt, bytes };
}

function documentOf(record: BusRecord) {
  const headers = Object.entries(record.headers).map(([name, value]) => [name, jsonOfBytes(value)]);
  return {
    ...wireOf(toDeadLetter(record)),
    stored_at: new Date(record.timestampMs).toISOString(),
    headers: Object.fromEntries(headers),
    key: jsonOfBytes(record.key),
    value: jsonOfBytes(record.value),
  };
}

function textOf(record: BusRecord): string {
  const headers = Object.entries(record.headers).map(([name, value]) => `${printable(name)}: ${printableBytes(value)}`);
  const parts = { key: record.key, value: record.value };
  return [
    `dead letter ${placeOf(record)}`,
    ...headers,
    ...Object.entries(parts).map(([name, bytes]) => `${name}: ${bytes === null ? 'null' : printableBytes(bytes)}`),
  ].join('\n');
}
