-- Instruments, and what is known of them.

CREATE TABLE "instruments" (
    "id" SERIAL NOT NULL,
    "symbol" TEXT COLLATE "C" NOT NULL,
    "asset_class" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "instruments_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "instruments_asset_class_check" CHECK ("asset_class" IN ('equity', 'fx', 'crypto'))
);
CREATE UNIQUE INDEX "instruments_symbol_key" ON "instruments"("symbol");

CREATE TABLE "vendor_symbols" (
    "instrument_id" INTEGER NOT NULL,
    "vendor" TEXT COLLATE "C" NOT NULL,
    "spelling" TEXT COLLATE "C" NOT NULL,
    "valid_from" DATE,
    "valid_to" DATE,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "vendor_symbols_pkey" PRIMARY KEY ("instrument_id", "vendor", "spelling"),
    CONSTRAINT "vendor_symbols_days_check" CHECK ("valid_from" <= "valid_to"),
    CONSTRAINT "vendor_symbols_instrument_id_fkey" FOREIGN KEY ("instrument_id") REFERENCES "instruments"("id")
        ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "vendor_symbols_spelling_idx" ON "vendor_symbols"(upper("spelling"));

-- "last_updated" is when a source described the instrument, and null where none did. A market capitalisation comes with every quote and has a time of its
-- own, else no description would ever grow old.
ALTER TABLE "ticker_metadata"
    ADD COLUMN "sector" TEXT,
    ADD COLUMN "industry" TEXT,
    ADD COLUMN "source" TEXT,
    ADD COLUMN "market_cap_at" TIMESTAMPTZ(3),
    ALTER COLUMN "last_updated" DROP NOT NULL;
UPDATE "ticker_metadata" SET "market_cap_at" = "last_updated", "last_updated" = NULL;

CREATE TABLE "corporate_actions" (
    "symbol" TEXT COLLATE "C" NOT NULL,
    "ex_date" DATE NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "source" TEXT COLLATE "C" NOT NULL,
    "amount" DECIMAL,
    "currency" TEXT,
    "ratio" DECIMAL,
    "successor" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "corporate_actions_pkey" PRIMARY KEY ("symbol", "ex_date", "kind", "source"),
    CONSTRAINT "corporate_actions_kind_check" CHECK ("kind" IN ('dividend', 'split', 'merger'))
);

-- Bars. One row for each revision of a bar; rows are added, never changed, but for a bar of ticks whose interval is not over yet.
-- Partitions are years: ten years of daily bars are ten of them, and a minute's bars of a year are found by a key four levels deep.

CREATE TABLE "bar_series" (
    "id" SERIAL NOT NULL,
    "instrument_id" INTEGER NOT NULL,
    "interval" TEXT NOT NULL,
    "source" TEXT NOT NULL,

    CONSTRAINT "bar_series_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "bar_series_instrument_id_fkey" FOREIGN KEY ("instrument_id") REFERENCES "instruments"("id")
        ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "bar_series_instrument_id_interval_source_key" ON "bar_series"("instrument_id", "interval", "source");

CREATE TABLE "eq_ohlcv" (
    "series_id" INTEGER NOT NULL,
    "start_at" TIMESTAMPTZ(3) NOT NULL,
    "revision" INTEGER NOT NULL,
    "open" DECIMAL NOT NULL,
    "high" DECIMAL NOT NULL,
    "low" DECIMAL NOT NULL,
    "close" DECIMAL NOT NULL,
    "volume" DECIMAL,
    "raw_response_id" UUID,
    "ingested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
) PARTITION BY RANGE ("start_at");
-- The newest revision comes first, so that a series is read by one pass over the index.
CREATE UNIQUE INDEX "eq_ohlcv_series_id_start_at_revision_key" ON "eq_ohlcv"("series_id", "start_at", "revision" DESC);

CREATE TABLE "fx_ohlcv" (LIKE "eq_ohlcv" INCLUDING DEFAULTS) PARTITION BY RANGE ("start_at");
CREATE UNIQUE INDEX "fx_ohlcv_series_id_start_at_revision_key" ON "fx_ohlcv"("series_id", "start_at", "revision" DESC);

CREATE TABLE "crypto_ohlcv" (LIKE "eq_ohlcv" INCLUDING DEFAULTS) PARTITION BY RANGE ("start_at");
CREATE UNIQUE INDEX "crypto_ohlcv_series_id_start_at_revision_key" ON "crypto_ohlcv"("series_id", "start_at", "revision" DESC);

-- The partition's name, or null when it was there. Attached rather than created in place: that waits for no reader and no writer.
CREATE FUNCTION "make_ohlcv_partition"("parent" TEXT, "year" INTEGER) RETURNS TEXT LANGUAGE plpgsql AS $$
DECLARE
    partition TEXT := parent || '_' || lpad("year"::text, 4, '0');
BEGIN
    PERFORM pg_advisory_xact_lock(72707370);
    IF to_regclass(quote_ident(partition)) IS NOT NULL THEN
        RETURN NULL;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', partition, parent);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, partition,
        make_timestamptz("year", 1, 1, 0, 0, 0, 'UTC'), make_timestamptz("year" + 1, 1, 1, 0, 0, 0, 'UTC'));
    RETURN partition;
END $$;

-- True when there was one. Waits no longer than five seconds for those who read the table: whoever comes after it would wait too.
CREATE FUNCTION "drop_ohlcv_partition"("partition" TEXT) RETURNS BOOLEAN LANGUAGE plpgsql SET lock_timeout = '5s' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(72707370);
    IF to_regclass(quote_ident("partition")) IS NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('DROP TABLE %I', "partition");
    RETURN true;
END $$;

SELECT make_ohlcv_partition(parent, year)
FROM unnest(ARRAY['eq_ohlcv', 'fx_ohlcv', 'crypto_ohlcv']) AS parent, generate_series(2025, 2027) AS year;

CREATE VIEW "ohlcv_view" AS
SELECT i."symbol", s."interval", b."start_at", b."open", b."high", b."low", b."close", b."volume", s."source", b."revision", b."ingested_at"
FROM (SELECT * FROM "eq_ohlcv" UNION ALL SELECT * FROM "fx_ohlcv" UNION ALL SELECT * FROM "crypto_ohlcv") b
JOIN "bar_series" s ON s."id" = b."series_id" JOIN "instruments" i ON i."id" = s."instrument_id";

-- "fields" is JSON, not JSONB: the fields are kept as the source gave them.
CREATE TABLE "ohlcv_quarantine" (
    "id" TEXT NOT NULL,
    "symbol" TEXT NOT NULL,
    "interval" TEXT NOT NULL,
    "start_at" TIMESTAMPTZ(3) NOT NULL,
    "source" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "fields" JSON NOT NULL,
    "raw_response_id" UUID,
    "quarantined_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ohlcv_quarantine_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "ohlcv_quarantine_symbol_start_at_idx" ON "ohlcv_quarantine"("symbol", "start_at");

CREATE TABLE "history_ingests" (
    "source" TEXT NOT NULL,
    "symbol" TEXT NOT NULL,
    "interval" TEXT NOT NULL,
    "start_at" TIMESTAMPTZ(3) NOT NULL,
    "end_at" TIMESTAMPTZ(3) NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "history_ingests_pkey" PRIMARY KEY ("source", "symbol", "interval", "start_at", "end_at")
);

-- News.

CREATE TABLE "news_items" (
    "news_id" TEXT COLLATE "C" NOT NULL,
    "symbol" TEXT NOT NULL,
    "headline" TEXT NOT NULL,
    "summary" TEXT,
    "url" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,
    "ingested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "news_items_pkey" PRIMARY KEY ("news_id")
);
CREATE INDEX "news_items_published_at_news_id_idx" ON "news_items"("published_at", "news_id");
CREATE INDEX "news_items_symbol_published_at_news_id_idx" ON "news_items"("symbol", "published_at", "news_id");

CREATE TABLE "news_polls" (
    "symbol" TEXT COLLATE "C" NOT NULL,
    "provider" TEXT COLLATE "C" NOT NULL,
    "polled_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "news_polls_pkey" PRIMARY KEY ("symbol", "provider")
);

-- Polling jobs that rest while the market is closed.

ALTER TABLE "polling_jobs" ADD COLUMN "market_hours_only" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "polling_runs" DROP CONSTRAINT "polling_runs_outcome_check";
ALTER TABLE "polling_runs" ADD CONSTRAINT "polling_runs_outcome_check"
    CHECK ("outcome" IN ('running', 'succeeded', 'partial', 'failed', 'abandoned', 'skipped'));
