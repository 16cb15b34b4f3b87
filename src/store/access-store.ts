import type { Scope } from '../domain/access';

/** A key as it may be shown: nothing in it helps anybody to make one. */
export interface ApiKey {
  /** Public part of the key, 12 of `a-z 0-9`; also what jobs and the audit log name. */
  readonly keyId: string;
  /** Given by its maker, for people. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
}

/** The same with what a given key is compared with. */
export interface StoredApiKey extends ApiKey {
  /** HMAC-SHA-256 of the secret part, 32 bytes. */
  readonly hash: Buffer;
  /** Of the secret before the last rotation, good until `previousUntil`. */
  readonly previousHash: Buffer | null;
  readonly previousUntil: Date | null;
}

/** Table `api_keys`. */
export interface ApiKeys {
  /** @throws CONFLICT when a key that is not revoked has this name. */
  create(key: Pick<StoredApiKey, 'keyId' | 'name' | 'scopes' | 'expiresAt' | 'hash'>): Promise<ApiKey>;
  find(keyId: string): Promise<StoredApiKey | undefined>;
  /** Newest first, revoked ones included. */
  list(): Promise<readonly ApiKey[]>;
  /** Gives the key another secret; the one before stays good for `graceSeconds` by the database's clock. Undefined when there is none that is not revoked. */
  rotate(keyId: string, change: { hash: Buffer; graceSeconds: number }): Promise<ApiKey | undefined>;
  /** Final. Undefined when there is none; the same again when it already was. */
  revoke(keyId: string): Promise<ApiKey | undefined>;
  /** Moves `lastUsedAt` on to `at`, never back. */
  touch(keyId: string, at: Date): Promise<void>;
}

/** One change that somebody asked for. Written before the change is made, so that none is without its entry. */
export interface AuditEntry {
  readonly auditId: string;
  readonly at: Date;
  /** Null where no keys are required, and for the command line. */
  readonly keyId: string | null;
  /** `polls.create`, `jobs.cancel`, `keys.revoke` … */
  readonly action: string;
  /** What it was done to, where that is known: a job id, a key id, a symbol. */
  readonly target: string | null;
  /** HTTP status of the answer; null while it is being made, and for ever when the process died over it. */
  readonly status: number | null;
  readonly requestId: string;
  readonly address: string;
}

/** Table `audit_log`. It is only ever added to; `settle` fills in what could not be known at first. */
export interface AuditLog {
  /** Returns `auditId`. */
  begin(entry: Omit<AuditEntry, 'auditId' | 'at' | 'status'>): Promise<string>;
  settle(auditId: string, outcome: { status: number; target: string | null }): Promise<void>;
  /** Newest first. */
  list(query: {
    limit: number;
    before?: { readonly at: Date; readonly auditId: string } | undefined;
    keyId?: string | undefined;
    action?: string | undefined;
  }): Promise<readonly AuditEntry[]>;
}
