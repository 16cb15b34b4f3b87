import type { components } from '../client';
import { TickwireError } from '../platform/errors';
import { symbols, wholeNumber, withExample } from './arguments';
import type { CommandDefinition, Context } from './context';
import { countOf, shortDuration } from './printable';

type Prices = components['schemas']['LatestPrices'];

interface LatestOptions {
  readonly provider?: string;
  readonly maxAge?: number;
}

/** `tickwire latest SYMBOL…`: fails when a symbol has no price, after it has printed the others. */
export const latest: CommandDefinition = (program, context) => {
  const command = program
    .command('latest')
    .description('the latest price of symbols')
    .argument('<symbols...>', 'up to 100 symbols', symbols)
    .option('--provider <name>', 'whose price')
    .option('--max-age <seconds>', 'older prices are fetched anew', wholeNumber(0))
    .action(async (wanted: readonly string[], { provider, maxAge }: LatestOptions) => {
      const query = { symbols: wanted.join(','), provider, max_age: maxAge };
      const list = await context.api().get('/prices/latest', { params: { query } });
      if (!('prices' in list))
        throw new TickwireError('INTERNAL', 'the API answered one price where many were asked for');
      context.print(list, () => (list.prices.length === 0 ? 'no prices' : priceTable(context, list.prices)));
      const { errors } = list;
      if (errors.length === 0) return;
      const reasons = errors.map(({ symbol, detail }) => `${symbol}: ${detail}`).join('; ');
      throw new TickwireError('NOT_FOUND', `no price for ${countOf(errors.length, 'symbol')}: ${reasons}`);
    });
  withExample(command, 'tickwire latest AAPL MSFT --max-age 60');
};

function priceTable(context: Context, prices: Prices['prices']): string {
  return context.table(
    ['SYMBOL', 'PRICE', 'CURRENCY', 'PROVIDER', 'TIME', 'AGE', 'SOURCE'],
    prices.map((price) => [
      price.symbol,
      price.price,
      price.currency ?? '-',
      price.provider,
      price.timestamp,
      `${shortDuration(price.age_ms / 1000)}${price.stale ? ', stale' : ''}`,
      price.source,
    ]),
  );
}
