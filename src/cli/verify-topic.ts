import type { Bus } from '../bus/bus';
import { priceEvents } from '../bus/topics';
import type { PriceEvent } from '../domain/price-event';
import type { Store } from '../store/store';
import { type Difference, type Found, openFindings } from './verify-difference';
import type { IsWanted } from './verify-latest';

/** Events looked up by one statement. */
const BATCH = 2_000;

/** What is read of the topic: of these symbols, and not older than prices are kept. */
export interface TopicScope {
  readonly isWanted: IsWanted;
  readonly notBefore: Date | undefined;
  readonly signal: AbortSignal;
}

/** Reads what the topic holds at this moment, and names the events that are not stored. What is no event is left to `tickwire dlq`. */
export async function lookAtTopic(
  store: Store,
  bus: Bus,
  scope: TopicScope,
): Promise<Found & { readonly events: number }> {
  const findings = openFindings();
  let events = 0;
  for await (const batch of batchesOf(bus, scope)) {
    events += batch.length;
    for (const event of await store.prices.listMissing(batch)) findings.add(differenceOf(event));
  }
  return { ...findings.found(), events };
}

/** Stores the events of the topic that are missing. Returns how many. */
export async function storeMissing(store: Store, bus: Bus, scope: TopicScope): Promise<number> {
  let stored = 0;
  for await (const batch of batchesOf(bus, scope)) {
    const missing = await store.prices.listMissing(batch);
    stored += await store.prices.insert(missing);
  }
  return stored;
}

async function* batchesOf(bus: Bus, { isWanted, notBefore, signal }: TopicScope): AsyncGenerator<PriceEvent[]> {
  let batch: PriceEvent[] = [];
  for await (const record of bus.read(priceEvents.name)) {
    if (signal.aborted) return;
    const decoded = priceEvents.decode(record, new Date());
    if (!decoded.ok || !isWanted(decoded.event.symbol)) continue;
    if (notBefore && decoded.event.observedAt < notBefore) continue;
    batch.push(decoded.event);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function differenceOf({ symbol, provider, eventId, price }: PriceEvent): Difference {
  return { kind: 'missing price', symbol, provider, eventId, stored: null, computed: `${price}` };
}
