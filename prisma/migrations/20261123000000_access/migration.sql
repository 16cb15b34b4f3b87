CREATE TABLE "api_keys" (
    "key_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "scopes" TEXT[],
    "hash" BYTEA NOT NULL,
    "previous_hash" BYTEA,
    "previous_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("key_id"),
    CONSTRAINT "api_keys_hash_check" CHECK (octet_length("hash") = 32)
);
-- A name is free again once its key is revoked.
CREATE UNIQUE INDEX "api_keys_live_name_key" ON "api_keys"("name") WHERE "revoked_at" IS NULL;

CREATE TABLE "audit_log" (
    "audit_id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "key_id" TEXT,
    "action" TEXT NOT NULL,
    "target" TEXT,
    "status" INTEGER,
    "request_id" TEXT NOT NULL,
    "address" TEXT NOT NULL,

    CONSTRAINT "audit_log_pkey" PRIMARY KEY ("audit_id")
);
CREATE INDEX "audit_log_at_audit_id_idx" ON "audit_log"("at", "audit_id");
CREATE INDEX "audit_log_key_id_at_audit_id_idx" ON "audit_log"("key_id", "at", "audit_id");

-- The key that asked for a job. Null: it is everybody's.
ALTER TABLE "polling_jobs" ADD COLUMN "owner" TEXT;
ALTER TABLE "model_jobs" ADD COLUMN "owner" TEXT;
CREATE INDEX "model_jobs_owner_created_at_id_idx" ON "model_jobs"("owner", "created_at", "id");
