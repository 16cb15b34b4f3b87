import type { Row } from './live-state';

export type SortKey = 'symbol' | 'price' | 'changePercent' | 'age';

export interface RowOrder {
  readonly key: SortKey;
  readonly isDescending: boolean;
}

/** Those whose symbol or provider contains `filter`, in the order asked for; equals by symbol. */
export function orderedRows(rows: Iterable<Row>, { key, isDescending }: RowOrder, filter: string): Row[] {
  const wanted = filter.trim().toUpperCase();
  const isWanted = ({ symbol, provider }: Row) => symbol.includes(wanted) || provider.toUpperCase().includes(wanted);
  const sign = isDescending ? -1 : 1;
  const bySymbol = (a: Row, b: Row) => (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0);
  return [...rows]
    .filter(isWanted)
    .sort(
      (a, b) =>
        sign * (key === 'symbol' ? bySymbol(a, b) : sortValueOf(a, key) - sortValueOf(b, key)) || bySymbol(a, b),
    );
}

function sortValueOf(row: Row, key: Exclude<SortKey, 'symbol'>): number {
  return key === 'age' ? -row.observedAtMs : row[key];
}
