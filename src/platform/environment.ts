import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { TickwireError } from './errors';

/** Variables by name; empty values count as not set. */
export type Environment = Readonly<Record<string, string>>;

/**
 * The one place that reads `process.env`: what the process was given, else `.env`, else the addresses a running `npm start` wrote.
 * A secret given as `NAME_FILE` is read from that file.
 */
export function readEnvironment(folder = process.cwd()): Environment {
  const configured = given(folder);
  const home = configured.TICKWIRE_HOME ?? join(folder, '.tickwire');
  return withSecretFiles({ ...runningAddresses(home, configured), ...configured });
}

/** The same without the addresses of a running `npm start`: for `npm start` itself, and for what looks after it. */
export function readConfigured(folder = process.cwd()): Environment {
  return withSecretFiles(given(folder));
}

function given(folder: string): Environment {
  return { ...present(parseFile(join(folder, '.env'))), ...present(process.env) };
}

/** Addresses of the services `npm start` runs on this machine, left out where the user configured that service in any spelling. */
function runningAddresses(home: string, configured: Environment): Environment {
  const addresses = present(parseFile(join(home, 'addresses.env')));
  const spellings: Record<string, RegExp> = {
    DATABASE_URL: /^(DATABASE_URL|DB_|POSTGRES_)/,
    REDIS_URL: /^REDIS_(URL|HOST|PORT)/,
    KAFKA_BOOTSTRAP_SERVERS: /^KAFKA_BOOTSTRAP_SERVERS/,
    PORT: /^PORT$/,
    API_KEY_SECRET: /^API_KEY_SECRET/,
  };
  const names = Object.keys(configured);
  return Object.fromEntries(
    Object.entries(addresses).filter(([name]) => !names.some((other) => spellings[name]?.test(other))),
  );
}

function parseFile(path: string): Record<string, string> {
  return existsSync(path) ? parse(readFileSync(path)) : {};
}

function present(variables: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter((pair): pair is [string, string] => Boolean(pair[1]?.trim())),
  );
}

/** Variables that may hold a secret or a certificate, and so may be given as the name of a file. */
const SECRET_FILE = /(_KEY|PASSWORD|_TOKEN|_SECRET|_URL|_HEADERS|KAFKA_SSL_CA|KAFKA_SSL_CERT|REDIS_TLS_CA)_FILE$/;

function withSecretFiles(variables: Environment): Environment {
  const secrets: Record<string, string> = {};
  for (const [variable, path] of Object.entries(variables)) {
    const name = variable.slice(0, -'_FILE'.length);
    if (!SECRET_FILE.test(variable) || variables[name] !== undefined) continue;
    if (!existsSync(path))
      throw new TickwireError('CONFIG_INVALID', `${variable}: expected the name of a file, found none there`);
    secrets[name] = readFileSync(path, 'utf8').trim();
  }
  return { ...variables, ...secrets };
}
