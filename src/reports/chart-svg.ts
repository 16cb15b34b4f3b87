import { type EChartsOption, init, type SeriesOption } from 'echarts';
import { CHART_SIZE } from './chart-look';

export type ChartOption = EChartsOption;
export type ChartSeriesOption = SeriesOption;

/** What ECharts adds for its own scripts in a browser: hover styles, marks of data, areas that feel the mouse. */
const TRACES = [
  /<style >[\s\S]*?<\/style>\n?/,
  / (?:class|ecmeta_\w+|pointer-events)="[^"]*"/g,
  /<path d="[^"]*"(?: transform="[^"]*")? fill="(?:none|rgb\(0,0,0\)" fill-opacity="0)"(?: stroke="[^"]*" stroke-width="0")?><\/path>\n/g,
];

/**
 * Draws a chart as SVG, with the same bytes for the same option in every process. The ids in it begin with `id`, so that several charts can stand
 * in one document. The only file that knows ECharts: its CommonJS build, because its ES modules take 0.5 s to load and not 0.08 s.
 */
export function svgOf(option: ChartOption, id: string): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...CHART_SIZE });
  try {
    chart.setOption(option);
    return withOwnIds(withoutTraces(chart.renderToSVGString()), id);
  } finally {
    chart.dispose();
  }
}

/** Texts cannot be hit, here and below: quotes and angle brackets are escaped in them. */
function withoutTraces(svg: string): string {
  return TRACES.reduce((text, trace) => text.replace(trace, ''), svg);
}

/** ECharts numbers its ids through the life of the process. */
function withOwnIds(svg: string, id: string): string {
  return svg.replace(/ id="zr\d+-/g, ` id="${id}-`).replace(/"url\(#zr\d+-/g, `"url(#${id}-`);
}
