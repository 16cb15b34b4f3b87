import { existsSync, readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { requireCertificate, requirePair } from './certificates';
import { TickwireError } from './errors';

/** How to reach PostgreSQL: an address without parameters of TLS, and TLS decided. */
export interface DatabaseConnection {
  readonly connectionString: string;
  /** False for none. Given always, so that no `PGSSLMODE` of the surroundings decides. */
  readonly ssl: false | ConnectionOptions;
}

const FILES = ['sslrootcert', 'sslcert', 'sslkey'] as const;
const UNDERSTOOD = ['sslmode', ...FILES];
const REFUSED = ['ssl', 'uselibpqcompat', 'sslnegotiation', 'sslpassword', 'sslcrl', 'sslcrldir'];

/**
 * Reads the parameters of TLS in a database URL (`sslmode`, `sslrootcert`, `sslcert`, `sslkey`, with their meaning in libpq) and the files they name.
 * `require` is stricter than in libpq, where it encrypts without knowing to whom: here it checks certificate and host name, as `verify-full` does.
 * Modes that fall back to plain text, or trust anybody, are refused. @throws CONFIG_INVALID
 */
export function databaseConnectionOf(databaseUrl: string): DatabaseConnection {
  if (!URL.canParse(databaseUrl)) throw fault('expected postgresql://user:password@host:port/name');
  const url = new URL(databaseUrl);
  const parameters = url.searchParams;
  const refused = REFUSED.find((name) => parameters.has(name));
  if (refused) throw fault(`${refused}= is not understood; expected sslmode=, and sslrootcert=, sslcert=, sslkey=`);
  const ssl = tlsOf(parameters);
  if (!UNDERSTOOD.some((name) => parameters.has(name))) return { connectionString: databaseUrl, ssl };
  for (const name of UNDERSTOOD) parameters.delete(name);
  return { connectionString: url.href, ssl };
}

function tlsOf(parameters: URLSearchParams): false | ConnectionOptions {
  const mode = parameters.get('sslmode') ?? undefined;
  switch (mode) {
    case undefined:
    case 'disable':
      refuseFiles(parameters);
      return false;
    case 'require':
    case 'verify-full':
      return filesOf(parameters);
    case 'verify-ca':
      if (!isFile(parameters.get('sslrootcert')))
        throw fault('sslmode=verify-ca asks for no host name, so it needs an authority of your own: sslrootcert=FILE');
      return { ...filesOf(parameters), checkServerIdentity: () => undefined };
    default:
      throw fault(`sslmode=${modeName(mode)}: expected disable, require, verify-ca or verify-full`);
  }
}

/** Only known words are repeated: what else stands there may be part of a password with an unencoded `?`. */
function modeName(mode: string): string {
  if (mode === 'allow' || mode === 'prefer') return `${mode} falls back to plain text`;
  return mode === 'no-verify' ? 'no-verify trusts anybody' : '(another word)';
}

function refuseFiles(parameters: URLSearchParams): void {
  const given = FILES.find((name) => parameters.has(name));
  if (given) throw fault(`${given}= is given, but TLS is off: add sslmode=verify-full`);
}

function filesOf(parameters: URLSearchParams): ConnectionOptions {
  const root = parameters.get('sslrootcert');
  const ca = isFile(root) ? contentOf('sslrootcert', root) : undefined;
  if (ca) inUrl(() => requireCertificate(ca, 'sslrootcert'));
  const [certFile, keyFile] = [parameters.get('sslcert'), parameters.get('sslkey')];
  if (Boolean(certFile) !== Boolean(keyFile)) throw fault('sslcert= and sslkey= go together: give both or none');
  if (!certFile || !keyFile) return ca ? { ca } : {};
  const own = { cert: contentOf('sslcert', certFile), key: contentOf('sslkey', keyFile) };
  inUrl(() => requirePair(own, 'sslcert and sslkey'));
  return ca ? { ca, ...own } : own;
}

/** `system`, as in libpq, and nothing stand for the authorities that Node knows, `NODE_EXTRA_CA_CERTS` included. */
function isFile(root: string | null): root is string {
  return root !== null && root !== '' && root !== 'system';
}

function contentOf(parameter: string, file: string): string {
  if (!existsSync(file)) throw fault(`${parameter}: expected the name of a file, found none there`);
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw fault(`${parameter}: the file is there and cannot be read by this user`);
  }
}

function inUrl(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw fault(error instanceof Error ? error.message : String(error));
  }
}

function fault(sentence: string): TickwireError {
  return new TickwireError('CONFIG_INVALID', `DATABASE_URL: ${sentence}`);
}
