import type { z } from 'zod';
import { TOPICS } from '../bus/topics';
import {
  averagesFrameSchema,
  diffFrameSchema,
  errorFrameSchema,
  jobsFrameSchema,
  newsFrameSchema,
  newsSnapshotFrameSchema,
  resumedFrameSchema,
  resumeFrameSchema,
  snapshotFrameSchema,
  statusFrameSchema,
  subscribeFrameSchema,
  watchlistFrameSchema,
} from '../domain/live-frame';

/** One kind of frame on a socket: JSON of a schema, or the text of the example. */
export interface FrameDefinition {
  readonly name: string;
  readonly title: string;
  readonly schema?: z.ZodType;
  readonly example: unknown;
}

/** A socket as it is documented. */
export interface SocketDefinition {
  readonly name: string;
  readonly address: string;
  readonly title: string;
  readonly description: string;
  readonly serverFrames: readonly FrameDefinition[];
  readonly clientFrames: readonly FrameDefinition[];
}

const entry = {
  price: 231.07,
  change: 1.21,
  change_percent: 0.5264,
  currency: 'USD',
  provider: 'fixture',
  timestamp: '2026-01-05T15:00:00.000Z',
  fetched_at: '2026-01-05T15:00:00.412Z',
};

function exampleOf(topic: string): unknown {
  return TOPICS.find(({ name }) => name === topic)?.example;
}

const status: FrameDefinition = {
  name: 'status',
  title: 'Whether what is told is the present',
  schema: statusFrameSchema,
  example: { type: 'status', state: 'stale', since: '2026-01-05T15:00:12.000Z' },
};
const resumed: FrameDefinition = {
  name: 'resumed',
  title: 'What was missed follows',
  schema: resumedFrameSchema,
  example: { type: 'resumed', from: 41 },
};
const error: FrameDefinition = {
  name: 'error',
  title: 'What was wrong with a frame of the client; the connection stays',
  schema: errorFrameSchema,
  example: { type: 'error', code: 'INVALID_INPUT', detail: 'watchlist: expected at most 1000 symbols' },
};
const pong: FrameDefinition = { name: 'pong', title: 'The answer to ping, as plain text', example: 'pong' };
const ping: FrameDefinition = { name: 'ping', title: 'Are you there? As plain text', example: 'ping' };
const watchlist: FrameDefinition = {
  name: 'watchlist',
  title: 'From now on only these symbols; an empty list is none, null is all again',
  schema: watchlistFrameSchema,
  example: { watchlist: ['AAPL', 'MSFT'] },
};
const resume: FrameDefinition = {
  name: 'resume',
  title: 'What came after this sequence, please',
  schema: resumeFrameSchema,
  example: { resume: 41 },
};

const COMMON =
  'A snapshot comes first, then what changes; nothing was missed while each `from` is the last `sequence` + 1. A client that reads slowly is told the newest only ' +
  '(closed with 1013 past a bound); a service that stops closes with 1001. `?symbols=A,B` and `?resume=n` do at once what the frames of these names do.';

/** Every socket, with what is said on it in both directions. */
export const SOCKETS: readonly SocketDefinition[] = [
  {
    name: 'prices',
    address: '/ws/prices',
    title: 'Prices as they change',
    description: COMMON,
    serverFrames: [
      {
        name: 'snapshot',
        title: 'The prices of the watchlist as they stand',
        schema: snapshotFrameSchema,
        example: { type: 'snapshot', prices: { AAPL: entry }, sequence: 41 },
      },
      {
        name: 'diff',
        title: 'The prices of the watchlist that changed',
        schema: diffFrameSchema,
        example: { type: 'diff', prices: { AAPL: { ...entry, price: 231.08 } }, from: 42, sequence: 44 },
      },
      resumed,
      status,
      {
        name: 'averages',
        title: 'New moving averages, where subscribed to',
        schema: averagesFrameSchema,
        example: { type: 'averages', averages: [exampleOf('symbol-averages')] },
      },
      {
        name: 'jobs',
        title: 'Changes of model jobs, where subscribed to',
        schema: jobsFrameSchema,
        example: { type: 'jobs', jobs: [exampleOf('model-job-events')] },
      },
      error,
      pong,
    ],
    clientFrames: [
      watchlist,
      resume,
      {
        name: 'subscribe',
        title: 'What else to tell',
        schema: subscribeFrameSchema,
        example: { subscribe: ['averages', 'jobs'] },
      },
      ping,
    ],
  },
  {
    name: 'news',
    address: '/ws/news',
    title: 'Headlines as they come',
    description: COMMON,
    serverFrames: [
      {
        name: 'snapshot',
        title: 'The newest headlines of the watchlist',
        schema: newsSnapshotFrameSchema,
        example: { type: 'snapshot', news: [exampleOf('news-items')], sequence: 7 },
      },
      {
        name: 'news',
        title: 'New headlines of the watchlist',
        schema: newsFrameSchema,
        example: { type: 'news', items: [exampleOf('news-items')], from: 8, sequence: 8 },
      },
      resumed,
      status,
      error,
      pong,
    ],
    clientFrames: [watchlist, resume, ping],
  },
];
