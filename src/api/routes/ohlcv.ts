import { z } from 'zod';
import { BAR_INTERVALS, type Bar } from '../../domain/bar';
import { ADJUSTMENTS, type UnappliedAction } from '../../history/adjust';
import { findInstrument, openSeries, type Series } from '../../history/open-series';
import { readPage } from '../../history/read-page';
import { type Answer, json } from '../answer';
import { barCursorField, barCursorOf } from '../bar-cursor';
import { BAR_COLUMNS, barSchema, barView, quarantinedBarSchema, quarantinedBarView } from '../bar-view';
import { instantField, symbolField, wholeNumberField } from '../request-fields';
import { defineRoute } from '../route';
import { CSV_TYPE, JSON_TYPE, NDJSON_TYPE, pagesOf, ROW_TYPES, rowsOf, streamRows } from '../row-stream';

const DEFAULT_LIMIT = 1000;
const MAX_LIMIT = 10_000;

const sourceField = z
  .string()
  .min(1, 'expected the name of a source')
  .max(64, 'the name of a source has at most 64 characters')
  .meta({ description: 'Whose bars; when left out the source with the most, of equals the first by name' });

const intervalField = z
  .enum(BAR_INTERVALS, { error: `expected one of ${BAR_INTERVALS.join(', ')}` })
  .default('1d')
  .meta({ description: 'Length of a bar', default: '1d' });

const symbolParams = z.strictObject({ symbol: symbolField });

const seriesSchema = z
  .object({
    symbol: z.string().meta({ description: "The pipeline's symbol, also when asked by a vendor's spelling" }),
    interval: z.string(),
    adjustment: z.enum(ADJUSTMENTS),
    source: z.string().nullable().meta({ description: 'Whose bars these are; null when there are none' }),
    bars: z.array(barSchema),
    gaps: z.array(z.string()).meta({
      description: 'Sessions of NYSE and Nasdaq without a bar between the first and last one here; shown, not filled',
    }),
    unapplied_actions: z
      .array(z.object({ kind: z.string(), ex_date: z.string(), reason: z.string() }))
      .meta({ description: 'Corporate actions that the adjustment could not take into account' }),
    next_cursor: z.string().nullable().meta({ description: 'Give it as cursor for what follows; null at the end' }),
  })
  .meta({ id: 'BarSeries' });

const ohlcv = defineRoute({
  method: 'get',
  path: '/ohlcv/{symbol}',
  access: 'prices:read',
  tag: 'history',
  summary: 'Stored bars of one instrument, oldest first',
  description:
    'One series from one source, adjusted when it is read: `raw` as traded, `split` on the present share count, `all` also with dividends reinvested ' +
    '(1 − dividend / close of the session before). JSON in pages; with `Accept: text/csv` or `application/x-ndjson` everything that is asked for comes ' +
    'as one stream, and `limit` bounds it.',
  request: {
    params: symbolParams,
    query: z
      .strictObject({
        start: instantField.optional().meta({ description: 'First start of a bar, inclusive' }),
        end: instantField.optional().meta({ description: 'Last start of a bar, exclusive' }),
        interval: intervalField,
        adjustment: z
          .enum(ADJUSTMENTS, { error: `expected one of ${ADJUSTMENTS.join(', ')}` })
          .default('raw')
          .meta({ description: 'Computed when reading; stored bars never change', default: 'raw' }),
        source: sourceField.optional(),
        limit: wholeNumberField(1, MAX_LIMIT)
          .optional()
          .meta({ type: 'integer', description: `Bars in the answer; in JSON ${DEFAULT_LIMIT} when left out` }),
        cursor: barCursorField.optional().meta({ type: 'string', description: 'next_cursor of the page before' }),
      })
      .refine(({ start, end }) => !start || !end || start < end, { path: ['end'], error: 'expected end after start' }),
  },
  answers: {
    200: {
      description: 'The bars',
      content: {
        [JSON_TYPE]: { schema: seriesSchema },
        [CSV_TYPE]: { schema: z.string(), example: BAR_COLUMNS.join(',') },
        [NDJSON_TYPE]: { schema: z.string().meta({ description: 'One Bar a line' }) },
      },
    },
  },
  problems: ['INVALID_INPUT', 'SYMBOL_UNKNOWN', 'STORE_UNAVAILABLE'],
  handle: async ({ params, query }, { store, clock }, exchange) => {
    const { interval, adjustment, start, end, cursor, limit } = query;
    const source = query.source ?? cursor?.source;
    const series = await openSeries(store, { symbol: params.symbol, interval, adjustment, source, asOf: clock() });
    const range = { start, end, after: cursor?.startAt };
    const contentType = exchange.prefer(ROW_TYPES);
    if (contentType === JSON_TYPE) return pageAnswer(series, { ...range, limit: limit ?? DEFAULT_LIMIT });
    const read = (last: Bar | undefined, size: number) =>
      series.list({ ...range, after: last?.startAt ?? range.after, limit: size });
    const rows = rowsOf(pagesOf(read, limit ?? Number.POSITIVE_INFINITY), (bar) => viewOf(series, bar));
    return streamRows(rows, { columns: BAR_COLUMNS, contentType });
  },
});

