import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';

/** Variables by name; empty values count as not set. */
export type Environment = Readonly<Record<string, string>>;

/**
 * The one place that reads `process.env`: what the process was given, else `.env`, else the addresses a running `npm start` wrote.
 * A secret given as `NAME_FILE` is read from that file.
 */
export function readEnvironment(folder = process.cwd()): Environment {
  const given = present(process.env);
  const fromFile = present(parseFile(join(folder, '.env')));
  const configured = { ...fromFile, ...given };
  const home = configured.TICKWIRE_HOME ?? join(folder, '.tickwire');
  return withSecretFiles({ ...runningAddresses(home, configured), ...configured });
}

/** Addresses of the services `npm start` runs on this machine, left out where the user configured that service in any spelling. */
function runningAddresses(home: string, configured: Environment): Environment {
  const addresses = present(parseFile(join(home, 'addresses.env')));
  const spellings: Record<string, RegExp> = {
    DATABASE_URL: /^(DATABASE_URL|DB_|POSTGRES_)/,
    REDIS_URL: /^REDIS_(URL|HOST|PORT)/,
    KAFKA_BOOTSTRAP_SERVERS: /^KAFKA_BOOTSTRAP_SERVERS/,
    PORT: /^PORT$/,
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

function withSecretFiles(variables: Environment): Environment {
  const secrets = Object.entries(variables)
    .filter(([name]) => name.endsWith('_FILE') && existsSync(variables[name] ?? ''))
    .map(([name, path]) => [name.slice(0, -'_FILE'.length), readFileSync(path, 'utf8').trim()] as const)
    .filter(([name]) => variables[name] === undefined);
  return { ...variables, ...Object.fromEntries(secrets) };
}
