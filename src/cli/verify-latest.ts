import { z } from 'zod';
import { type Cache, type SnapshotEntry, snapshotEntryOf } from '../cache/cache';
import type { PriceEvent } from '../domain/price-event';
import type { Store } from '../store/store';
import { type Difference, type Found, openFindings } from './verify-difference';

/** Series asked for in one round trip. */
const SERIES_AT_ONCE = 500;

const bodySchema = z.object({ event_id: z.string(), price: z.number(), provider: z.string(), timestamp: z.string() });
type Body = z.infer<typeof bodySchema>;

/** Which symbols are looked at. */
export type IsWanted = (symbol: string) => boolean;

/**
 * Compares what the cache holds of each symbol with its newest stored price. What the cache does not hold is no difference: it expires, and is filled again.
 * @throws STORE_UNAVAILABLE, CACHE_UNAVAILABLE.
 */
export async function lookAtLatest(
  store: Store,
  cache: Cache,
  isWanted: IsWanted,
): Promise<Found & { symbols: number }> {
  const findings = openFindings();
  const { prices: entries } = await cache.readSnapshot();
  const newest = await newestOf(store, isWanted);

  for (let from = 0; from < newest.series.length; from += SERIES_AT_ONCE) {
    for (const { event, body } of await bodiesOf(cache, newest.series.slice(from, from + SERIES_AT_ONCE))) {
      if (!body || (body.event_id === event.eventId && body.price === event.price)) continue;
      const { symbol, provider } = event;
      const values = { stored: `${body.price} at ${body.timestamp}`, computed: textOf(event) };
      findings.add({ kind: 'wrong latest', symbol, provider, eventId: body.event_id, ...values });
    }
  }
  for (const [symbol, entry] of Object.entries(entries).filter(([name]) => isWanted(name))) {
    const difference = entryDifference(symbol, entry, newest.bySymbol.get(symbol));
    if (difference) findings.add(difference);
  }
  return { ...findings.found(), symbols: newest.bySymbol.size };
}

/** What is wrong with an entry of `prices`. Its change is not looked at: it follows from what the day began with. */
function entryDifference(symbol: string, entry: SnapshotEntry, event: PriceEvent | undefined): Difference | undefined {
  const { provider, timestamp, price } = entry;
  const found = { symbol, provider, eventId: `${provider}:${timestamp}`, stored: `${price} at ${timestamp}` };
  if (!event) return { kind: 'extra latest', ...found, computed: null };
  const right = snapshotEntryOf({ event, referencePrice: event.price });
  const isRight = price === right.price && provider === right.provider && timestamp === right.timestamp;
  return isRight ? undefined : { kind: 'wrong latest', ...found, computed: textOf(event) };
}

/** Removes what the cache holds of the symbols of these differences and writes what the store says: only what is newer than that changes it afterwards. */
export async function mendLatest(store: Store, cache: Cache, wrong: readonly Difference[]): Promise<void> {
  const symbols = new Set(wrong.map(({ symbol }) => symbol));
  const { series } = await newestOf(store, (symbol) => symbols.has(symbol));
  const snapshot = (await store.prices.snapshot()).filter(({ event }) => symbols.has(event.symbol));
  const references = new Map(snapshot.map(({ event, referencePrice }) => [event.eventId, referencePrice]));
  for (const symbol of symbols) {
    const own = series.filter((event) => event.symbol === symbol);
    const providers = [...own, ...wrong.filter((one) => one.symbol === symbol)].map(({ provider }) => provider);
    await cache.forgetLatest(symbol, [...new Set(providers)]);
    await cache.writeLatest(
      own.map((event) => {
        const referencePrice = references.get(event.eventId);
        return referencePrice === undefined ? { event } : { event, referencePrice };
      }),
    );
  }
}

async function newestOf(store: Store, isWanted: IsWanted) {
  const series = (await store.prices.latestOfEverySeries()).filter(({ symbol }) => isWanted(symbol));
  const symbols = [...new Set(series.map(({ symbol }) => symbol))];
  const newest = await store.prices.findLatestOf(symbols);
  return { series, bySymbol: new Map(newest.map((event) => [event.symbol, event])) };
}

/** Beside each event what the cache serves for its series, and for its symbol where that is of the same provider. */
async function bodiesOf(
  cache: Cache,
  events: readonly PriceEvent[],
): Promise<readonly { readonly event: PriceEvent; readonly body: Body | undefined }[]> {
  const ofDefault = await cache.readLatestOf(events.map(({ symbol }) => symbol));
  const all: { event: PriceEvent; body: Body | undefined }[] = [];
  for (const [index, event] of events.entries()) {
    all.push({ event, body: bodyOf(await cache.readLatest(event.symbol, event.provider)) });
    const body = bodyOf(ofDefault[index]);
    if (body?.provider === event.provider) all.push({ event, body });
  }
  return all;
}

function bodyOf(text: string | undefined): Body | undefined {
  return text === undefined ? undefined : bodySchema.parse(JSON.parse(text));
}

function textOf({ price, observedAt }: PriceEvent): string {
  return `${price} at ${observedAt.toISOString()}`;
}
