CREATE TABLE "polling_jobs" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "symbols" TEXT[],
    "interval_seconds" INTEGER NOT NULL,
    "provider" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'active',
    "anchor_at" TIMESTAMPTZ(3) NOT NULL DEFAULT transaction_timestamp(),
    "next_run_at" TIMESTAMPTZ(3) NOT NULL DEFAULT transaction_timestamp(),
    "run_requested_at" TIMESTAMPTZ(3),
    "lease_owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "fence" BIGINT NOT NULL DEFAULT 0,
    "missed_ticks" BIGINT NOT NULL DEFAULT 0,
    "idempotency_key" TEXT,
    "request_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT transaction_timestamp(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT transaction_timestamp(),

    CONSTRAINT "polling_jobs_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "polling_jobs_status_check" CHECK ("status" IN ('active', 'paused')),
    CONSTRAINT "polling_jobs_interval_check" CHECK ("interval_seconds" BETWEEN 1 AND 86400)
);
CREATE UNIQUE INDEX "polling_jobs_idempotency_key_key" ON "polling_jobs"("idempotency_key");
CREATE INDEX "polling_jobs_status_next_run_at_idx" ON "polling_jobs"("status", "next_run_at");

CREATE TABLE "polling_runs" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "job_id" UUID NOT NULL,
    "scheduled_for" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT transaction_timestamp(),
    "finished_at" TIMESTAMPTZ(3),
    "owner" TEXT NOT NULL,
    "fence" BIGINT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 1,
    "outcome" TEXT NOT NULL DEFAULT 'running',
    "quotes" INTEGER NOT NULL DEFAULT 0,
    "failures" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "polling_runs_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "polling_runs_outcome_check" CHECK ("outcome" IN ('running', 'succeeded', 'partial', 'failed', 'abandoned'))
);
CREATE UNIQUE INDEX "polling_runs_job_id_scheduled_for_key" ON "polling_runs"("job_id", "scheduled_for");
ALTER TABLE "polling_runs" ADD CONSTRAINT "polling_runs_job_id_fkey"
    FOREIGN KEY ("job_id") REFERENCES "polling_jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- "body" is JSON, not JSONB: the answer is kept as it came, text that JSONB refuses (a NUL in a name) included.
CREATE TABLE "raw_market_data" (
    "id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "symbols" TEXT[],
    "body" JSON NOT NULL,
    "events" JSON NOT NULL,
    "fetched_at" TIMESTAMPTZ(3) NOT NULL,
    "request_id" TEXT,
    "polling_run_id" UUID,
    "publish_after" TIMESTAMPTZ(3) NOT NULL,
    "published_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "raw_market_data_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "raw_market_data_provider_fetched_at_idx" ON "raw_market_data"("provider", "fetched_at");
-- The outbox is read every few seconds; only what still waits is in this index.
CREATE INDEX "raw_market_data_unpublished_idx" ON "raw_market_data"("created_at", "id") WHERE "published_at" IS NULL;

CREATE TABLE "price_series" (
    "id" SERIAL NOT NULL,
    "symbol" TEXT NOT NULL,
    "provider" TEXT NOT NULL,

    CONSTRAINT "price_series_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "price_series_symbol_provider_key" ON "price_series"("symbol", "provider");

-- event_id is compared byte by byte ("C"), as the pipeline orders it everywhere else.
CREATE TABLE "price_points" (
    "series_id" INTEGER NOT NULL,
    "observed_at" TIMESTAMPTZ(3) NOT NULL,
    "sequence" BIGINT NOT NULL,
    "event_id" TEXT COLLATE "C" NOT NULL,
    "price" DECIMAL NOT NULL,
    "volume" DECIMAL,
    "currency" TEXT,
    "fetched_at" TIMESTAMPTZ(3) NOT NULL,
    "ingested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "raw_response_id" UUID,

    CONSTRAINT "price_points_pkey" PRIMARY KEY ("series_id", "observed_at", "sequence", "event_id")
);

CREATE TABLE "symbol_averages" (
    "series_id" INTEGER NOT NULL,
    "window_size" SMALLINT NOT NULL,
    "observed_at" TIMESTAMPTZ(3) NOT NULL,
    "sequence" BIGINT NOT NULL,
    "event_id" TEXT COLLATE "C" NOT NULL,
    "average" DECIMAL NOT NULL,
    "computed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "symbol_averages_pkey" PRIMARY KEY ("series_id", "window_size", "observed_at", "sequence", "event_id")
);

CREATE TABLE "average_windows" (
    "series_id" INTEGER NOT NULL,
    "window_size" SMALLINT NOT NULL,
    "entries" JSON NOT NULL,
    "truncated" BOOLEAN NOT NULL,
    "version" BIGINT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "average_windows_pkey" PRIMARY KEY ("series_id", "window_size"),
    -- A writer that holds a stale version sets 0, so that its whole statement fails.
    CONSTRAINT "average_windows_version_check" CHECK ("version" > 0)
);
-- A window is rewritten with every batch: kept uncompressed in its row, with room beside it for the next version.
ALTER TABLE "average_windows" SET (toast_tuple_target = 8160, fillfactor = 50);

CREATE TABLE "ticker_metadata" (
    "symbol" TEXT NOT NULL,
    "name" TEXT,
    "currency" TEXT,
    "exchange" TEXT,
    "market_cap" DECIMAL,
    "last_updated" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ticker_metadata_pkey" PRIMARY KEY ("symbol")
);

-- Rows of the hot tables carry no foreign key: series ids are handed out by one insert into price_series and never removed.

CREATE VIEW "price_points_view" AS
SELECT s."symbol", s."provider", p."observed_at", p."sequence", p."event_id", p."price", p."volume", p."currency",
       p."fetched_at", p."ingested_at", p."raw_response_id"
FROM "price_points" p JOIN "price_series" s ON s."id" = p."series_id";

CREATE VIEW "symbol_averages_view" AS
SELECT s."symbol", s."provider", a."window_size", a."observed_at", a."event_id", a."average", a."computed_at"
FROM "symbol_averages" a JOIN "price_series" s ON s."id" = a."series_id";

CREATE VIEW "ticker_prices" AS
SELECT p."event_id" AS "id", s."symbol" AS "ticker", p."price", p."volume", m."market_cap", p."observed_at" AS "timestamp",
       p."ingested_at" AS "created_at"
FROM "price_points" p JOIN "price_series" s ON s."id" = p."series_id" LEFT JOIN "ticker_metadata" m ON m."symbol" = s."symbol";
