import type { IncomingMessage } from 'node:http';
import { type Caller, isAllowed, type Scope } from '../domain/access';
import { TickwireError, toTickwireError } from '../platform/errors';
import { clientNetworkOf } from '../platform/ip-address';

/** Who may use a route: callers with a scope; anybody, within the limits of an address; or probes, which are never refused. */
export type Access = Scope | 'public' | 'probe';

/** Who was let in. */
export interface Admission {
  readonly caller: Caller;
  /** Of the caller, behind the proxies that are trusted. */
  readonly address: string;
}

/** `headers` belong on the answer, whether it was let in or not. */
export type Admitted = { readonly headers: Readonly<Record<string, string>> } & (
  | ({ readonly ok: true } & Admission)
  | { readonly ok: false; readonly address: string; readonly error: TickwireError }
);

/** Decides about one request, before anything of it is read but its line and headers. Never rejects. */
export type Admit = (request: IncomingMessage, access: Access) => Promise<Admitted>;

/** How much one subject may still ask. */
export interface Allowance {
  /** `RateLimit`, `RateLimit-Policy`; none where there is no limit. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds until it may ask again; 0 when it may now. */
  readonly retryAfterMs: number;
}

export interface AdmissionOptions {
  addressOf(request: IncomingMessage): string;
  /** Who asks. @throws UNAUTHENTICATED when that cannot be told and has to be; INVALID_INPUT when a key came by a way that is none. */
  authenticate(request: IncomingMessage): Promise<Caller>;
  /** Takes one request of a subject, a key or an address. Never rejects: without a cache the limit is this process's own. */
  takeRequest(subject: string): Promise<Allowance>;
  /** Told what became of each request but those of probes: `admitted`, or the code of the refusal. */
  count?(outcome: string): void;
}

/** The same decision for every way in: routes, the hot path, sockets. Whoever fails to say who they are uses up what their address may ask. */
export function openAdmission({ addressOf, authenticate, takeRequest, count }: AdmissionOptions): Admit {
  return async (request, access) => {
    const address = addressOf(request);
    if (access === 'probe') return { ok: true, caller: NOBODY, address, headers: {} };
    const found = access === 'public' ? NOBODY : await authenticate(request).catch(toTickwireError);
    const isKnown = !(found instanceof TickwireError) && found.keyId !== null;
    const { headers, retryAfterMs } = await takeRequest(
      isKnown ? `key:${found.keyId}` : `address:${clientNetworkOf(address)}`,
    );
    const refuse = (error: TickwireError) => {
      count?.(error.code);
      return { ok: false, address, headers, error } as const;
    };
    if (retryAfterMs > 0) return refuse(tooMany(retryAfterMs));
    if (found instanceof TickwireError) return refuse(found);
    if (access !== 'public' && !isAllowed(found, access)) return refuse(notAllowed(access));
    count?.('admitted');
    return { ok: true, caller: found, address, headers };
  };
}

/** Who asks for what everybody may see. */
const NOBODY: Caller = { keyId: null, scopes: [] };

function tooMany(retryAfterMs: number): TickwireError {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return new TickwireError('RATE_LIMITED', `too many requests; retry in ${seconds} s`, { retryAfterMs });
}

function notAllowed(scope: Scope): TickwireError {
  return new TickwireError('FORBIDDEN', `this key lacks the scope ${scope}`);
}
