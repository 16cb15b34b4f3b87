import type { ChartSeries, ResultChart } from '../models/model';
import { DIM, INK, lookOf, PAPER } from './chart-look';
import type { ChartSeriesOption } from './chart-svg';
import { axisText } from './figure-text';
import { drawableText } from './plain-text';

type Point = readonly [number, number];

/** How a series is drawn, by what it is: its place decides its colour. */
export interface ChartLine {
  readonly series: ChartSeries;
  /** As labels and legend show it. */
  readonly label: string;
  readonly role: 'line' | 'faint' | 'fan' | 'point';
  /** Counts the colours. */
  readonly colourIndex: number;
}

/** Longer names are cut, so that the plot keeps its place. */
const LONGEST_LABEL = 40;
/** Values stand above bars up to this many of them. */
const MOST_LABELLED_BARS = 16;

/** Sorts the series of a chart by how they are drawn; the lines of one fan share a colour, faint lines are grey. */
export function chartLinesOf({ kind, series }: ResultChart): readonly ChartLine[] {
  let colours = -1;
  return series.map((one, index) => {
    const follows = series[index - 1]?.band === true;
    const isPoint = one.points.length === 1 && (kind === 'line' || kind === 'scatter');
    const role = one.faint ? 'faint' : follows || one.band ? 'fan' : isPoint ? 'point' : 'line';
    if (role !== 'faint' && !follows) colours += 1;
    return {
      series: one,
      label: drawableText(one.name, LONGEST_LABEL),
      role,
      colourIndex: Math.max(0, colours),
    };
  });
}

/** What ECharts draws for the series, from the back to the front. */
export function drawnSeriesOf(chart: ResultChart, lines: readonly ChartLine[]): ChartSeriesOption[] {
  switch (chart.kind) {
    case 'bar':
      return lines.map((line) => barsOf(line, chart.categories?.length ?? 0, lines.length));
    case 'histogram':
      return lines.map((line) => binsOf(line, lines.length));
    case 'scatter':
      return lines.map((line) => (line.role === 'point' ? pointOf(line) : cloudOf(line)));
    case 'line':
      return [
        ...lines.filter(({ role }) => role === 'faint').map(faintLineOf),
        ...fansOf(lines).flatMap(bandsOf),
        ...fansOf(lines).flatMap(fanLinesOf),
        ...lines.filter(({ role }) => role === 'line').map(lineOf),
        ...lines.filter(({ role }) => role === 'point').map(pointOf),
      ];
  }
}

/** The runs of lines with areas between them. */
function fansOf(lines: readonly ChartLine[]): readonly (readonly ChartLine[])[] {
  const fans: ChartLine[][] = [];
  for (const [index, line] of lines.entries()) {
    if (line.role !== 'fan') continue;
    if (lines[index - 1]?.series.band) fans.at(-1)?.push(line);
    else fans.push([line]);
  }
  return fans;
}

/** The areas of a fan, darker towards its middle. */
function bandsOf(fan: readonly ChartLine[]): ChartSeriesOption[] {
  const count = fan.length - 1;
  return fan.slice(0, -1).map((lower, index) => {
    const upper = fan[index + 1] ?? lower;
    const opacity = 0.16 + 0.14 * Math.min(index, count - 1 - index);
    return areaBetween(lower.series.points, upper.series.points, { fill: lookOf(lower.colourIndex).colour, opacity });
  });
}

function areaBetween(lower: readonly Point[], upper: readonly Point[], style: object): ChartSeriesOption {
  const outline = [...lower, ...[...upper].reverse()];
  return {
    type: 'custom',
    silent: true,
    clip: true,
    // One shape for all points; the lines around it already stretch the axes.
    data: lower.slice(0, 1).map((point) => [...point]),
    renderItem: (_, { coord }) => ({
      type: 'polygon',
      shape: { points: outline.map((point) => coord?.([...point]) ?? []) },
      style,
    }),
  };
}

/** The lines of a fan, named at their right end; the middle one of an odd number, the median, is the strong one. */
function fanLinesOf(fan: readonly ChartLine[]): ChartSeriesOption[] {
  return fan.map((line, index) => {
    const isMiddle = fan.length > 1 && index * 2 === fan.length - 1;
    const { colour } = lookOf(line.colourIndex);
    return {
      ...strokeOf(line, { color: colour, width: isMiddle ? 2.5 : 1, opacity: isMiddle ? 1 : 0.75 }),
      endLabel: {
        show: true,
        formatter: () => line.label,
        color: isMiddle ? INK : DIM,
        fontWeight: isMiddle ? 'bold' : 'normal',
        distance: 6,
      },
      labelLayout: { moveOverlap: 'shiftY' },
    };
  });
}

