import type { components } from '../client';
import { symbols, wholeNumber, withExample } from './arguments';
import type { CommandDefinition } from './context';
import { printable, shortInstant } from './printable';

type NewsItem = components['schemas']['NewsItem'];

interface NewsOptions {
  readonly limit: number;
  readonly cursor?: string;
}

/** `tickwire news [SYMBOL…]`: the newest headlines. */
export const news: CommandDefinition = (program, context) => {
  const command = program
    .command('news')
    .description('the newest headlines')
    .argument('[symbols...]', 'about these; about all when none is given', symbols)
    .option('--limit <count>', 'at most so many', wholeNumber(1, 500), 20)
    .option('--cursor <text>', 'go on after an earlier answer')
    .action(async (wanted: readonly string[] = [], { limit, cursor }: NewsOptions) => {
      const query = { symbols: wanted.length > 0 ? wanted.join(',') : undefined, limit, cursor };
      const found = await context.api().get('/news', { params: { query } });
      context.print(found, () => {
        if (found.news.length === 0) return 'no news';
        const more = found.next_cursor === null ? '' : `\n\nolder ones: --cursor ${found.next_cursor}`;
        return `${found.news.map(textOf).join('\n\n')}${more}`;
      });
    });
  withExample(command, 'tickwire news AAPL MSFT --limit 5');
};

function textOf({ symbol, headline, url, source, published_at: publishedAt }: NewsItem): string {
  return [`${shortInstant(publishedAt)}  ${symbol}  ${headline}`, `  ${url} (${source})`].map(printable).join('\n');
}
