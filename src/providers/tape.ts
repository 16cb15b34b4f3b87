import { type PriceEvent, priceEventId } from '../domain/price-event';
import { pause } from '../platform/clock';
import { TickwireError } from '../platform/errors';
import { linesOf } from './csv-lines';
import { openTradeParser, type TapeTrade } from './tape-line';

export type { TapeTrade } from './tape-line';

/** A line that is no trade. */
export interface BadLine {
  /** As {@link TapeTrade.line}. */
  readonly line: number;
  /** What was expected and what was there. */
  readonly reason: string;
}

export interface ReadTapeOptions {
  onBadLine(bad: BadLine): void;
}

/** Longest delay a timer takes. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Reads a CSV of trades, or one compressed with gzip (named `.gz`), in constant memory and in the order of the file. The first line names the columns:
 * `timestamp` (or `time`, `date`), `symbol` (or `ticker`), `price`, `size` (or `volume`, `quantity`) and, where there is one, `currency`; others
 * are ignored. A line that is no trade is told to `onBadLine` and left out; an empty line counts but is not told. Leaving the loop closes the file.
 * @throws INVALID_INPUT when the file cannot be read, is damaged (after the trades before the damage), or lacks a column.
 */
export async function* readTape(path: string, { onBadLine }: ReadTapeOptions): AsyncGenerator<TapeTrade> {
  let parse: ReturnType<typeof openTradeParser> | undefined;
  let line = 0;
  for await (const lines of linesOf(path, 'a tape')) {
    for (const text of lines) {
      if (!parse) {
        parse = openTradeParser(text, path);
        continue;
      }
      line += 1;
      const parsed = parse(text, line);
      if (parsed === undefined) continue;
      if ('reason' in parsed) onBadLine({ line, reason: parsed.reason });
      else yield parsed;
    }
  }
  if (!parse) throw new TickwireError('INVALID_INPUT', `${path}: expected a line that names the columns, got nothing`);
}

/**
 * The event of a trade: provider `replay`, its line as `sequence`, so that trades of one instant keep the order of the tape and the same file read twice
 * gives the same events. A tape is its own raw record.
 */
export function toTapeEvent(trade: TapeTrade, fetchedAt: Date): PriceEvent {
  const event = {
    symbol: trade.symbol,
    provider: 'replay',
    price: trade.price,
    currency: trade.currency,
    volume: trade.size,
    observedAt: trade.observedAt,
    sequence: trade.line,
    fetchedAt,
    rawResponseId: null,
  };
  return { eventId: priceEventId(event), ...event };
}

/**
 * The same trades at the pace they were made, `speed` times as fast; `Infinity` is as fast as they are read. Each is due at its distance from the
 * first, counted from the start, so time spent by the receiver is made up for; one that lies before its forerunner is due at once.
 * Ends early when `signal` aborts. @throws INVALID_INPUT when `speed` is not above zero.
 */
export async function* paced<Trade extends { readonly observedAt: Date }>(
  trades: AsyncIterable<Trade>,
  speed: number,
  signal?: AbortSignal,
): AsyncGenerator<Trade> {
  if (!(speed > 0)) throw new TickwireError('INVALID_INPUT', `speed: expected a number above zero, got ${speed}`);
  const startedAtMs = performance.now();
  let firstAtMs: number | undefined;
  for await (const trade of trades) {
    firstAtMs ??= trade.observedAt.getTime();
    const dueAtMs = startedAtMs + (trade.observedAt.getTime() - firstAtMs) / speed;
    await pauseUntil(dueAtMs, signal);
    if (signal?.aborted) return;
    yield trade;
  }
}

async function pauseUntil(dueAtMs: number, signal: AbortSignal | undefined): Promise<void> {
  for (let waitMs = dueAtMs - performance.now(); waitMs > 0; waitMs = dueAtMs - performance.now()) {
    await pause(Math.min(Math.ceil(waitMs), MAX_TIMER_MS), signal);
    if (signal?.aborted) return;
  }
}
