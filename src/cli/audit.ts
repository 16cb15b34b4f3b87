import { auditEntryView } from '../api/audit-view';
import type { AuditEntry } from '../store/access-store';
import { wholeNumber, withExample } from './arguments';
import type { CommandDefinition, Context } from './context';
import { shortInstant } from './printable';

interface AuditOptions {
  readonly limit: number;
  readonly keyId?: string;
  readonly action?: string;
}

/** `tickwire audit`: who changed what, newest first, from the table `audit_log`. */
export const audit: CommandDefinition = (program, context) => {
  const command = program
    .command('audit')
    .description('the audit log: every change that was asked for, newest first')
    .option('--limit <count>', 'at most so many', wholeNumber(1, 1_000), 20)
    .option('--key-id <id>', 'only changes of this key, as `keys list` shows it')
    .option('--action <name>', 'only such changes: polls.create, keys.revoke …')
    .action(async ({ limit, keyId, action }: AuditOptions) => {
      const entries = await context.withStore((store) => store.auditLog.list({ limit, keyId, action }));
      context.print({ entries: entries.map(auditEntryView) }, () =>
        entries.length === 0 ? 'no such entries' : tableOf(context, entries),
      );
    });
  withExample(command, 'tickwire audit --action keys.create --limit 5');
};

function tableOf(context: Context, entries: readonly AuditEntry[]): string {
  return context.table(
    ['AT', 'KEY', 'ACTION', 'TARGET', 'STATUS', 'ADDRESS', 'REQUEST'],
    entries.map(({ at, keyId, action, target, status, address, requestId }) => [
      shortInstant(at.toISOString()),
      keyId ?? '-',
      action,
      target ?? '-',
      status === null ? '-' : `${status}`,
      address,
      requestId,
    ]),
  );
}
