import CliTable from 'cli-table3';
import { printable } from './printable';

export type Colour = 'green' | 'red' | 'bold';

/** Text of a table, in a colour where colours are shown. */
export interface Painted {
  readonly text: string;
  readonly colour: Colour;
}

export type Cell = string | number | Painted;

const CODES: Readonly<Record<Colour, readonly [number, number]>> = { green: [32, 39], red: [31, 39], bold: [1, 22] };

const NO_LINES = Object.fromEntries(
  'top,top-mid,top-left,top-right,bottom,bottom-mid,bottom-left,bottom-right,left,left-mid,mid,mid-mid,right,right-mid'
    .split(',')
    .map((name) => [name, '']),
);

/** Columns as wide as their widest cell, numbers to the right, one line a row, no line ends with blanks. */
export function tableOf(head: readonly string[], rows: readonly (readonly Cell[])[], colours: boolean): string {
  const table = new CliTable({
    chars: { ...NO_LINES, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: head.map((_, column) => (typeof rows[0]?.[column] === 'number' ? 'right' : 'left')),
  });
  const heading = head.map((text): Painted => ({ text, colour: 'bold' }));
  table.push(...[heading, ...rows].map((row) => row.map((cell) => cellText(cell, colours))));
  return table.toString().replace(/ +$/gm, '');
}

function cellText(cell: Cell, colours: boolean): string {
  if (typeof cell === 'number') return cell.toLocaleString('en-US', { maximumFractionDigits: 20 });
  if (typeof cell === 'string') return printable(cell);
  const text = printable(cell.text);
  const [on, off] = CODES[cell.colour];
  return colours ? `\u001b[${on}m${text}\u001b[${off}m` : text;
}
