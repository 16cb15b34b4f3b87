import type { Command } from 'commander';
import { TickwireError } from '../platform/errors';
import type { SeriesKey, Store } from '../store/store';
import { symbol, symbols, wholeNumber, withExample } from './arguments';
import type { CommandDefinition, Context } from './context';
import { printable } from './printable';

interface AverageOptions {
  readonly window?: number;
  readonly provider?: string;
}

interface Rebuilt extends SeriesKey {
  readonly changed_rows: number;
}

/** `tickwire average SYMBOL`, and `tickwire average rebuild`. */
export const average: CommandDefinition = (program, context) => {
  const command = program
    .command('average')
    .description('the moving average of a symbol')
    .argument('<symbol>', 'whose average', symbol)
    .option('--window <prices>', 'how many prices are averaged', wholeNumber(1, 500))
    .option('--provider <name>', 'whose prices')
    .action(async (wanted: string, { window, provider }: AverageOptions) => {
      const query = { symbol: wanted, window, provider };
      const found = await context.api().get('/prices/average', { params: { query } });
      context.print(found, () =>
        context.table(
          ['SYMBOL', 'AVERAGE', 'WINDOW', 'PROVIDER', 'TIME'],
          [[found.symbol, found.average, found.window, found.provider, found.timestamp]],
        ),
      );
    });
  withExample(command, 'tickwire average AAPL --window 20');
  registerRebuild(command, context);
};

function registerRebuild(group: Command, context: Context): void {
  const command = group
    .command('rebuild')
    .description('compute the stored averages and windows anew from the stored prices')
    .argument('[symbols...]', 'all when none is given', symbols)
    .action(async (wanted: readonly string[] = []) => {
      const { provider, window } = command.optsWithGlobals<AverageOptions>();
      if (window !== undefined) command.error('error: the window of stored averages is set by MOVING_AVERAGE_WINDOW');
      const rebuilt = await context.withStore((store) => rebuildAll(store, { wanted, provider, context }));
      const changed = rebuilt.filter(({ changed_rows }) => changed_rows > 0);
      context.print({ window: context.config().movingAverageWindow, series: rebuilt }, () =>
        [
          ...(changed.length === 0 ? [] : [changedTable(context, changed)]),
          `${changed.length} of ${rebuilt.length} series changed`,
        ].join('\n\n'),
      );
    });
  withExample(command, 'tickwire average rebuild AAPL --provider fixture');
}

interface Wanted {
  readonly wanted: readonly string[];
  readonly provider: string | undefined;
  readonly context: Context;
}

/** Series by series, until the user has enough; what was rebuilt until then stays. */
async function rebuildAll(store: Store, { wanted, provider, context }: Wanted): Promise<readonly Rebuilt[]> {
  const series = (await store.prices.listSeries()).filter(
    (key) => (wanted.length === 0 || wanted.includes(key.symbol)) && (provider ?? key.provider) === key.provider,
  );
  refuseUnknown(wanted, series, provider);
  const progress = context.progress({ total: series.length, unit: 'series' });
  const rebuilt: Rebuilt[] = [];
  try {
    for (const key of series) {
      if (context.signal.aborted) break;
      const changed = await store.averages.rebuild(key, context.config().movingAverageWindow);
      rebuilt.push({ symbol: key.symbol, provider: key.provider, changed_rows: changed });
      progress.update(rebuilt.length, rebuilt.length);
    }
  } finally {
    progress.stop();
  }
  return rebuilt;
}

function refuseUnknown(wanted: readonly string[], series: readonly SeriesKey[], provider: string | undefined): void {
  const missing = wanted.filter((name) => !series.some((key) => key.symbol === name));
  if (missing.length === 0) return;
  const from = provider === undefined ? '' : ` from ${printable(provider)}`;
  throw new TickwireError('NOT_FOUND', `no prices of ${missing.join(', ')}${from} are stored; nothing was rebuilt`);
}

function changedTable(context: Context, changed: readonly Rebuilt[]): string {
  return context.table(
    ['SYMBOL', 'PROVIDER', 'ROWS CHANGED'],
    changed.map((row) => [row.symbol, row.provider, row.changed_rows]),
  );
}
