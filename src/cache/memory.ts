import { changeOf } from '../domain/price-change';
import { compareEventKeys, type PriceEvent } from '../domain/price-event';
import { type Clock, systemClock } from '../platform/clock';
import { openLocalAllowances } from '../platform/request-windows';
import { type Cache, latestBodyOf, type PriceDiff, type SnapshotEntry } from './cache';
import { conflate, entryTailOf, type SymbolWrite } from './latest-writes';
import { openMemoryQuotas } from './memory-quotas';
import { parseTickerUpdate } from './messages';
import { openLocalOnce } from './once';

export interface MemoryCache extends Cache {
  /** What a publisher on the channel `ticker_updates` does. */
  publishTickerUpdate(text: string): void;
}

interface ExpiringBody {
  readonly text: string;
  readonly expiresMs: number;
}

/** The cache in this process's memory, with the semantics of the real one; `clock` decides what is expired. */
export function openMemoryCache(options: { ttlSeconds: number; defaultProvider: string; clock?: Clock }): MemoryCache {
  const { ttlSeconds, defaultProvider, clock = systemClock } = options;
  const bodies = new Map<string, ExpiringBody>();
  const newestOfSeries = new Map<string, PriceEvent>();
  const snapshot = openSnapshot(clock().getTime());
  const diffListeners = new Set<(diff: PriceDiff) => void>();
  const updateListeners = new Set<(text: string) => void>();

  const bodyAt = (key: string) => {
    const body = bodies.get(key);
    return body && body.expiresMs > clock().getTime() ? body.text : undefined;
  };
  const keyOf = (symbol: string, provider?: string) =>
    provider === undefined ? `price:${symbol}` : `latest_price_${symbol}_${provider}`;
  const writeBody = (event: PriceEvent) => {
    const keys = [keyOf(event.symbol, event.provider)];
    if (event.provider === defaultProvider) keys.push(keyOf(event.symbol));
    const series = `${event.symbol} ${event.provider}`;
    const standing = standingOf(event, newestOfSeries.get(series));
    if (standing === 'older' || (standing === 'same' && keys.every((key) => bodyAt(key) !== undefined))) return;
    if (standing !== 'same') newestOfSeries.set(series, event);
    const body = { text: JSON.stringify(latestBodyOf(event)), expiresMs: clock().getTime() + ttlSeconds * 1000 };
    for (const key of keys) bodies.set(key, body);
  };

  return {
    name: 'memory',
    start: async () => undefined,
    stop: async () => undefined,
    ping: async () => undefined,
    async writeLatest(writes) {
      const conflated = conflate(writes);
      for (const event of conflated.flatMap(({ newestOfProviders }) => newestOfProviders)) writeBody(event);
      const { changed, diff } = snapshot.write(conflated);
      if (diff) for (const listener of diffListeners) queueMicrotask(() => listener(diff));
      return changed;
    },
    async forgetLatest(symbol, providers) {
      for (const key of [keyOf(symbol), ...providers.map((provider) => keyOf(symbol, provider))]) bodies.delete(key);
      for (const provider of providers) newestOfSeries.delete(`${symbol} ${provider}`);
      snapshot.forget(symbol);
    },
    readLatest: async (symbol, provider) => bodyAt(keyOf(symbol, provider)),
    readLatestOf: async (symbols, provider) => symbols.map((symbol) => bodyAt(keyOf(symbol, provider))),
    readSnapshot: async () => snapshot.read(),
    readSnapshotEntry: async (symbol) => snapshot.find(symbol),
    onDiff: async (listener) => listen(diffListeners, (diff) => listener(diff)),
    // This process's memory is never lost to it.
    onConnection: () => () => undefined,
    onTickerUpdate: async (listener, onMalformed) =>
      listen(updateListeners, (text) => {
        const update = parseTickerUpdate(text);
        if (update) listener(update);
        else onMalformed(text);
      }),
    takeQuota: openMemoryQuotas(clock),
    takeAllowance: openLocalAllowances(clock),
    takeOnce: openLocalOnce(clock),
    publishTickerUpdate: (text) => {
      for (const listener of updateListeners) queueMicrotask(() => listener(text));
    },
  };
}

function listen<T>(listeners: Set<(value: T) => void>, listener: (value: T) => void): () => Promise<void> {
  listeners.add(listener);
  return async () => {
    listeners.delete(listener);
  };
}

/** How an event stands to the stored one of its series or symbol. */
function standingOf(event: PriceEvent, stored: PriceEvent | undefined): 'newer' | 'older' | 'confirmed' | 'same' {
  const difference = stored ? compareEventKeys(event, stored) : 1;
  if (difference !== 0) return difference > 0 ? 'newer' : 'older';
  return stored && event.fetchedAt > stored.fetchedAt ? 'confirmed' : 'same';
}

/** The hash `prices`, with what the change of each entry is measured against. */
function openSnapshot(firstSequence: number) {
  const stored = new Map<string, { event: PriceEvent; entry: SnapshotEntry; dayMs: number; reference: number }>();
  let sequence = firstSequence;

  const writeEntry = (write: SymbolWrite): 'newer' | 'repriced' | undefined => {
    const { symbol, newest, dayMs, referencePrice } = write;
    const known = stored.get(symbol);
    const standing = standingOf(newest, known?.event);
    const isKnown = referencePrice === undefined || known?.reference === referencePrice;
    if (standing === 'older' || (standing === 'same' && isKnown)) return undefined;
    const reference = referencePrice ?? (known?.dayMs === dayMs ? known.reference : referenceOf(write, known?.event));
    const { change, changePercent } = changeOf(newest.price, reference);
    const entry = { price: newest.price, change, change_percent: changePercent, ...entryTailOf(newest) };
    const event = standing === 'same' && known ? known.event : newest;
    stored.set(symbol, { event, entry, dayMs, reference });
    if (standing !== 'newer') return undefined;
    return known?.event.price === newest.price ? 'newer' : 'repriced';
  };

  return {
    find: (symbol: string) => stored.get(symbol)?.entry,
    forget: (symbol: string) => stored.delete(symbol),
    read: (): PriceDiff => ({
      sequence,
      prices: Object.fromEntries([...stored].map(([symbol, { entry }]) => [symbol, entry])),
    }),
    write(writes: readonly SymbolWrite[]): { changed: number; diff: PriceDiff | undefined } {
      const outcomes = writes.map((write) => ({ symbol: write.symbol, outcome: writeEntry(write) }));
      const repriced = outcomes.filter(({ outcome }) => outcome === 'repriced');
      const changed = outcomes.filter(({ outcome }) => outcome !== undefined).length;
      if (repriced.length === 0) return { changed, diff: undefined };
      sequence += 1;
      const prices = repriced.flatMap(({ symbol }) => {
        const entry = stored.get(symbol)?.entry;
        return entry ? [[symbol, entry] as const] : [];
      });
      return { changed, diff: { sequence, prices: Object.fromEntries(prices) } };
    },
  };
}

/** The newest price before the day, known from before or from this batch; else the day's first. */
function referenceOf({ dayMs, before, first }: SymbolWrite, known: PriceEvent | undefined): number {
  const knownBefore = known && known.observedAt.getTime() < dayMs ? known : undefined;
  if (before && !(knownBefore && knownBefore.observedAt > before.observedAt)) return before.price;
  return (knownBefore ?? first).price;
}
