/** The `points` of a polyline through `values` in a box of `width` by `height`, newest at the right edge; empty for fewer than two. */
export function sparkPoints(values: readonly number[], { width, height }: { width: number; height: number }): string {
  if (values.length < 2) return '';
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [span, step] = [high - low, width / (values.length - 1)];
  const y = (value: number) => (span === 0 ? height / 2 : height - ((value - low) / span) * height);
  return values.map((value, index) => `${(index * step).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
}
