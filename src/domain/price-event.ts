import { z } from 'zod';
import { formatInstant, instantSchema, parseInstant } from './instant';
import { isSymbol } from './symbol';

/**
 * One price of one symbol from one provider: the fact the whole pipeline carries. Flat, immutable, two clocks.
 * Its identity is derived from its content (see {@link priceEventId}), so the same quote fetched twice is the same event.
 */
export interface PriceEvent {
  readonly eventId: string;
  readonly symbol: string;
  readonly provider: string;
  /** In `currency` per unit. Above zero, except where {@link mayTradeBelowZero}. */
  readonly price: number;
  /** ISO 4217 code, or null where the provider does not say. */
  readonly currency: string | null;
  /** Units traded as the provider counts them (trade size, or day volume), or null. */
  readonly volume: number | null;
  /** The market's time of the price; `timestamp` on the wire. Never our own clock. */
  readonly observedAt: Date;
  /** The source's own order within one instant: trade id, line of the tape; 0 where it has none. */
  readonly sequence: number;
  /** Our clock when the provider answered. */
  readonly fetchedAt: Date;
  /** Row of `raw_market_data` it was made from; null for a tape, which is its own raw record. */
  readonly rawResponseId: string | null;
}

/** What orders events of one (symbol, provider), everywhere in the pipeline. */
export type EventKey = Pick<PriceEvent, 'observedAt' | 'sequence' | 'eventId'>;

/** `provider:symbol:epoch-ms:sequence:price`. */
export function priceEventId(event: Omit<PriceEvent, 'eventId'>): string {
  return `${event.provider}:${event.symbol}:${event.observedAt.getTime()}:${event.sequence}:${event.price}`;
}

/** Negative when `a` comes before `b`: by instant, then sequence as a number, then id as text (ASCII order). 0 only for the same event. */
export function compareEventKeys(a: EventKey, b: EventKey): number {
  return (
    a.observedAt.getTime() - b.observedAt.getTime() || a.sequence - b.sequence || compareText(a.eventId, b.eventId)
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Futures (Yahoo's `=F`) can settle at or below zero, as crude oil did on 2020-04-20; nothing else here can. */
export function mayTradeBelowZero(symbol: string): boolean {
  return symbol.endsWith('=F');
}

/** True for a number that `symbol` can be priced at. */
export function isPrice(price: unknown, symbol: string): price is number {
  return typeof price === 'number' && Number.isFinite(price) && (price > 0 || mayTradeBelowZero(symbol));
}

/** How far ahead of our clock a market time may lie before it is taken for garbage: one day. */
export const MAX_AHEAD_MS = 24 * 60 * 60 * 1000;

const PROVIDER = /^[a-z][a-z0-9-]{0,31}$/;

/** A price event on the wire (`price-events`), snake_case. Unknown fields are ignored, so that fields can be added. */
export const priceEventSchema = z.object({
  event_id: z.string().min(1).max(200),
  symbol: z.string().refine(isSymbol, 'not a symbol'),
  provider: z.string().regex(PROVIDER, 'a provider is 1 to 32 of a-z 0-9 -'),
  price: z.number(),
  currency: z.string().min(1).max(16).nullable(),
  volume: z.number().nonnegative().nullable(),
  timestamp: instantSchema,
  sequence: z.int().nonnegative(),
  fetched_at: instantSchema,
  raw_response_id: z.guid().nullable(),
});

export type PriceEventWire = z.infer<typeof priceEventSchema>;

/** The wire form of an event. `toPriceEvent(toWire(e))` equals `e`. */
export function toWire(event: PriceEvent): PriceEventWire {
  return {
    event_id: event.eventId,
    symbol: event.symbol,
    provider: event.provider,
    price: event.price,
    currency: event.currency,
    volume: event.volume,
    timestamp: formatInstant(event.observedAt),
    sequence: event.sequence,
    fetched_at: formatInstant(event.fetchedAt),
    raw_response_id: event.rawResponseId,
  };
}

/** The event of a wire form that passed {@link priceEventSchema}. */
export function toPriceEvent(wire: PriceEventWire): PriceEvent {
  return {
    eventId: wire.event_id,
    symbol: wire.symbol,
    provider: wire.provider,
    price: wire.price,
    currency: wire.currency,
    volume: wire.volume,
    observedAt: new Date(parseInstant(wire.timestamp)),
    sequence: wire.sequence,
    fetchedAt: new Date(parseInstant(wire.fetched_at)),
    rawResponseId: wire.raw_response_id,
  };
}

/**
 * The quick way from JSON to an event: the one {@link toPriceEvent} makes, without asking {@link priceEventSchema}, which costs as much as all the rest
 * of reading it. Undefined for whatever the schema would not take, and for rare spellings: then the schema is asked, which also says why not.
 */
export function readPriceEvent(json: unknown): PriceEvent | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const wire = json as Partial<Record<keyof PriceEventWire, unknown>>;
  const { event_id: eventId, symbol, provider, price, currency, volume, sequence } = wire;
  const [observedMs, fetchedMs] = [instantOf(wire.timestamp), instantOf(wire.fetched_at)];
  const rawResponseId = wire.raw_response_id;
  const fits =
    isText(eventId, 200) &&
    isSymbol(symbol) &&
    isText(provider, 32) &&
    PROVIDER.test(provider) &&
    typeof price === 'number' &&
    Number.isFinite(price) &&
    (currency === null || isText(currency, 16)) &&
    (volume === null || isCount(volume)) &&
    isCount(sequence) &&
    Number.isSafeInteger(sequence) &&
    (rawResponseId === null || (isText(rawResponseId, 36) && GUID.test(rawResponseId))) &&
    !Number.isNaN(observedMs + fetchedMs);
  if (!fits) return undefined;
  const [observedAt, fetchedAt] = [new Date(observedMs), new Date(fetchedMs)];
  return { eventId, symbol, provider, price, currency, volume, observedAt, sequence, fetchedAt, rawResponseId };
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function isText(value: unknown, maxLength: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= maxLength;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value);
}

function instantOf(value: unknown): number {
  return typeof value === 'string' ? parseInstant(value) : Number.NaN;
}

/** Why an event that has the right shape still cannot be true, in one sentence; undefined when nothing speaks against it. */
export function implausibilityOf(event: PriceEvent, now: Date): string | undefined {
  if (!isPrice(event.price, event.symbol)) {
    return `price of ${event.symbol}: expected a finite number above zero, got ${event.price}`;
  }
  if (event.observedAt.getTime() > now.getTime() + MAX_AHEAD_MS) {
    return `timestamp of ${event.symbol}: expected at most a day ahead, got ${event.observedAt.toISOString()}`;
  }
  return undefined;
}
