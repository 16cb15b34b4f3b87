import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../platform/environment';
import { TickwireError } from '../platform/errors';

const SECRET_BYTES = 32;

/** Where the secret of this machine's API keys is kept. Without it none of them is known any more. */
export const keySecretFile = (home: string) => join(home, 'api-key-secret');

/** `API_KEY_SECRET` for the processes of this machine: the one of `home`, made at the first start; nothing where one is configured. Only its owner may read the file. */
export function keySecretOf(home: string, environment: Environment): Environment {
  if (environment.API_KEY_SECRET !== undefined) return {};
  const file = keySecretFile(home);
  if (!existsSync(file))
    writeFileSync(file, `${randomBytes(SECRET_BYTES).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  const secret = readFileSync(file, 'utf8').trim();
  if (secret.length >= SECRET_BYTES) return { API_KEY_SECRET: secret };
  const advice = 'put the secret back, or remove the file: then one is made, and every key has to be made anew';
  throw new TickwireError('CONFIG_INVALID', `${file}: expected at least ${SECRET_BYTES} characters; ${advice}`);
}
