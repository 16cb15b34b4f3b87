import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a running `npm start` says what it started, for other commands on this machine. */
export const addressesFile = (home: string) => join(home, 'addresses.env');

/** Replaces the file in one step; only its owner may read it, since it holds the database's password. */
export function writeAddresses(home: string, addresses: Readonly<Record<string, string>>): void {
  const lines = Object.entries(addresses).map(([name, value]) => `${name}=${value}\n`);
  const part = `${addressesFile(home)}.part`;
  rmSync(part, { force: true });
  writeFileSync(part, lines.join(''), { mode: 0o600 });
  renameSync(part, addressesFile(home));
}

export function removeAddresses(home: string): void {
  rmSync(addressesFile(home), { force: true });
}
