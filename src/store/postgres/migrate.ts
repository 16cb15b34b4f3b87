import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { databaseConnectionOf } from '../../platform/database-connection';
import { messageOf, TickwireError } from '../../platform/errors';
import { toStoreError } from './store-error';

/** The lock Prisma itself takes, so that its command line and this never migrate at once. */
const PRISMA_LOCK = 72707369;

const CREATE_RECORD = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum VARCHAR(64) NOT NULL,
    finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL,
    logs TEXT,
    rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`;

interface Migration {
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, in hexadecimal. */
  readonly checksum: string;
}

/**
 * Applies the migrations of `folder` (default: the project's own) that the database does not have, in name order, each in a transaction with its record in
 * `_prisma_migrations`, so that `prisma migrate deploy` agrees. Safe to repeat and to run from several processes at once. Returns the names applied.
 * @throws STORE_UNAVAILABLE when no server answers; STORE_REFUSED when a migration fails or is not the one that was applied.
 */
export async function migrate(options: { databaseUrl: string; folder?: string }): Promise<readonly string[]> {
  const migrations = readMigrations(options.folder ?? migrationsFolder());
  const client = new Client({
    ...databaseConnectionOf(options.databaseUrl),
    application_name: 'tickwire migrate',
    connectionTimeoutMillis: 5000,
  });
  // A connection that dies fails the running query too; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK]);
    return await applyMissing(client, migrations);
  } catch (error) {
    throw toStoreError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function applyMissing(client: Client, migrations: readonly Migration[]): Promise<readonly string[]> {
  const applied: string[] = [];
  await client.query(CREATE_RECORD);
  for (const migration of migrations) {
    if (await isApplied(client, migration)) continue;
    await apply(client, migration);
    applied.push(migration.name);
  }
  return applied;
}

async function isApplied(client: Client, { name, checksum }: Migration): Promise<boolean> {
  const { rows } = await client.query<{ checksum: string; finished: boolean }>(
    `SELECT checksum, finished_at IS NOT NULL AS finished FROM _prisma_migrations
     WHERE migration_name = $1 AND rolled_back_at IS NULL`,
    [name],
  );
  const [record] = rows;
  if (!record) return false;
  if (!record.finished) throw refusal(`migration ${name} was started and did not finish; see prisma migrate resolve`);
  if (record.checksum !== checksum) {
    throw refusal(
      `migration ${name} was changed after it was applied: expected checksum ${record.checksum}, got ${checksum}`,
    );
  }
  return true;
}

async function apply(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
       VALUES ($1, $2, clock_timestamp(), $3, now(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (error) {
    // Only a server that is still there has judged the migration.
    await client.query('ROLLBACK');
    throw new TickwireError('STORE_REFUSED', `migration ${name} failed: ${messageOf(error)}`, { cause: error });
  }
}

/** The names of the migrations that this version knows, in order. */
export function productMigrations(): readonly string[] {
  return readMigrations(migrationsFolder()).map(({ name }) => name);
}

function readMigrations(folder: string): readonly Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

/** `prisma/migrations` of the nearest folder above that has it: the sources and the build lie at different depths. */
function migrationsFolder(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'prisma', 'migrations');
    if (existsSync(candidate)) return candidate;
  }
  throw new TickwireError(
    'CONFIG_INVALID',
    'no folder prisma/migrations beside or above the program: is the installation complete?',
  );
}

function refusal(message: string): TickwireError {
  return new TickwireError('STORE_REFUSED', message);
}
