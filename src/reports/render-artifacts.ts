import type { ArtifactFile } from '../artifacts/artifacts';
import type { ModelOutput } from '../models/model';
import { drawChart } from './draw-chart';
import { checkOutput } from './output-rules';
import { type ReportedJob, reportHtml } from './report-html';
import { csvOf } from './table-csv';

/**
 * The files that a job leaves: `result.json`, a CSV for each table, an SVG for each chart, and `report.html` with all of it. The same job and output give the
 * same bytes, on any machine. @throws Error when a number is not finite or a name cannot be a file's: a fault of the model.
 */
export function renderArtifacts({ job, output }: { job: ReportedJob; output: ModelOutput }): readonly ArtifactFile[] {
  checkOutput(output);
  const charts = output.charts.map((chart) => ({ name: chart.name, svg: drawChart(chart) }));
  const page = reportHtml(
    job,
    output,
    charts.map(({ svg }) => svg),
  );
  return [
    fileOf('result.json', 'application/json; charset=utf-8', jsonOf(job, output)),
    ...output.tables.map((table) =>
      fileOf(`${table.name}.csv`, 'text/csv; charset=utf-8; header=present', csvOf(table)),
    ),
    ...charts.map(({ name, svg }) => fileOf(`${name}.svg`, 'image/svg+xml; charset=utf-8', svg)),
    fileOf('report.html', 'text/html; charset=utf-8', page),
  ];
}

function jsonOf({ model, params }: ReportedJob, { result, metrics, warnings }: ModelOutput): string {
  return `${JSON.stringify({ model, params, result, metrics, warnings }, undefined, 2)}\n`;
}

/** Its bytes are in a buffer of their own, so that they can be handed from thread to thread. */
function fileOf(name: string, contentType: string, text: string): ArtifactFile {
  return { name, contentType, body: new TextEncoder().encode(text) };
}
