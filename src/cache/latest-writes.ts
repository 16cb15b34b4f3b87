import { formatInstant } from '../domain/instant';
import { compareEventKeys, type PriceEvent } from '../domain/price-event';
import type { LatestWrite, SnapshotEntry } from './cache';

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

/** The fields of a snapshot entry that do not depend on the reference price. */
export function entryTailOf(event: PriceEvent): Omit<SnapshotEntry, 'price' | 'change' | 'change_percent'> {
  return {
    currency: event.currency,
    provider: event.provider,
    timestamp: formatInstant(event.observedAt),
    fetched_at: formatInstant(event.fetchedAt),
  };
}
