/** A split: the first day that trades after it, and new shares for each old one. */
export interface Split {
  readonly exDate: string;
  readonly ratio: number;
}

/**
 * Shares of today that one share of `date` has become: the product of the ratios of all splits whose ex-date is later. Where a vendor tells prices, volumes and
 * dividends in shares of today,
 *
 *     price as traded = price × shares,  volume as traded = volume / shares,  dividend as paid = dividend × shares.
 *
 * Splits after the range asked for count as well: without them nothing before them can be told as it was traded.
 */
export function sharesSince(date: string, splits: readonly Split[]): number {
  return splits.reduce((shares, split) => (split.exDate > date ? shares * split.ratio : shares), 1);
}

/** The splits among actions. */
export function splitsOf(actions: readonly { readonly exDate: string; readonly ratio: number | null }[]): Split[] {
  return actions.flatMap(({ exDate, ratio }) => (ratio === null ? [] : [{ exDate, ratio }]));
}
