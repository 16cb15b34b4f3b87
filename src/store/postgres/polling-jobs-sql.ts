/**
 * The statements that move a schedule. Time is `now()` of the database alone, rounded to the columns' milliseconds; a tick is
 * `anchor_at + n × interval_seconds` with whole n, so that nothing drifts.
 */
const NOW = 'now()::timestamptz(3)';

/** Whole seconds from the anchor to the newest tick at or before now. */
const gridSeconds = (interval: string) =>
  `floor(extract(epoch FROM ${NOW} - anchor_at) / (${interval}))::int8 * (${interval})`;
const nextTick = (interval: string) => `anchor_at + (${gridSeconds(interval)} + (${interval})) * interval '1 second'`;

const RUN = `r.id AS "runId", r.scheduled_for AS "scheduledFor", r.started_at AS "startedAt", r.finished_at AS "finishedAt",
  r.outcome, r.quotes, r.failures`;

/** $1 a job's id, or null for every job. */
export const JOBS = {
  name: 'polling-jobs-list',
  text: `
    SELECT j.id AS "jobId", j.symbols, j.interval_seconds AS "intervalSeconds", j.provider,
      j.market_hours_only AS "marketHoursOnly", j.status, j.anchor_at AS "anchorAt",
      j.next_run_at AS "nextRunAt", j.missed_ticks::float8 AS "missedTicks", j.created_at AS "createdAt", j.owner, ${RUN}
    FROM polling_jobs j LEFT JOIN LATERAL (
      SELECT * FROM polling_runs r WHERE r.job_id = j.id ORDER BY r.scheduled_for DESC LIMIT 1
    ) r ON true
    WHERE $1::uuid IS NULL OR j.id = $1
    ORDER BY j.created_at DESC, j.id`,
};

/**
 * $1 id, $2 symbols, $3 interval, $4 status, each null to keep. A job whose first tick, the anchor, was not claimed yet keeps it: the anchor is a
 * point of every grid.
 */
export const UPDATE = {
  name: 'polling-jobs-update',
  text: `
    UPDATE polling_jobs SET
      symbols = coalesce($2::text[], symbols),
      interval_seconds = coalesce($3::int, interval_seconds),
      status = coalesce($4::text, status),
      next_run_at = CASE
        WHEN status = 'paused' AND $4 = 'active' THEN ${nextTick('coalesce($3::int, interval_seconds)')}
        WHEN $3 <> interval_seconds AND next_run_at <> anchor_at THEN ${nextTick('$3::int')}
        ELSE next_run_at
      END,
      updated_at = now()
    WHERE id = $1`,
};

export const REQUEST_RUN = {
  name: 'polling-jobs-request-run',
  text: `UPDATE polling_jobs SET run_requested_at = coalesce(run_requested_at, ${NOW}), updated_at = now() WHERE id = $1`,
};

/** $1 owner, $2 lease in seconds, $3 limit. A held lease keeps a job from being claimed; one that ran out leaves a dead run behind. */
export const CLAIM_DUE = {
  name: 'polling-jobs-claim-due',
  text: `
    WITH due AS MATERIALIZED (
      SELECT id, anchor_at, interval_seconds, next_run_at, run_requested_at, fence,
        status = 'active' AND next_run_at <= ${NOW} AS tick_due
      FROM polling_jobs
      WHERE (lease_until IS NULL AND (run_requested_at IS NOT NULL OR (status = 'active' AND next_run_at <= ${NOW})))
        OR lease_until <= now()
      ORDER BY least(next_run_at, run_requested_at), id LIMIT $3
      FOR UPDATE SKIP LOCKED
    ), placed AS (
      SELECT due.*, dead.id AS dead_run_id, dead.scheduled_for AS dead_tick, CASE
          WHEN tick_due THEN anchor_at + ${gridSeconds('interval_seconds')} * interval '1 second'
          ELSE coalesce(dead.scheduled_for, run_requested_at, ${NOW})
        END AS tick
      FROM due LEFT JOIN polling_runs dead ON dead.job_id = due.id AND dead.fence = due.fence AND dead.outcome = 'running'
    ), claim AS (
      SELECT placed.*, CASE WHEN tick_due THEN tick + interval_seconds * interval '1 second' ELSE next_run_at END AS next_tick,
        CASE WHEN tick_due THEN (extract(epoch FROM tick - next_run_at) / interval_seconds)::int8 ELSE 0 END AS missed,
        CASE WHEN tick_due OR dead_tick IS NULL THEN NULL ELSE run_requested_at END AS still_requested_at
      FROM placed
    ), jobs AS (
      UPDATE polling_jobs j SET fence = j.fence + 1, lease_owner = $1, lease_until = now() + $2 * interval '1 second',
        next_run_at = claim.next_tick, missed_ticks = j.missed_ticks + claim.missed, run_requested_at = claim.still_requested_at
      FROM claim WHERE j.id = claim.id
      RETURNING j.id, j.symbols, j.interval_seconds, j.provider, j.market_hours_only, j.request_id, j.fence
    ), abandoned AS (
      UPDATE polling_runs r SET outcome = 'abandoned', finished_at = now()
      FROM claim WHERE r.id = claim.dead_run_id AND claim.tick_due
    ), runs AS (
      INSERT INTO polling_runs AS r (job_id, scheduled_for, owner, fence)
      SELECT id, tick, $1, fence + 1 FROM claim
      ON CONFLICT (job_id, scheduled_for) DO UPDATE SET owner = EXCLUDED.owner, fence = EXCLUDED.fence, attempts = r.attempts + 1,
        outcome = 'running', started_at = now(), finished_at = NULL, quotes = 0, failures = '[]'
      RETURNING r.id, r.job_id
    )
    SELECT runs.id AS "runId", jobs.id AS "jobId", claim.tick AS "scheduledFor", jobs.fence::float8 AS fence,
      claim.missed::float8 AS "missedTicks", jobs.request_id AS "requestId", jobs.symbols,
      jobs.interval_seconds AS "intervalSeconds", jobs.provider, jobs.market_hours_only AS "marketHoursOnly"
    FROM claim JOIN jobs USING (id) JOIN runs ON runs.job_id = jobs.id
    ORDER BY claim.tick, jobs.id`,
};

/** $1 run, $2 job, $3 fence, $4 outcome, $5 quotes, $6 failures as JSON, $7 when to resume or null, which `greatest` passes over. */
export const COMPLETE_RUN = {
  name: 'polling-jobs-complete-run',
  text: `
    WITH freed AS (
      UPDATE polling_jobs SET lease_owner = NULL, lease_until = NULL, next_run_at = greatest(next_run_at,
        anchor_at + ceil(extract(epoch FROM $7::timestamptz - anchor_at) / interval_seconds)::int8 * interval_seconds * interval '1 second')
      WHERE id = $2 AND fence = $3 AND lease_until IS NOT NULL RETURNING id
    )
    UPDATE polling_runs r SET outcome = $4, quotes = $5, failures = $6::jsonb, finished_at = now()
    FROM freed WHERE r.id = $1 AND r.job_id = freed.id AND r.fence = $3`,
};
