import { randomUUID } from 'node:crypto';
import { type ErrorCode, toTickwireError } from '../platform/errors';
import type { Store } from '../store/store';

/** Where the audit log names the address of a caller: a change made here came over no network. */
const ADDRESS = 'cli';
/** How the audit log tells the outcomes of a change, as the API would have answered it. */
const DONE = 200;
const REFUSED: Partial<Record<ErrorCode, number>> = { NOT_FOUND: 404, CONFLICT: 409 };

/** Makes a change that the audit log knows of before it is made. @throws what `change` throws; STORE_UNAVAILABLE, and then nothing was changed. */
export async function audited<T>(
  { auditLog }: Pick<Store, 'auditLog'>,
  { action, target, status = DONE }: { readonly action: string; readonly target: string; readonly status?: number },
  change: () => Promise<T>,
): Promise<T> {
  const entry = { keyId: null, action, target, requestId: randomUUID(), address: ADDRESS };
  const auditId = await auditLog.begin(entry);
  try {
    const changed = await change();
    await auditLog.settle(auditId, { status, target });
    return changed;
  } catch (error) {
    const refused = REFUSED[toTickwireError(error).code];
    // Without a status the entry says what is true: nobody knows how far the change came.
    if (refused !== undefined) await auditLog.settle(auditId, { status: refused, target });
    throw error;
  }
}
