import { z } from 'zod';
import { instantSchema } from './instant';
import { modelJobEventSchema } from './model-job-event';
import { newsItemSchema } from './news-item';
import { isSymbol } from './symbol';
import { symbolAverageSchema } from './symbol-average';

/** What the frames of the live sockets and streams look like, for those who read them and for the docs. */

const symbol = z.string().refine(isSymbol, 'not a symbol');
const sequence = z.int().nonnegative();
const reason = z.string().optional().meta({ description: 'Why it is told again, where the client had one before' });

/** The newest price of a symbol from any provider, as sockets and streams tell it. */
export const livePriceSchema = z.object({
  price: z.number(),
  change: z.number().meta({ description: 'Against the last price before its UTC day, else the first of it' }),
  change_percent: z.number(),
  currency: z.string().nullable(),
  provider: z.string(),
  timestamp: instantSchema.meta({ description: "The market's time" }),
  fetched_at: instantSchema,
});

export type LivePrice = z.infer<typeof livePriceSchema>;

const prices = z.record(symbol, livePriceSchema);

/** Where things stand: the prices of the watchlist, up to `sequence`. */
export const snapshotFrameSchema = z.object({ type: z.literal('snapshot'), prices, sequence, reason });

/** The prices of the watchlist that changed. Nothing was missed when `from` is the last `sequence` + 1. */
export const diffFrameSchema = z.object({ type: z.literal('diff'), prices, from: sequence, sequence });

/** Said before what a client had missed: it goes on at `from`. */
export const resumedFrameSchema = z.object({ type: z.literal('resumed'), from: sequence });

/** Whether what is told is the present. */
export const statusFrameSchema = z.object({
  type: z.literal('status'),
  state: z.enum(['live', 'stale']),
  since: instantSchema.optional().meta({ description: 'Since when nothing newer can be told' }),
});

/** New moving averages, for clients that subscribed to `averages`. */
export const averagesFrameSchema = z.object({ type: z.literal('averages'), averages: z.array(symbolAverageSchema) });

/** Changes of model jobs, for clients that subscribed to `jobs`. */
export const jobsFrameSchema = z.object({
  type: z.literal('jobs'),
  jobs: z.array(modelJobEventSchema.omit({ owner: true })),
});

/** What was wrong with a frame of the client; the connection stays. */
export const errorFrameSchema = z.object({ type: z.literal('error'), code: z.string(), detail: z.string() });

/** The newest headlines of the watchlist, up to `sequence`. */
export const newsSnapshotFrameSchema = z.object({
  type: z.literal('snapshot'),
  news: z.array(newsItemSchema),
  sequence,
  reason,
});

/** New headlines of the watchlist. Nothing was missed when `from` is the last `sequence` + 1. */
export const newsFrameSchema = z.object({
  type: z.literal('news'),
  items: z.array(newsItemSchema),
  from: sequence,
  sequence,
});

/** From then on only these symbols; none for an empty list, all for null. Answered by a snapshot. */
export const watchlistFrameSchema = z.strictObject({ watchlist: z.array(symbol).max(1_000).nullable() });

/** Asks for what came after a sequence; answered by `resumed` and what was missed, else by a snapshot that says why. */
export const resumeFrameSchema = z.strictObject({ resume: sequence });

/** Asks for what else is told on this socket; an empty list ends it. */
export const subscribeFrameSchema = z.strictObject({ subscribe: z.array(z.enum(['averages', 'jobs'])).max(2) });
