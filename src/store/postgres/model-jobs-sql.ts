/**
 * The statements that move a model job. Time is the database's alone. A write of a runner names the fence it claimed under and reaches the row only
 * while that claim holds: `status = 'running'` and the same fence.
 */

/** `now()` is the start of a transaction, which may have waited for its lock since. */
const NOW = 'statement_timestamp()';

const ARTIFACTS = `coalesce((
    SELECT json_agg(json_build_object('name', a.name, 'contentType', a.content_type, 'bytes', a.bytes, 'sha256', a.sha256) ORDER BY a.position)
    FROM model_artifacts a WHERE a.job_id = j.id
  ), '[]')`;

const columns = (result: string, artifacts: string) => `j.id AS "jobId", j.model, j.params, j.status, j.progress,
  j.created_at AS "createdAt", j.started_at AS "startedAt", j.finished_at AS "finishedAt", j.attempts, ${result} AS result, j.metrics,
  j.warnings, j.error, ${artifacts} AS artifacts, j.request_id AS "requestId", j.owner`;

const WHOLE = columns('j.result', ARTIFACTS);
/** Of a job that has not ended: there is nothing to look up. */
const UNFINISHED = columns('NULL', `'[]'::json`);

/** $1 the key. Serialises those who create jobs under one key. */
export const LOCK_KEY = {
  name: 'model-jobs-lock-key',
  text: `SELECT pg_advisory_xact_lock(hashtextextended('tickwire model job ' || $1, 0))`,
};

/** $1 an idempotency key. */
export const OF_KEY = {
  name: 'model-jobs-of-key',
  text: `SELECT ${WHOLE} FROM model_jobs j WHERE j.idempotency_key = $1 ORDER BY j.batch_position`,
};

/** $1 the jobs as a JSON array of {id, model, params (as text), requestId, owner}, $2 idempotency key, $3 grace in seconds. */
export const INSERT = {
  name: 'model-jobs-insert',
  text: `
    WITH inserted AS (
      INSERT INTO model_jobs (id, model, params, request_id, owner, idempotency_key, batch_position, publish_after)
      SELECT (item ->> 'id')::uuid, item ->> 'model', (item ->> 'params')::json, item ->> 'requestId', item ->> 'owner', $2, position - 1,
        now() + $3 * interval '1 second'
      FROM json_array_elements($1::json) WITH ORDINALITY AS t(item, position)
      RETURNING *
    )
    SELECT ${UNFINISHED} FROM inserted j ORDER BY j.batch_position`,
};

/** $1 id. */
export const FIND = { name: 'model-jobs-find', text: `SELECT ${WHOLE} FROM model_jobs j WHERE j.id = $1` };

/** $1 id, $2 name. */
export const FIND_ARTIFACT = {
  name: 'model-jobs-find-artifact',
  text: `
    SELECT a.name, a.content_type AS "contentType", a.bytes::float8 AS bytes, a.sha256, a.fence::float8 AS fence, j.owner
    FROM model_artifacts a JOIN model_jobs j ON j.id = a.job_id WHERE a.job_id = $1 AND a.name = $2`,
};

/** $1 status, $2 model, $3 and $4 the job to go on after, each null for none; $5 limit. */
const ASKED = `($1::text IS NULL OR j.status = $1) AND ($2::text IS NULL OR j.model = $2)
      AND ($3::timestamptz IS NULL OR (j.created_at, j.id) < ($3, $4::uuid))`;
const NEWEST_FIRST = 'ORDER BY j.created_at DESC, j.id DESC LIMIT $5';

export const LIST = {
  name: 'model-jobs-list',
  text: `SELECT ${columns('NULL', ARTIFACTS)} FROM model_jobs j WHERE ${ASKED} ${NEWEST_FIRST}`,
};

/** $6 whose: the newest of theirs and the newest of nobody's, each by its index, of which the newest of all. */
export const LIST_OF = {
  name: 'model-jobs-list-of',
  text: `
    SELECT ${columns('NULL', ARTIFACTS)} FROM (
      (SELECT j.* FROM model_jobs j WHERE j.owner = $6 AND ${ASKED} ${NEWEST_FIRST})
      UNION ALL
      (SELECT j.* FROM model_jobs j WHERE j.owner IS NULL AND ${ASKED} ${NEWEST_FIRST})
    ) j ${NEWEST_FIRST}`,
};

/** $1 ids. */
export const MARK_PUBLISHED = {
  name: 'model-jobs-mark-published',
  text: 'UPDATE model_jobs SET published_at = now() WHERE id = ANY ($1::uuid[]) AND published_at IS NULL',
};

/** $1 limit, $2 grace in seconds. */
export const CLAIM_UNPUBLISHED = {
  name: 'model-jobs-claim-unpublished',
  text: `
    WITH waiting AS MATERIALIZED (
      SELECT id FROM model_jobs WHERE published_at IS NULL AND status = 'queued' AND publish_after <= now()
      ORDER BY created_at, batch_position, id LIMIT $1 FOR UPDATE SKIP LOCKED
    ), claimed AS (
      UPDATE model_jobs j SET publish_after = now() + $2 * interval '1 second' FROM waiting WHERE j.id = waiting.id RETURNING j.*
    )
    SELECT id AS "jobId", model, request_id AS "requestId", owner FROM claimed ORDER BY created_at, batch_position, id`,
};

