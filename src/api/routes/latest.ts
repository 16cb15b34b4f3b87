import { z } from 'zod';
import { instantSchema } from '../../domain/instant';
import { jsonText } from '../answer';
import { publicDetailOf } from '../errors';
import { DEFAULT_MAX_AGE_SECONDS, type Looked } from '../price-lookup';
import { providerField, symbolField, symbolListField, wholeNumberField } from '../request-fields';
import { defineRoute } from '../route';

const priceSchema = z
  .object({
    symbol: z.string(),
    provider: z.string(),
    price: z.number(),
    currency: z.string().nullable(),
    volume: z.number().nullable(),
    timestamp: instantSchema.meta({ description: "The market's time of the price" }),
    fetched_at: instantSchema.meta({ description: 'When the provider last confirmed it' }),
    event_id: z.string(),
    age_ms: z.number().meta({ description: 'Milliseconds since timestamp' }),
    stale: z.boolean().meta({ description: 'True when it is older than max_age' }),
    source: z.enum(['cache', 'database', 'provider']),
  })
  .meta({
    id: 'LatestPrice',
    example: {
      symbol: 'AAPL',
      provider: 'fixture',
      price: 231.07,
      currency: 'USD',
      volume: 1203450,
      timestamp: '2026-01-05T15:00:00.000Z',
      fetched_at: '2026-01-05T15:00:00.412Z',
      event_id: 'fixture:AAPL:1767625200000:0:231.07',
      age_ms: 1210,
      stale: false,
      source: 'cache',
    },
  });

const pricesSchema = z
  .object({
    prices: z.array(priceSchema),
    errors: z.array(z.object({ symbol: z.string(), code: z.string(), detail: z.string() })),
  })
  .meta({ id: 'LatestPrices' });

const latestPrice = defineRoute({
  method: 'get',
  path: '/prices/latest',
  access: 'prices:read',
  tag: 'prices',
  summary: 'The latest price of a symbol, or of many',
  description:
    'From the cache, else the database, else the provider. A price older than `max_age` is asked for anew; where the provider has nothing newer (a closed ' +
    'market) or fails, the newest known one is served with `stale: true`. Name one symbol with `symbol`, or up to 100 with `symbols`: then what fails is ' +
    'listed in `errors` beside the prices.',
  request: {
    query: z
      .strictObject({
        symbol: symbolField.optional(),
        symbols: symbolListField.optional(),
        provider: providerField.optional(),
        max_age: wholeNumberField(0, 31_536_000).optional().meta({
          type: 'integer',
          description: 'Seconds; what is older is not served as fresh',
          default: DEFAULT_MAX_AGE_SECONDS,
        }),
      })
      .refine(({ symbol, symbols }) => (symbol === undefined) !== (symbols === undefined), {
        path: ['symbol'],
        error: 'expected one of symbol and symbols',
      }),
  },
  answers: {
    200: {
      description: 'The price, or with symbols the prices and what failed',
      content: { 'application/json': { schema: z.union([priceSchema, pricesSchema]) } },
    },
  },
  problems: [
    'INVALID_INPUT',
    'PROVIDER_UNKNOWN',
    'PROVIDER_NOT_CONFIGURED',
    'SYMBOL_UNKNOWN',
    'PROVIDER_RATE_LIMITED',
    'PROVIDER_UNAVAILABLE',
    'PROVIDER_REFUSED',
    'QUOTE_INVALID',
    'STORE_UNAVAILABLE',
    'PROVIDER_TIMEOUT',
  ],
  handle: async ({ query }, { lookup }, { requestId }) => {
    const { symbol, symbols = [], provider, max_age: maxAgeSeconds = DEFAULT_MAX_AGE_SECONDS } = query;
    const asked = { provider, maxAgeSeconds, requestId };
    if (symbol !== undefined) return jsonText(await lookup.latest(symbol, asked));
    return jsonText(pricesText(await lookup.latestOf(symbols, asked)));
  },
});

export const latestRoutes = [latestPrice];

/** The list around texts that already are JSON. */
function pricesText(looked: readonly Looked[]): string {
  const texts = looked.flatMap((found) => ('text' in found ? [found.text] : []));
  const errors = looked.flatMap((found) =>
    'error' in found ? [{ symbol: found.symbol, code: found.error.code, detail: publicDetailOf(found.error) }] : [],
  );
  return `{"prices":[${texts.join(',')}],"errors":${JSON.stringify(errors)}}`;
}