const revisions = defineRoute({
  method: 'get',
  path: '/ohlcv/{symbol}/revisions',
  access: 'prices:read',
  tag: 'history',
  summary: 'Every revision of one bar, oldest first',
  description: 'What a source said first, and each time it restated the bar; unadjusted.',
  request: {
    params: symbolParams,
    query: z.strictObject({
      start_at: instantField.meta({ description: 'start_at of the bar', example: '2026-01-05T14:30:00.000Z' }),
      interval: intervalField,
      source: sourceField.optional(),
    }),
  },
  answers: {
    200: {
      description: 'The revisions; none for a bar that is not stored',
      content: {
        [JSON_TYPE]: {
          schema: z.object({ symbol: z.string(), revisions: z.array(barSchema) }).meta({ id: 'BarRevisions' }),
        },
      },
    },
  },
  problems: ['INVALID_INPUT', 'SYMBOL_UNKNOWN', 'STORE_UNAVAILABLE'],
  handle: async ({ params, query }, { store, clock }) => {
    const { start_at: startAt, interval, source } = query;
    const series = await openSeries(store, { ...params, interval, source, adjustment: 'raw', asOf: clock() });
    const { symbol } = series.instrument;
    const key = { symbol, interval, startAt };
    const found = series.source === null ? [] : await store.bars.listRevisions({ ...key, source: series.source });
    return json({ symbol, revisions: found.map((bar) => viewOf(series, bar)) });
  },
});

const quarantine = defineRoute({
  method: 'get',
  path: '/ohlcv/{symbol}/quarantine',
  access: 'prices:read',
  tag: 'history',
  summary: 'Bars that break their own rules, newest first, each with its reason',
  request: {
    params: symbolParams,
    query: z.strictObject({
      source: sourceField.optional(),
      limit: wholeNumberField(1, MAX_LIMIT).default(DEFAULT_LIMIT).meta({ type: 'integer', default: DEFAULT_LIMIT }),
    }),
  },
  answers: {
    200: {
      description: 'The bars',
      content: {
        [JSON_TYPE]: {
          schema: z
            .object({ symbol: z.string(), quarantined: z.array(quarantinedBarSchema) })
            .meta({ id: 'QuarantinedBars' }),
        },
      },
    },
  },
  problems: ['INVALID_INPUT', 'SYMBOL_UNKNOWN', 'STORE_UNAVAILABLE'],
  handle: async ({ params, query }, { store }) => {
    const { symbol } = await findInstrument(store, params.symbol);
    const found = await store.bars.listQuarantined({ symbol, ...query });
    return json({ symbol, quarantined: found.map(quarantinedBarView) });
  },
});

export const ohlcvRoutes = [ohlcv, revisions, quarantine];

type PageRange = Parameters<typeof readPage>[1];

async function pageAnswer(series: Series, range: PageRange): Promise<Answer> {
  const { bars, gaps, hasMore } = await readPage(series, range);
  const last = hasMore ? bars.at(-1) : undefined;
  const { instrument, interval, adjustment, source, unapplied } = series;
  return json({
    symbol: instrument.symbol,
    interval,
    adjustment,
    source,
    bars: bars.map((bar) => viewOf(series, bar)),
    gaps,
    unapplied_actions: unapplied.map(unappliedView),
    next_cursor: last ? barCursorOf(last) : null,
  });
}

function viewOf({ instrument }: Series, bar: Bar) {
  return barView(bar, instrument.assetClass);
}

function unappliedView({ action, reason }: UnappliedAction) {
  return { kind: action.kind, ex_date: action.exDate, reason };
}
