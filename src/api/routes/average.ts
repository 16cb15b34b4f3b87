import { z } from 'zod';
import { instantSchema } from '../../domain/instant';
import { meanOf, type WindowEntry } from '../../domain/moving-average';
import { TickwireError } from '../../platform/errors';
import type { SeriesKey, Store } from '../../store/store';
import { json } from '../answer';
import { providerField, symbolField, wholeNumberField } from '../request-fields';
import { defineRoute } from '../route';

const averageSchema = z
  .object({
    symbol: z.string(),
    provider: z.string(),
    window: z.int(),
    average: z.number().meta({ description: 'Arithmetic mean, 15 significant digits' }),
    count: z.int().meta({ description: 'Prices averaged' }),
    timestamp: instantSchema.meta({ description: "The market's time of the newest price in it" }),
    event_ids: z.array(z.string()).meta({ description: 'The averaged prices, oldest first' }),
  })
  .meta({ id: 'Average' });

const average = defineRoute({
  method: 'get',
  path: '/prices/average',
  access: 'prices:read',
  tag: 'prices',
  summary: 'The moving average of a symbol',
  description:
    'The configured window comes from what the consumer stored; any other is computed from the stored prices.',
  request: {
    query: z.strictObject({
      symbol: symbolField,
      provider: providerField.optional(),
      window: wholeNumberField(1, 500)
        .optional()
        .meta({ type: 'integer', description: 'Prices in the average; the configured number when left out' }),
    }),
  },
  answers: { 200: { description: 'The average', content: { 'application/json': { schema: averageSchema } } } },
  problems: ['INVALID_INPUT', 'PROVIDER_UNKNOWN', 'AVERAGE_NOT_READY', 'STORE_UNAVAILABLE'],
  handle: async ({ query }, { providers, store, defaults }) => {
    const series = { symbol: query.symbol, provider: providers.nameOf(query.provider ?? defaults.provider) };
    const window = query.window ?? defaults.movingAverageWindow;
    const stored = window === defaults.movingAverageWindow ? await storedEntries(store, series, window) : undefined;
    const entries = stored ?? (await store.prices.listNewest(series, window));
    const newest = entries.at(-1);
    if (!newest || entries.length < window) throw notReady(series, entries.length, window);
    return json({
      ...series,
      window,
      average: meanOf(entries, 0, window - 1),
      count: window,
      timestamp: newest.observedAt.toISOString(),
      event_ids: entries.map(({ eventId }) => eventId),
    });
  },
});

export const averageRoutes = [average];

/**
 * The prices of the newest row of `symbol_averages`, oldest first; undefined where there is none. They come from the window that was saved with that row
 * in one transaction, so their mean is the row's average.
 */
async function storedEntries(
  store: Store,
  series: SeriesKey,
  size: number,
): Promise<readonly WindowEntry[] | undefined> {
  const row = await store.averages.findLatest(series.symbol, size, series.provider);
  if (!row) return undefined;
  const [stored] = await store.averages.loadWindows([series], size);
  const entries = stored?.window.entries ?? [];
  const end = entries.findIndex(({ eventId }) => eventId === row.eventId) + 1;
  return end < size ? undefined : entries.slice(end - size, end);
}

function notReady({ symbol, provider }: SeriesKey, count: number, window: number): TickwireError {
  const detail = `an average of ${symbol} from ${provider} needs ${window} prices, and there are ${count} so far`;
  return new TickwireError('AVERAGE_NOT_READY', detail);
}
