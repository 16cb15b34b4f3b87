import type { Clock } from '../../platform/clock';
import { TickwireError } from '../../platform/errors';
import type { ApiKey, ApiKeys, StoredApiKey } from '../access-store';

/** `api_keys` in memory; the given clock stands for the database's. */
export function openMemoryApiKeys(clock: Clock): ApiKeys {
  const keys = new Map<string, StoredApiKey>();
  const change = (keyId: string, changed: (key: StoredApiKey) => Partial<StoredApiKey>): ApiKey | undefined => {
    const key = keys.get(keyId);
    if (!key) return undefined;
    const next = { ...key, ...changed(key) };
    keys.set(keyId, next);
    return shown(next);
  };
  const isLive = (key: StoredApiKey | undefined) => key !== undefined && key.revokedAt === null;

  return {
    async create({ keyId, name, scopes, expiresAt, hash }) {
      if (keys.has(keyId) || [...keys.values()].some((key) => key.name === name && isLive(key))) throw nameTaken(name);
      const fresh = { createdAt: clock(), revokedAt: null, lastUsedAt: null, previousHash: null, previousUntil: null };
      const key = { keyId, name, scopes: [...scopes], expiresAt, hash, ...fresh };
      keys.set(keyId, key);
      return shown(key);
    },
    find: async (keyId) => keys.get(keyId),
    list: async () =>
      [...keys.values()]
        .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.keyId < b.keyId ? 1 : -1))
        .map(shown),
    async rotate(keyId, { hash, graceSeconds }) {
      if (!isLive(keys.get(keyId))) return undefined;
      const previousUntil = new Date(clock().getTime() + graceSeconds * 1000);
      return change(keyId, (key) => ({ hash, previousHash: key.hash, previousUntil }));
    },
    revoke: async (keyId) => change(keyId, ({ revokedAt }) => ({ revokedAt: revokedAt ?? clock() })),
    async touch(keyId, at) {
      change(keyId, ({ lastUsedAt }) => ({ lastUsedAt: lastUsedAt && lastUsedAt > at ? lastUsedAt : at }));
    },
  };
}

/** What is told where the name of a new key is another's. */
function nameTaken(name: string): TickwireError {
  return new TickwireError('CONFLICT', `name: there is a key ${name} that is not revoked`);
}

function shown({ hash: _hash, previousHash: _previous, previousUntil: _until, ...key }: StoredApiKey): ApiKey {
  return key;
}
