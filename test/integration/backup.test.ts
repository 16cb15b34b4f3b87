import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../src/platform/log';
import { migrate, productMigrations } from '../../src/store/postgres/migrate';
import { openPostgresStore } from '../../src/store/postgres/open-postgres-store';
import { runCommand } from '../cli/run-command';
import { createOwnPostgres, createTestDatabase, type OwnPostgres, type TestDatabase } from '../support/database';
import { aSeries, eventAt } from '../support/series';

jest.setTimeout(60_000);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tickwire-backup-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a command with only `path` to find programs on, beside the shell's own. */
const tickwire = (argv: readonly string[], { databaseUrl, path }: { databaseUrl: string; path: string }) =>
  runCommand(argv, {
    environment: { DATABASE_URL: databaseUrl, PATH: path },
    openStore: () => openPostgresStore({ databaseUrl, log: silentLog }),
  });

describe('with a stand-in for PostgreSQL’s programs', () => {
  let database: TestDatabase;
  let databaseUrl: string;
  let password: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    ({ databaseUrl } = database);
    password = decodeURIComponent(new URL(databaseUrl).password);
  });

  afterAll(() => database.drop());

  /** A folder with such a program, which notes what it was given. */
  function standIn(name: string, { version = '99.1', run = 'true' } = {}): string {
    const bin = join(folder, 'bin');
    mkdirSync(bin, { recursive: true });
    const script = `#!/bin/sh
if [ "$1" = --version ]; then echo "${name} (PostgreSQL) ${version}"; exit 0; fi
echo "$@" >> ${folder}/arguments
/usr/bin/env > ${folder}/environment
${run}
`;
    writeFileSync(join(bin, name), script);
    chmodSync(join(bin, name), 0o755);
    return `${bin}`;
  }
  const noted = (what: 'arguments' | 'environment') => readFileSync(join(folder, what), 'utf8');

  test('a backup passes the password in the environment, and nothing of it on the command line', async () => {
    const path = standIn('pg_dump', {
      run: 'IFS==; for a in "$@"; do set -- $a; if [ "$1" = --file ]; then echo data > "$2"; fi; done',
    });
    const file = join(folder, 'a.dump');

    const { exitCode, stdout } = await tickwire(['backup', file], { databaseUrl, path });

    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('5 bytes\nnot in it:') });
    expect(password).not.toBe('');
    expect(noted('environment').split('\n')).toContain(`PGPASSWORD=${password}`);
    expect(noted('arguments')).not.toContain(password);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('a backup that fails says the last words of the program, and leaves no file', async () => {
    const path = standIn('pg_dump', { run: 'echo "pg_dump: error: no luck" >&2; exit 1' });

    const { exitCode, stderr } = await tickwire(['backup', join(folder, 'a.dump')], { databaseUrl, path });

    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: 'error: pg_dump failed: pg_dump: error: no luck\n' });
    expect(readdirSync(folder).filter((name) => name.includes('dump'))).toEqual([]);
  });

  test('a backup never replaces a file', async () => {
    const file = join(folder, 'a.dump');
    writeFileSync(file, 'kept');

    const { exitCode, stderr } = await tickwire(['backup', file], { databaseUrl, path: standIn('pg_dump') });

    expect(exitCode).toBe(1);
    expect(stderr).toContain('is there already');
    expect(readFileSync(file, 'utf8')).toBe('kept');
  });

  test('a program that is missing or older than the server is told, with what to install', async () => {
    const argv = ['backup', join(folder, 'a.dump')];

    const missing = await tickwire(argv, { databaseUrl, path: folder });
    const old = await tickwire(argv, { databaseUrl, path: standIn('pg_dump', { version: '9.6' }) });

    expect(missing.stderr).toMatch(
      /^error: pg_dump is not on PATH: install PostgreSQL's client programs of version \d+/,
    );
    expect(old.stderr).toMatch(/^error: pg_dump is of version 9, the server of version \d+: install/);
    expect([missing.exitCode, old.exitCode]).toEqual([1, 1]);
  });

  test('an empty database is not worth a backup', async () => {
    const empty = await createTestDatabase({ migrated: false });

    const { stderr } = await tickwire(['backup', join(folder, 'a.dump')], { ...empty, path: standIn('pg_dump') });

    expect(stderr).toContain('holds no tables of the product');
    await empty.drop();
  });

  /** What `pg_restore` prints of the table of migrations. */
  const archiveOf = (...names: string[]) =>
    `printf 'COPY public._prisma_migrations (id, migration_name) FROM stdin;\\n${names.map((name) => `1\\t${name}\\n`).join('')}\\\\.\\n'`;

  test.each([
    [
      'is none',
      'echo "pg_restore: error: input file is not an archive" >&2; exit 1',
      'is no backup: pg_restore failed',
    ],
    ['is of another database', 'echo nothing', 'is a backup of another database'],
    ['is of a newer version', archiveOf('20261121000000_init', '99991231000000_future'), '99991231000000_future'],
  ])('a file that %s is refused before anything is touched', async (_, run, words) => {
    const file = join(folder, 'a.dump');
    writeFileSync(file, '');

    const path = standIn('pg_restore', { run });
    const { exitCode, stderr } = await tickwire(['restore', file, '--force'], { databaseUrl, path });

    expect(exitCode).toBe(1);
    expect(stderr).toContain(words);
    expect(noted('arguments').trim().split('\n')).toHaveLength(1);
    expect(await database.query('SELECT count(*)::int AS count FROM _prisma_migrations')).not.toEqual([{ count: 0 }]);
  });

  test('a database that is not empty is refused without --force, one in use always', async () => {
    const file = join(folder, 'a.dump');
    writeFileSync(file, '');
    const path = standIn('pg_restore', { run: archiveOf('20261121000000_init') });
    const open = openPostgresStore({ databaseUrl, log: silentLog });

    const filled = await tickwire(['restore', file], { databaseUrl, path });
    await open.start();
    const used = await tickwire(['restore', file, '--force'], { databaseUrl, path });
    await open.stop();

    expect(filled.stderr).toMatch(/the database is not empty \(\d+ tables\).*--force/);
    expect(used.stderr).toMatch(/1 connection of the product to this database; stop its processes first/);
  });

  test('a restore that fails leaves everything as it was', async () => {
    const series = aSeries();
    const own = await createTestDatabase();
    const file = join(folder, 'a.dump');
    writeFileSync(file, '');
    const store = openPostgresStore({ databaseUrl: own.databaseUrl, log: silentLog });
    await store.prices.insert([eventAt(series, 1, 10)]);
    await store.stop();
    const dies = 'case "$*" in *--single-transaction*) echo "out of luck" >&2; exit 1;; esac';

    const path = standIn('pg_restore', { run: `${dies}; ${archiveOf('20261121000000_init')}` });
    const { exitCode, stderr } = await tickwire(['restore', file, '--force'], { ...own, path });

    expect(exitCode).toBe(1);
    expect(stderr).toContain('out of luck');
    expect(await own.query('SELECT symbol FROM price_points_view')).toEqual([{ symbol: series.symbol }]);
    expect(await migrate(own)).toEqual([]);
    await own.drop();
  });
});

