import type { CorporateAction } from '../../domain/corporate-action';
import type { CorporateActions } from '../history-store';
import { numberArray, textArray } from './array-literal';
import type { Database } from './database';

/** A row that was there keeps the id of the transaction that wrote it, so `xmax` tells it from a new one. */
const SAVE = {
  name: 'corporate-actions-save',
  text: `
    INSERT INTO corporate_actions AS a (symbol, ex_date, kind, source, amount, currency, ratio, successor)
    SELECT symbol, ex_date, kind, source, amount, currency, ratio, successor
    FROM unnest($1::text[], $2::date[], $3::text[], $4::text[], $5::numeric[], $6::text[], $7::numeric[], $8::text[])
      AS g(symbol, ex_date, kind, source, amount, currency, ratio, successor)
    ORDER BY symbol COLLATE "C", ex_date, kind COLLATE "C", source COLLATE "C"
    ON CONFLICT (symbol, ex_date, kind, source) DO UPDATE SET
      amount = EXCLUDED.amount, currency = EXCLUDED.currency, ratio = EXCLUDED.ratio, successor = EXCLUDED.successor, updated_at = now()
    WHERE (a.amount, a.currency, a.ratio, a.successor)
      IS DISTINCT FROM (EXCLUDED.amount, EXCLUDED.currency, EXCLUDED.ratio, EXCLUDED.successor)
    RETURNING xmax = 0 AS "isNew"`,
};

/** $1 symbol, $2 source, $3 first day, $4 last day; the last three null for any. */
const LIST = {
  name: 'corporate-actions-list',
  text: `
    SELECT symbol, kind, ex_date::text AS "exDate", amount::float8 AS amount, currency, ratio::float8 AS ratio, successor, source
    FROM corporate_actions
    WHERE symbol = $1 AND ($2::text IS NULL OR source = $2)
      AND ex_date >= coalesce($3::date, '-infinity') AND ex_date <= coalesce($4::date, 'infinity')
    ORDER BY ex_date, kind, source`,
};

/** Table `corporate_actions`. */
export function openCorporateActions(database: Database): CorporateActions {
  return {
    async save(actions) {
      const distinct = [...new Map(actions.map((action) => [keyOf(action), action])).values()];
      const rows = distinct.length === 0 ? [] : await database.query<{ isNew: boolean }>(SAVE, columnsOf(distinct));
      const written = rows.filter(({ isNew }) => isNew).length;
      return { written, corrected: rows.length - written, unchanged: actions.length - rows.length };
    },
    list: ({ symbol, source, start, end }) =>
      database.query<CorporateAction>(LIST, [symbol, source ?? null, start ?? null, end ?? null]),
  };
}

function keyOf({ symbol, exDate, kind, source }: CorporateAction): string {
  return [symbol, exDate, kind, source].join(' ');
}

function columnsOf(actions: readonly CorporateAction[]): string[] {
  return [
    textArray(actions.map(({ symbol }) => symbol)),
    textArray(actions.map(({ exDate }) => exDate)),
    textArray(actions.map(({ kind }) => kind)),
    textArray(actions.map(({ source }) => source)),
    numberArray(actions.map(({ amount }) => amount)),
    textArray(actions.map(({ currency }) => currency)),
    numberArray(actions.map(({ ratio }) => ratio)),
    textArray(actions.map(({ successor }) => successor)),
  ];
}
