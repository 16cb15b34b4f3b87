import { compareEventKeys, type PriceEvent } from '../domain/price-event';
import type { LatestBody, LatestWrite, SnapshotEntry } from './cache';

/** All that a batch of writes says of one symbol. */
export interface SymbolWrite {
  readonly symbol: string;
  /** The newest event of each provider. */
  readonly newestOfProviders: readonly PriceEvent[];
  /** The newest of any provider: what `prices` is about. */
  readonly newest: PriceEvent;
  /** Start of the newest event's UTC day, epoch milliseconds. */
  readonly dayMs: number;
  /** The newest event before that day, as far as this batch knows. */
  readonly before: PriceEvent | undefined;
  /** The first event of that day, as far as this batch knows. */
  readonly first: PriceEvent;
  /** What the caller says the change is measured against. */
  readonly referencePrice: number | undefined;
}

/** One entry for each symbol, in the order of their first appearance. */
export function conflate(writes: readonly LatestWrite[]): readonly SymbolWrite[] {
  const bySymbol = new Map<string, LatestWrite[]>();
  for (const write of writes) {
    const group = bySymbol.get(write.event.symbol);
    if (group) group.push(write);
    else bySymbol.set(write.event.symbol, [write]);
  }
  return [...bySymbol].flatMap(([symbol, group]) => symbolWriteOf(symbol, group) ?? []);
}

function symbolWriteOf(symbol: string, writes: readonly LatestWrite[]): SymbolWrite | undefined {
  const sorted = [...writes].sort(
    (a, b) => compareEventKeys(a.event, b.event) || a.event.fetchedAt.getTime() - b.event.fetchedAt.getTime(),
  );
  const events = sorted.map(({ event }) => event);
  const newest = events.at(-1);
  if (!newest) return undefined;
  const dayMs = new Date(newest.observedAt).setUTCHours(0, 0, 0, 0);
  const isBefore = ({ observedAt }: PriceEvent) => observedAt.getTime() < dayMs;
  return {
    symbol,
    newestOfProviders: [...new Map(events.map((event) => [event.provider, event])).values()],
    newest,
    dayMs,
    before: events.findLast(isBefore),
    first: events.find((event) => !isBefore(event)) ?? newest,
    referencePrice: sorted.findLast((write) => write.referencePrice !== undefined && isSame(write, newest))
      ?.referencePrice,
  };
}

function isSame({ event }: LatestWrite, other: PriceEvent): boolean {
  return compareEventKeys(event, other) === 0;
}

/** The body that `latest_price_{symbol}_{provider}` holds, as JSON text. */
export function latestBodyOf(event: PriceEvent): string {
  const body: LatestBody = {
    symbol: event.symbol,
    provider: event.provider,
    price: event.price,
    currency: event.currency,
    volume: event.volume,
    timestamp: event.observedAt.toISOString(),
    fetched_at: event.fetchedAt.toISOString(),
    event_id: event.eventId,
  };
  return JSON.stringify(body);
}

/** The fields of a snapshot entry that do not depend on the reference price. */
export function entryTailOf(event: PriceEvent): Omit<SnapshotEntry, 'price' | 'change' | 'change_percent'> {
  return {
    currency: event.currency,
    provider: event.provider,
    timestamp: event.observedAt.toISOString(),
    fetched_at: event.fetchedAt.toISOString(),
  };
}

/** Significant digits, of the larger price, to which a change is rounded: subtraction leaves no digits of its own behind. */
export const CHANGE_DIGITS = 12;
/** Decimals of a change in percent. */
export const PERCENT_DECIMALS = 4;

/** The change against `reference`, absolute and in percent. The script on Redis computes the same, step by step. */
export function changeOf(price: number, reference: number): { change: number; changePercent: number } {
  const larger = Math.max(Math.abs(price), Math.abs(reference));
  const digits = larger === 0 ? 0 : CHANGE_DIGITS - 1 - Math.floor(Math.log10(larger));
  const change = roundTo(price - reference, Math.min(Math.max(digits, 0), 20));
  const percent = reference === 0 ? 0 : ((price - reference) / Math.abs(reference)) * 100;
  return { change, changePercent: roundTo(percent, PERCENT_DECIMALS) };
}

function roundTo(value: number, decimals: number): number {
  const scale = Number(`1e${decimals}`);
  // Adding zero makes of a negative zero a plain one.
  return Math.floor(value * scale + 0.5) / scale + 0;
}
