import type { RawBar } from '../../domain/bar';
import { BAR_TABLES, type BarTable, type BarValues } from '../bar-rules';
import { instantArray, numberArray, textArray } from './array-literal';
import type { BarPlace } from './bar-series';
import type { Session, Statement } from './database';

/** A bar on its way into its table. */
export interface PlacedBar {
  readonly bar: RawBar;
  readonly place: BarPlace;
}

/** One revision of a bar to be written. */
export interface BarRevision extends PlacedBar {
  readonly revision: number;
}

/** The newest revision that a table has of a bar. */
export interface StoredBar extends BarValues {
  readonly revision: number;
}

interface NewestRow extends StoredBar {
  readonly seriesId: number;
  readonly startMs: number;
}

/** The columns of a bar's values under the names of their fields. */
export const VALUES = (row: string) =>
  ['open', 'high', 'low', 'close', 'volume'].map((column) => `${row}.${column}::float8 AS ${column}`).join(', ');

/** An instant of milliseconds that a statement is given. */
export const instantOf = (milliseconds: string) => `to_timestamp(${milliseconds} / 1000.0)`;

/** One statement for each table of bars, all alike. */
export function perTable(name: string, text: (table: BarTable) => string): Record<BarTable, Statement> {
  const statementOf = (table: BarTable) => ({ name: `${name}-${table}`, text: text(table) });
  return {
    eq_ohlcv: statementOf('eq_ohlcv'),
    fx_ohlcv: statementOf('fx_ohlcv'),
    crypto_ohlcv: statementOf('crypto_ohlcv'),
  };
}

/** $1 series, $2 and $3 the first and the last start asked for of each. */
const NEWEST = perTable(
  'bars-newest',
  (table) => `
    SELECT r.series_id AS "seriesId", (extract(epoch FROM b.start_at) * 1000)::float8 AS "startMs", b.revision, ${VALUES('b')}
    FROM unnest($1::int4[], $2::int8[], $3::int8[]) AS r(series_id, first_ms, last_ms)
    CROSS JOIN LATERAL (
      SELECT DISTINCT ON (start_at) * FROM ${table}
      WHERE series_id = r.series_id AND start_at BETWEEN ${instantOf('r.first_ms')} AND ${instantOf('r.last_ms')}
      ORDER BY start_at, revision DESC
    ) b`,
);

const COLUMNS = '(series_id, start_ms, revision, open, high, low, close, volume, raw_response_id)';
const GIVEN = `unnest($1::int4[], $2::int8[], $3::int4[], $4::numeric[], $5::numeric[], $6::numeric[], $7::numeric[], $8::numeric[],
  $9::uuid[]) AS g${COLUMNS}`;

const INSERT = perTable(
  'bars-insert',
  (table) => `
    INSERT INTO ${table} (series_id, start_at, revision, open, high, low, close, volume, raw_response_id)
    SELECT series_id, ${instantOf('start_ms')}, revision, open, high, low, close, volume, raw_response_id FROM ${GIVEN}`,
);

const REPLACE = perTable(
  'bars-replace',
  (table) => `
    UPDATE ${table} b SET open = g.open, high = g.high, low = g.low, close = g.close, volume = g.volume,
      raw_response_id = g.raw_response_id, ingested_at = now()
    FROM ${GIVEN} WHERE b.series_id = g.series_id AND b.start_at = ${instantOf('g.start_ms')} AND b.revision = g.revision`,
);

/** The newest revisions of all stored bars between the first and the last given of each series, by {@link keyOf}. */
export async function loadNewest(session: Session, bars: readonly PlacedBar[]): Promise<Map<string, StoredBar>> {
  const stored = new Map<string, StoredBar>();
  for (const [table, ofTable] of byTable(bars)) {
    const ranges = [...rangesOf(ofTable)];
    const rows = await session.query<NewestRow>(NEWEST[table], [
      numberArray(ranges.map(([seriesId]) => seriesId)),
      numberArray(ranges.map(([, { firstMs }]) => firstMs)),
      numberArray(ranges.map(([, { lastMs }]) => lastMs)),
    ]);
    for (const row of rows) stored.set(keyOf(row.seriesId, row.startMs), row);
  }
  return stored;
}

/** Adds revisions that are not there yet. */
export function insertRevisions(session: Session, revisions: readonly BarRevision[]): Promise<void> {
  return write(session, INSERT, revisions);
}

/** Writes over revisions that are there. */
export function replaceRevisions(session: Session, revisions: readonly BarRevision[]): Promise<void> {
  return write(session, REPLACE, revisions);
}

/** What names a bar within all tables. */
export function keyOf(seriesId: number, startMs: number): string {
  return `${seriesId} ${startMs}`;
}

async function write(
  session: Session,
  statements: Record<BarTable, Statement>,
  revisions: readonly BarRevision[],
): Promise<void> {
  for (const [table, rows] of byTable(revisions)) await session.execute(statements[table], columnsOf(rows));
}

/** In the order in which every writer goes through the tables. */
function byTable<Row extends { readonly place: BarPlace }>(rows: readonly Row[]): [BarTable, Row[]][] {
  return BAR_TABLES.map((table): [BarTable, Row[]] => [
    table,
    rows.filter(({ place }) => place.table === table),
  ]).filter(([, ofTable]) => ofTable.length > 0);
}

function rangesOf(bars: readonly PlacedBar[]): Map<number, { firstMs: number; lastMs: number }> {
  const ranges = new Map<number, { firstMs: number; lastMs: number }>();
  for (const { bar, place } of bars) {
    const startMs = bar.startAt.getTime();
    const range = ranges.get(place.seriesId) ?? { firstMs: startMs, lastMs: startMs };
    range.firstMs = Math.min(range.firstMs, startMs);
    range.lastMs = Math.max(range.lastMs, startMs);
    ranges.set(place.seriesId, range);
  }
  return ranges;
}

/** In key order: index pages are then written one after the other. */
function columnsOf(revisions: readonly BarRevision[]): string[] {
  const sorted = [...revisions].sort(
    (a, b) => a.place.seriesId - b.place.seriesId || a.bar.startAt.getTime() - b.bar.startAt.getTime(),
  );
  const bars = sorted.map(({ bar }) => bar);
  return [
    numberArray(sorted.map(({ place }) => place.seriesId)),
    instantArray(bars.map(({ startAt }) => startAt)),
    numberArray(sorted.map(({ revision }) => revision)),
    numberArray(bars.map(({ open }) => open)),
    numberArray(bars.map(({ high }) => high)),
    numberArray(bars.map(({ low }) => low)),
    numberArray(bars.map(({ close }) => close)),
    numberArray(bars.map(({ volume }) => volume)),
    textArray(bars.map(({ rawResponseId }) => rawResponseId)),
  ];
}
