import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

/** `tw_<key id>_<secret>`: the id finds the row, the secret proves the right to it. */
const FORM = /^tw_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/;
const ID_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const ID_LENGTH = 12;
const SECRET_BYTES = 32;

/** How long the secret before a rotation stays good where nothing is said: time to bring the new one to every client. */
export const DEFAULT_GRACE_SECONDS = 86_400;
/** And at most. */
export const MAX_GRACE_SECONDS = 30 * 86_400;

/** An API key as its holder has it. */
export interface HeldKey {
  readonly keyId: string;
  /** 256 random bits in base64url. */
  readonly secret: string;
}

/** A new key, or with `keyId` a new secret for that one. */
export function makeKey(keyId = newKeyId()): HeldKey {
  return { keyId, secret: randomBytes(SECRET_BYTES).toString('base64url') };
}

/** The one text a holder is given, once. */
export function keyText({ keyId, secret }: HeldKey): string {
  return `tw_${keyId}_${secret}`;
}

/** What `text` says it is; undefined where it has not the form of a key. */
export function parseKey(text: string): HeldKey | undefined {
  const [, keyId, secret] = FORM.exec(text) ?? [];
  return keyId === undefined || secret === undefined ? undefined : { keyId, secret };
}

/** What is stored of a key: HMAC-SHA-256 (RFC 2104) under the service's own secret, so that the table alone proves nothing. 32 bytes. */
export function hashOfKey({ keyId, secret }: HeldKey, serviceSecret: string): Buffer {
  return createHmac('sha256', serviceSecret).update(`${keyId}:${secret}`).digest();
}

/** In a time that does not tell where the two differ. */
export function isSameHash(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

function newKeyId(): string {
  return Array.from({ length: ID_LENGTH }, () => ID_LETTERS[randomInt(ID_LETTERS.length)]).join('');
}
