import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Cache } from '../cache/cache';
import type { Clock } from '../platform/clock';

/** How long a ticket is good. */
export const TICKET_SECONDS = 30;

/** What those get who need none, because no key is required and they have none: so a client that always asks works everywhere. */
export const ANYBODYS_TICKET = 'anybody';

/** `tk_<key id>_<expiry, epoch ms in base 36>_<nonce, 16 bytes>_<HMAC-SHA-256>`, the last two in base64url. */
const FORM = /^(tk_([a-z0-9]{12})_([0-9a-z]{1,9})_([A-Za-z0-9_-]{22}))_([A-Za-z0-9_-]{43})$/;

/** The claim of a ticket whose signature holds. */
export interface TicketClaim {
  readonly keyId: string;
  readonly nonce: string;
}

/**
 * Tickets for where a page cannot send a header: they stand in addresses, which end up in logs, so each is good once and for {@link TICKET_SECONDS}. Nothing of
 * them is stored but, for a minute, what was used. A ticket carries no rights: those are the key's when it is used.
 */
export interface Tickets {
  issue(keyId: string): { readonly ticket: string; readonly expiresAt: Date };
  /** Who a ticket is for; why not, where it is not good. It is not used up by this. */
  read(ticket: string): TicketClaim | 'malformed ticket' | 'forged ticket' | 'expired ticket';
  /** True the first time, over every process; while the cache is away in this one. */
  use(claim: TicketClaim): Promise<boolean>;
}

export interface TicketsOptions {
  readonly secret: string;
  readonly cache: Pick<Cache, 'takeOnce'>;
  readonly clock: Clock;
}

export function openTickets({ secret, cache, clock }: TicketsOptions): Tickets {
  // HKDF (RFC 5869): no key's hash can pass for a signature.
  const signingKey = Buffer.from(hkdfSync('sha256', secret, '', 'tickwire ticket', 32));
  const signatureOf = (text: string) => createHmac('sha256', signingKey).update(text).digest();

  return {
    issue(keyId) {
      const expiresAt = new Date(clock().getTime() + TICKET_SECONDS * 1000);
      const nonce = randomBytes(16).toString('base64url');
      const text = `tk_${keyId}_${expiresAt.getTime().toString(36)}_${nonce}`;
      return { ticket: `${text}_${signatureOf(text).toString('base64url')}`, expiresAt };
    },
    read(ticket) {
      const [, text, keyId, expiry, nonce, signature] = FORM.exec(ticket) ?? [];
      if (!text || !keyId || !expiry || !nonce || !signature) return 'malformed ticket';
      if (!timingSafeEqual(signatureOf(text), Buffer.from(signature, 'base64url'))) return 'forged ticket';
      return Number.parseInt(expiry, 36) > clock().getTime() ? { keyId, nonce } : 'expired ticket';
    },
    // Longer than it is good, for processes whose clocks differ.
    use: ({ nonce }) => cache.takeOnce(`ticket:${nonce}`, TICKET_SECONDS * 2),
  };
}
