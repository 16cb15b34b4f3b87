import { isUtf8 } from 'node:buffer';
import type { z } from 'zod';
import { implausibilityOf, type PriceEvent, priceEventSchema, toPriceEvent, toWire } from '../domain/price-event';
import {
  type SymbolAverage,
  type SymbolAverageWire,
  symbolAverageSchema,
  toAverageWire,
} from '../domain/symbol-average';
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
  /** The group that dead-letters what cannot be decoded; the other groups count it and go on. */
  readonly writerGroup: string | null;
  /** The message that carries `event`. */
  message(event: Event, headers?: Record<string, string>): Message;
  /** Never throws. `now` bounds how far ahead a market time may lie. */
  decode(record: Pick<BusRecord, 'key' | 'value'>, now: Date): Decoded<Read>;
}

export const priceEvents: Topic<PriceEvent> = {
  name: 'price-events',
  title: 'One price of one symbol from one provider',
  writerGroup: 'price-history',
  message: (event, headers) => messageFor('price-events', event.symbol, JSON.stringify(toWire(event)), headers),
  decode: (record, now) => {
    const wire = decodeJson(record, priceEventSchema);
    if (!wire.ok) return wire;
    const key = record.key?.toString();
    if (key !== wire.event.symbol)
      return failure(`key: expected the symbol ${wire.event.symbol}, got ${key?.slice(0, 64) ?? 'no key'}`);
    const event = toPriceEvent(wire.event);
    const detail = implausibilityOf(event, now);
    return detail === undefined ? { ok: true, event } : failure(detail);
  },
};

export const symbolAverages: Topic<SymbolAverage, SymbolAverageWire> = {
  name: 'symbol-averages',
  title: 'The moving average that ends at one price event',
  writerGroup: null,
  message: (average, headers) =>
    messageFor('symbol-averages', average.symbol, JSON.stringify(toAverageWire(average)), headers),
  decode: (record) => decodeJson(record, symbolAverageSchema),
};

/** Records that could not be handled: the original bytes, with headers that say where from and why. */
export const DEAD_LETTERS = 'dead-letters';

/** Every topic, as it is created. `dead-letters` keeps original bytes and has no schema. */
export const TOPIC_NAMES: readonly string[] = [priceEvents.name, symbolAverages.name, DEAD_LETTERS];

function messageFor(topic: string, key: string, value: string, headers?: Record<string, string>): Message {
  return headers ? { topic, key, value, headers } : { topic, key, value };
}

function failure(detail: string): { ok: false; detail: string } {
  return { ok: false, detail };
}

function decodeJson<Wire>({ value }: Pick<BusRecord, 'value'>, schema: z.ZodType<Wire>): Decoded<Wire> {
  if (value === null) return failure('value: expected a JSON object, got null');
  if (!isUtf8(value)) return failure('value: expected UTF-8, got other bytes');
  const json = parseJson(value.toString('utf8'));
  if (!json.ok) return json;
  const parsed = schema.safeParse(json.event);
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
