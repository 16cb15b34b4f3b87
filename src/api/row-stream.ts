import type { Answer } from './answer';

export const JSON_TYPE = 'application/json';
export const CSV_TYPE = 'text/csv';
export const NDJSON_TYPE = 'application/x-ndjson';

/** In the order in which they are offered. */
export const ROW_TYPES = [JSON_TYPE, CSV_TYPE, NDJSON_TYPE] as const;

/** Rows that a stream holds in memory at once. */
export const STREAM_PAGE = 1000;

/** A row as it is served: the columns of CSV, the fields of NDJSON. */
export type Row = Readonly<Record<string, string | number | null>>;

/**
 * Rows as CSV (RFC 4180, with a header line) or NDJSON, as fast as the client reads. The first page is read before the answer begins, so that a database
 * that is away is a problem and not a broken stream. @throws what the first page throws.
 */
export async function streamRows(
  pages: AsyncGenerator<readonly Row[], void>,
  { columns, contentType }: { columns: readonly string[]; contentType: string },
): Promise<Answer> {
  const first = await pages.next();
  const isCsv = contentType === CSV_TYPE;
  const textOf = isCsv ? (page: readonly Row[]) => csvOf(page, columns) : ndjsonOf;

  async function* body() {
    if (isCsv) yield `${columns.join(',')}\r\n`;
    if (first.done) return;
    yield textOf(first.value);
    for await (const page of pages) yield textOf(page);
  }
  return { status: 200, contentType: isCsv ? `${CSV_TYPE}; charset=utf-8; header=present` : contentType, body: body() };
}

/** At most `limit` items, {@link STREAM_PAGE} in memory at a time; each page is read behind the last item of the one before. */
export async function* pagesOf<Item>(
  read: (after: Item | undefined, limit: number) => Promise<readonly Item[]>,
  limit: number,
): AsyncGenerator<readonly Item[], void> {
  let after: Item | undefined;
  let left = limit;
  while (left > 0) {
    const size = Math.min(left, STREAM_PAGE);
    const page = await read(after, size);
    if (page.length > 0) yield page;
    if (page.length < size) return;
    after = page.at(-1);
    left -= page.length;
  }
}

/** Each page with every item as a row. */
export async function* rowsOf<Item>(
  pages: AsyncGenerator<readonly Item[], void>,
  view: (item: Item) => Row,
): AsyncGenerator<readonly Row[], void> {
  for await (const page of pages) yield page.map(view);
}

function ndjsonOf(page: readonly Row[]): string {
  return page.map((row) => `${JSON.stringify(row)}\n`).join('');
}

function csvOf(page: readonly Row[], columns: readonly string[]): string {
  return page.map((row) => `${columns.map((column) => csvField(row[column] ?? null)).join(',')}\r\n`).join('');
}

function csvField(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
