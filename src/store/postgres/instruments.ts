import { type AssetClass, assetClassOf } from '../../domain/bar';
import type { Instrument, InstrumentMetadata, VendorSymbol } from '../../domain/instrument';
import type { Instruments } from '../history-store';
import { textArray } from './array-literal';
import type { Database, Session } from './database';

const ENSURE = {
  name: 'instruments-ensure',
  text: `
    INSERT INTO instruments (symbol, asset_class)
    SELECT DISTINCT ON (symbol COLLATE "C") symbol, asset_class
    FROM unnest($1::text[], $2::text[]) AS w(symbol, asset_class)
    WHERE NOT EXISTS (SELECT FROM instruments i WHERE i.symbol = w.symbol)
    ORDER BY symbol COLLATE "C"
    ON CONFLICT DO NOTHING`,
};

const METADATA = `m.name, m.sector, m.industry, m.currency, m.exchange, m.market_cap::float8 AS "marketCap", m.source,
  m.last_updated AS "lastUpdated"`;

/** Instruments `i` with their spellings, and their metadata where a source described them; `ticker_metadata` is found by its own key. */
const INSTRUMENT = `
  SELECT i.symbol, i.asset_class AS "assetClass", v.list AS "vendorSymbols", ${METADATA}
  FROM instruments i
  CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(
      json_build_object('vendor', vendor, 'spelling', spelling, 'validFrom', valid_from, 'validTo', valid_to)
      ORDER BY vendor, valid_from NULLS FIRST, spelling), '[]') AS list
    FROM vendor_symbols WHERE instrument_id = i.id
  ) v
  LEFT JOIN ticker_metadata m ON m.symbol = i.symbol COLLATE "default" AND m.last_updated IS NOT NULL`;

/** $1 a symbol or spelling. The symbol goes first; of several that were spelled so, the one that was so last. */
const FIND = {
  name: 'instruments-find',
  text: `
    ${INSTRUMENT}
    WHERE i.id = coalesce((SELECT id FROM instruments WHERE symbol = $1), (
      SELECT s.instrument_id FROM vendor_symbols s JOIN instruments spelled ON spelled.id = s.instrument_id
      WHERE upper(s.spelling) = upper($1) ORDER BY coalesce(s.valid_to, 'infinity') DESC, spelled.symbol LIMIT 1
    ))`,
};

/** $1 a pattern, $2 the symbol to come after, $3 limit. */
const SEARCH = {
  name: 'instruments-search',
  text: `
    ${INSTRUMENT}
    WHERE i.symbol > $2 AND (i.symbol ILIKE $1 OR m.name ILIKE $1
      OR EXISTS (SELECT FROM vendor_symbols s WHERE s.instrument_id = i.id AND s.spelling ILIKE $1))
    ORDER BY i.symbol LIMIT $3`,
};

const SAVE_SPELLING = {
  name: 'vendor-symbols-save',
  text: `
    INSERT INTO vendor_symbols AS v (instrument_id, vendor, spelling, valid_from, valid_to)
    SELECT id, $2, $3, $4::date, $5::date FROM instruments WHERE symbol = $1
    ON CONFLICT (instrument_id, vendor, spelling) DO UPDATE SET
      valid_from = EXCLUDED.valid_from, valid_to = EXCLUDED.valid_to, updated_at = now()
    WHERE (v.valid_from, v.valid_to) IS DISTINCT FROM (EXCLUDED.valid_from, EXCLUDED.valid_to)`,
};

const FIND_METADATA = {
  name: 'ticker-metadata-find',
  text: `SELECT m.symbol, ${METADATA} FROM ticker_metadata m WHERE m.symbol = $1 AND m.last_updated IS NOT NULL`,
};

const kept = (...columns: readonly string[]) =>
  columns.map((column) => `${column} = coalesce(EXCLUDED.${column}, m.${column})`).join(', ');
const NEWER_CAP =
  'EXCLUDED.market_cap IS NOT NULL AND (m.market_cap_at IS NULL OR m.market_cap_at <= EXCLUDED.market_cap_at)';

/** An older description does not replace a newer one, nor an older market cap the one that came with a later quote. */
const SAVE_METADATA = {
  name: 'ticker-metadata-save',
  text: `
    INSERT INTO ticker_metadata AS m
      (symbol, name, sector, industry, currency, exchange, source, market_cap, market_cap_at, last_updated)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8::numeric, CASE WHEN $8::numeric IS NOT NULL THEN $9::timestamptz END, $9::timestamptz)
    ON CONFLICT (symbol) DO UPDATE SET
      ${kept('name', 'sector', 'industry', 'currency', 'exchange', 'source')},
      market_cap = CASE WHEN ${NEWER_CAP} THEN EXCLUDED.market_cap ELSE m.market_cap END,
      market_cap_at = CASE WHEN ${NEWER_CAP} THEN EXCLUDED.market_cap_at ELSE m.market_cap_at END,
      last_updated = EXCLUDED.last_updated
    WHERE m.last_updated IS NULL OR m.last_updated <= EXCLUDED.last_updated`,
};

interface InstrumentRow extends Omit<InstrumentMetadata, 'lastUpdated'> {
  readonly assetClass: AssetClass;
  readonly vendorSymbols: readonly VendorSymbol[];
  /** Null where no source described it. */
  readonly lastUpdated: Date | null;
}

/** Tables `instruments`, `vendor_symbols` and `ticker_metadata`. */
export function openInstruments(database: Database): Instruments {
  const find = async (text: string) => {
    const [row] = await database.query<InstrumentRow>(FIND, [text]);
    return row && instrumentOf(row);
  };
  const create = (symbol: string) => createInstrument(database, symbol);

  return {
    find,
    search: async ({ text = '', after = '', limit }) =>
      (await database.query<InstrumentRow>(SEARCH, [patternOf(text), after, limit])).map(instrumentOf),
    ensure: (symbols) => ensureInstruments(database, symbols),
    async saveVendorSymbol(symbol, { vendor, spelling, validFrom, validTo }) {
      await create(symbol);
      await database.execute(SAVE_SPELLING, [symbol, vendor, spelling, validFrom, validTo]);
    },
    async findMetadata(symbol) {
      const [metadata] = await database.query<InstrumentMetadata>(FIND_METADATA, [symbol]);
      return metadata;
    },
    async saveMetadata(metadata) {
      const { symbol, name, sector, industry, currency, exchange, source, marketCap, lastUpdated } = metadata;
      await create(symbol);
      const described = [name, sector, industry, currency, exchange, source];
      await database.execute(SAVE_METADATA, [symbol, ...described, marketCap, lastUpdated]);
    },
  };
}

/** Creates the instruments that are missing. */
export async function ensureInstruments(
  session: Session,
  instruments: readonly { symbol: string; assetClass: AssetClass }[],
): Promise<void> {
  await session.execute(ENSURE, [
    textArray(instruments.map(({ symbol }) => symbol)),
    textArray(instruments.map(({ assetClass }) => assetClass)),
  ]);
}

function createInstrument(session: Session, symbol: string): Promise<void> {
  return ensureInstruments(session, [{ symbol, assetClass: assetClassOf(symbol) }]);
}

/** What holds `text`, its own wildcards taken as they are written. */
function patternOf(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

function instrumentOf({ symbol, assetClass, vendorSymbols, lastUpdated, ...described }: InstrumentRow): Instrument {
  const metadata = lastUpdated === null ? null : { symbol, ...described, lastUpdated };
  return { symbol, assetClass, vendorSymbols, metadata };
}
