import { isUtf8 } from 'node:buffer';
import type { z } from 'zod';
import {
  type ModelJobEvent,
  type ModelJobMessage,
  modelJobEventSchema,
  modelJobMessageSchema,
  toJobEvent,
  toJobEventWire,
} from '../domain/model-job-event';
import { type NewsItem, newsItemSchema, toNewsItem, toNewsWire } from '../domain/news-item';
import {
  implausibilityOf,
  type PriceEvent,
  priceEventSchema,
  readPriceEvent,
  toPriceEvent,
  toWire,
} from '../domain/price-event';
import { averageJson, type SymbolAverage, type SymbolAverageWire, symbolAverageSchema } from '../domain/symbol-average';
import type { BusRecord, Message } from './bus';

/** An event, or one sentence that says why the record is none. */
export type Decoded<Event> =
  | { readonly ok: true; readonly event: Event }
  | { readonly ok: false; readonly detail: string };

/** A topic's name, key and schema. */
export interface Topic<Event, Read = Event> {
  readonly name: string;
  /** What it carries, for the docs. */
  readonly title: string;
  /** What its key is. */
  readonly key: string;
  /** Its value on the wire, for the docs; `decode` may ask more of it. */
  readonly schema: z.ZodType;
  /** One value that fits. */
  readonly example: unknown;
  /** The group that dead-letters what cannot be decoded; the other groups count it and go on. */
  readonly writerGroup: string | null;
  /** The message that carries `event`. */
  message(event: Event, headers?: Record<string, string>): Message;
  /** Never throws. `now` bounds how far ahead a market time may lie. */
  decode(record: Pick<BusRecord, 'key' | 'value'>, now: Date): Decoded<Read>;
}

const EXAMPLE_JOB_ID = '3f6d0c52-8a4e-4c8e-9a53-5a1de3f0b7c4';

export const priceEvents: Topic<PriceEvent> = {
  name: 'price-events',
  title: 'One price of one symbol from one provider',
  key: 'symbol',
  schema: priceEventSchema,
  example: {
    event_id: 'replay:AIG:1381152602123:17:48.31',
    symbol: 'AIG',
    provider: 'replay',
    price: 48.31,
    currency: 'USD',
    volume: 100,
    timestamp: '2013-10-07T13:30:02.123Z',
    sequence: 17,
    fetched_at: '2026-11-21T07:00:00.000Z',
    raw_response_id: null,
  },
  writerGroup: 'price-history',
  message: (event, headers) => messageFor('price-events', event.symbol, JSON.stringify(toWire(event)), headers),
  decode: (record, now) => {
    const json = parseValue(record);
    if (!json.ok) return json;
    const event = readPriceEvent(json.event);
    const read: Decoded<PriceEvent> = event ? { ok: true, event } : readBySchema(json.event);
    if (!read.ok) return read;
    const detail = misplacementOf(read.event, record.key) ?? implausibilityOf(read.event, now);
    return detail === undefined ? read : failure(detail);
  },
};

function readBySchema(json: unknown): Decoded<PriceEvent> {
  const wire = fitted(json, priceEventSchema);
  return wire.ok ? { ok: true, event: toPriceEvent(wire.event) } : wire;
}

/** A record under another key would not keep the order of its symbol. */
function misplacementOf({ symbol }: PriceEvent, key: Buffer | null): string | undefined {
  const text = key?.toString();
  return text === symbol ? undefined : `key: expected the symbol ${symbol}, got ${text?.slice(0, 64) ?? 'no key'}`;
}

export const symbolAverages: Topic<SymbolAverage, SymbolAverageWire> = {
  name: 'symbol-averages',
  title: 'The moving average that ends at one price event',
  key: 'symbol',
  schema: symbolAverageSchema,
  example: {
    symbol: 'AIG',
    provider: 'replay',
    window: 5,
    average: 48.302,
    count: 5,
    timestamp: '2013-10-07T13:30:02.123Z',
    event_id: 'replay:AIG:1381152602123:17:48.31',
  },
  writerGroup: null,
  message: (average, headers) => messageFor('symbol-averages', average.symbol, averageJson(average), headers),
  decode: (record) => {
    const json = parseValue(record);
    return json.ok ? fitted(json.event, symbolAverageSchema) : json;
  },
};

