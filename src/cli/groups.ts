import type { Command } from 'commander';
import { CONSUMERS } from '../consumers';
import { withExample } from './arguments';
import type { CommandDefinition } from './context';

interface ResetOptions {
  readonly all?: true;
}

/** `tickwire groups reset`: consumer groups read their topic again from the beginning; the same events again change nothing. */
export const groups: CommandDefinition = (program, context) => {
  const group = program.command('groups').description('consumer groups');
  const command = group
    .command('reset')
    .description('let consumer groups read their topic again from the beginning; their consumers must be stopped')
    .argument('[groups...]', `of ${CONSUMERS.map(({ name }) => name).join(', ')}`)
    .option('--all', 'every group')
    .action(async (names: readonly string[], options: ResetOptions) => {
      const chosen = chosenOf(names, options, command);
      await context.withBus(async (bus) => {
        for (const { name, topic } of chosen) await bus.resetToBeginning(name, topic.name);
      });
      const reset = chosen.map(({ name, topic }) => ({ group: name, topic: topic.name }));
      context.print({ reset }, () =>
        reset.map(({ group: name, topic }) => `${name} starts again at the beginning of ${topic}`).join('\n'),
      );
    });
  withExample(command, 'tickwire groups reset moving-average');
};

function chosenOf(names: readonly string[], { all }: ResetOptions, command: Command) {
  if ((names.length === 0) === (all === undefined)) return command.error('error: give the groups, or --all');
  const unknown = names.filter((name) => !CONSUMERS.some((consumer) => consumer.name === name));
  if (unknown.length > 0) {
    const known = CONSUMERS.map(({ name }) => name).join(', ');
    return command.error(`error: there is no group ${unknown.join(', ')}; there are ${known}`);
  }
  return CONSUMERS.filter(({ name }) => all || names.includes(name));
}
