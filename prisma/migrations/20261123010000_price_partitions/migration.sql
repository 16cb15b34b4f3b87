-- "price_points" and "symbol_averages" by month of "observed_at", so that retention drops tables instead of deleting rows.
-- What is stored is copied once, under a lock: about ten seconds for each million rows of both tables, and room for a second copy until the end.
-- Consumers wait and try again meanwhile; nothing is lost.

DROP VIEW "ticker_prices";
DROP VIEW "price_points_view";
DROP VIEW "symbol_averages_view";

ALTER TABLE "price_points" RENAME TO "price_points_unpartitioned";
ALTER TABLE "price_points_unpartitioned" RENAME CONSTRAINT "price_points_pkey" TO "price_points_unpartitioned_pkey";
ALTER TABLE "symbol_averages" RENAME TO "symbol_averages_unpartitioned";
ALTER TABLE "symbol_averages_unpartitioned" RENAME CONSTRAINT "symbol_averages_pkey" TO "symbol_averages_unpartitioned_pkey";

CREATE TABLE "price_points" (
    LIKE "price_points_unpartitioned" INCLUDING DEFAULTS,
    CONSTRAINT "price_points_pkey" PRIMARY KEY ("series_id", "observed_at", "sequence", "event_id")
) PARTITION BY RANGE ("observed_at");

CREATE TABLE "symbol_averages" (
    LIKE "symbol_averages_unpartitioned" INCLUDING DEFAULTS,
    CONSTRAINT "symbol_averages_pkey" PRIMARY KEY ("series_id", "window_size", "observed_at", "sequence", "event_id")
) PARTITION BY RANGE ("observed_at");

-- The partition's name, or null when it was there. Attached rather than created in place: that waits for no reader and no writer.
-- All that is older than 1990 shares one, so that a garbled date cannot make tables without end.
CREATE FUNCTION "make_price_partition"("parent" TEXT, "month" DATE) RETURNS TEXT LANGUAGE plpgsql AS $$
DECLARE
    is_early BOOLEAN := "month" < '1990-01-01';
    partition TEXT := parent || '_' || CASE WHEN is_early THEN 'early' ELSE to_char("month", 'YYYY_MM') END;
    first TIMESTAMPTZ := date_trunc('month', "month"::timestamp) AT TIME ZONE 'UTC';
    next TIMESTAMPTZ := (date_trunc('month', "month"::timestamp) + interval '1 month') AT TIME ZONE 'UTC';
BEGIN
    PERFORM pg_advisory_xact_lock(72707371);
    IF to_regclass(quote_ident(partition)) IS NOT NULL THEN
        RETURN NULL;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', partition, parent);
    IF is_early THEN
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (MINVALUE) TO (%L)', parent, partition,
            make_timestamptz(1990, 1, 1, 0, 0, 0, 'UTC'));
    ELSE
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, partition, first, next);
    END IF;
    RETURN partition;
END $$;

-- True when there was one. Waits no longer than five seconds for those who read the table: whoever comes after it would wait too.
CREATE FUNCTION "drop_price_partition"("partition" TEXT) RETURNS BOOLEAN LANGUAGE plpgsql SET lock_timeout = '5s' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(72707371);
    IF to_regclass(quote_ident("partition")) IS NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('DROP TABLE %I', "partition");
    RETURN true;
END $$;

SELECT make_price_partition(parent, month::date)
FROM (
    SELECT date_trunc('month', "observed_at", 'UTC') AT TIME ZONE 'UTC' AS month FROM "price_points_unpartitioned"
    UNION
    SELECT date_trunc('month', "observed_at", 'UTC') AT TIME ZONE 'UTC' FROM "symbol_averages_unpartitioned"
    UNION
    SELECT date_trunc('month', now(), 'UTC') AT TIME ZONE 'UTC' + ahead * interval '1 month' FROM generate_series(0, 2) AS ahead
) AS months, unnest(ARRAY['price_points', 'symbol_averages']) AS parent;

INSERT INTO "price_points" SELECT * FROM "price_points_unpartitioned";
INSERT INTO "symbol_averages" SELECT * FROM "symbol_averages_unpartitioned";
DROP TABLE "price_points_unpartitioned";
DROP TABLE "symbol_averages_unpartitioned";

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

-- What retention deletes is found by age.
CREATE INDEX "raw_market_data_created_at_idx" ON "raw_market_data"("created_at");
