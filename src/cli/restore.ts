import { randomUUID } from 'node:crypto';
import { access, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { required } from '../platform/config';
import { TickwireError } from '../platform/errors';
import { type DatabaseFacts, inspectDatabase, replaceTables } from '../store/postgres/inspect-database';
import { migrate, productMigrations } from '../store/postgres/migrate';
import { withExample } from './arguments';
import { audited } from './audited';
import type { CommandDefinition, Context } from './context';
import { requireTool, runTool, type ToolRun } from './postgres-tools';
import { countOf } from './printable';

/** What is left to do by hand, in order. */
const NEXT = [
  'start the processes again (`npm start`, or each one)',
  'when `tickwire lag` is 0: `tickwire verify --from topic --repair` stores what came after the backup and is still on the topic, and puts right what Redis kept',
  'copy the files of jobs back into ARTIFACT_DIR, where they were kept',
];

/** `tickwire restore FILE`: the database of a backup, by pg_restore, all of it or nothing. */
export const restore: CommandDefinition = (program, context) => {
  const command = program
    .command('restore')
    .description('put the database of `tickwire backup` in place; the processes of the product must be stopped')
    .argument('<file>', 'what `tickwire backup` wrote')
    .option('--force', 'replace what the database holds; without it only an empty one is filled')
    .action(async (file: string, { force }: { force?: true }) => {
      const { migrations, applied } = await putBack(context, file, force === true ? 'replace' : 'fill');
      await context.withStore((store) =>
        audited(store, { action: 'database.restore', target: basename(file) }, async () => undefined),
      );
      context.print({ file, migrations, applied, next: NEXT }, () =>
        [
          `restored ${file}`,
          ...(applied.length > 0 ? [`then applied ${applied.join(', ')}`] : []),
          ...NEXT.map((step, index) => `${index + 1}. ${step}`),
        ].join('\n'),
      );
    });
  withExample(command, 'tickwire restore tickwire-2026-11-21.dump');
};

async function putBack(context: Context, file: string, mode: 'fill' | 'replace') {
  const { databaseUrl: given, environment } = context.config();
  const run: ToolRun = { environment, databaseUrl: required(given, 'DATABASE_URL'), signal: context.signal };
  await access(file).catch(() => {
    throw new TickwireError('INVALID_INPUT', `there is no file ${file} that can be read`);
  });
  const facts = await inspectDatabase(run.databaseUrl);
  await requireTool('pg_restore', environment, facts.serverMajor);
  const migrations = await migrationsOf(file, run);
  refuseNewer(file, migrations);
  refuseInUse(facts, mode);
  const fill = () => restoreArchive(file, run);
  await (facts.relations > 0 ? replaceTables(run.databaseUrl, fill) : fill());
  const applied = await migrate(run);
  return { migrations, applied };
}

/** The migrations of the database that was backed up. @throws INVALID_INPUT for a file that is no backup of the product. */
async function migrationsOf(file: string, run: ToolRun): Promise<readonly string[]> {
  const args = ['--data-only', '--table=_prisma_migrations', '--file=-', file];
  const output = await runTool('pg_restore', args, run).catch((cause: Error) => {
    throw new TickwireError('INVALID_INPUT', `${file} is no backup: ${cause.message}`, { cause });
  });
  const [, columns = '', rows = ''] = /^COPY \S+ \((.*?)\) FROM stdin;\n([\s\S]*?)^\\\.$/m.exec(output) ?? [];
  const place = columns.split(', ').indexOf('migration_name');
  const names = rows.split('\n').flatMap((row) => row.split('\t')[place] ?? []);
  if (names.length > 0) return names.filter(Boolean).sort();
  throw new TickwireError(
    'INVALID_INPUT',
    `${file} is a backup of another database: it has no migrations of the product`,
  );
}

function refuseNewer(file: string, migrations: readonly string[]): void {
  const known = productMigrations();
  const newer = migrations.filter((name) => !known.includes(name));
  if (newer.length === 0) return;
  throw new TickwireError(
    'CONFLICT',
    `${file} was made by a newer version, which has the migration(s) ${newer.join(', ')}; restore it with that version`,
  );
}

function refuseInUse({ connections, relations, hasFormer }: DatabaseFacts, mode: 'fill' | 'replace'): void {
  if (hasFormer) {
    throw new TickwireError(
      'CONFLICT',
      'a restore that was killed left what the database held before in the schema public_before_restore; drop the schema public and rename that one to public, or drop it',
    );
  }
  if (connections > 0) {
    throw new TickwireError(
      'CONFLICT',
      `${countOf(connections, 'connection')} of the product to this database; stop its processes first`,
    );
  }
  if (relations === 0 || mode === 'replace') return;
  throw new TickwireError(
    'CONFLICT',
    `the database is not empty (${countOf(relations, 'table')}); name an empty one, or replace all of it with --force`,
  );
}

/** Everything in one transaction. The schema itself is there already, and a backup may or may not make it. */
async function restoreArchive(file: string, run: ToolRun): Promise<void> {
  const listed = await runTool('pg_restore', ['--list', file], run);
  const entries = listed.split('\n').filter((line) => !/ (SCHEMA|COMMENT|ACL) - (SCHEMA )?public /.test(line));
  const list = join(tmpdir(), `tickwire-restore-${randomUUID()}`);
  try {
    await writeFile(list, `${entries.join('\n')}\n`, { mode: 0o600 });
    const { pathname } = new URL(run.databaseUrl);
    const args = [`--dbname=${decodeURIComponent(pathname.slice(1))}`, `--use-list=${list}`, '--single-transaction'];
    await runTool('pg_restore', [...args, '--exit-on-error', '--no-owner', '--no-privileges', file], run);
  } finally {
    await rm(list, { force: true });
  }
}