export const modelJobs: Topic<ModelJobMessage> = {
  name: 'model-jobs',
  title: 'A model job waits for a runner',
  key: 'job_id',
  schema: modelJobMessageSchema,
  example: { job_id: EXAMPLE_JOB_ID, model: 'blackscholes' },
  writerGroup: 'model-runner',
  message: ({ jobId, model }, headers) =>
    messageFor('model-jobs', jobId, JSON.stringify({ job_id: jobId, model }), headers),
  decode: (record) => {
    const json = parseValue(record);
    const wire = json.ok ? fitted(json.event, modelJobMessageSchema) : json;
    return wire.ok ? { ok: true, event: { jobId: wire.event.job_id, model: wire.event.model } } : wire;
  },
};

export const modelJobEvents: Topic<ModelJobEvent> = {
  name: 'model-job-events',
  title: 'The status or the progress of a model job changed',
  key: 'job_id',
  schema: modelJobEventSchema,
  example: { job_id: EXAMPLE_JOB_ID, status: 'running', progress: 0.25, at: '2026-11-21T07:00:00.000Z' },
  writerGroup: null,
  message: (event, headers) =>
    messageFor('model-job-events', event.jobId, JSON.stringify(toJobEventWire(event)), headers),
  decode: (record) => {
    const json = parseValue(record);
    const wire = json.ok ? fitted(json.event, modelJobEventSchema) : json;
    return wire.ok ? { ok: true, event: toJobEvent(wire.event) } : wire;
  },
};

export const newsItems: Topic<NewsItem> = {
  name: 'news-items',
  title: 'One headline about one symbol',
  key: 'symbol',
  schema: newsItemSchema,
  example: {
    news_id: 'fixture:AIG:0f4c1d6f7a7e4b5e9a3d2c1b0a998877',
    symbol: 'AIG',
    headline: 'AIG reports its third quarter',
    summary: null,
    url: 'https://news.example/aig-third-quarter',
    source: 'fixture',
    published_at: '2026-11-20T21:05:00.000Z',
  },
  writerGroup: 'news',
  message: (item, headers) => messageFor('news-items', item.symbol, JSON.stringify(toNewsWire(item)), headers),
  decode: (record) => {
    const json = parseValue(record);
    const wire = json.ok ? fitted(json.event, newsItemSchema) : json;
    return wire.ok ? { ok: true, event: toNewsItem(wire.event) } : wire;
  },
};

/** Records that could not be handled: the original bytes, with headers that say where from and why. */
export const DEAD_LETTERS = 'dead-letters';

/** What is the same of every topic with a schema, whatever its events are. */
export type DescribedTopic = Omit<Topic<never, unknown>, 'message'>;

/** Every topic with a schema. */
export const TOPICS: readonly DescribedTopic[] = [priceEvents, symbolAverages, modelJobs, modelJobEvents, newsItems];

/** Every topic, as it is created. `dead-letters` keeps original bytes and has no schema. */
export const TOPIC_NAMES: readonly string[] = [...TOPICS.map(({ name }) => name), DEAD_LETTERS];

function messageFor(topic: string, key: string, value: string, headers?: Record<string, string>): Message {
  return headers ? { topic, key, value, headers } : { topic, key, value };
}

function failure(detail: string): { ok: false; detail: string } {
  return { ok: false, detail };
}

function parseValue({ value }: Pick<BusRecord, 'value'>): Decoded<unknown> {
  if (value === null) return failure('value: expected a JSON object, got null');
  if (!isUtf8(value)) return failure('value: expected UTF-8, got other bytes');
  return parseJson(value.toString('utf8'));
}

function fitted<Wire>(json: unknown, schema: z.ZodType<Wire>): Decoded<Wire> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, event: parsed.data };
  const [issue] = parsed.error.issues;
  return failure(`${issue?.path.join('.') || 'value'}: ${issue?.message ?? 'does not fit the schema'}`);
}

function parseJson(text: string): Decoded<unknown> {
  try {
    return { ok: true, event: JSON.parse(text) };
  } catch {
    return failure('value: expected JSON, got text that does not parse');
  }
}
