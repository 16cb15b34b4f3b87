import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ANYBODY, type Caller } from '../domain/access';
import { type HeldKey, hashOfKey, isSameHash } from '../domain/api-key';
import { toTickwireError } from '../platform/errors';
import type { StoredApiKey } from '../store/access-store';
import { presentedBy, unauthenticated } from './credentials';
import type { ApiDependencies } from './dependencies';
import { type KeyRows, openKeyRows } from './key-rows';
import { ANYBODYS_TICKET, openTickets, TICKET_SECONDS } from './tickets';

/** Compared with where there is no row, so that an unknown key takes as long as a wrong one. No key has it. */
const NO_HASH = randomBytes(32);

export interface Authentication {
  /**
   * Who asks; {@link ANYBODY} where no key is required and none is given. A key that is given has to be good, also where none is required. A revocation takes
   * effect within five seconds; while the database is away, keys that were used in the last minute go on. @throws UNAUTHENTICATED, the same for every reason;
   * INVALID_INPUT for a key in the query; STORE_UNAVAILABLE for a key that cannot be looked up.
   */
  authenticate(request: IncomingMessage): Promise<Caller>;
  /** Whether somebody who was let in still would be: for connections that outlast a request. While the database is away everybody would. Never rejects. */
  isStillGood(caller: Caller): Promise<boolean>;
  /** A ticket that stands for the caller once, on a socket or an event stream. */
  issueTicket(caller: Caller): { readonly ticket: string; readonly expiresAt: Date };
}

export function openAuthentication(
  dependencies: Pick<ApiDependencies, 'store' | 'cache' | 'security' | 'clock' | 'log'>,
): Authentication {
  const { store, security, clock, log, cache } = dependencies;
  const { apiKeySecret: secret, apiKeysRequired } = security;
  const rows = openKeyRows({ apiKeys: store.apiKeys, clock, log });
  const tickets = secret === undefined ? undefined : openTickets({ secret, cache, clock });
  const nobody = () => {
    if (apiKeysRequired) throw unauthenticated('no key');
    return ANYBODY;
  };
  const callerOf = (row: StoredApiKey | undefined, keyId: string): Caller => {
    if (!row) throw unauthenticated(`unknown or wrong key ${keyId}`);
    if (row.revokedAt) throw unauthenticated(`revoked key ${row.keyId}`);
    if (row.expiresAt && row.expiresAt <= clock()) throw unauthenticated(`expired key ${row.keyId}`);
    rows.touch(row);
    return { keyId: row.keyId, scopes: row.scopes };
  };

  return {
    async authenticate(request) {
      const presented = presentedBy(request);
      if (presented.kind === 'nothing') return nobody();
      if (presented.kind === 'ticket' && presented.ticket === ANYBODYS_TICKET) return nobody();
      if (secret === undefined || !tickets) throw unauthenticated('no API_KEY_SECRET to check it with');
      if (presented.kind === 'key') {
        const row = await rowOfKey(presented.key, { rows, secret, nowMs: clock().getTime() });
        return callerOf(row, presented.key.keyId);
      }
      const claim = tickets.read(presented.ticket);
      if (typeof claim === 'string') throw unauthenticated(claim);
      // Before it is used up: a database that is away must not cost the ticket.
      const caller = callerOf(await rows.find(claim.keyId), claim.keyId);
      if (!(await tickets.use(claim))) throw unauthenticated(`used ticket of key ${claim.keyId}`);
      return caller;
    },
    async isStillGood({ keyId }) {
      if (keyId === null) return true;
      try {
        callerOf(await rows.find(keyId), keyId);
        return true;
      } catch (error) {
        return toTickwireError(error).code !== 'UNAUTHENTICATED';
      }
    },
    issueTicket({ keyId }) {
      if (keyId !== null && tickets) return tickets.issue(keyId);
      return { ticket: ANYBODYS_TICKET, expiresAt: new Date(clock().getTime() + TICKET_SECONDS * 1000) };
    },
  };
}

interface Proof {
  readonly rows: KeyRows;
  readonly secret: string;
  readonly nowMs: number;
}

/** The row of a key whose secret is right. What is held may be from before a rotation, so a wrong one is looked up anew. */
async function rowOfKey(key: HeldKey, { rows, secret, nowMs }: Proof): Promise<StoredApiKey | undefined> {
  const hash = hashOfKey(key, secret);
  const held = rows.find(key.keyId);
  const wasHeld = !(held instanceof Promise);
  const row = wasHeld ? held : await held;
  if (isProof(hash, row, nowMs)) return row;
  if (!wasHeld) return undefined;
  const now = await rows.read(key.keyId);
  return isProof(hash, now, nowMs) ? now : undefined;
}

/** Compares with both secrets, whether there are any or not. */
function isProof(hash: Buffer, row: StoredApiKey | undefined, nowMs: number): boolean {
  const isCurrent = isSameHash(hash, row?.hash ?? NO_HASH);
  const isPrevious = isSameHash(hash, row?.previousHash ?? NO_HASH);
  const isInGrace = (row?.previousUntil?.getTime() ?? 0) > nowMs;
  return isCurrent || (isPrevious && isInGrace);
}
