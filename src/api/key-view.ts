import { z } from 'zod';
import { SCOPES } from '../domain/access';
import { instantSchema } from '../domain/instant';
import type { ApiKey } from '../store/access-store';

/** In examples. */
export const EXAMPLE_KEY_ID = 'k3v9x0a1b2c3';

export const keySchema = z
  .object({
    key_id: z.string(),
    name: z.string(),
    state: z.enum(['active', 'expired', 'revoked']),
    scopes: z.array(z.enum(SCOPES)),
    created_at: instantSchema,
    expires_at: instantSchema.nullable().meta({ description: 'Null: it does not expire' }),
    revoked_at: instantSchema.nullable(),
    last_used_at: instantSchema.nullable().meta({ description: 'To the minute' }),
  })
  .meta({ id: 'ApiKey' });

export const keyWithTextSchema = keySchema
  .extend({ key: z.string().meta({ description: 'What its holder sends. It is shown this once and stored nowhere' }) })
  .meta({ id: 'ApiKeyWithText' });

/** A key as it may be shown. */
export function keyView(key: ApiKey, now: Date): z.infer<typeof keySchema> {
  return {
    key_id: key.keyId,
    name: key.name,
    state: stateOf(key, now),
    scopes: [...key.scopes],
    created_at: key.createdAt.toISOString(),
    expires_at: key.expiresAt?.toISOString() ?? null,
    revoked_at: key.revokedAt?.toISOString() ?? null,
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
  };
}

function stateOf({ revokedAt, expiresAt }: ApiKey, now: Date): z.infer<typeof keySchema>['state'] {
  if (revokedAt) return 'revoked';
  return expiresAt && expiresAt <= now ? 'expired' : 'active';
}
