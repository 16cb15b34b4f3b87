/** A point of a line; `time` is epoch seconds. */
export interface LinePoint {
  readonly time: number;
  readonly value: number;
}

/** At most one point for each second, the last one said; strictly ascending, as a chart needs it. */
export function lineOf(prices: readonly { readonly timestamp: string; readonly price: number }[]): LinePoint[] {
  const bySecond = new Map<number, number>();
  for (const { timestamp, price } of prices) bySecond.set(Math.floor(Date.parse(timestamp) / 1000), price);
  return [...bySecond].map(([time, value]) => ({ time, value })).sort((a, b) => a.time - b.time);
}

/** The mean of each `window` values in a row, at the time of the last of them. */
export function averageLine<Time>(
  points: readonly { readonly time: Time; readonly value: number }[],
  window: number,
): { time: Time; value: number }[] {
  return points.slice(Math.max(0, window - 1)).map(({ time }, index) => {
    const values = points.slice(index, index + window);
    return { time, value: values.reduce((sum, { value }) => sum + value, 0) / values.length };
  });
}

/** Spans of a line, from wide to narrow. */
export const SPANS_MS = [86_400_000, 21_600_000, 7_200_000, 1_800_000, 300_000, 60_000] as const;

/** The widest of {@link SPANS_MS} whose prices fit into `capacity`, when one comes about every `everyMs`; two hours where that is not known. */
export function spanFor(everyMs: number | undefined, capacity: number): number {
  if (everyMs === undefined || everyMs <= 0) return SPANS_MS[2];
  return SPANS_MS.find((span) => span / everyMs <= capacity) ?? SPANS_MS[SPANS_MS.length - 1] ?? 60_000;
}
