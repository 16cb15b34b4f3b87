import { compareEventKeys, type EventKey } from '../../domain/price-event';

/** Rows of one series in event order, each key once. */
export interface SortedRows<Row extends EventKey> {
  readonly rows: readonly Row[];
  /** The row under this key, if there is one. */
  find(key: EventKey): Row | undefined;
  /** Puts the row in its place, over the one with the same key if there is one. */
  put(row: Row): void;
  /** Index of the first row that does not come before `key`. */
  placeOf(key: EventKey): number;
  /** Removes the rows that pass. */
  remove(test: (row: Row, index: number) => boolean): void;
}

export function sortedRows<Row extends EventKey>(): SortedRows<Row> {
  const rows: Row[] = [];

  const placeOf = (key: EventKey) => {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = rows[middle];
      if (row && compareEventKeys(row, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const find = (key: EventKey) => {
    const row = rows[placeOf(key)];
    return row && compareEventKeys(row, key) === 0 ? row : undefined;
  };

  return {
    rows,
    find,
    placeOf,
    put: (row) => rows.splice(placeOf(row), find(row) ? 1 : 0, row),
    remove: (test) => {
      const kept = rows.filter((row, index) => !test(row, index));
      rows.splice(0, rows.length, ...kept);
    },
  };
}

/** The last in event order. */
export function newestOf<Row extends EventKey>(rows: readonly (Row | undefined)[]): Row | undefined {
  return rows
    .filter((row) => row !== undefined)
    .sort(compareEventKeys)
    .at(-1);
}