function faintLineOf(line: ChartLine): ChartSeriesOption {
  return strokeOf(line, { color: DIM, width: 0.6, opacity: 0.22 });
}

function lineOf(line: ChartLine): ChartSeriesOption {
  const { colour, dash } = lookOf(line.colourIndex);
  return strokeOf(line, { color: colour, width: 2, type: dash });
}

function strokeOf({ series, label }: ChartLine, lineStyle: object) {
  return {
    type: 'line' as const,
    name: label,
    silent: true,
    symbol: 'none',
    // No more points than the chart has pixels; the largest triangles keep peaks and kinks.
    sampling: 'lttb' as const,
    data: series.points.map((point) => [...point]),
    lineStyle: { cap: 'round' as const, join: 'round' as const, ...lineStyle },
  };
}

/** A single point, named beside it. */
function pointOf(line: ChartLine): ChartSeriesOption {
  const { colour, symbol } = lookOf(line.colourIndex);
  return {
    type: 'scatter',
    name: line.label,
    silent: true,
    z: 4,
    symbol,
    symbolSize: 12,
    itemStyle: { color: colour, opacity: 1, borderColor: PAPER, borderWidth: 1.5 },
    label: {
      show: true,
      position: 'top',
      formatter: () => line.label,
      color: INK,
      textBorderColor: PAPER,
      textBorderWidth: 3,
    },
    labelLayout: { moveOverlap: 'shiftY' },
    data: line.series.points.map((point) => [...point]),
  };
}

function cloudOf({ series, label, role, colourIndex }: ChartLine): ChartSeriesOption {
  const { colour, symbol } = lookOf(colourIndex);
  const isFaint = role === 'faint';
  return {
    type: 'scatter',
    name: label,
    silent: true,
    symbol,
    symbolSize: isFaint ? 4 : 7,
    itemStyle: { color: isFaint ? DIM : colour, opacity: isFaint ? 0.3 : 0.85 },
    data: series.points.map((point) => [...point]),
  };
}

function barsOf({ series, label, colourIndex }: ChartLine, places: number, count: number): ChartSeriesOption {
  const heights: (number | null)[] = Array.from({ length: places }, () => null);
  for (const [place, height] of series.points) heights[place] = height;
  return {
    type: 'bar',
    name: label,
    silent: true,
    barMaxWidth: 64,
    barCategoryGap: '30%',
    itemStyle: { color: lookOf(colourIndex).colour },
    label: {
      show: heights.length * count <= MOST_LABELLED_BARS,
      position: 'outside',
      formatter: ({ value }) => (typeof value === 'number' ? axisText(Number(value.toPrecision(4))) : ''),
      color: INK,
    },
    data: heights.map((height) => height ?? '-'),
  };
}

/** The bins of a histogram, side by side, each as wide as the smallest distance of two. */
function binsOf({ series, label, colourIndex }: ChartLine, count: number): ChartSeriesOption {
  const half = binWidthOf(series.points) / 2;
  const { colour } = lookOf(colourIndex);
  return {
    type: 'custom',
    name: label,
    silent: true,
    clip: true,
    itemStyle: { color: colour },
    data: series.points.map((point) => [...point]),
    renderItem: (_, api) => {
      const [middle, height] = [Number(api.value(0)), Number(api.value(1))];
      const [left = 0, top = 0] = api.coord([middle - half, height]);
      const [right = 0, bottom = 0] = api.coord([middle + half, 0]);
      const shape = { x: left, y: Math.min(top, bottom), width: right - left, height: Math.abs(bottom - top) };
      return {
        type: 'rect',
        shape,
        style: { fill: colour, opacity: count > 1 ? 0.55 : 0.9, stroke: PAPER, lineWidth: 0.75 },
      };
    },
  };
}

/** The width of the bins that points in ascending order are the middles of; of one bin alone, 1. */
export function binWidthOf(points: readonly Point[]): number {
  const gaps = points.slice(1).map(([x], index) => x - (points[index]?.[0] ?? x));
  const width = Math.min(...gaps.filter((gap) => gap > 0));
  return Number.isFinite(width) ? width : 1;
}