/** One for all runners, held to the end of the transaction: the count of a claim stays true until it is committed. */
export const LOCK_CLAIMS = {
  name: 'model-jobs-lock-claims',
  text: `SELECT pg_advisory_xact_lock(hashtextextended('tickwire model job claims', 0))`,
};

/** $1 owner, $2 lease in seconds, $3 most live leases over all runners, $4 limit, $5 ids that go first. To be run under LOCK_CLAIMS, as a statement after it. */
export const CLAIM = {
  name: 'model-jobs-claim',
  text: `
    WITH due AS MATERIALIZED (
      SELECT id FROM model_jobs
      WHERE (status = 'queued' AND run_after <= ${NOW}) OR (status = 'running' AND lease_until <= ${NOW})
      ORDER BY id = ANY ($5::uuid[]) DESC, created_at, batch_position, id
      LIMIT greatest(0, least($4::int, $3::int - (SELECT count(*) FROM model_jobs WHERE status = 'running' AND lease_until > ${NOW})))
      FOR UPDATE SKIP LOCKED
    )
    UPDATE model_jobs j SET status = 'running', attempts = j.attempts + 1, fence = j.fence + 1, progress = 0, lease_owner = $1,
      lease_until = ${NOW} + $2 * interval '1 second', started_at = coalesce(j.started_at, ${NOW})
    FROM due WHERE j.id = due.id
    RETURNING j.fence::float8 AS fence, ${UNFINISHED}`,
};

/** $1 id, $2 fence, $3 progress, $4 lease in seconds. Progress never goes back. */
export const RENEW = {
  name: 'model-jobs-renew',
  text: `
    UPDATE model_jobs SET progress = greatest(progress, $3), lease_until = ${NOW} + $4 * interval '1 second'
    WHERE id = $1 AND fence = $2 AND status = 'running' AND lease_until > ${NOW}`,
};

/** $1 id, $2 fence, $3 result, $4 metrics, $5 warnings and $6 artifacts as JSON. */
export const COMPLETE = {
  name: 'model-jobs-complete',
  text: `
    WITH completed AS (
      UPDATE model_jobs SET status = 'completed', progress = 1, result = $3::json, metrics = $4::json, warnings = $5::json, error = NULL,
        lease_owner = NULL, lease_until = NULL, finished_at = ${NOW}
      WHERE id = $1 AND fence = $2 AND status = 'running' RETURNING id, fence
    ), kept AS (
      INSERT INTO model_artifacts (job_id, name, fence, position, content_type, bytes, sha256)
      SELECT completed.id, item ->> 'name', completed.fence, position, item ->> 'contentType', (item ->> 'bytes')::int8, item ->> 'sha256'
      FROM completed, json_array_elements($6::json) WITH ORDINALITY AS t(item, position)
    )
    SELECT id FROM completed`,
};

/** $1 id, $2 fence, $3 error as JSON, $4 seconds to the next attempt, null for none. */
export const FAIL = {
  name: 'model-jobs-fail',
  text: `
    UPDATE model_jobs SET error = $3::json, lease_owner = NULL, lease_until = NULL,
      status = CASE WHEN $4::float8 IS NULL THEN 'failed' ELSE 'queued' END,
      finished_at = CASE WHEN $4::float8 IS NULL THEN ${NOW} END,
      run_after = ${NOW} + coalesce($4::float8, 0) * interval '1 second'
    WHERE id = $1 AND fence = $2 AND status = 'running'`,
};

/** $1 id. */
export const CANCEL = {
  name: 'model-jobs-cancel',
  text: `
    UPDATE model_jobs SET status = 'cancelled', lease_owner = NULL, lease_until = NULL, finished_at = ${NOW}
    WHERE id = $1 AND status IN ('queued', 'running')`,
};

/** $1 id, $2 fence. */
export const RELEASE = {
  name: 'model-jobs-release',
  text: `
    UPDATE model_jobs SET status = 'queued', attempts = attempts - 1, lease_owner = NULL, lease_until = NULL, run_after = ${NOW}
    WHERE id = $1 AND fence = $2 AND status = 'running'`,
};

export const COUNT_RUNNING = {
  name: 'model-jobs-count-running',
  text: `SELECT count(*)::float8 AS count FROM model_jobs WHERE status = 'running' AND lease_until > ${NOW}`,
};

export const COUNT_QUEUED = {
  name: 'model-jobs-count-queued',
  text: `SELECT count(*)::float8 AS count FROM model_jobs WHERE status = 'queued'`,
};

/** $1 id. */
export const STATUS = { name: 'model-jobs-status', text: 'SELECT status FROM model_jobs WHERE id = $1' };
