import { randomUUID } from 'node:crypto';
import type { Clock } from '../../platform/clock';
import type { AuditEntry, AuditLog } from '../access-store';

/** What retention does to it beside the port. */
export interface MemoryAuditLog extends AuditLog {
  /** Deletes at most `limit` entries older than `before`; returns how many. */
  deleteOlder(before: Date, limit: number): number;
}

/** `audit_log` in memory; the given clock stands for the database's. */
export function openMemoryAuditLog(clock: Clock): MemoryAuditLog {
  const entries = new Map<string, AuditEntry>();

  return {
    async begin(entry) {
      const auditId = randomUUID();
      entries.set(auditId, { ...entry, auditId, at: clock(), status: null });
      return auditId;
    },
    async settle(auditId, { status, target }) {
      const entry = entries.get(auditId);
      if (entry?.status === null) entries.set(auditId, { ...entry, status, target: target ?? entry.target });
    },
    deleteOlder(before, limit) {
      const old = [...entries.values()].filter(({ at }) => at < before).slice(0, limit);
      for (const { auditId } of old) entries.delete(auditId);
      return old.length;
    },
    list: async ({ limit, before, keyId, action }) =>
      [...entries.values()]
        .filter((entry) => keyId === undefined || entry.keyId === keyId)
        .filter((entry) => action === undefined || entry.action === action)
        .filter((entry) => !before || compareNewestFirst(entry, before) > 0)
        .sort(compareNewestFirst)
        .slice(0, limit),
  };
}

type Place = Pick<AuditEntry, 'at' | 'auditId'>;

function compareNewestFirst(a: Place, b: Place): number {
  return b.at.getTime() - a.at.getTime() || (a.auditId > b.auditId ? -1 : Number(a.auditId < b.auditId));
}
