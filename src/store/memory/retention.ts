import { KEPT_PRICES, monthOf, type PriceTable, partitionNameOf, startOf } from '../price-months';
import type { Retention } from '../retention-store';
import type { MemoryAuditLog } from './audit-log';
import type { MemoryAverages } from './averages';
import type { MemoryPollJobs } from './poll-jobs';
import type { MemoryPrices } from './prices';
import type { MemoryRawResponses } from './raw-responses';
import type { SortedRows } from './sorted-rows';

interface Kept {
  readonly prices: MemoryPrices;
  readonly averages: MemoryAverages;
  readonly rawResponses: MemoryRawResponses;
  readonly pollJobs: MemoryPollJobs;
  readonly auditLog: MemoryAuditLog;
}

/** Retention in memory. */
export function openMemoryRetention({ prices, averages, rawResponses, pollJobs, auditLog }: Kept): Retention {
  return {
    async dropPrices(before) {
      const bound = startOf(monthOf(before));
      const points = prices
        .pointsOfEverySeries()
        .flatMap((series) => dropOlder(series, { table: 'price_points', bound, kept: KEPT_PRICES }));
      const rows = averages.rowsOfEverySeries().flatMap((series) => {
        const kept = KEPT_PRICES - (series.rows[0]?.window ?? 1) + 1;
        return dropOlder(series, { table: 'symbol_averages', bound, kept });
      });
      return [...new Set([...points, ...rows])].sort();
    },
    deleteRecords: async (before, limit) => ({
      rawResponses: rawResponses.deletePublished(before, limit),
      pollRuns: pollJobs.deleteRuns(before, limit),
      auditEntries: auditLog.deleteOlder(before, limit),
    }),
  };
}

/** Removes what is older than `bound` but the newest `kept` of it; returns the partitions that became smaller. */
function dropOlder<Row extends { readonly observedAt: Date; readonly sequence: number; readonly eventId: string }>(
  series: SortedRows<Row>,
  { table, bound, kept }: { readonly table: PriceTable; readonly bound: Date; readonly kept: number },
): string[] {
  const older = series.rows.filter(({ observedAt }) => observedAt < bound);
  const gone = new Set(older.slice(0, Math.max(0, older.length - kept)));
  series.remove((row) => gone.has(row));
  return [...gone].map(({ observedAt }) => partitionNameOf(table, monthOf(observedAt)));
}
