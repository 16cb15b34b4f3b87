import { TickwireError } from '../../platform/errors';
import type { AuditEntry, AuditLog } from '../access-store';
import type { Database } from './database';

const BEGIN = {
  name: 'audit-log-begin',
  text: `
    INSERT INTO audit_log (key_id, action, target, request_id, address) VALUES ($1, $2, $3, $4, $5)
    RETURNING audit_id AS "auditId"`,
};

/** $1 entry, $2 status, $3 target, null to keep. An entry is settled once. */
const SETTLE = {
  name: 'audit-log-settle',
  text: 'UPDATE audit_log SET status = $2, target = coalesce($3, target) WHERE audit_id = $1 AND status IS NULL',
};

/** $1 and $2 the entry to come after, or the end of time; $3 key and $4 action, each null for any; $5 limit. */
const LIST = {
  name: 'audit-log-list',
  text: `
    SELECT audit_id AS "auditId", at, key_id AS "keyId", action, target, status, request_id AS "requestId", address
    FROM audit_log
    WHERE (at, audit_id) < ($1::timestamptz, $2::uuid)
      AND ($3::text IS NULL OR key_id = $3) AND ($4::text IS NULL OR action = $4)
    ORDER BY at DESC, audit_id DESC LIMIT $5`,
};

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Table `audit_log`. */
export function openAuditLog(database: Database): AuditLog {
  return {
    async begin({ keyId, action, target, requestId, address }) {
      const values = [keyId, action, target, requestId, address];
      const [row] = await database.query<{ auditId: string }>(BEGIN, values);
      if (!row) throw new TickwireError('INTERNAL', 'audit_log: an entry was inserted and not returned');
      return row.auditId;
    },
    settle: async (auditId, { status, target }) => {
      await database.execute(SETTLE, [auditId, status, target]);
    },
    list: ({ limit, before, keyId, action }) => {
      const from = [before?.at ?? 'infinity', before?.auditId ?? LAST_ID];
      return database.query<AuditEntry & Record<string, unknown>>(LIST, [
        ...from,
        keyId ?? null,
        action ?? null,
        limit,
      ]);
    },
  };
}
