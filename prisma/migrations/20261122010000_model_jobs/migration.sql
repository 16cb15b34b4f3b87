-- One run of one model. The row is the truth: Kafka only wakes a runner. JSON and not JSONB: numbers keep their digits and keys their order.
CREATE TABLE "model_jobs" (
    "id" UUID NOT NULL,
    "model" TEXT NOT NULL,
    "params" JSON NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'queued',
    "progress" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "fence" BIGINT NOT NULL DEFAULT 0,
    "lease_owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "run_after" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "result" JSON,
    "metrics" JSON NOT NULL DEFAULT '{}',
    "warnings" JSON NOT NULL DEFAULT '[]',
    "error" JSON,
    "request_id" TEXT,
    "idempotency_key" TEXT,
    "batch_position" INTEGER NOT NULL DEFAULT 0,
    "publish_after" TIMESTAMPTZ(3) NOT NULL,
    "published_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "model_jobs_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "model_jobs_status_check" CHECK ("status" IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
    CONSTRAINT "model_jobs_progress_check" CHECK ("progress" BETWEEN 0 AND 1),
    CONSTRAINT "model_jobs_lease_check" CHECK (("status" = 'running') = ("lease_until" IS NOT NULL)),
    CONSTRAINT "model_jobs_result_check" CHECK ("status" <> 'completed' OR "result" IS NOT NULL)
);
CREATE UNIQUE INDEX "model_jobs_idempotency_key_batch_position_key" ON "model_jobs"("idempotency_key", "batch_position");
CREATE INDEX "model_jobs_created_at_id_idx" ON "model_jobs"("created_at", "id");
CREATE INDEX "model_jobs_model_created_at_id_idx" ON "model_jobs"("model", "created_at", "id");
CREATE INDEX "model_jobs_status_created_at_id_idx" ON "model_jobs"("status", "created_at", "id");
-- What a claim looks through, and what the outbox does: both stay small however many jobs there ever were.
CREATE INDEX "model_jobs_unfinished" ON "model_jobs"("created_at", "batch_position", "id") WHERE "status" IN ('queued', 'running');
CREATE INDEX "model_jobs_unpublished" ON "model_jobs"("created_at", "batch_position", "id")
    WHERE "published_at" IS NULL AND "status" = 'queued';

-- The files of the attempt that completed its job; "fence" says which attempt that was.
CREATE TABLE "model_artifacts" (
    "job_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "fence" BIGINT NOT NULL,
    "position" INTEGER NOT NULL,
    "content_type" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "sha256" TEXT NOT NULL,

    CONSTRAINT "model_artifacts_pkey" PRIMARY KEY ("job_id", "name")
);
ALTER TABLE "model_artifacts" ADD CONSTRAINT "model_artifacts_job_id_fkey"
    FOREIGN KEY ("job_id") REFERENCES "model_jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;
