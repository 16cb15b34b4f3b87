import { TickwireError } from '../../platform/errors';
import type { ApiKey, ApiKeys, StoredApiKey } from '../access-store';
import { textArray } from './array-literal';
import type { Database } from './database';
import { violatedConstraint } from './store-error';

type Row<Key> = Key & Record<string, unknown>;

const SHOWN = `key_id AS "keyId", name, scopes, created_at AS "createdAt", expires_at AS "expiresAt",
  revoked_at AS "revokedAt", last_used_at AS "lastUsedAt"`;

/** Of the index that keeps names apart. */
const LIVE_NAME = 'api_keys_live_name_key';

const INSERT = {
  name: 'api-keys-insert',
  text: `
    INSERT INTO api_keys (key_id, name, scopes, expires_at, hash) VALUES ($1, $2, $3::text[], $4, $5)
    RETURNING ${SHOWN}`,
};

const FIND = {
  name: 'api-keys-find',
  text: `
    SELECT ${SHOWN}, hash, previous_hash AS "previousHash", previous_until AS "previousUntil"
    FROM api_keys WHERE key_id = $1`,
};

const LIST = {
  name: 'api-keys-list',
  text: `SELECT ${SHOWN} FROM api_keys ORDER BY created_at DESC, key_id COLLATE "C" DESC`,
};

/** $1 key, $2 the new hash, $3 seconds that the one before stays good. */
const ROTATE = {
  name: 'api-keys-rotate',
  text: `
    UPDATE api_keys SET previous_hash = hash, previous_until = now() + $3 * interval '1 second', hash = $2
    WHERE key_id = $1 AND revoked_at IS NULL RETURNING ${SHOWN}`,
};

const REVOKE = {
  name: 'api-keys-revoke',
  text: `UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE key_id = $1 RETURNING ${SHOWN}`,
};

const TOUCH = {
  name: 'api-keys-touch',
  text: 'UPDATE api_keys SET last_used_at = $2 WHERE key_id = $1 AND (last_used_at IS NULL OR last_used_at < $2)',
};

/** Table `api_keys`. */
export function openApiKeys(database: Database): ApiKeys {
  const first = async <Key extends ApiKey>(statement: { name: string; text: string }, values: readonly unknown[]) =>
    (await database.query<Row<Key>>(statement, values))[0];

  return {
    async create({ keyId, name, scopes, expiresAt, hash }) {
      try {
        const [key] = await database.query<Row<ApiKey>>(INSERT, [keyId, name, textArray(scopes), expiresAt, hash]);
        if (!key) throw new TickwireError('INTERNAL', 'api_keys: a key was inserted and not returned');
        return key;
      } catch (error) {
        if (violatedConstraint(error) !== LIVE_NAME) throw error;
        throw new TickwireError('CONFLICT', `name: there is a key ${name} that is not revoked`, { cause: error });
      }
    },
    find: (keyId) => first<StoredApiKey>(FIND, [keyId]),
    list: () => database.query<Row<ApiKey>>(LIST, []),
    rotate: (keyId, { hash, graceSeconds }) => first(ROTATE, [keyId, hash, graceSeconds]),
    revoke: (keyId) => first(REVOKE, [keyId]),
    touch: async (keyId, at) => {
      await database.execute(TOUCH, [keyId, at]);
    },
  };
}
