import { parse } from 'csv-parse/sync';
import type { ResultTable } from '../../src/models/model';
import { csvOf } from '../../src/reports/table-csv';

const aTable = (columns: string[], rows: ResultTable['rows']): ResultTable => ({
  name: 't',
  title: 'T',
  columns,
  rows,
});

test('names of columns come first, lines end in CRLF, null is empty', () => {
  const csv = csvOf(
    aTable(
      ['day', 'price'],
      [
        [0, 100.5],
        [1, null],
      ],
    ),
  );

  expect(csv).toBe('day,price\r\n0,100.5\r\n1,\r\n');
});

test('numbers are in full precision and read back as the same', () => {
  const numbers = [0.1 + 0.2, 1e-12, -1.5e300, 123456789.12345679, -0, 5e-324];

  const cells = csvOf(
    aTable(
      ['x'],
      numbers.map((number) => [number]),
    ),
  )
    .trim()
    .split('\r\n')
    .slice(1);

  expect(cells.map(Number)).toEqual(numbers.map((number) => number + 0));
});

test('commas, quotes and line breaks in texts are read back as written', () => {
  const rows = [
    ['a,b', 'say "x"'],
    ['two\r\nlines', ' spaces '],
    ['größe', ''],
  ];

  const csv = csvOf(aTable(['first, of two', 'second'], rows));

  expect(parse(csv)).toEqual([['first, of two', 'second'], ...rows]);
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("http://x","y")'])(
  'the text %j is no formula for a spreadsheet, as cell and as name of a column',
  (text) => {
    const [[name], [cell]] = parse(csvOf(aTable([text], [[text]]))) as [[string], [string]];

    expect(name).toBe(`'${text}`);
    expect(cell).toBe(`'${text}`);
  },
);

test('a negative number stays a number, and a harmless text is not touched', () => {
  const csv = csvOf(
    aTable(
      ['x', 'symbol'],
      [
        [-4.7, '^GSPC'],
        [-1e-9, 'BRK-B'],
      ],
    ),
  );

  expect(csv).toBe('x,symbol\r\n-4.7,^GSPC\r\n-1e-9,BRK-B\r\n');
});
