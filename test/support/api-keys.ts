import type { Scope } from '../../src/domain/access';
import { hashOfKey, keyText, makeKey } from '../../src/domain/api-key';
import type { ApiKeys } from '../../src/store/access-store';

/** What the keys of tests are hashed with. */
export const TEST_SECRET = 'a-secret-that-only-the-tests-know-0123456789';

let count = 0;

/** A name no other key of the tests has. */
export function aKeyName(): string {
  count += 1;
  return `key-${process.pid}-${count}`;
}

/** Stores a key, and returns its id and the text its holder would send. */
export async function storeKey(
  apiKeys: Pick<ApiKeys, 'create'>,
  key: { scopes: readonly Scope[]; expiresAt?: Date | null },
): Promise<{ keyId: string; text: string }> {
  const held = makeKey();
  const { scopes, expiresAt = null } = key;
  const hash = hashOfKey(held, TEST_SECRET);
  await apiKeys.create({ keyId: held.keyId, name: aKeyName(), scopes, expiresAt, hash });
  return { keyId: held.keyId, text: keyText(held) };
}
