import { Option } from 'commander';
import { BAR_INTERVALS, type BarInterval } from '../domain/bar';
import { DAY_MS } from '../domain/instant';
import { ADJUSTMENTS, type Adjustment } from '../history/adjust';
import { day, symbol, wholeNumber, withExample } from './arguments';
import type { CommandDefinition } from './context';
import { shortNumber } from './printable';

interface HistoryOptions {
  readonly from?: Date;
  readonly to?: Date;
  readonly interval: BarInterval;
  readonly adjustment: Adjustment;
  readonly source?: string;
  readonly limit: number;
}

/** `tickwire history SYMBOL`: stored bars, oldest first, as the API gives them. */
export const history: CommandDefinition = (program, context) => {
  const command = program
    .command('history')
    .description('stored bars of a symbol')
    .argument('<symbol>', 'whose bars', symbol)
    .option('--from <day>', 'first day', day)
    .option('--to <day>', 'last day', day)
    .addOption(new Option('--interval <length>', 'length of a bar').choices(BAR_INTERVALS).default('1d'))
    .addOption(new Option('--adjustment <kind>', 'for corporate actions').choices(ADJUSTMENTS).default('raw'))
    .option('--source <name>', 'whose; the source with the most bars when left out')
    .option('--limit <bars>', 'stop after so many', wholeNumber(1, 10_000), 1000)
    .action(async (wanted: string, { from, to, interval, adjustment, source, limit }: HistoryOptions) => {
      const end = to && new Date(to.getTime() + DAY_MS);
      const query = { start: from?.toISOString(), end: end?.toISOString(), interval, adjustment, source, limit };
      const series = await context.api().get('/ohlcv/{symbol}', { params: { path: { symbol: wanted }, query } });
      context.print(series, () => {
        if (series.bars.length === 0) return `no bars of ${series.symbol} in this range`;
        const rows = series.bars.map((bar) => [
          interval === '1d' ? bar.session : bar.start_at,
          bar.open,
          bar.high,
          bar.low,
          bar.close,
          bar.volume ?? '-',
          bar.revision,
        ]);
        const table = context.table(['START', 'OPEN', 'HIGH', 'LOW', 'CLOSE', 'VOLUME', 'REVISION'], rows);
        const gaps = series.gaps.length > 0 ? `, ${shortNumber(series.gaps.length)} sessions missing` : '';
        const more = series.next_cursor === null ? '' : '; there are more, --limit bounds them';
        return `${table}\n\n${series.symbol} from ${series.source}, ${adjustment}${gaps}${more}`;
      });
    });
  withExample(command, 'tickwire history AAPL --from 2024-01-01 --to 2024-12-31 --adjustment all');
};
