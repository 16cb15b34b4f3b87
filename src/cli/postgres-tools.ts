import { findOnPath, lastLines, runCommand } from '../local/command';
import type { Environment } from '../platform/environment';
import { TickwireError } from '../platform/errors';

/** PostgreSQL's own programs for backups. */
export type PostgresTool = 'pg_dump' | 'pg_restore';

export interface ToolRun {
  readonly environment: Environment;
  readonly databaseUrl: string;
  readonly signal: AbortSignal;
}

/** Of what the user's surroundings say, only what a program needs to run. */
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TMPDIR', 'SystemRoot'];

/** The major version of a tool on PATH. @throws CONFIG_INVALID when it is not there, or older than the server, which it could not read then. */
export async function requireTool(name: PostgresTool, environment: Environment, serverMajor: number): Promise<void> {
  const advice = `install PostgreSQL's client programs of version ${serverMajor} or newer (Debian: postgresql-client-${serverMajor}) and put them on PATH`;
  if (!findOnPath(name, environment)) throw new TickwireError('CONFIG_INVALID', `${name} is not on PATH: ${advice}`);
  const { output } = await runCommand(name, ['--version'], { environment: passedOn(environment), timeoutMs: 20_000 });
  const major = Number(/\(PostgreSQL\) (\d+)/.exec(output)?.[1]);
  if (major >= serverMajor) return;
  const got = Number.isNaN(major) ? `does not run (${lastLines(output, 2)})` : `is of version ${major}`;
  throw new TickwireError('CONFIG_INVALID', `${name} ${got}, the server of version ${serverMajor}: ${advice}`);
}

/** Runs a tool against the configured database, whose password is on no command line. Returns what it printed. @throws STORE_REFUSED with its last words. */
export async function runTool(
  name: PostgresTool,
  args: readonly string[],
  { environment, databaseUrl, signal }: ToolRun,
): Promise<string> {
  const variables = { ...passedOn(environment), ...connectionVariables(databaseUrl) };
  const { code, output } = await runCommand(name, args, { environment: variables, timeoutMs: 0, signal });
  if (code === 0) return output;
  throw new TickwireError('STORE_REFUSED', `${name} failed: ${lastLines(output, 3)}`);
}

/** The address of a database in the variables of libpq. TLS as everywhere in the product: none, or checked. */
export function connectionVariables(databaseUrl: string): Record<string, string> {
  const url = new URL(databaseUrl);
  const parameter = (name: string) => url.searchParams.get(name) ?? '';
  const mode = parameter('sslmode');
  const isPlain = mode === '' || mode === 'disable';
  const variables = {
    PGHOST: parameter('host') || url.hostname.replace(/^\[|\]$/g, ''),
    PGPORT: url.port || '5432',
    PGUSER: decodeURIComponent(url.username),
    PGPASSWORD: decodeURIComponent(url.password),
    PGDATABASE: decodeURIComponent(url.pathname.slice(1)),
    PGSSLMODE: isPlain ? 'disable' : mode === 'require' ? 'verify-full' : mode,
    PGSSLROOTCERT: isPlain ? '' : parameter('sslrootcert') || 'system',
    PGSSLCERT: parameter('sslcert'),
    PGSSLKEY: parameter('sslkey'),
    PGAPPNAME: 'tickwire backup',
  };
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
}

function passedOn(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => PASSED_ON.includes(name)));
}
