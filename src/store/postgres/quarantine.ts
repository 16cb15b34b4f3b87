import type { QuarantinedBar } from '../../domain/bar';
import { quarantineId } from '../bar-rules';
import { instantArray, textArray } from './array-literal';
import type { Session } from './database';

const INSERT = {
  name: 'ohlcv-quarantine-insert',
  text: `
    INSERT INTO ohlcv_quarantine (id, symbol, interval, start_at, source, reason, detail, fields, raw_response_id)
    SELECT DISTINCT ON (id) id, symbol, interval, to_timestamp(start_ms / 1000.0), source, reason, detail, fields::json, raw_response_id
    FROM unnest($1::text[], $2::text[], $3::text[], $4::int8[], $5::text[], $6::text[], $7::text[], $8::text[], $9::uuid[])
      AS q(id, symbol, interval, start_ms, source, reason, detail, fields, raw_response_id)
    ORDER BY id
    ON CONFLICT (id) DO NOTHING`,
};

const LIST = {
  name: 'ohlcv-quarantine-list',
  text: `
    SELECT symbol, interval, start_at AS "startAt", source, reason, detail, fields, raw_response_id AS "rawResponseId"
    FROM ohlcv_quarantine WHERE symbol = $1 AND ($2::text IS NULL OR source = $2)
    ORDER BY start_at DESC, id COLLATE "C" LIMIT $3`,
};

/** Adds those that are not there yet; they are told apart by all that they say. */
export async function insertQuarantined(session: Session, bars: readonly QuarantinedBar[]): Promise<void> {
  if (bars.length === 0) return;
  await session.execute(INSERT, [
    textArray(bars.map(quarantineId)),
    textArray(bars.map(({ symbol }) => symbol)),
    textArray(bars.map(({ interval }) => interval)),
    instantArray(bars.map(({ startAt }) => startAt)),
    textArray(bars.map(({ source }) => source)),
    textArray(bars.map(({ reason }) => reason)),
    textArray(bars.map(({ detail }) => detail)),
    textArray(bars.map(({ fields }) => JSON.stringify(fields))),
    textArray(bars.map(({ rawResponseId }) => rawResponseId)),
  ]);
}

/** Newest session first. */
export function listQuarantined(
  session: Session,
  { symbol, source, limit }: { symbol: string; source?: string | undefined; limit: number },
): Promise<QuarantinedBar[]> {
  return session.query<QuarantinedBar>(LIST, [symbol, source ?? null, limit]);
}
