import { once } from 'node:events';
import { type PricePoint, streamPrices } from '../client';
import { DAY_MS } from '../domain/instant';
import { day, symbol, wholeNumber, withExample } from './arguments';
import type { CommandDefinition } from './context';
import { printable } from './printable';

interface PricesOptions {
  readonly from?: Date;
  readonly to?: Date;
  readonly provider?: string;
  readonly limit?: number;
}

/** `tickwire prices SYMBOL`: every stored price as one stream, however many there are; taken as fast as the reader of the output reads. */
export const prices: CommandDefinition = (program, context) => {
  const command = program
    .command('prices')
    .description('every stored price of a symbol, oldest first')
    .argument('<symbol>', 'whose prices', symbol)
    .option('--from <day>', 'first day, UTC', day)
    .option('--to <day>', 'last day, UTC', day)
    .option('--provider <name>', 'whose; the default provider when left out')
    .option('--limit <prices>', 'stop after so many', wholeNumber(1, 10_000))
    .addHelpText('after', '\nWith --json each price is one line of JSON.')
    .action(async (wanted: string, { from, to, provider, limit }: PricesOptions) => {
      const { io, signal } = context;
      const end = to && new Date(to.getTime() + DAY_MS);
      const query = { symbol: wanted, provider, limit, start: from?.toISOString(), end: end?.toISOString() };
      const lineOf = context.isJson() ? JSON.stringify : textLineOf;
      let shown = 0;
      for await (const point of streamPrices(context.api(), query, { signal })) {
        shown += 1;
        if (!io.stdout.write(`${lineOf(point)}\n`)) await once(io.stdout, 'drain', { signal });
      }
      if (shown === 0) io.stderr.write(`no prices of ${wanted} are stored in this range\n`);
    });
  withExample(command, 'tickwire prices AAPL --from 2026-01-05 --json > prices.ndjson');
};

function textLineOf({ timestamp, symbol: name, price, currency, volume, provider }: PricePoint): string {
  return printable([timestamp, name, price, currency ?? '-', volume ?? '-', provider].join('  '));
}
