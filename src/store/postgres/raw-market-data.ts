import { z } from 'zod';
import { priceEventSchema, toPriceEvent, toWire } from '../../domain/price-event';
import type { RawResponse, RawResponses } from '../store';
import { numberArray, textArray } from './array-literal';
import type { Database } from './database';

/** The answer and its market caps in one statement. The same answer again changes nothing; an older answer's market cap does not replace a newer one. */
const SAVE = {
  name: 'raw-market-data-save',
  text: `
    WITH metadata AS (
      INSERT INTO ticker_metadata AS m (symbol, currency, market_cap, market_cap_at)
      SELECT symbol, currency, market_cap, $6::timestamptz
      FROM unnest($10::text[], $11::text[], $12::numeric[]) AS t(symbol, currency, market_cap)
      ORDER BY symbol
      ON CONFLICT (symbol) DO UPDATE SET
        currency = coalesce(EXCLUDED.currency, m.currency), market_cap = EXCLUDED.market_cap,
        market_cap_at = EXCLUDED.market_cap_at
      WHERE m.market_cap_at IS NULL OR m.market_cap_at <= EXCLUDED.market_cap_at
    )
    INSERT INTO raw_market_data
      (id, provider, symbols, body, events, fetched_at, request_id, polling_run_id, publish_after)
    VALUES ($1, $2, $3::text[], $4::json, $5::json, $6::timestamptz, $7, $8, now() + $9 * interval '1 second')
    ON CONFLICT (id) DO NOTHING`,
};

/** There is nothing to publish: it is marked from the start. */
const ARCHIVE = {
  name: 'raw-market-data-archive',
  text: `
    INSERT INTO raw_market_data (id, provider, symbols, body, events, fetched_at, request_id, publish_after, published_at)
    VALUES ($1, $2, $3::text[], $4::json, '[]', $5::timestamptz, $6, now(), now())
    ON CONFLICT (id) DO NOTHING`,
};

const MARK_PUBLISHED = {
  name: 'raw-market-data-mark-published',
  text: 'UPDATE raw_market_data SET published_at = now() WHERE id = ANY ($1::uuid[]) AND published_at IS NULL',
};

const CLAIM_UNPUBLISHED = {
  name: 'raw-market-data-claim-unpublished',
  text: `
    WITH waiting AS MATERIALIZED (
      SELECT id FROM raw_market_data WHERE published_at IS NULL AND publish_after <= now()
      ORDER BY created_at, id LIMIT $1 FOR UPDATE SKIP LOCKED
    ), claimed AS (
      UPDATE raw_market_data r SET publish_after = now() + $2 * interval '1 second' FROM waiting
      WHERE r.id = waiting.id RETURNING r.id, r.events::text AS events, r.request_id, r.created_at
    )
    SELECT id, events, request_id AS "requestId" FROM claimed ORDER BY created_at, id`,
};

const COUNT_UNPUBLISHED = {
  name: 'raw-market-data-count-unpublished',
  text: 'SELECT count(*)::float8 AS count FROM raw_market_data WHERE published_at IS NULL',
};

/** Table `raw_market_data`, the outbox, and the market caps of `ticker_metadata` that come with an answer. */
export function openRawMarketData(database: Database): RawResponses {
  return {
    save: async (response, graceSeconds) => {
      await database.execute(SAVE, saveValues(response, graceSeconds));
    },
    archive: async ({ id, provider, symbols, body, fetchedAt, requestId }) => {
      const values = [id, provider, textArray(symbols), JSON.stringify(body ?? null), fetchedAt, requestId];
      await database.execute(ARCHIVE, values);
    },
    markPublished: async (ids) => {
      await database.execute(MARK_PUBLISHED, [textArray(ids)]);
    },
    async claimUnpublished(limit, graceSeconds) {
      const rows = await database.query<{ id: string; events: string; requestId: string | null }>(CLAIM_UNPUBLISHED, [
        limit,
        graceSeconds,
      ]);
      return rows.map((row) => ({ ...row, events: eventsSchema.parse(JSON.parse(row.events)).map(toPriceEvent) }));
    },
    async countUnpublished() {
      const [row] = await database.query<{ count: number }>(COUNT_UNPUBLISHED, []);
      return row?.count ?? 0;
    },
  };
}

const eventsSchema = z.array(priceEventSchema);

function saveValues(response: RawResponse, graceSeconds: number): unknown[] {
  const caps = Object.entries(response.marketCaps);
  const currencyOf = (symbol: string) => response.events.find((event) => event.symbol === symbol)?.currency ?? null;
  return [
    response.id,
    response.provider,
    textArray(response.symbols),
    JSON.stringify(response.body ?? null),
    JSON.stringify(response.events.map(toWire)),
    response.fetchedAt,
    response.requestId,
    response.pollingRunId,
    graceSeconds,
    textArray(caps.map(([symbol]) => symbol)),
    textArray(caps.map(([symbol]) => currencyOf(symbol))),
    numberArray(caps.map(([, marketCap]) => marketCap)),
  ];
}
