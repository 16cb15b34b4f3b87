import type { DeletedRecords } from '../retention-store';
import type { Session } from './database';

/** Runs of one job that stay, however old: as many as the API shows. */
const KEPT_RUNS = 20;

/** What another transaction holds is left for the next time: nobody waits for a deletion, and a deletion for nobody. */
const DELETE_RAW_RESPONSES = {
  name: 'retention-raw-responses',
  text: `
    DELETE FROM raw_market_data WHERE id IN (
      SELECT id FROM raw_market_data WHERE created_at < $1 AND published_at IS NOT NULL
      ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED
    )`,
};

const DELETE_POLL_RUNS = {
  name: 'retention-poll-runs',
  text: `
    DELETE FROM polling_runs WHERE id IN (
      SELECT r.id FROM polling_jobs j
      CROSS JOIN LATERAL (
        SELECT scheduled_for FROM polling_runs WHERE job_id = j.id ORDER BY scheduled_for DESC OFFSET ${KEPT_RUNS - 1} LIMIT 1
      ) oldest_kept
      JOIN polling_runs r ON r.job_id = j.id AND r.scheduled_for < oldest_kept.scheduled_for
      WHERE r.scheduled_for < $1 AND r.finished_at < $1
      LIMIT $2 FOR UPDATE OF r SKIP LOCKED
    )`,
};

const DELETE_AUDIT_ENTRIES = {
  name: 'retention-audit-entries',
  text: `
    DELETE FROM audit_log WHERE audit_id IN (
      SELECT audit_id FROM audit_log WHERE at < $1 ORDER BY at, audit_id LIMIT $2 FOR UPDATE SKIP LOCKED
    )`,
};

/** One batch of each kind. */
export async function deleteRecords(session: Session, before: Date, limit: number): Promise<DeletedRecords> {
  return {
    rawResponses: await session.execute(DELETE_RAW_RESPONSES, [before, limit]),
    pollRuns: await session.execute(DELETE_POLL_RUNS, [before, limit]),
    auditEntries: await session.execute(DELETE_AUDIT_ENTRIES, [before, limit]),
  };
}
