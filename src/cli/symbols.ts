import { loadSymbols } from '../history/load-symbols';
import { silentLog } from '../platform/log';
import { providersOf } from '../processes/adapters';
import { withExample } from './arguments';
import type { CommandDefinition } from './context';
import { countOf, printable } from './printable';

/** `tickwire symbols load PROVIDER TEXT`: how a vendor spells instruments, into the database. */
export const symbols: CommandDefinition = (program, context) => {
  const group = program.command('symbols').description('how vendors spell instruments');
  const command = group
    .command('load')
    .description('ask a vendor how it spells what matches, and keep it')
    .argument('<provider>', 'whose spellings: eodhd, twelvedata or yfinance')
    .argument('<text>', 'what to search for, or exchange:US for a whole exchange')
    .action(async (name: string, text: string) => {
      const { providers } = providersOf(context.config(), silentLog);
      const provider = providers.nameOf(name);
      const source = providers.history(provider);
      const loaded = await context.withStore((store) =>
        loadSymbols({ source, store }, { provider, text }, context.signal),
      );
      context.print({ provider, symbols: loaded }, () =>
        loaded.length === 0
          ? printable(`${provider} knows nothing that matches ${text}`)
          : `${context.table(
              ['SYMBOL', 'SPELLING', 'NAME'],
              loaded.map(({ symbol, spelling, name }) => [symbol, printable(spelling), printable(name ?? '-')]),
            )}\n\n${countOf(loaded.length, 'symbol')} kept`,
      );
    });
  withExample(command, 'tickwire symbols load eodhd "Berkshire"');
};
