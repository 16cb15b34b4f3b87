import { type Caller, mayChange, mayKnow } from '../domain/access';
import { TickwireError } from '../platform/errors';

/** Who asks for something, and what is said where there is no such thing. */
interface Asked {
  readonly caller: Caller;
  absent(): TickwireError;
}

/** `found`, where it is there and the caller may know of it. What is another key's is told exactly as what is not there. @throws NOT_FOUND. */
export function known<Owned extends { readonly owner: string | null }>(
  found: Owned | undefined,
  { caller, absent }: Asked,
): Owned {
  if (!found || !mayKnow(caller, found.owner)) throw absent();
  return found;
}

/**
 * The same for a job that is to be changed: one that belongs to nobody, because the configuration asked for it or no keys were required then, is for keys with
 * the scope `admin`. @throws NOT_FOUND, FORBIDDEN.
 */
export function changeable<Job extends { readonly jobId: string; readonly owner: string | null }>(
  found: Job | undefined,
  asked: Asked,
): Job {
  const job = known(found, asked);
  if (mayChange(asked.caller, job.owner)) return job;
  const detail = `job_id: job ${job.jobId} belongs to no key; only one with the scope admin may change it`;
  throw new TickwireError('FORBIDDEN', detail);
}

/** An `Idempotency-Key` as it is stored: each key has its own, so that no two callers meet under one. */
export function ownIdempotencyKey({ keyId }: Caller, given: string | undefined): string | undefined {
  return given === undefined || keyId === null ? given : `${keyId}:${given}`;
}
