import { symbols, wholeNumber, withExample } from './arguments';
import type { CommandDefinition, Context } from './context';
import { type FeedEvent, followPrices } from './price-feed';
import { printable } from './printable';
import { openWatchScreen } from './watch-screen';

interface WatchOptions {
  readonly count?: number;
}

/** Told what a feed brings. */
export interface WatchView {
  take(event: FeedEvent): void;
  /** Leaves the terminal as it was. */
  stop(): void;
}

/** `tickwire watch [SYMBOL…]`: prices as they change, from the API's event stream; a live table on a terminal, a line for each change on a pipe. */
export const watch: CommandDefinition = (program, context) => {
  const command = program
    .command('watch')
    .description('prices as they change: a live table on a terminal, a line for each change on a pipe')
    .argument('[symbols...]', 'all when none is given', symbols)
    .option('--count <changes>', 'end after so many changes, the first prices among them', wholeNumber(1))
    .addHelpText('after', '\nWith --json each change is one line of JSON, and so is each loss of the connection.')
    .action(async (wanted: readonly string[] = [], { count = Number.POSITIVE_INFINITY }: WatchOptions) => {
      const { io, isJson, signal } = context;
      const view = isJson()
        ? jsonView(context)
        : io.stdout.isTTY
          ? openWatchScreen(context, wanted)
          : lineView(context);
      let seen = 0;
      try {
        for await (const event of followPrices(context.api(), { symbols: wanted, signal })) {
          const rest = count - seen;
          const told = 'prices' in event ? { ...event, prices: firstOf(event.prices, rest) } : event;
          if ('prices' in told) seen += Object.keys(told.prices).length;
          view.take(told);
          if (seen >= count) return;
        }
      } finally {
        view.stop();
      }
    });
  withExample(command, 'tickwire watch AAPL MSFT');
};

function firstOf<T>(prices: Readonly<Record<string, T>>, count: number): Readonly<Record<string, T>> {
  const entries = Object.entries(prices);
  return entries.length <= count ? prices : Object.fromEntries(entries.slice(0, count));
}

function jsonView({ io }: Context): WatchView {
  const write = (document: object) => io.stdout.write(`${JSON.stringify(document)}\n`);
  return {
    take: (event) => {
      if ('prices' in event) for (const [symbol, price] of Object.entries(event.prices)) write({ symbol, ...price });
      else if (event.kind === 'live') write({ connection: 'live' });
      else write({ connection: event.kind, since: event.since.toISOString(), reason: event.reason });
    },
    stop: () => undefined,
  };
}

/** Prices on standard output; what happens to the connection on standard error. */
function lineView({ io }: Context): WatchView {
  let wasLost = false;
  return {
    take: (event) => {
      if ('prices' in event) {
        for (const [symbol, { price, currency, change_percent: percent, provider, timestamp }] of Object.entries(
          event.prices,
        )) {
          const parts = [timestamp, symbol, `${price}`, currency ?? '-', signed(percent), provider];
          io.stdout.write(`${printable(parts.join('  '))}\n`);
        }
        return;
      }
      if (event.kind !== 'live') io.stderr.write(`${printable(`${event.kind}: ${event.reason}; no newer prices`)}\n`);
      else if (wasLost) io.stderr.write('live again\n');
      wasLost = event.kind !== 'live';
    },
    stop: () => undefined,
  };
}

/** A change in percent with its sign. */
export function signed(percent: number): string {
  return `${percent > 0 ? '+' : ''}${percent.toFixed(2)} %`;
}
