import type { ChartSeries, ResultChart } from '../model';
import type { Fan, FanRow } from './fan';
import type { HistogramBin } from './histogram';

/** From the highest, so that the area between each and the next is a band. */
const BANDS = [
  { key: 'p95', name: '95 %' },
  { key: 'p75', name: '75 %' },
  { key: 'p50', name: 'median' },
  { key: 'p25', name: '25 %' },
  { key: 'p5', name: '5 %' },
] as const;

/** Percentiles over time with single paths behind them. */
export function fanChart({ rows, samples }: Fan): ResultChart {
  const bands = BANDS.map(({ key, name }, place) => bandOf(rows, { key, name, isLast: place === BANDS.length - 1 }));
  const paths = samples.map((sample, path) => ({
    name: `path ${path + 1}`,
    points: rows.map(({ time }, place) => [time, sample[place] ?? 0] as const),
    faint: true,
  }));
  return {
    name: 'fan',
    title: 'Simulated value: 5, 25, 50, 75 and 95 % of paths lie below',
    kind: 'line',
    xLabel: 'years',
    yLabel: 'value',
    series: [...bands, ...paths],
  };
}

/** How many paths end where. */
export function histogramChart(bins: readonly HistogramBin[]): ResultChart {
  return {
    name: 'terminal-histogram',
    title: 'Value at the horizon',
    kind: 'histogram',
    xLabel: 'value',
    yLabel: 'paths',
    series: [{ name: 'paths', points: bins.map(({ from, to, count }) => [(from + to) / 2, count] as const) }],
  };
}

function bandOf(rows: readonly FanRow[], line: { key: string; name: string; isLast: boolean }): ChartSeries {
  const points = rows.map((row) => [row.time ?? 0, row[line.key] ?? 0] as const);
  return line.isLast ? { name: line.name, points } : { name: line.name, points, band: true };
}
