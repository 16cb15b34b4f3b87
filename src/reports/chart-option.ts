import type { ResultChart } from '../models/model';
import { CHART_SIZE, DIM, FONT, GRID, INK, lookOf, PAPER, widthOf } from './chart-look';
import { binWidthOf, type ChartLine, chartLinesOf, drawnSeriesOf } from './chart-series';
import type { ChartOption, ChartSeriesOption } from './chart-svg';
import { axisText } from './figure-text';
import { drawableText } from './plain-text';

const MARGIN = 20;
const TITLE_HEIGHT = 48;
const LEGEND_ROW = 22;
const MOST_LEGEND_ROWS = 6;
const POINT_ROOM: [string, string] = ['4%', '4%'];
const LONGEST_TITLE = 90;
const LONGEST_AXIS_NAME = 55;
const LONGEST_CATEGORY = 18;

/** A chart as ECharts draws it: no motion, nothing that reacts, nothing that depends on the machine. */
export function chartOptionOf(given: ResultChart): ChartOption {
  const chart = withCategories(given);
  const lines = chartLinesOf(chart);
  const { rows, named, unnamed } = legendOf(lines);
  const more = unnamed > 0 ? ` (${unnamed} series not named)` : '';
  return {
    animation: false,
    backgroundColor: PAPER,
    textStyle: { fontFamily: FONT, fontSize: 12, color: INK },
    title: {
      text: drawableText(chart.title, LONGEST_TITLE) + more,
      left: MARGIN,
      top: 14,
      padding: 0,
      textStyle: { fontFamily: FONT, fontSize: 16, fontWeight: 'bold', color: INK },
    },
    legend: { show: rows > 0, ...legendLook(named, chart.kind) },
    grid: {
      left: MARGIN,
      right: MARGIN + rightSpaceOf(lines, chart.kind),
      top: TITLE_HEIGHT + rows * LEGEND_ROW + 6,
      bottom: 14,
      outerBoundsMode: 'same',
      outerBoundsContain: 'all',
    },
    xAxis: chart.kind === 'bar' ? categoryAxisOf(chart) : valueAxisOf(chart),
    yAxis: {
      type: 'value',
      scale: chart.kind === 'line' || chart.kind === 'scatter',
      splitNumber: 6,
      boundaryGap: roomAround(chart),
      ...nameOf(chart.yLabel, 'middle'),
      ...axisLook(),
      axisLabel: { ...axisLook().axisLabel, formatter: axisText },
      axisLine: { show: false },
      axisTick: { show: false },
    },
    series: withZeroLine(drawnSeriesOf(chart, lines), chart),
  };
}

/** Bars over numbers stand side by side like those over texts: the numbers, in order, are the texts. */
function withCategories(chart: ResultChart): ResultChart {
  if (chart.kind !== 'bar' || chart.categories) return chart;
  const places = [...new Set(chart.series.flatMap(({ points }) => points.map(([x]) => x)))].sort((a, b) => a - b);
  const series = chart.series.map((one) => ({
    ...one,
    points: one.points.map(([x, y]) => [places.indexOf(x), y] as const),
  }));
  return { ...chart, categories: places.map(axisText), series };
}

/** Series that a legend must name: not what carries its name beside it, and not the only one there is. */
function legendOf(lines: readonly ChartLine[]): { rows: number; named: readonly ChartLine[]; unnamed: number } {
  const ordinary = lines.filter(({ role }) => role === 'line');
  if (lines.filter(({ role }) => role !== 'faint').length < 2 || ordinary.length === 0)
    return { rows: 0, named: [], unnamed: 0 };
  const named: ChartLine[] = [];
  let [rows, used] = [1, 0];
  for (const line of ordinary) {
    const width = widthOf(line.label) + 60;
    if (used + width > CHART_SIZE.width - 2 * MARGIN) [rows, used] = [rows + 1, 0];
    used += width;
    if (rows > MOST_LEGEND_ROWS) break;
    named.push(line);
  }
  return { rows: Math.min(rows, MOST_LEGEND_ROWS), named, unnamed: ordinary.length - named.length };
}

function legendLook(named: readonly ChartLine[], kind: ResultChart['kind']) {
  // ECharts puts a dot on the line of a legend even where the series has none.
  const opacity = kind === 'line' ? 0 : 1;
  return {
    data: named.map(({ label, colourIndex }) => ({
      name: label,
      itemStyle: { color: lookOf(colourIndex).colour, opacity },
    })),
    left: MARGIN,
    top: TITLE_HEIGHT - 6,
    padding: 0,
    itemWidth: kind === 'line' ? 28 : 10,
    itemHeight: 10,
    itemGap: 18,
    selectedMode: false as const,
    textStyle: { color: INK, fontFamily: FONT },
  };
}

