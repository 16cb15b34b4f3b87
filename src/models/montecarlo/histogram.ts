import type { ResultTable } from '../model';
import type { OrderedSample } from './order-statistics';

/** Equal bins; the outermost also hold what lies beyond them. */
const BINS = 60;
/** The bins span these quantiles, so that a single far path does not flatten the picture. */
const SPAN = [0.001, 0.999];

/** Paths whose final value lies from `from` up to `to`. */
export interface HistogramBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** @param sample values as multiples of `initialValue`. */
export function histogramOf(sample: OrderedSample, initialValue: number): HistogramBin[] {
  const [low = 0, high = 0] = sample.quantiles(SPAN);
  const width = (high - low) / BINS;
  const counts = new Uint32Array(width > 0 ? BINS : 1);
  for (const value of sample.values) {
    const bin = width > 0 ? Math.max(0, Math.min(BINS - 1, Math.floor((value - low) / width))) : 0;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return Array.from(counts, (count, bin) => ({
    from: initialValue * (low + bin * width),
    to: initialValue * (low + (bin + 1) * width),
    count,
  }));
}

/** The histogram as a table: `terminal-histogram.csv`. */
export function histogramTable(bins: readonly HistogramBin[]): ResultTable {
  return {
    name: 'terminal-histogram',
    title: 'Paths by their value at the horizon (the outermost bins hold what lies beyond them)',
    columns: ['from', 'to', 'paths'],
    rows: bins.map(({ from, to, count }) => [from, to, count]),
  };
}
