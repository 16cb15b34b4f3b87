import { z } from 'zod';
import { instantSchema } from '../../domain/instant';
import { priceEventSchema, toWire } from '../../domain/price-event';
import type { HistoryQuery, PricePoint, Store } from '../../store/store';
import { type Answer, json } from '../answer';
import { cursorField, cursorOf } from '../history-cursor';
import { instantField, providerField, symbolField, wholeNumberField } from '../request-fields';
import { defineRoute } from '../route';

const JSON_TYPE = 'application/json';
const CSV_TYPE = 'text/csv';
const NDJSON_TYPE = 'application/x-ndjson';

const DEFAULT_LIMIT = 1000;
const MAX_LIMIT = 10_000;
/** Points that a stream holds in memory at once. */
const STREAM_PAGE = 1000;

const pointSchema = priceEventSchema.extend({ ingested_at: instantSchema }).meta({ id: 'PricePoint' });
const COLUMNS = pointSchema.keyof().options;

const historySchema = z
  .object({
    symbol: z.string(),
    provider: z.string(),
    prices: z.array(pointSchema),
    next_cursor: z.string().nullable().meta({ description: 'Give it as cursor for what follows; null at the end' }),
  })
  .meta({ id: 'History' });

const history = defineRoute({
  method: 'get',
  path: '/prices/history',
  tag: 'prices',
  summary: 'Stored prices, oldest first',
  description:
    'JSON in pages. With `Accept: text/csv` or `application/x-ndjson` everything that is asked for comes as one stream, however long; `limit` then bounds it.',
  request: {
    query: z
      .strictObject({
        symbol: symbolField,
        provider: providerField.optional(),
        start: instantField.optional().meta({ description: 'First market time, inclusive' }),
        end: instantField.optional().meta({ description: 'Last market time, exclusive' }),
        limit: wholeNumberField(1, MAX_LIMIT)
          .optional()
          .meta({ type: 'integer', description: `Prices in the answer; in JSON ${DEFAULT_LIMIT} when left out` }),
        cursor: cursorField.optional().meta({ description: 'next_cursor of the page before' }),
      })
      .refine(({ start, end }) => !start || !end || start < end, { path: ['end'], error: 'expected end after start' }),
  },
  answers: {
    200: {
      description: 'The prices',
      content: {
        [JSON_TYPE]: { schema: historySchema },
        [CSV_TYPE]: { schema: z.string(), example: COLUMNS.join(',') },
        [NDJSON_TYPE]: { schema: z.string().meta({ description: 'One PricePoint a line' }) },
      },
    },
  },
  problems: ['INVALID_INPUT', 'PROVIDER_UNKNOWN', 'STORE_UNAVAILABLE'],
  handle: async ({ query }, { providers, store, defaults }, exchange) => {
    const { symbol, start, end, cursor: after, limit } = query;
    const series = { symbol, provider: providers.nameOf(query.provider ?? defaults.provider) };
    const wanted = { ...series, start, end, after };
    const contentType = exchange.prefer([JSON_TYPE, CSV_TYPE, NDJSON_TYPE]);
    if (contentType === JSON_TYPE) return pageAnswer(store, { ...wanted, limit: limit ?? DEFAULT_LIMIT });
    return streamAnswer(store, { ...wanted, limit: limit ?? Number.POSITIVE_INFINITY }, contentType);
  },
});

export const historyRoutes = [history];

async function pageAnswer(store: Store, query: HistoryQuery): Promise<Answer> {
  const points = await store.prices.list({ ...query, limit: query.limit + 1 });
  const page = points.slice(0, query.limit);
  const last = page.at(-1);
  const nextCursor = last && points.length > page.length ? cursorOf(last) : null;
  const { symbol, provider } = query;
  return json({ symbol, provider, prices: page.map(pointView), next_cursor: nextCursor });
}

/** Reads the first page before it answers, so that a database that is away is a problem and not a broken stream. */
async function streamAnswer(store: Store, query: HistoryQuery, contentType: string): Promise<Answer> {
  const pages = pagesOf(store, query);
  const first = await pages.next();
  const isCsv = contentType === CSV_TYPE;
  const textOf = isCsv ? csvOf : ndjsonOf;

  async function* body() {
    if (isCsv) yield `${COLUMNS.join(',')}\r\n`;
    if (first.done) return;
    yield textOf(first.value);
    for await (const page of pages) yield textOf(page);
  }
  return { status: 200, contentType: isCsv ? `${CSV_TYPE}; charset=utf-8; header=present` : contentType, body: body() };
}

/** One page in memory at a time; each starts behind the last point of the one before. */
async function* pagesOf(store: Store, query: HistoryQuery): AsyncGenerator<readonly PricePoint[], void> {
  let { after, limit: left } = query;
  while (left > 0) {
    const limit = Math.min(left, STREAM_PAGE);
    const page = await store.prices.list({ ...query, after, limit });
    if (page.length > 0) yield page;
    if (page.length < limit) return;
    after = page.at(-1);
    left -= page.length;
  }
}

function pointView(point: PricePoint): z.infer<typeof pointSchema> {
  return { ...toWire(point), ingested_at: point.ingestedAt.toISOString() };
}

function ndjsonOf(page: readonly PricePoint[]): string {
  return page.map((point) => `${JSON.stringify(pointView(point))}\n`).join('');
}

/** RFC 4180. */
function csvOf(page: readonly PricePoint[]): string {
  return page
    .map((point) => {
      const view = pointView(point);
      return `${COLUMNS.map((column) => csvField(view[column])).join(',')}\r\n`;
    })
    .join('');
}

function csvField(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
