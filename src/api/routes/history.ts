import { z } from 'zod';
import { instantSchema } from '../../domain/instant';
import { priceEventSchema, toWire } from '../../domain/price-event';
import type { HistoryQuery, PricePoint, Store } from '../../store/store';
import { type Answer, json } from '../answer';
import { cursorField, cursorOf } from '../history-cursor';
import { instantField, providerField, symbolField, wholeNumberField } from '../request-fields';
import { defineRoute } from '../route';
import { CSV_TYPE, JSON_TYPE, NDJSON_TYPE, pagesOf, ROW_TYPES, rowsOf, streamRows } from '../row-stream';

const DEFAULT_LIMIT = 1000;
const MAX_LIMIT = 10_000;

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
  access: 'prices:read',
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
    const contentType = exchange.prefer(ROW_TYPES);
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

function streamAnswer(store: Store, { after: cursor, ...query }: HistoryQuery, contentType: string): Promise<Answer> {
  const read = (last: PricePoint | undefined, limit: number) =>
    store.prices.list({ ...query, after: last ?? cursor, limit });
  return streamRows(rowsOf(pagesOf(read, query.limit), pointView), { columns: COLUMNS, contentType });
}

function pointView(point: PricePoint): z.infer<typeof pointSchema> {
  return { ...toWire(point), ingested_at: point.ingestedAt.toISOString() };
}
