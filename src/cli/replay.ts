import { InvalidArgumentError } from 'commander';
import type { Bus, Message } from '../bus/bus';
import { priceEvents } from '../bus/topics';
import { messageOf, TickwireError, toTickwireError } from '../platform/errors';
import { type BadLine, paced, readTape, toTapeEvent } from '../providers/tape';
import { symbols, wholeNumber, withExample } from './arguments';
import type { CommandDefinition, Context } from './context';
import { countLines } from './count-lines';
import { countOf, printable, shortNumber } from './printable';
import { publishInOrder } from './publish-in-order';

/** Bad lines that are named; the others are only counted. */
const NAMED_BAD_LINES = 5;

interface ReplayOptions {
  /** Times the pace of the tape; infinite, the default, for `max`. */
  readonly speed?: number;
  readonly limit?: number;
  readonly symbols?: readonly string[];
  /** Seconds. */
  readonly patience: number;
}

interface Summary {
  readonly file: string;
  readonly sent: number;
  readonly bad_lines: number;
  /** `line` as an editor numbers it, where the names of the columns are line 1. */
  readonly first_bad_lines: readonly { line: number; reason: string }[];
  readonly seconds: number;
  readonly events_per_second: number;
  readonly interrupted: boolean;
}

/** `tickwire replay FILE`: a tape of trades to `price-events`. The same line makes the same event id every time, so that a second replay changes nothing. */
export const replay: CommandDefinition = (program, context) => {
  const command = program
    .command('replay')
    .description('send a tape of trades (CSV or CSV.gz: timestamp, symbol, price, size) to the pipeline')
    .argument('<file>', 'the tape')
    .option(
      '--speed <factor>',
      '1 = as it happened, 10 = ten times as fast, max = as fast as it goes (the default)',
      speed,
    )
    .option('--limit <events>', 'stop after so many', wholeNumber(1))
    .option('--symbols <list>', 'only these, separated by commas', symbols)
    .option('--patience <seconds>', 'how long a broker that is away is waited for', wholeNumber(0), 60)
    .action(async (file: string, options: ReplayOptions) => {
      const lines = await countLines(file);
      const summary = await context.withBus((bus) => replayTape({ file, lines, options, bus, context }));
      context.print(summary, () => summaryText(summary));
      if (summary.sent > 0) return;
      const wanted = options.symbols ? ` of ${options.symbols.join(', ')}` : '';
      throw new TickwireError('INVALID_INPUT', `nothing was sent: no line of ${file} is a trade${wanted}`);
    });
  withExample(command, 'tickwire replay trades.csv.gz --speed 60 --symbols SPY,IBM');
};

function speed(text: string): number {
  if (text === 'max') return Number.POSITIVE_INFINITY;
  const factor = /^\d*\.?\d+$/.test(text) ? Number(text) : 0;
  if (factor > 0) return factor;
  throw new InvalidArgumentError('Expected a number above zero, or max.');
}

interface Replay {
  readonly file: string;
  /** Of the tape, for the remaining time. */
  readonly lines: number;
  readonly options: ReplayOptions;
  readonly bus: Bus;
  readonly context: Context;
}

/** What a replay has done so far. */
interface Tally {
  read: number;
  sent: number;
  badLines: number;
  readonly firstBadLines: BadLine[];
}

async function replayTape({ file, lines, options, bus, context }: Replay): Promise<Summary> {
  const startMs = Date.now();
  const tally: Tally = { read: 0, sent: 0, badLines: 0, firstBadLines: [] };
  const { limit } = options;
  const progress = context.progress({ total: Math.min(limit ?? lines, lines), unit: 'events' });
  try {
    await publishInOrder({
      bus,
      messages: (signal) => messagesOf(file, options, { tally, signal }),
      signal: context.signal,
      patienceMs: options.patience * 1000,
      onPublished: (count) => {
        tally.sent += count;
        progress.update(limit === undefined ? tally.read + tally.badLines : tally.sent, tally.sent);
      },
    });
  } catch (error) {
    throw brokenOff(error, tally);
  } finally {
    progress.stop();
  }
  return summaryOf(file, tally, { seconds: (Date.now() - startMs) / 1000, interrupted: context.signal.aborted });
}

interface Reading {
  readonly tally: Tally;
  readonly signal: AbortSignal;
}

async function* messagesOf(file: string, options: ReplayOptions, reading: Reading): AsyncGenerator<Message> {
  const { speed: pace = Number.POSITIVE_INFINITY } = options;
  for await (const trade of paced(wantedTrades(file, options, reading.tally), pace, reading.signal)) {
    yield priceEvents.message(toTapeEvent(trade, new Date()));
  }
}

async function* wantedTrades(file: string, { symbols: wanted, limit }: ReplayOptions, tally: Tally) {
  const onBadLine = (bad: BadLine) => {
    tally.badLines += 1;
    if (tally.firstBadLines.length < NAMED_BAD_LINES) tally.firstBadLines.push(bad);
  };
  let taken = 0;
  for await (const trade of readTape(file, { onBadLine })) {
    tally.read += 1;
    if (wanted && !wanted.includes(trade.symbol)) continue;
    yield trade;
    taken += 1;
    if (taken === limit) return;
  }
}

/** The error, with what went out before it. */
function brokenOff(error: unknown, { sent }: Tally): unknown {
  if (sent === 0) return error;
  const again = 'the same command sends them again under the same ids, which changes nothing';
  const message = `${messageOf(error)}; ${countOf(sent, 'event')} went out before that; ${again}`;
  return new TickwireError(toTickwireError(error).code, message, { cause: error });
}

function summaryOf(file: string, tally: Tally, end: Pick<Summary, 'seconds' | 'interrupted'>): Summary {
  return {
    file,
    sent: tally.sent,
    bad_lines: tally.badLines,
    first_bad_lines: tally.firstBadLines.map(({ line, reason }) => ({ line: line + 1, reason })),
    events_per_second: Math.round(tally.sent / Math.max(end.seconds, 0.001)),
    ...end,
  };
}

function summaryText(summary: Summary): string {
  const { sent, seconds, events_per_second: rate, bad_lines: bad } = summary;
  const head = `${countOf(sent, 'event')} sent in ${seconds.toFixed(1)} s, ${shortNumber(rate)}/s`;
  const named = summary.first_bad_lines.map(({ line, reason }) => printable(`  line ${line}: ${reason}`));
  const left = bad - named.length;
  return [
    summary.interrupted ? `interrupted: ${head}` : head,
    ...(bad > 0 ? [`${countOf(bad, 'bad line')} left out:`, ...named] : []),
    ...(left > 0 ? [`  and ${shortNumber(left)} more`] : []),
  ].join('\n');
}
