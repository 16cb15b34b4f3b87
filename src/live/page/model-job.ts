import { element, found, setText } from './element';
import { fileChart, fileLink } from './job-file';
import { figureText } from './written';

/** A job as the service shows it, as far as it is shown here. */
export interface ModelJob {
  readonly job_id: string;
  readonly status: string;
  readonly model: string;
  readonly progress: number;
  readonly created_at: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly artifacts: readonly { readonly name: string; readonly content_type: string; readonly href: string }[];
}

const SHOWN_METRICS = 12;
const OWN_FILE = /^\/api\/v1\/jobs\/[0-9a-f-]+\/artifacts\/[a-z0-9.-]+$/;

/** One job with its figures, warnings and charts, and links to its report and result. */
export function drawJob(job: ModelJob): void {
  const { metrics, warnings, error, artifacts, model, status } = job;
  const files = artifacts.filter(({ href }) => OWN_FILE.test(href));
  found('job-view', HTMLElement).hidden = false;
  setText(found('job-title', HTMLElement), `${model}, ${status}`);
  const figures = Object.entries(metrics)
    .slice(0, SHOWN_METRICS)
    .map(([name, value]) => element('div', {}, element('dt', {}, wordsOf(name)), element('dd', {}, figureText(value))));
  const charts = files
    .filter(({ content_type: type }) => type.startsWith('image/svg+xml'))
    .map((file) => fileChart(file, wordsOf(file.name.replace(/\.svg$/, ''))));
  const links = files
    .filter(({ name }) => name === 'report.html' || name === 'result.json')
    .map((file) => fileLink(file, file.name === 'report.html' ? 'Report' : 'Result as JSON'));
  const notes = [...(error ? [`${error.code}: ${error.message}`] : []), ...warnings];
  found('job-detail', HTMLElement).replaceChildren(
    ...(notes.length > 0 ? [element('ul', { class: 'notes' }, ...notes.map((note) => element('li', {}, note)))] : []),
    ...(figures.length > 0 ? [element('dl', { class: 'figures' }, ...figures)] : []),
    ...(charts.length > 0 ? [element('div', { class: 'charts' }, ...charts)] : []),
    ...(links.length > 0 ? [element('p', { class: 'links' }, ...links)] : []),
  );
}

function wordsOf(name: string): string {
  return name.replaceAll(/[_-]/g, ' ');
}