/** Room for the names at the right end of lines and points. */
function rightSpaceOf(lines: readonly ChartLine[], kind: ResultChart['kind']): number {
  const role = kind === 'line' ? 'fan' : 'point';
  const names = lines.filter((line) => line.role === role).map(({ label }) => widthOf(label));
  const widest = Math.max(0, ...names);
  return kind === 'line' && widest > 0 ? widest + 8 : 0;
}

function valueAxisOf(chart: ResultChart) {
  const xs = chart.series.flatMap(({ points }) => points.map(([x]) => x));
  const half = chart.kind === 'histogram' ? Math.max(...chart.series.map(({ points }) => binWidthOf(points))) / 2 : 0;
  const [min, max] = [least(xs) - half, most(xs) + half];
  const isFree = chart.kind === 'scatter' || xs.length === 0;
  return {
    type: 'value' as const,
    scale: true,
    ...(isFree ? { boundaryGap: POINT_ROOM } : { min, max }),
    ...nameOf(chart.xLabel, 'middle'),
    ...axisLook(),
    axisLabel: {
      ...axisLook().axisLabel,
      formatter: axisText,
      hideOverlap: true,
      showMinLabel: isFree || (half === 0 && isRound(min)),
      showMaxLabel: isFree || (half === 0 && isRound(max)),
    },
    splitLine: { show: chart.kind === 'scatter', lineStyle: { color: GRID } },
  };
}

/** Room beyond the values: for the half of a point that lies on the edge, and for the figure below a negative bar. */
function roomAround(chart: ResultChart): [string | number, string | number] {
  if (chart.kind === 'scatter') return POINT_ROOM;
  return chart.kind === 'bar' && hasNegative(chart) ? ['10%', 0] : [0, 0];
}

/** Whether the end of an axis, which need not be one of its steps, may stand there as a label. */
function isRound(value: number): boolean {
  return value === Number(value.toPrecision(2));
}

function categoryAxisOf(chart: ResultChart) {
  const texts = (chart.categories ?? []).map((text) => drawableText(text, LONGEST_CATEGORY));
  const needed = texts.reduce((sum, text) => sum + widthOf(text) + 12, 0);
  const room = CHART_SIZE.width - 120;
  return {
    type: 'category' as const,
    data: texts,
    ...nameOf(chart.xLabel, 'middle'),
    ...axisLook(),
    axisTick: { show: false },
    axisLabel: {
      ...axisLook().axisLabel,
      rotate: needed <= room ? 0 : texts.length * 18 <= room ? 45 : 90,
      hideOverlap: true,
    },
    splitLine: { show: false },
  };
}

function nameOf(label: string, nameLocation: 'middle') {
  return {
    name: drawableText(label, LONGEST_AXIS_NAME),
    nameLocation,
    nameGap: 10,
    nameTextStyle: { color: DIM, fontFamily: FONT, fontSize: 13 },
  };
}

function axisLook() {
  return {
    axisLine: { onZero: false, lineStyle: { color: DIM } },
    axisTick: { lineStyle: { color: DIM } },
    axisLabel: { color: DIM, fontFamily: FONT, fontSize: 12 },
    splitLine: { lineStyle: { color: GRID } },
  };
}

/** Where values of both signs are shown, the line between gain and loss. */
function withZeroLine(series: ChartSeriesOption[], chart: ResultChart): ChartSeriesOption[] {
  if (chart.kind === 'scatter' || !hasNegative(chart) || most(heightsOf(chart)) <= 0) return series;
  const zero: ChartSeriesOption = {
    type: 'line',
    silent: true,
    data: [],
    markLine: {
      silent: true,
      symbol: 'none',
      label: { show: false },
      lineStyle: { color: INK, type: 'solid', width: 1 },
      data: [{ yAxis: 0 }],
    },
  };
  return [zero, ...series];
}

function hasNegative(chart: ResultChart): boolean {
  return least(heightsOf(chart)) < 0;
}

function heightsOf({ series }: ResultChart): readonly number[] {
  return series.flatMap(({ points }) => points.map(([, y]) => y));
}

function least(values: readonly number[]): number {
  return values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
}

function most(values: readonly number[]): number {
  return values.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY);
}
