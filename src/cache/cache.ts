import { formatInstant } from '../domain/instant';
import { changeOf } from '../domain/price-change';
import type { PriceEvent } from '../domain/price-event';
import type { Taken } from '../platform/request-windows';

/** The served body of a latest price, without what depends on the moment of serving. Field order as served. */
export interface LatestBody {
  readonly symbol: string;
  readonly provider: string;
  readonly price: number;
  readonly currency: string | null;
  readonly volume: number | null;
  readonly timestamp: string;
  readonly fetched_at: string;
  readonly event_id: string;
}

/** The body of an event. */
export function latestBodyOf(event: PriceEvent): LatestBody {
  return {
    symbol: event.symbol,
    provider: event.provider,
    price: event.price,
    currency: event.currency,
    volume: event.volume,
    timestamp: formatInstant(event.observedAt),
    fetched_at: formatInstant(event.fetchedAt),
    event_id: event.eventId,
  };
}

/** What `prices` holds for a symbol: its newest event from any provider. */
export interface SnapshotEntry {
  readonly price: number;
  /** Against the last price before the event's UTC day, else the first price of that day; in `currency`. */
  readonly change: number;
  /** The same in percent of that price. */
  readonly change_percent: number;
  readonly currency: string | null;
  readonly provider: string;
  readonly timestamp: string;
  readonly fetched_at: string;
}

/** The entry of an event whose change is measured against `referencePrice`. */
export function snapshotEntryOf(point: { event: PriceEvent; referencePrice: number }): SnapshotEntry {
  const { price, currency, provider, timestamp, fetched_at } = latestBodyOf(point.event);
  const { change, changePercent } = changeOf(price, point.referencePrice);
  return { price, change, change_percent: changePercent, currency, provider, timestamp, fetched_at };
}

export type Snapshot = Readonly<Record<string, SnapshotEntry>>;

/**
 * Published on `price-diffs`. `sequence` grows by one with each diff. A cache without one begins at the epoch millisecond of that moment, so that a number of
 * a cache that was lost is none of the one after it.
 */
export interface PriceDiff {
  readonly sequence: number;
  readonly prices: Snapshot;
}

/** A request on `ticker_updates` for a fresh fetch of one symbol. */
export interface TickerUpdate {
  readonly ticker: string;
  readonly action: string | null;
}

/** Events to write, and the reference price of a symbol where the caller knows a better one than the cache. */
export interface LatestWrite {
  readonly event: PriceEvent;
  readonly referencePrice?: number;
}

/**
 * The latest prices, quick to read and always rebuildable from the store. Reading and writing throw CACHE_UNAVAILABLE (retryable)
 * when the cache does not answer in time; listening and quotas do not: see there.
 */
export interface Cache {
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  ping(): Promise<void>;
  /**
   * Only the newer wins: `latest_price_{symbol}_{provider}`, `price:{symbol}` (for the default provider) and `prices` each change only when the event
   * comes after the stored one in event order, in one atomic script, which also publishes the diff of symbols whose price changed.
   * The very event that is stored, fetched again later, renews `fetched_at` and the expiry: the provider has just confirmed it.
   * Returns how many symbols changed in `prices`.
   */
  writeLatest(writes: readonly LatestWrite[]): Promise<number>;
  /**
   * Removes all that is kept of a symbol: its entry in `prices`, its bodies of these providers and its own, and the order that lets only the newer win. For an
   * entry that is wrong; whoever removes it writes the right one next. Publishes nothing.
   */
  forgetLatest(symbol: string, providers: readonly string[]): Promise<void>;
  /** The stored body as JSON text, parsed by nobody on the way; from the default provider's key when none is named. */
  readLatest(symbol: string, provider?: string): Promise<string | undefined>;
  /** The same for many symbols in one round trip; undefined where there is none. */
  readLatestOf(symbols: readonly string[], provider?: string): Promise<readonly (string | undefined)[]>;
  /** `prices` and the sequence of the last diff it contains, read in one step. */
  readSnapshot(): Promise<PriceDiff>;
  /** One entry of `prices`. */
  readSnapshotEntry(symbol: string): Promise<SnapshotEntry | undefined>;
  /** Calls back with every diff published from now on, or, while the cache is away, from its return. Returns the way to end it. */
  onDiff(listener: (diff: PriceDiff) => void): Promise<() => Promise<void>>;
  /**
   * Calls back with `lost` when what is published can no longer be heard, and with `restored` when it can again, which is also told of the first connection:
   * what was published before is not told any more, so whoever follows the diffs reads the snapshot anew. Returns the way to end it.
   */
  onConnection(listener: (state: 'lost' | 'restored') => void): () => void;
  /** Calls back with every well-formed message on `ticker_updates`; a malformed one goes to `onMalformed`. As `onDiff` while the cache is away. */
  onTickerUpdate(
    listener: (update: TickerUpdate) => void,
    onMalformed: (text: string) => void,
  ): Promise<() => Promise<void>>;
  /** Takes one unit from a quota shared by every process; 0 when it was there, else milliseconds until it will be. While the cache is away it counts in this process. */
  takeQuota(name: string, limit: number, windowMs: number): Promise<number>;
  /** Takes one unit of what a subject may use up in a window, shared by every process and in one step. Unlike a quota it is not counted here while the cache is away. */
  takeAllowance(subject: string, limit: number, windowMs: number): Promise<Taken>;
  /**
   * True for the first, over every process, that takes `name`; false for everybody else until it is forgotten after `ttlSeconds`. While the cache is away, for
   * the first of this process. Never rejects.
   */
  takeOnce(name: string, ttlSeconds: number): Promise<boolean>;
}
