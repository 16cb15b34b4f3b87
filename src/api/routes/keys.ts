import { z } from 'zod';
import { type Caller, SCOPES } from '../../domain/access';
import {
  DEFAULT_GRACE_SECONDS,
  type HeldKey,
  hashOfKey,
  keyText,
  MAX_GRACE_SECONDS,
  makeKey,
} from '../../domain/api-key';
import { instantSchema } from '../../domain/instant';
import { TickwireError } from '../../platform/errors';
import type { ApiKey } from '../../store/access-store';
import { json } from '../answer';
import type { ApiContext } from '../context';
import { EXAMPLE_KEY_ID, keySchema, keyView, keyWithTextSchema } from '../key-view';
import { defineRoute } from '../route';

const keyParams = z.strictObject({
  key_id: z
    .string()
    .regex(/^[a-z0-9]{12}$/, 'expected 12 of a-z 0-9')
    .meta({ description: 'From GET /api/v1/keys', example: EXAMPLE_KEY_ID }),
});

const keyBodySchema = z
  .strictObject({
    name: z
      .string()
      .trim()
      .regex(/^[^\p{C}]{1,64}$/u, 'expected 1 to 64 printable characters')
      .meta({ description: 'Whose it is or what it is for; free again once the key is revoked' }),
    scopes: z
      .array(z.enum(SCOPES))
      .min(1, 'expected at least 1 scope')
      .max(SCOPES.length * 2)
      .transform((scopes) => [...new Set(scopes)])
      .meta({ description: 'What it may do; `admin` may do everything' }),
    expires_at: instantSchema.optional().meta({ description: 'Never when left out' }),
  })
  .meta({ id: 'ApiKeyRequest', example: { name: 'dashboard', scopes: ['prices:read', 'models:run'] } });

const listKeys = defineRoute({
  method: 'get',
  path: '/api/v1/keys',
  access: 'admin',
  tag: 'access',
  summary: 'Every API key, newest first, without what would be needed to use it',
  request: {},
  answers: {
    200: {
      description: 'The keys',
      content: { 'application/json': { schema: z.object({ keys: z.array(keySchema) }) } },
    },
  },
  problems: ['STORE_UNAVAILABLE'],
  handle: async (_input, { store, clock }) => {
    const keys = await store.apiKeys.list();
    return json({ keys: keys.map((key) => keyView(key, clock())) });
  },
});

const createKey = defineRoute({
  method: 'post',
  path: '/api/v1/keys',
  access: 'admin',
  audit: 'keys.create',
  tag: 'access',
  summary: 'Make an API key; its text is in this answer and nowhere else',
  request: { body: keyBodySchema },
  answers: { 201: { description: 'The key', content: { 'application/json': { schema: keyWithTextSchema } } } },
  problems: ['INVALID_INPUT', 'FORBIDDEN', 'CONFLICT', 'STORE_UNAVAILABLE'],
  handle: async ({ body }, context, { caller }) => {
    const { name, scopes, expires_at: expires } = body;
    const secret = secretFor(caller, context);
    const expiresAt = expires === undefined ? null : new Date(expires);
    if (expiresAt && expiresAt <= context.clock()) {
      throw new TickwireError(
        'INVALID_INPUT',
        'expires_at: expected an instant that is yet to come, got one that is over',
      );
    }
    const held = makeKey();
    const hash = hashOfKey(held, secret);
    const key = await context.store.apiKeys.create({ keyId: held.keyId, name, scopes, expiresAt, hash });
    return { ...json(withText(key, held, context), 201), target: held.keyId };
  },
});

const rotateKey = defineRoute({
  method: 'post',
  path: '/api/v1/keys/{key_id}/rotate',
  access: 'admin',
  audit: 'keys.rotate',
  tag: 'access',
  summary: 'Give a key another secret; the one before stays good for a while',
  request: {
    params: keyParams,
    body: z
      .strictObject({
        grace_seconds: z.int().min(0).max(MAX_GRACE_SECONDS).default(DEFAULT_GRACE_SECONDS).meta({
          description: 'How long the secret before stays good; an older one is void at once',
        }),
      })
      .optional()
      .meta({ id: 'ApiKeyRotation', example: { grace_seconds: 3600 } }),
  },
  answers: { 200: { description: 'The key', content: { 'application/json': { schema: keyWithTextSchema } } } },
  problems: ['INVALID_INPUT', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'STORE_UNAVAILABLE'],
  handle: async ({ params: { key_id: keyId }, body }, context, { caller }) => {
    const secret = secretFor(caller, context);
    const held = makeKey(keyId);
    const graceSeconds = body?.grace_seconds ?? DEFAULT_GRACE_SECONDS;
    const change = { hash: hashOfKey(held, secret), graceSeconds };
    const key = await context.store.apiKeys.rotate(keyId, change);
    if (!key) throw noSuchKey(keyId, 'that is not revoked');
    return json(withText(key, held, context));
  },
});

const revokeKey = defineRoute({
  method: 'delete',
  path: '/api/v1/keys/{key_id}',
  access: 'admin',
  audit: 'keys.revoke',
  tag: 'access',
  summary: 'Revoke a key for good; every process refuses it within five seconds',
  request: { params: keyParams },
  answers: { 200: { description: 'It is revoked', content: { 'application/json': { schema: keySchema } } } },
  problems: ['INVALID_INPUT', 'FORBIDDEN', 'NOT_FOUND', 'STORE_UNAVAILABLE'],
  handle: async ({ params: { key_id: keyId } }, { store, clock }, { caller }) => {
    refuseNobody(caller);
    const key = await store.apiKeys.revoke(keyId);
    if (!key) throw noSuchKey(keyId, '');
    return json(keyView(key, clock()));
  },
});

export const keyRoutes = [listKeys, createKey, rotateKey, revokeKey];

/** What a key outlives: were it made by somebody unknown while none is required, it would let them in once keys are. @throws FORBIDDEN. */
function refuseNobody({ keyId }: Caller): void {
  if (keyId !== null) return;
  const detail = 'keys are changed only with a key that has the scope admin; `tickwire keys create` makes the first';
  throw new TickwireError('FORBIDDEN', detail);
}

/** What keys are hashed with, for a caller who may make some. @throws FORBIDDEN, CONFLICT. */
function secretFor(caller: Caller, { security }: ApiContext): string {
  refuseNobody(caller);
  if (security.apiKeySecret !== undefined) return security.apiKeySecret;
  throw new TickwireError('CONFLICT', 'this service has no API_KEY_SECRET, so it can make no keys');
}

function withText(key: ApiKey, held: HeldKey, { clock }: ApiContext): z.infer<typeof keyWithTextSchema> {
  return { ...keyView(key, clock()), key: keyText(held) };
}

function noSuchKey(keyId: string, which: string): TickwireError {
  return new TickwireError('NOT_FOUND', `key_id: there is no key ${keyId} ${which}`.trimEnd());
}
