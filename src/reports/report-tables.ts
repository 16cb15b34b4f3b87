import type { ResultTable } from '../models/model';
import { columnTexts, figureText } from './figure-text';
import { escaped, shortened } from './plain-text';

/** Rows and columns of a table that the report shows; the CSV has all. */
const MOST_ROWS = 50;
const MOST_COLUMNS = 12;
const LONGEST_PARAMETER = 300;
/** Abbreviations that a metric's name is read with. */
const ABBREVIATIONS: ReadonlyMap<string, string> = new Map([
  ['var', 'VaR'],
  ['cvar', 'CVaR'],
  ['es', 'ES'],
]);

/** The metrics by their names, in the order the model gave them. */
export function metricsTable(metrics: Readonly<Record<string, number>>): string {
  const rows = Object.entries(metrics).map(
    ([name, value]) =>
      `<tr><th scope="row">${escaped(spokenName(name))}</th><td class="number">${figureText(value)}</td></tr>`,
  );
  return tableOf(rows);
}

/** The parameters as the caller writes them, nested ones by their path: `missing_data.join`. */
export function parametersTable(params: Readonly<Record<string, unknown>>): string {
  const rows = flattened(params).map(
    ([path, text]) =>
      `<tr><th scope="row"><code>${escaped(path)}</code></th><td>${escaped(shortened(text, LONGEST_PARAMETER))}</td></tr>`,
  );
  return tableOf(rows);
}

/** The first rows and columns of a result's table, and a note of what only the CSV has. */
export function resultTable(table: ResultTable): string {
  const columns = table.columns.slice(0, MOST_COLUMNS).map((title, place) => columnOf(table, title, place));
  const rows = table.rows
    .slice(0, MOST_ROWS)
    .map((_, row) => `<tr>${columns.map(({ cells }) => cells[row] ?? '').join('')}</tr>`);
  const head = `<thead><tr>${columns.map(({ head }) => head).join('')}</tr></thead>`;
  const more = [
    ...leftOut(table.rows.length - MOST_ROWS, 'row'),
    ...leftOut(table.columns.length - MOST_COLUMNS, 'column'),
  ].join(' and ');
  const note = more ? `\n<p class="note">${more} in <code>${escaped(table.name)}.csv</code></p>` : '';
  return `<h3>${escaped(table.title)}</h3>\n${tableOf(rows, head)}${note}`;
}

function leftOut(count: number, what: string): readonly string[] {
  return count > 0 ? [`${figureText(count)} more ${what}${count === 1 ? '' : 's'}`] : [];
}

function columnOf({ rows }: ResultTable, title: string, place: number): { head: string; cells: readonly string[] } {
  const values = rows.slice(0, MOST_ROWS).map((row) => row[place] ?? null);
  const numbers = values.map((value) => (typeof value === 'number' ? value : null));
  const isNumeric = numbers.some((value) => value !== null);
  const texts = columnTexts(numbers);
  const mark = isNumeric ? ' class="number"' : '';
  const cells = values.map(
    (value, row) => `<td${mark}>${typeof value === 'string' ? escaped(value) : (texts[row] ?? '')}</td>`,
  );
  return { head: `<th scope="col"${mark}>${escaped(title)}</th>`, cells };
}

function tableOf(rows: readonly string[], head = ''): string {
  return `<div class="scroll"><table>${head}\n<tbody>\n${rows.join('\n')}\n</tbody></table></div>`;
}

/** `var_95` is read as `VaR 95`, `mean_price` as `Mean price`. */
function spokenName(name: string): string {
  const words = name.split('_').map((word) => ABBREVIATIONS.get(word) ?? word);
  const text = words.join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function flattened(value: Readonly<Record<string, unknown>>, path = ''): readonly (readonly [string, string])[] {
  return Object.entries(value).flatMap(([name, inner]) => {
    if (inner === undefined) return [];
    return isRecord(inner) ? flattened(inner, `${path}${name}.`) : [[`${path}${name}`, textOf(inner)] as const];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const isPlainList = Array.isArray(value) && value.every((item) => typeof item !== 'object');
  return isPlainList ? value.join(', ') : (JSON.stringify(value) ?? '');
}
