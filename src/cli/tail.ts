import { randomUUID } from 'node:crypto';
import { Argument, Option } from 'commander';
import type { BatchHandler, Bus, BusRecord } from '../bus/bus';
import { TOPIC_NAMES, TOPICS } from '../bus/topics';
import { pause } from '../platform/clock';
import { toTickwireError } from '../platform/errors';
import { wholeNumber, withExample } from './arguments';
import type { CommandDefinition, Context } from './context';
import { placeOf } from './dead-letter';
import { jsonOfBytes, printable, printableBytes } from './printable';

const MAX_BATCH = 500;
/** A handler that waits must be heard of. */
const HEARTBEAT_MS = 1_000;

interface TailOptions {
  readonly from: 'beginning' | 'end';
  readonly count?: number;
}

/** `tickwire tail TOPIC`: the records of a topic as they are published, without a trace in any consumer group. */
export const tail: CommandDefinition = (program, context) => {
  const command = program
    .command('tail')
    .description('the records of a topic as they are published, until Ctrl-C')
    .addArgument(new Argument('<topic>', `${TOPIC_NAMES.join(', ')}, or any other`))
    .addOption(
      new Option('--from <place>', 'what the topic already holds comes first, or not')
        .choices(['beginning', 'end'])
        .default('end'),
    )
    .option('--count <records>', 'end after so many', wholeNumber(1))
    .addHelpText('after', '\nWith --json each record is one line of JSON.')
    .action(async (topic: string, { from, count = Number.POSITIVE_INFINITY }: TailOptions) => {
      const show = context.isJson() ? jsonLineOf : textLineOf;
      let shown = 0;
      await context.withBus((bus) =>
        follow(bus, { topic, from, context }, (record) => {
          if (shown < count) context.io.stdout.write(`${show(record)}\n`);
          shown += 1;
          return shown < count;
        }),
      );
    });
  withExample(command, 'tickwire tail price-events --from beginning --count 10');
};

interface Followed {
  readonly topic: string;
  readonly from: TailOptions['from'];
  readonly context: Context;
}

/** Hands each record to `take` once, those of one partition in order, until that has had enough or the user has. @throws BUS_REFUSED for an unknown topic. */
async function follow(bus: Bus, { topic, from, context }: Followed, take: (record: BusRecord) => boolean) {
  const enough = new AbortController();
  const over = AbortSignal.any([enough.signal, context.signal]);
  const caughtUp = new AbortController();
  const seen = new Map<number, bigint>();
  const tell = (record: BusRecord) => {
    const offset = BigInt(record.offset);
    if (over.aborted || offset <= (seen.get(record.partition) ?? -1n)) return;
    seen.set(record.partition, offset);
    if (!take(record)) enough.abort();
  };
  const handle: BatchHandler = async (records, { heartbeat, signal }) => {
    while (!caughtUp.signal.aborted && !over.aborted && !signal.aborted) {
      await pause(HEARTBEAT_MS, AbortSignal.any([caughtUp.signal, over, signal]));
      await heartbeat();
    }
    for (const record of records) tell(record);
  };
  const group = `tickwire-tail-${randomUUID()}`;
  const onFatal = (error: Error) => enough.abort(error);
  // Before the reading, so that nothing falls between the two.
  const running = await bus.subscribe({
    group,
    topic,
    maxBatch: MAX_BATCH,
    startAt: 'now',
    signal: over,
    handle,
    onFatal,
  });
  try {
    if (from === 'beginning') for await (const record of bus.read(topic)) if (!over.aborted) tell(record);
    caughtUp.abort();
    await untilAborted(over);
  } finally {
    await running.stop();
  }
  if (enough.signal.reason instanceof Error && enough.signal.reason.name !== 'AbortError') {
    throw toTickwireError(enough.signal.reason);
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** What a topic's own definition makes of a record: its value, or why it is none. */
function reasonOf(record: BusRecord): string | undefined {
  const topic = TOPICS.find(({ name }) => name === record.topic);
  const decoded = topic?.decode(record, new Date());
  return decoded?.ok === false ? decoded.detail : undefined;
}

function textLineOf(record: BusRecord): string {
  const { key, value, timestampMs } = record;
  const reason = reasonOf(record);
  const parts = [
    new Date(timestampMs).toISOString(),
    placeOf(record),
    key === null ? '-' : printableBytes(key),
    value === null ? 'null' : printableBytes(value),
  ];
  return `${parts.join('  ')}${reason === undefined ? '' : `  !! does not decode: ${printable(reason)}`}`;
}

/** The value as JSON where the topic is known and it decodes, else its bytes; nothing is lost. */
function jsonLineOf(record: BusRecord): string {
  const { key, value, timestampMs } = record;
  const reason = reasonOf(record);
  const isKnown = TOPICS.some(({ name }) => name === record.topic);
  return JSON.stringify({
    topic: record.topic,
    at: placeOf(record),
    stored_at: new Date(timestampMs).toISOString(),
    key: jsonOfBytes(key),
    headers: Object.fromEntries(Object.entries(record.headers).map(([name, bytes]) => [name, jsonOfBytes(bytes)])),
    value: isKnown && reason === undefined && value !== null ? JSON.parse(value.toString('utf8')) : jsonOfBytes(value),
    ...(reason !== undefined && { error: reason }),
  });
}
