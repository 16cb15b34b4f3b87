import { compareEventKeys, type EventKey } from '../../domain/price-event';

/** A row of a hot table beside the id of its series. */
export interface Keyed<Row extends EventKey> {
  readonly seriesId: number;
  readonly row: Row;
}

/** Rows in the order of their primary key, each key once, the last one given: index pages are then written in order, and two writers cannot deadlock. */
export function inKeyOrder<Row extends EventKey>(rows: readonly Row[], ids: readonly number[]): Keyed<Row>[] {
  const sorted = rows.map((row, index) => ({ seriesId: ids[index] ?? 0, row })).sort(compareKeys);
  return sorted.filter((keyed, index) => {
    const next = sorted[index + 1];
    return next === undefined || compareKeys(keyed, next) !== 0;
  });
}

function compareKeys(a: Keyed<EventKey>, b: Keyed<EventKey>): number {
  return a.seriesId - b.seriesId || compareEventKeys(a.row, b.row);
}
