import { Client } from 'pg';
import { databaseConnectionOf } from '../../platform/database-connection';
import { toStoreError } from './store-error';

/** What a database is, before something is done to all of it. */
export interface DatabaseFacts {
  /** 15 of 15.18. */
  readonly serverMajor: number;
  /** Tables, views and the like that are there. */
  readonly relations: number;
  /** Migrations that were applied, in order; none where it is not the product's. */
  readonly migrations: readonly string[];
  /** Whether a restore that was killed left the former tables aside. */
  readonly hasFormer: boolean;
  /** Connections of the product's processes. */
  readonly connections: number;
}

const FACTS = `
  SELECT current_setting('server_version_num')::int / 10000 AS "serverMajor",
    (SELECT count(*)::int FROM pg_class WHERE relnamespace = to_regnamespace('public') AND relkind IN ('r', 'p', 'v', 'm', 'S'))
      AS relations,
    (SELECT count(*)::int FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'tickwire%' AND pid <> pg_backend_pid()) AS connections,
    to_regnamespace('public_before_restore') IS NOT NULL AS "hasFormer",
    to_regclass('public._prisma_migrations') IS NOT NULL AS "isMigrated"`;

const MIGRATIONS = `
  SELECT migration_name AS name FROM public._prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL
  ORDER BY migration_name`;

const NO_FACTS = { serverMajor: 0, relations: 0, connections: 0, hasFormer: false };

/** @throws STORE_UNAVAILABLE when no server answers. */
export function inspectDatabase(databaseUrl: string): Promise<DatabaseFacts> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<Omit<DatabaseFacts, 'migrations'> & { isMigrated: boolean }>(FACTS);
    const { isMigrated, ...facts } = rows[0] ?? { ...NO_FACTS, isMigrated: false };
    const applied = isMigrated ? (await client.query<{ name: string }>(MIGRATIONS)).rows : [];
    return { ...facts, migrations: applied.map(({ name }) => name) };
  });
}

/** Where {@link replaceTables} keeps what was there until it knows that what comes instead is whole. */
const ASIDE = 'public_before_restore';

/**
 * Puts all tables aside, lets `fill` bring others, and then removes the former; when `fill` fails, everything is as before. @throws what `fill` throws.
 * STORE_UNAVAILABLE when the user may not do so.
 */
export async function replaceTables(databaseUrl: string, fill: () => Promise<void>): Promise<void> {
  await execute(databaseUrl, `BEGIN; ALTER SCHEMA public RENAME TO ${ASIDE}; CREATE SCHEMA public; COMMIT`);
  try {
    await fill();
  } catch (error) {
    await execute(databaseUrl, `BEGIN; DROP SCHEMA public CASCADE; ALTER SCHEMA ${ASIDE} RENAME TO public; COMMIT`);
    throw error;
  }
  await execute(databaseUrl, `DROP SCHEMA ${ASIDE} CASCADE`);
}

function execute(databaseUrl: string, sql: string): Promise<unknown> {
  return withClient(databaseUrl, (client) => client.query(sql));
}

async function withClient<T>(databaseUrl: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    ...databaseConnectionOf(databaseUrl),
    application_name: 'tickwire restore',
    connectionTimeoutMillis: 5000,
  });
  // A connection that dies fails the running query too; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(client);
  } catch (error) {
    throw toStoreError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
