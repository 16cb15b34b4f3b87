import type { Command } from 'commander';
import { keyView } from '../api/key-view';
import { SCOPES, type Scope } from '../domain/access';
import { DEFAULT_GRACE_SECONDS, hashOfKey, keyText, makeKey } from '../domain/api-key';
import { TickwireError } from '../platform/errors';
import type { ApiKey } from '../store/access-store';
import { expiry, grace, keyName, scopes, withExample } from './arguments';
import { audited } from './audited';
import type { CommandDefinition, Context } from './context';
import { printable, shortDuration, shortInstant } from './printable';

/** How the audit log tells that a key was made. */
const CREATED = 201;

/**
 * `tickwire keys create | list | rotate | revoke`: the API keys. They work on the database directly: the first key that may make others has to come from
 * somewhere, and whoever reaches the database needs none.
 */
export const keys: CommandDefinition = (program, context) => {
  const group = program.command('keys').description('API keys: make, list, rotate, revoke');
  registerCreate(group, context);
  registerList(group, context);
  registerRotate(group, context);
  registerRevoke(group, context);
};

interface CreateOptions {
  readonly scopes: readonly Scope[];
  readonly expires?: Date;
}

function registerCreate(group: Command, context: Context): void {
  const command = group
    .command('create')
    .description('make a key; its text is shown this once and stored nowhere')
    .argument('<name>', 'whose it is or what it is for', keyName)
    .requiredOption('--scopes <scopes>', `what it may do, of ${SCOPES.join(', ')}, separated by commas`, scopes)
    .option('--expires <when>', 'after a time such as 90d or 12h, or on a day; never when not given', expiry)
    .action(async (name: string, { scopes: allowed, expires }: CreateOptions) => {
      const held = makeKey();
      const hash = hashOfKey(held, secretOf(context));
      const made = await context.withStore((store) =>
        audited(store, { action: 'keys.create', target: held.keyId, status: CREATED }, () =>
          store.apiKeys.create({ keyId: held.keyId, name, scopes: allowed, expiresAt: expires ?? null, hash }),
        ),
      );
      printSecret(context, made, { text: keyText(held), note: 'this is shown once' });
    });
  withExample(command, 'tickwire keys create dashboard --scopes prices:read,models:run --expires 90d');
}

function registerList(group: Command, context: Context): void {
  const command = group
    .command('list')
    .description('every key, newest first, without what would be needed to use it')
    .action(async () => {
      const listed = await context.withStore((store) => store.apiKeys.list());
      context.print({ keys: listed.map((key) => keyView(key, new Date())) }, () =>
        listed.length === 0 ? 'there are no keys' : tableOf(context, listed),
      );
    });
  withExample(command, 'tickwire keys list');
}

function registerRotate(group: Command, context: Context): void {
  const command = group
    .command('rotate')
    .description('give a key a new secret; the one before stays good for a while')
    .argument('<key>', 'as `keys list` shows it')
    .option('--grace <time>', 'how long the one before stays good: 24h, 30m, 0s', grace, DEFAULT_GRACE_SECONDS)
    .action(async (keyId: string, { grace: graceSeconds }: { grace: number }) => {
      const held = makeKey(keyId);
      const hash = hashOfKey(held, secretOf(context));
      const made = await context.withStore((store) =>
        audited(store, { action: 'keys.rotate', target: keyId }, async () =>
          known(keyId, await store.apiKeys.rotate(keyId, { hash, graceSeconds })),
        ),
      );
      const before =
        graceSeconds === 0 ? 'the one before is void' : `the one before stays good for ${shortDuration(graceSeconds)}`;
      printSecret(context, made, { text: keyText(held), note: `this is shown once; ${before}` });
    });
  withExample(command, 'tickwire keys rotate k3v9x0a1b2c3 --grace 1h');
}

function registerRevoke(group: Command, context: Context): void {
  const command = group
    .command('revoke')
    .description('make a key void for good; without --yes only say which')
    .argument('<key>', 'as `keys list` shows it')
    .option('--yes', 'do it: it cannot be undone')
    .action(async (keyId: string, { yes }: { yes?: true }) => {
      const key = await context.withStore((store) =>
        yes
          ? audited(store, { action: 'keys.revoke', target: keyId }, async () =>
              known(keyId, await store.apiKeys.revoke(keyId)),
            )
          : store.apiKeys.find(keyId).then((found) => known(keyId, found)),
      );
      context.print({ ...keyView(key, new Date()), revoked: yes === true }, () =>
        yes
          ? printable(`key ${keyId} of ${key.name} is revoked`)
          : `${tableOf(context, [key])}\n\nnothing was revoked; --yes revokes this key`,
      );
    });
  withExample(command, 'tickwire keys revoke k3v9x0a1b2c3 --yes');
}

function known(keyId: string, key: ApiKey | undefined): ApiKey {
  if (key) return key;
  throw new TickwireError('NOT_FOUND', `there is no key ${keyId} that could be used; see \`tickwire keys list\``);
}

/** @throws CONFIG_INVALID where keys cannot be made. */
function secretOf(context: Context): string {
  const { apiKeySecret } = context.config();
  if (apiKeySecret !== undefined) return apiKeySecret;
  const expected = 'expected the secret that the API hashes its keys with, at least 32 characters';
  const advice = '`npm start` makes one for this machine, `openssl rand -hex 32` one for elsewhere';
  throw new TickwireError('CONFIG_INVALID', `API_KEY_SECRET is not set: ${expected}; ${advice}`);
}

/** The text of a key alone on standard output, so that it can be piped into a vault; what a person wants to know beside it. */
function printSecret(context: Context, key: ApiKey, { text, note }: { text: string; note: string }): void {
  context.print({ ...keyView(key, new Date()), key: text }, () => text);
  if (context.isJson()) return;
  const until = key.expiresAt ? `until ${shortInstant(key.expiresAt.toISOString())}` : 'without end';
  const sentence = `key ${key.keyId} of ${key.name}: ${key.scopes.join(', ')}, ${until}; ${note}`;
  context.io.stderr.write(`${printable(sentence)}\n`);
}

function tableOf(context: Context, listed: readonly ApiKey[]): string {
  const at = (instant: Date | null) => shortInstant(instant?.toISOString());
  return context.table(
    ['KEY', 'NAME', 'STATE', 'SCOPES', 'CREATED', 'EXPIRES', 'LAST USED'],
    listed.map((key) => [
      key.keyId,
      key.name,
      keyView(key, new Date()).state,
      key.scopes.join(','),
      at(key.createdAt),
      at(key.expiresAt),
      at(key.lastUsedAt),
    ]),
  );
}
