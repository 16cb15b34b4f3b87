import type { ResultChart } from '../models/model';
import { chartOptionOf } from './chart-option';
import { svgOf } from './chart-svg';
import { escaped } from './plain-text';

const KINDS = { line: 'Line chart', bar: 'Bar chart', histogram: 'Histogram', scatter: 'Scatter chart' } as const;
/** Series named in the description. */
const MOST_NAMED = 20;

/** A chart as SVG of 900 × 480, drawn on white, with a title and a description for those who cannot see it. */
export function drawChart(chart: ResultChart): string {
  const svg = svgOf(chartOptionOf(chart), chart.name);
  const [titleId, descriptionId] = [`${chart.name}-title`, `${chart.name}-description`];
  const spoken = `<title id="${titleId}">${escaped(chart.title)}</title>\n<desc id="${descriptionId}">${escaped(describe(chart))}</desc>`;
  return svg.replace(
    /^<svg ([^>]*)>/,
    (_, attributes: string) =>
      `<svg ${attributes} role="img" aria-labelledby="${titleId} ${descriptionId}">\n${spoken}`,
  );
}

function describe({ kind, xLabel, yLabel, series, categories }: ResultChart): string {
  const named = series.filter(({ faint }) => !faint).map(({ name }) => name);
  const faint = series.length - named.length;
  const names =
    named.slice(0, MOST_NAMED).join(', ') + (named.length > MOST_NAMED ? ` and ${named.length - MOST_NAMED} more` : '');
  const parts = [`${KINDS[kind]}: ${yLabel} over ${xLabel}`];
  if (names) parts.push(`Series: ${names}`);
  if (categories) parts.push(`${categories.length} categories`);
  if (faint > 0) parts.push(`${faint} faint lines in the background`);
  return `${parts.join('. ')}.`;
}
