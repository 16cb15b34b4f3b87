import { z } from 'zod';
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

/** RFC 3339, UTC, milliseconds: the only spelling of an instant on the wire. */
export const instantSchema = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'expected an RFC 3339 UTC instant with milliseconds')
  // Date.parse takes 30 February for 2 March.
  .refine((text) => new Date(text).getUTCDate() === Number(text.slice(8, 10)), 'not a date of the calendar');

/** A price event on the wire (`price-events`), snake_case. Unknown fields are ignored, so that fields can be added. */
export const priceEventSchema = z.object({
  event_id: z.string().min(1).max(200),
  symbol: z.string().refine(isSymbol, 'not a symbol'),
  provider: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'a provider is 1 to 32 of a-z 0-9 -'),
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
    timestamp: event.observedAt.toISOString(),
    sequence: event.sequence,
    fetched_at: event.fetchedAt.toISOString(),
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
    observedAt: new Date(wire.timestamp),
    sequence: wire.sequence,
    fetchedAt: new Date(wire.fetched_at),
    rawResponseId: wire.raw_response_id,
  };
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
