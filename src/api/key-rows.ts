import type { Clock } from '../platform/clock';
import { messageOf } from '../platform/errors';
import type { Log } from '../platform/log';
import type { ApiKeys, StoredApiKey } from '../store/access-store';

/** How long a row is taken as it was read: so soon does a revocation take effect in every process. */
export const FRESH_MS = 5_000;
/** How long a key that was read goes on while the database is away. */
export const USABLE_MS = 60_000;
/** A held key does not wait longer than this for a database that says nothing. */
const PATIENCE_MS = 250;
/** `last_used_at` is told to the minute. */
const TOUCH_EVERY_MS = 60_000;
/** Keys held; past it the one read longest ago is forgotten. Only stored keys are held, so guesses push none out. */
const CAPACITY = 10_000;

interface Held {
  readonly row: StoredApiKey;
  readonly readMs: number;
}

/** The rows of keys in use, held for seconds so that a request costs no query. */
export interface KeyRows {
  /** As it was within the last {@link FRESH_MS}, or {@link USABLE_MS} while the database is away; undefined when there is none. @throws STORE_UNAVAILABLE. */
  find(keyId: string): StoredApiKey | undefined | Promise<StoredApiKey | undefined>;
  /** As it is now, where what is held may be older than what was just changed. @throws STORE_UNAVAILABLE. */
  read(keyId: string): Promise<StoredApiKey | undefined>;
  /** Notes that the key was used now, at most once a minute, in the background. */
  touch(row: StoredApiKey): void;
}

export interface KeyRowsOptions {
  readonly apiKeys: Pick<ApiKeys, 'find' | 'touch'>;
  readonly clock: Clock;
  readonly log: Log;
}

export function openKeyRows({ apiKeys, clock, log }: KeyRowsOptions): KeyRows {
  const held = new Map<string, Held>();
  const reading = new Map<string, Promise<StoredApiKey | undefined>>();
  const touchedMs = new Map<string, number>();

  const forget = (keyId: string) => {
    held.delete(keyId);
    touchedMs.delete(keyId);
  };
  const load = async (keyId: string) => {
    const row = await apiKeys.find(keyId);
    held.delete(keyId);
    if (!row) return undefined;
    held.set(keyId, { row, readMs: clock().getTime() });
    const [oldest] = held.keys();
    if (held.size > CAPACITY && oldest !== undefined) forget(oldest);
    return row;
  };
  /** Many requests of one key at once are one query, and those that hold a row do not wait for it. */
  const read = (keyId: string) => {
    const running = reading.get(keyId);
    if (running) return running;
    const begun = load(keyId).finally(() => reading.delete(keyId));
    reading.set(keyId, begun);
    return begun;
  };

  return {
    read,
    find: (keyId) => {
      const known = held.get(keyId);
      const ageMs = known ? clock().getTime() - known.readMs : Number.POSITIVE_INFINITY;
      if (!known || ageMs >= USABLE_MS) return read(keyId);
      if (ageMs < FRESH_MS || reading.has(keyId)) return known.row;
      return within(PATIENCE_MS, read(keyId), known.row);
    },
    touch: ({ keyId, lastUsedAt }) => {
      const now = clock();
      const lastMs = Math.max(touchedMs.get(keyId) ?? 0, lastUsedAt?.getTime() ?? 0);
      if (now.getTime() - lastMs < TOUCH_EVERY_MS) return;
      touchedMs.set(keyId, now.getTime());
      apiKeys
        .touch(keyId, now)
        .catch((error: unknown) => log.debug({ keyId, error: messageOf(error) }, 'the use of a key was not noted'));
    },
  };
}

/** What `asked` gives, or `otherwise` where that fails or takes longer. */
async function within<T>(patienceMs: number, asked: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), patienceMs);
  });
  try {
    return await Promise.race([asked.catch(() => otherwise), late]);
  } finally {
    clearTimeout(timer);
  }
}
