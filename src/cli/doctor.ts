import { TickwireError } from '../platform/errors';
import { withExample } from './arguments';
import type { CommandDefinition } from './context';
import { countOf } from './printable';
import type { Painted } from './table';

const FINE: Painted = { text: 'ok', colour: 'green' };
const MISSING: Painted = { text: 'missing', colour: 'red' };

/** `tickwire doctor`: what this machine has and lacks; starts nothing. */
export const doctor: CommandDefinition = (program, context) => {
  const command = program
    .command('doctor')
    .description('check what `npm start` needs on this machine, without starting anything')
    .action(async () => {
      const checks = await context.io.diagnose();
      const missing = checks.filter(({ ok }) => !ok);
      context.print({ ok: missing.length === 0, checks }, () =>
        [
          context.table(
            ['CHECK', 'STATE', 'FOUND'],
            checks.map(({ what, ok, detail }) => [what, ok ? FINE : MISSING, detail]),
          ),
          ...missing.map(({ what, advice }) => `${what}: ${advice}`),
        ].join('\n'),
      );
      if (missing.length === 0) return;
      throw new TickwireError('ENGINE_UNAVAILABLE', `${countOf(missing.length, 'thing')} missing on this machine`);
    });
  withExample(command, 'tickwire doctor');
};
