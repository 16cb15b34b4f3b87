import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../src/store/postgres/migrate';
import { createTestDatabase, type TestDatabase } from '../support/database';

const OWN = join(__dirname, '../../prisma/migrations');
const NAMES = readdirSync(OWN, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

let database: TestDatabase;
let folder: string;

beforeEach(async () => {
  database = await createTestDatabase({ migrated: false });
  folder = mkdtempSync(join(tmpdir(), 'migrations-'));
});

afterEach(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

function writeMigration(name: string, sql: string): void {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, 'migration.sql'), sql);
}

test('the project is migrated once, however many processes start at once', async () => {
  const applied = await Promise.all(Array.from({ length: 6 }, () => migrate(database)));

  expect(applied.flat()).toEqual(NAMES);
  expect(await migrate(database)).toEqual([]);
});

test('what was applied is recorded as Prisma records it', async () => {
  await migrate(database);

  const records = await database.query('SELECT * FROM _prisma_migrations ORDER BY migration_name');

  expect(records).toEqual(
    NAMES.map((name) => ({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      checksum: createHash('sha256')
        .update(readFileSync(join(OWN, name, 'migration.sql')))
        .digest('hex'),
      migration_name: name,
      started_at: expect.any(Date),
      finished_at: expect.any(Date),
      rolled_back_at: null,
      logs: null,
      applied_steps_count: 1,
    })),
  );
});

test('migrations are applied in name order, and later only the new ones', async () => {
  writeMigration('2_second', 'INSERT INTO t VALUES (2)');
  writeMigration('1_first', 'CREATE TABLE t (n int)');
  const options = { databaseUrl: database.databaseUrl, folder };

  const first = await migrate(options);
  writeMigration('3_third', 'INSERT INTO t VALUES (3)');
  const then = await migrate(options);

  expect(first).toEqual(['1_first', '2_second']);
  expect(then).toEqual(['3_third']);
  expect(await database.query('SELECT n FROM t ORDER BY n')).toEqual([{ n: 2 }, { n: 3 }]);
});

test('a migration that was changed after it was applied is refused by name', async () => {
  writeMigration('1_first', 'CREATE TABLE t (n int)');
  const options = { databaseUrl: database.databaseUrl, folder };
  await migrate(options);
  writeMigration('1_first', 'CREATE TABLE t (n bigint)');

  await expect(migrate(options)).rejects.toMatchObject({
    code: 'STORE_REFUSED',
    message: expect.stringContaining('1_first was changed after it was applied'),
  });
});

test('a migration that fails leaves nothing of itself, and can be mended', async () => {
  writeMigration('1_first', 'CREATE TABLE t (n int); SELECT 1/0');
  const options = { databaseUrl: database.databaseUrl, folder };

  await expect(migrate(options)).rejects.toMatchObject({
    code: 'STORE_REFUSED',
    message: expect.stringContaining('1_first'),
  });
  writeMigration('1_first', 'CREATE TABLE t (n int)');

  expect(await migrate(options)).toEqual(['1_first']);
});

test('a migration that Prisma left unfinished is refused', async () => {
  writeMigration('1_first', 'CREATE TABLE t (n int)');
  const options = { databaseUrl: database.databaseUrl, folder };
  await migrate(options);
  await database.query('UPDATE _prisma_migrations SET finished_at = NULL');

  await expect(migrate(options)).rejects.toMatchObject({
    code: 'STORE_REFUSED',
    message: expect.stringContaining('did not finish'),
  });
});

test('without a server the failure is STORE_UNAVAILABLE', async () => {
  await expect(migrate({ databaseUrl: 'postgresql://postgres@127.0.0.1:1/x' })).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
  });
});