/** A folder with PostgreSQL's client programs and a server of the same version; undefined where there is none. */
function findPostgres(): string | undefined {
  const root = '/usr/lib/postgresql';
  const folders = existsSync(root) ? readdirSync(root).map((version) => join(root, version, 'bin')) : [];
  const needed = ['pg_dump', 'pg_restore', 'postgres', 'initdb'];
  return folders.find((bin) => needed.every((name) => existsSync(join(bin, name))));
}

const installed = findPostgres();
const describeWithPostgres = (name: string, tests: () => void) =>
  installed
    ? describe(name, tests)
    : describe.skip(`${name} (skipped: no PostgreSQL with pg_dump is installed)`, tests);

describeWithPostgres('with PostgreSQL’s own programs', () => {
  const path = installed ?? '';
  let server: OwnPostgres;

  beforeAll(async () => {
    server = await createOwnPostgres({}, path);
    await server.start();
    await migrate(server);
  });

  afterAll(() => server.remove());

  test('what was backed up comes back, prices of every month included, and what came later is gone', async () => {
    const { databaseUrl } = server;
    const [series, later] = [aSeries(), aSeries()];
    const events = [eventAt(series, 1, 10), eventAt(series, 40 * 86_400, 11)];
    const file = join(folder, 'real.dump');
    const use = async <T>(work: (store: ReturnType<typeof openPostgresStore>) => Promise<T>) => {
      const store = openPostgresStore({ databaseUrl, log: silentLog });
      try {
        return await work(store);
      } finally {
        await store.stop();
      }
    };
    await use((store) => store.prices.insert(events));
    const backup = await tickwire(['backup', file], { databaseUrl, path });
    await use(async (store) => {
      await store.prices.insert([eventAt(later, 400 * 86_400, 10)]);
      await store.pricePartitions.drop(new Date('2026-02-01T00:00:00.000Z'));
    });

    const restored = await tickwire(['restore', file, '--force'], { databaseUrl, path });
    const again = await tickwire(['restore', file, '--force'], { databaseUrl, path });

    expect(backup).toMatchObject({ exitCode: 0, stderr: '' });
    expect(restored).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^restored .*real.dump\n1\. start/) });
    expect(again.exitCode).toBe(0);
    await use(async (store) => {
      expect((await store.prices.list({ ...series, limit: 10 })).map(({ eventId }) => eventId)).toEqual(
        events.map(({ eventId }) => eventId),
      );
      expect(await store.prices.findLatest(later.symbol)).toBeUndefined();
      expect(await store.prices.insert([eventAt(later, 800 * 86_400, 10), ...events])).toBe(1);
      expect(await store.auditLog.list({ limit: 5 })).toMatchObject([
        { action: 'database.restore', target: 'real.dump' },
      ]);
    });
    expect(await migrate(server)).toEqual([]);
    expect(
      JSON.parse((await tickwire(['backup', join(folder, 'b.dump'), '--json'], { databaseUrl, path })).stdout),
    ).toEqual({
      file: join(folder, 'b.dump'),
      bytes: expect.any(Number),
      migrations: productMigrations(),
    });
  });
});
