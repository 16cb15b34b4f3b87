import { TickwireError } from '../platform/errors';

/** The tables that are partitioned by the month of `observed_at`, in the order in which they are written. */
export const PRICE_TABLES = ['price_points', 'symbol_averages'] as const;
export type PriceTable = (typeof PRICE_TABLES)[number];

/** A month of the UTC calendar: years since year 0 × 12 + month from 0. */
export type Month = number;

/** Stands for everything before 1990, which is one partition: a garbled date must not make tables without end. */
export const EARLY: Month = 1990 * 12 - 1;
const LAST_YEAR = 2199;
/** What {@link EARLY} begins at, where a bound has to be told. */
const BEGINNING = new Date('0000-01-01T00:00:00.000Z');

/** Newest prices of a series that retention keeps whatever their age: as many as the longest window an average can be asked for. */
export const KEPT_PRICES = 500;

/** @throws STORE_REFUSED for an instant after 2199. */
export function monthOf(instant: Date): Month {
  const year = instant.getUTCFullYear();
  if (year > LAST_YEAR) {
    throw new TickwireError(
      'STORE_REFUSED',
      `year of a price or partition: expected at most ${LAST_YEAR}, got ${year}`,
    );
  }
  return Math.max(EARLY, year * 12 + instant.getUTCMonth());
}

/** The months of rows, each once. Called for each batch of the hot path: neighbours mostly share their month. @throws STORE_REFUSED after 2199. */
export function monthsOf(rows: readonly { readonly observedAt: Date }[]): readonly Month[] {
  const months = new Set<Month>();
  let [fromMs, toMs] = [0, 0];
  for (const { observedAt } of rows) {
    const epochMs = observedAt.getTime();
    if (epochMs >= fromMs && epochMs < toMs) continue;
    const month = monthOf(observedAt);
    months.add(month);
    [fromMs, toMs] = [startOf(month).getTime(), startOf(month + 1).getTime()];
  }
  return [...months];
}

/** From the month of `now` (or of `until`, when that is earlier) to the one that holds `until`. @throws STORE_REFUSED after 2199. */
export function monthsUntil(now: Date, until: Date): readonly Month[] {
  const last = monthOf(until);
  const first = Math.min(monthOf(now), last);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** The first instant of a month. */
export function startOf(month: Month): Date {
  return month <= EARLY ? BEGINNING : new Date(Date.UTC(Math.floor(month / 12), month % 12));
}

/** `price_points_2026_11`, or `price_points_early`. */
export function partitionNameOf(table: PriceTable, month: Month): string {
  return `${table}_${suffixOf(month)}`;
}

/** The month of a partition's name; undefined when it is none. */
export function monthOfPartition(name: string): Month | undefined {
  if (name.endsWith('_early')) return EARLY;
  const [, year, month] = /_([0-9]{4})_([0-9]{2})$/.exec(name) ?? [];
  return year === undefined || month === undefined ? undefined : Number(year) * 12 + Number(month) - 1;
}

function suffixOf(month: Month): string {
  if (month <= EARLY) return 'early';
  return `${Math.floor(month / 12)}_${String((month % 12) + 1).padStart(2, '0')}`;
}
