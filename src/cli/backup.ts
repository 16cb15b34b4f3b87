import { open, rename, rm, stat } from 'node:fs/promises';
import { required } from '../platform/config';
import { messageOf, TickwireError } from '../platform/errors';
import { inspectDatabase } from '../store/postgres/inspect-database';
import { withExample } from './arguments';
import type { CommandDefinition, Context } from './context';
import { requireTool, runTool } from './postgres-tools';

/** What no backup of the database holds. */
export const NOT_INCLUDED =
  'not in it: what is on the topics (Kafka), the cache (Redis, made again from the database) and the files of jobs (the folder ARTIFACT_DIR)';

/** `tickwire backup FILE`: the whole database in one file, by pg_dump, while everything goes on. */
export const backup: CommandDefinition = (program, context) => {
  const command = program
    .command('backup')
    .description('write the whole database to a file, beside a running product; `tickwire restore` reads it')
    .argument('<file>', 'a new file, which only this user can read')
    .action(async (file: string) => {
      const { bytes, migrations } = await write(context, file);
      context.print({ file, bytes, migrations }, () => `${file}: ${bytes} bytes\n${NOT_INCLUDED}`);
    });
  withExample(command, 'tickwire backup tickwire-2026-11-21.dump');
};

async function write(context: Context, file: string): Promise<{ bytes: number; migrations: readonly string[] }> {
  const { databaseUrl: given, environment } = context.config();
  const databaseUrl = required(given, 'DATABASE_URL');
  const { serverMajor, migrations } = await inspectDatabase(databaseUrl);
  if (migrations.length === 0) {
    throw new TickwireError(
      'NOT_FOUND',
      'the database of DATABASE_URL holds no tables of the product; `npm run db:init` makes them',
    );
  }
  await requireTool('pg_dump', environment, serverMajor);
  const part = `${file}.part`;
  await refuseExisting(file);
  try {
    // Made first, so that nobody else can read it while it grows.
    await (await open(part, 'w', 0o600)).close();
    const args = ['--format=custom', '--no-owner', '--no-privileges', '--schema=public', `--file=${part}`];
    await runTool('pg_dump', args, { environment, databaseUrl, signal: context.signal });
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    if (error instanceof TickwireError) throw error;
    throw new TickwireError('INVALID_INPUT', `cannot write ${file}: ${messageOf(error)}`, { cause: error });
  }
  return { bytes: (await stat(file)).size, migrations };
}

async function refuseExisting(file: string): Promise<void> {
  const isThere = await stat(file).then(
    () => true,
    () => false,
  );
  if (isThere) throw new TickwireError('CONFLICT', `${file} is there already; name a new file, or remove it`);
}
