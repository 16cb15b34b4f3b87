import { DAY_MS } from '../domain/instant';
import type { Clock } from '../platform/clock';
import type { Log } from '../platform/log';
import type { DeletedRecords } from '../store/retention-store';
import type { Store } from '../store/store';

/** Records of each kind deleted by one statement: it holds its rows for a moment only. */
const BATCH = 1_000;

export interface DropOldDependencies {
  readonly store: Pick<Store, 'retention'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Days that prices and their averages are kept; 0 for ever. */
  readonly priceDays: number;
  /** Days that answers of providers, finished runs and the audit log are kept; 0 for ever. */
  readonly recordDays: number;
}

/**
 * Drops what is older than it has to be kept: prices by the month, records by the batch until none is left. Any number of pollers may ask at once, one of
 * them does it. @throws STORE_UNAVAILABLE, STORE_CONFLICT when a table is in use; the rest is done at the next call.
 */
export async function dropOld(dependencies: DropOldDependencies, signal: AbortSignal): Promise<void> {
  const { store, clock, log, priceDays, recordDays } = dependencies;
  const before = (days: number) => new Date(clock().getTime() - days * DAY_MS);
  if (recordDays > 0) {
    const deleted = await deleteRecords(store, before(recordDays), signal);
    if (countOf(deleted) > 0) log.info({ ...deleted, olderThanDays: recordDays }, 'old records deleted');
  }
  if (priceDays > 0 && !signal.aborted) {
    const partitions = await store.retention.dropPrices(before(priceDays));
    if (partitions.length > 0) log.info({ partitions, olderThanDays: priceDays }, 'old prices dropped');
  }
}

async function deleteRecords(
  { retention }: Pick<Store, 'retention'>,
  before: Date,
  signal: AbortSignal,
): Promise<DeletedRecords> {
  let all: DeletedRecords = { rawResponses: 0, pollRuns: 0, auditEntries: 0 };
  while (!signal.aborted) {
    const batch = await retention.deleteRecords(before, BATCH);
    all = {
      rawResponses: all.rawResponses + batch.rawResponses,
      pollRuns: all.pollRuns + batch.pollRuns,
      auditEntries: all.auditEntries + batch.auditEntries,
    };
    if (Math.max(...Object.values(batch)) < BATCH) break;
  }
  return all;
}

function countOf(deleted: DeletedRecords): number {
  return Object.values(deleted).reduce((sum, count) => sum + count, 0);
}
