import { z } from 'zod';
import { TickwireError } from '../platform/errors';
import { symbols, wholeNumber, withExample } from './arguments';
import type { CommandDefinition, Context } from './context';
import { countOf, shortDuration } from './printable';

const priceSchema = z.looseObject({
  symbol: z.string(),
  provider: z.string(),
  price: z.number(),
  currency: z.string().nullable(),
  timestamp: z.string(),
  age_ms: z.number(),
  stale: z.boolean(),
  source: z.string(),
});
const pricesSchema = z.looseObject({
  prices: z.array(priceSchema),
  errors: z.array(z.looseObject({ symbol: z.string(), detail: z.string() })),
});

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
      const list = await context.api().request('/prices/latest', pricesSchema, {
        query: { symbols: wanted.join(','), provider, max_age: maxAge },
      });
      context.print(list, () => (list.prices.length === 0 ? 'no prices' : priceTable(context, list.prices)));
      const { errors } = list;
      if (errors.length === 0) return;
      const reasons = errors.map(({ symbol, detail }) => `${symbol}: ${detail}`).join('; ');
      throw new TickwireError('NOT_FOUND', `no price for ${countOf(errors.length, 'symbol')}: ${reasons}`);
    });
  withExample(command, 'tickwire latest AAPL MSFT --max-age 60');
};

function priceTable(context: Context, prices: readonly z.infer<typeof priceSchema>[]): string {
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
