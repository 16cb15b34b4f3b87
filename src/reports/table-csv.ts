import type { ResultTable } from '../models/model';

/** A text beginning so is computed by spreadsheets that open the file. */
const FORMULA = /^[=+\-@\t\r]/;
const TO_BE_QUOTED = /[",\r\n]/;

/**
 * A table as CSV (RFC 4180: comma, CRLF, quotes doubled), with a line of column names first. Numbers are in full precision; null is an empty cell. A text that
 * a spreadsheet would take for a formula gets an apostrophe in front.
 */
export function csvOf({ columns, rows }: ResultTable): string {
  return [columns, ...rows].map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('');
}

function cellOf(cell: string | number | null): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return TO_BE_QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
