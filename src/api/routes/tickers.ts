import { z } from 'zod';
import { type LatestBody, snapshotEntryOf } from '../../cache/cache';
import { instantSchema } from '../../domain/instant';
import { type PriceEvent, toWire } from '../../domain/price-event';
import { TickwireError } from '../../platform/errors';
import { json } from '../answer';
import type { ApiContext } from '../context';
import type { Fetched } from '../price-fetch';
import { DEFAULT_MAX_AGE_SECONDS } from '../price-lookup';
import { symbolField } from '../request-fields';
import { defineRoute } from '../route';

const entrySchema = z
  .object({
    price: z.number(),
    change: z.number().meta({
      description: "Against the last price before the price's UTC day, else the first price of that day",
    }),
    change_percent: z.number(),
    currency: z.string().nullable(),
    provider: z.string(),
    timestamp: instantSchema,
    fetched_at: instantSchema,
  })
  .meta({ id: 'Ticker' });

const tickerParams = z.strictObject({ ticker: symbolField });

const latestPrice = defineRoute({
  method: 'get',
  path: '/latest-price/{ticker}',
  access: 'prices:read',
  tag: 'tickers',
  summary: 'The newest price of a ticker, from any provider',
  description: 'Where no price of the last five minutes is stored, the default provider is asked.',
  request: { params: tickerParams },
  answers: {
    200: {
      description: 'The price',
      content: {
        'application/json': {
          schema: z
            .object({
              ticker: z.string(),
              price: z.number(),
              volume: z.number().nullable(),
              market_cap: z.number().nullable(),
              timestamp: instantSchema,
            })
            .meta({ id: 'TickerPrice' }),
        },
      },
    },
  },
  problems: [
    'INVALID_INPUT',
    'SYMBOL_UNKNOWN',
    'PROVIDER_NOT_CONFIGURED',
    'PROVIDER_RATE_LIMITED',
    'PROVIDER_UNAVAILABLE',
    'PROVIDER_REFUSED',
    'QUOTE_INVALID',
    'STORE_UNAVAILABLE',
    'PROVIDER_TIMEOUT',
  ],
  handle: async ({ params }, context, { requestId }) => {
    const { price, volume, timestamp } = await newestPrice(context, params.ticker, requestId);
    const marketCap = await context.store.prices.findMarketCap(params.ticker);
    return json({ ticker: params.ticker, price, volume, market_cap: marketCap, timestamp });
  },
});

const triggerUpdate = defineRoute({
  method: 'post',
  path: '/trigger-update/{ticker}',
  access: 'jobs:write',
  audit: 'prices.update',
  tag: 'tickers',
  summary: 'Fetch a ticker from the default provider now',
  description: 'Its metadata are renewed as well, a little later, when they are older than a day.',
  request: { params: tickerParams },
  answers: {
    200: {
      description: 'It was fetched, and is on its way through the pipeline',
      content: {
        'application/json': {
          schema: z
            .object({
              status: z.literal('success'),
              message: z.string(),
              ticker: z.string(),
              price: z.number(),
              timestamp: instantSchema,
            })
            .meta({ id: 'TriggeredUpdate' }),
        },
      },
    },
  },
  problems: ['INVALID_INPUT', 'SYMBOL_UNKNOWN', 'PROVIDER_NOT_CONFIGURED', 'PROVIDER_UNAVAILABLE', 'STORE_UNAVAILABLE'],
  handle: async ({ params: { ticker } }, { fetch, renewMetadata, defaults: { provider } }, { requestId }) => {
    const [fetched] = await fetch.fetch(provider, [ticker], requestId);
    const { price, observedAt } = eventOf(fetched);
    renewMetadata(ticker, provider, requestId);
    const message = `${provider} was asked for ${ticker}`;
    return json({ status: 'success', message, ticker, price, timestamp: observedAt.toISOString() });
  },
});

const allTickers = defineRoute({
  method: 'get',
  path: '/tickers',
  access: 'prices:read',
  tag: 'tickers',
  summary: 'The newest price and change of every symbol',
  request: {},
  answers: {
    200: {
      description: 'By symbol',
      content: { 'application/json': { schema: z.record(z.string(), entrySchema).meta({ id: 'Tickers' }) } },
    },
  },
  problems: ['STORE_UNAVAILABLE'],
  handle: async (_input, { guardedCache, store }) => {
    const cached = await guardedCache.read((cache) => cache.readSnapshot());
    if (cached && Object.keys(cached.prices).length > 0) return json(cached.prices);
    const points = await store.prices.snapshot();
    return json(Object.fromEntries(points.map((point) => [point.event.symbol, snapshotEntryOf(point)])));
  },
});

const oneTicker = defineRoute({
  method: 'get',
  path: '/tickers/{symbol}',
  access: 'prices:read',
  tag: 'tickers',
  summary: 'The newest price and change of one symbol',
  request: { params: z.strictObject({ symbol: symbolField }) },
  answers: { 200: { description: 'The price', content: { 'application/json': { schema: entrySchema } } } },
  problems: ['INVALID_INPUT', 'NOT_FOUND', 'STORE_UNAVAILABLE'],
  handle: async ({ params: { symbol } }, { guardedCache, store }) => {
    const cached = await guardedCache.read((cache) => cache.readSnapshotEntry(symbol));
    if (cached) return json(cached);
    const isKnown = (await store.prices.findLatest(symbol)) !== undefined;
    const points = isKnown ? await store.prices.snapshot() : [];
    const point = points.find(({ event }) => event.symbol === symbol);
    if (!point) throw new TickwireError('NOT_FOUND', `symbol: no price of ${symbol} is stored`);
    return json(snapshotEntryOf(point));
  },
});

export const tickerRoutes = [latestPrice, triggerUpdate, allTickers, oneTicker];

type Priced = Pick<LatestBody, 'price' | 'volume' | 'timestamp'>;

const pricedSchema = z.object({ price: z.number(), volume: z.number().nullable(), timestamp: instantSchema });

/** The stored price while it is recent, else the default provider's; whichever is newer. @throws why there is none. */
async function newestPrice({ store, lookup, clock }: ApiContext, ticker: string, requestId: string): Promise<Priced> {
  const stored = await store.prices.findLatest(ticker);
  const maxAgeSeconds = DEFAULT_MAX_AGE_SECONDS;
  if (stored && clock().getTime() - stored.observedAt.getTime() <= maxAgeSeconds * 1000) return toWire(stored);
  try {
    const looked = pricedSchema.parse(JSON.parse(await lookup.latest(ticker, { maxAgeSeconds, requestId })));
    return stored && stored.observedAt > new Date(looked.timestamp) ? toWire(stored) : looked;
  } catch (error) {
    if (stored) return toWire(stored);
    throw error;
  }
}

/** @throws why it failed. */
function eventOf(fetched: Fetched | undefined): PriceEvent {
  if (fetched && 'event' in fetched) return fetched.event;
  throw fetched ? asFailedFetch(fetched.error) : new TickwireError('PROVIDER_UNAVAILABLE', 'nothing was fetched');
}

/** A fetch that was asked for and failed is the gateway's fault, whatever befell it; an unknown symbol and a missing key are the caller's. */
function asFailedFetch(error: TickwireError): TickwireError {
  const { code, message, retryAfterMs } = error;
  if (!/^(PROVIDER_(RATE_LIMITED|TIMEOUT|REFUSED)|QUOTE_INVALID)$/.test(code)) return error;
  return new TickwireError('PROVIDER_UNAVAILABLE', message, { retryAfterMs, cause: error });
}
