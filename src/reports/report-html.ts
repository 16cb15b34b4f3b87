import type { ModelOutput } from '../models/model';
import { escaped } from './plain-text';
import { REPORT_STYLE } from './report-style';
import { metricsTable, parametersTable, resultTable } from './report-tables';

/** The job a report is about. */
export interface ReportedJob {
  readonly jobId: string;
  /** As routes write it: `montecarlo`. */
  readonly model: string;
  readonly title: string;
  /** Validated, defaults filled in. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
}

/** What the page needs to be shown, for where no header says it: a file opened from a disk. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/**
 * One page that needs nothing else: no script, no other file. `charts` are SVG documents, drawn already; every other text is escaped here.
 */
export function reportHtml(job: ReportedJob, output: ModelOutput, charts: readonly string[]): string {
  const { title, jobId, params } = job;
  const parts = [
    `<header>\n<h1>${escaped(title)}</h1>\n<p class="about">${aboutOf(job)}</p>\n</header>`,
    warningsBox(output.warnings),
    `<div class="pair">\n${section('Key figures', metricsTable(output.metrics))}\n${section('Parameters', parametersTable(params))}\n</div>`,
    charts.length > 0 ? section('Charts', charts.map((svg) => `<figure>\n${svg}\n</figure>`).join('\n')) : '',
    output.tables.length > 0 ? section('Tables', output.tables.map(resultTable).join('\n')) : '',
    '<footer><p>All figures in full precision, and those not shown here, are in <code>result.json</code> beside this report.</p></footer>',
  ];
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(`${title} · ${jobId}`)}</title>
<link rel="icon" href="data:,">
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
${parts.filter(Boolean).join('\n')}
</main>
</body>
</html>
`;
}

function aboutOf({ jobId, model, createdAt }: ReportedJob): string {
  const [id, name] = [escaped(jobId), escaped(model)];
  return `Job <code>${id}</code> · model <code>${name}</code> · created ${instantText(createdAt)}`;
}

function section(title: string, content: string): string {
  return `<section>\n<h2>${title}</h2>\n${content}\n</section>`;
}

function warningsBox(warnings: readonly string[]): string {
  if (warnings.length === 0) return '';
  const items = warnings.map((warning) => `<li>${escaped(warning)}</li>`).join('\n');
  return `<aside class="warnings" role="note">\n<h2>Warnings</h2>\n<ul>\n${items}\n</ul>\n</aside>`;
}

/** `2026-02-03 04:05:06 UTC` */
function instantText(at: Date): string {
  const text = at.toISOString();
  return `<time datetime="${text}">${text.slice(0, 10)} ${text.slice(11, 19)} UTC</time>`;
}
