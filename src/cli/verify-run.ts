import type { Bus } from '../bus/bus';
import type { Cache } from '../cache/cache';
import type { SeriesKey, Store } from '../store/store';
import { type AveragesLook, lookAtAverages } from './verify-averages';
import { type Difference, type Found, persisting } from './verify-difference';
import { lookAtLatest, mendLatest } from './verify-latest';
import { untilHandled } from './verify-settled';
import { lookAtTopic, storeMissing, type TopicScope } from './verify-topic';

/** What is verified, and how. */
export interface VerifyOptions extends TopicScope {
  readonly store: Store;
  /** Undefined where none is configured: then the latest prices are not looked at. */
  readonly cache: Cache | undefined;
  /** Undefined where none is configured: then nobody can be asked whether the consumers are done. */
  readonly bus: Bus | undefined;
  /** Whether the topic is read too, or the table taken as it is. */
  readonly fromTopic: boolean;
  readonly windowSize: number;
  readonly patienceMs: number;
  onSeries(done: number, of: number): void;
}

/** One series and what was found of it. */
export interface VerifiedSeries extends SeriesKey, AveragesLook {}

/** What was found. A difference counts when it was there at two looks, between which everything the topic held at the first was handled. */
export interface Verified {
  readonly series: readonly VerifiedSeries[];
  readonly topic: (Found & { readonly events: number }) | undefined;
  readonly latest: (Found & { readonly symbols: number }) | undefined;
  readonly count: number;
  /** The first of them. */
  readonly differences: readonly Difference[];
}

/**
 * Rebuilds averages and latest prices from the stored prices into a shadow, one series at a time, and compares. Works beside a running product: what arrives meanwhile
 * is no difference. @throws TIMEOUT when something differs and the consumers do not come to an end, STORE_UNAVAILABLE, CACHE_UNAVAILABLE, BUS_UNAVAILABLE.
 */
export async function verifyAll(options: VerifyOptions): Promise<Verified> {
  const { store, cache, bus, fromTopic, isWanted } = options;
  const topic = fromTopic && bus ? await twice(options, () => lookAtTopic(store, bus, options)) : undefined;
  const series = await verifySeries(options);
  const latest = cache && (await twice(options, () => lookAtLatest(store, cache, isWanted)));
  const found: readonly Found[] = [...(topic ? [topic] : []), ...series, ...(latest ? [latest] : [])];
  return {
    series,
    topic,
    latest,
    count: found.reduce((sum, { count }) => sum + count, 0),
    differences: found.flatMap(({ differences }) => differences),
  };
}

/** Mends what one look finds: prices from the topic, averages and windows from the prices, then the cache. */
export async function repairAll(options: VerifyOptions): Promise<void> {
  const { store, cache, bus, fromTopic, isWanted, windowSize, signal } = options;
  if (fromTopic && bus) await storeMissing(store, bus, options);
  for (const key of await wantedSeries(options)) {
    if (signal.aborted) return;
    const look = await lookAtAverages(store, key, windowSize);
    if (look.count > 0) await store.averages.rebuild(key, windowSize);
  }
  if (!cache) return;
  for (;;) {
    const { differences, count } = await lookAtLatest(store, cache, isWanted);
    await mendLatest(store, cache, differences);
    if (count === differences.length || signal.aborted) return;
  }
}

async function wantedSeries({ store, isWanted }: VerifyOptions): Promise<readonly SeriesKey[]> {
  return (await store.prices.listSeries()).filter(({ symbol }) => isWanted(symbol));
}

async function verifySeries(options: VerifyOptions): Promise<readonly VerifiedSeries[]> {
  const { store, windowSize, signal, onSeries } = options;
  const looks: VerifiedSeries[] = [];
  const keys = await wantedSeries(options);
  for (const { symbol, provider } of keys) {
    if (signal.aborted) break;
    const key = { symbol, provider };
    looks.push({ ...key, ...(await lookAtAverages(store, key, windowSize)) });
    onSeries(looks.length, keys.length);
  }
  if (looks.every(({ count }) => count === 0)) return looks;
  await untilHandled(options.bus, options);
  const judged: VerifiedSeries[] = [];
  for (const look of looks) {
    if (look.count === 0 || signal.aborted) {
      judged.push(look);
      continue;
    }
    const now = await lookAtAverages(store, look, windowSize);
    judged.push({ ...look, ...now, ...persisting(look, now) });
  }
  return judged;
}

async function twice<Look extends Found>(options: VerifyOptions, look: () => Promise<Look>): Promise<Look> {
  const first = await look();
  if (first.count === 0 || options.signal.aborted) return first;
  await untilHandled(options.bus, options);
  const second = await look();
  return { ...second, ...persisting(first, second) };
}
