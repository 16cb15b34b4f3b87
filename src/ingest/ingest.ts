import { randomUUID } from 'node:crypto';
import type { Bus } from '../bus/bus';
import { priceEvents } from '../bus/topics';
import { type PriceEvent, priceEventId } from '../domain/price-event';
import type { Clock } from '../platform/clock';
import { messageOf } from '../platform/errors';
import { passed } from '../platform/event-flow';
import type { Log } from '../platform/log';
import { type Metrics, silentMetrics } from '../platform/metrics';
import { causeHeaders, inSpan } from '../platform/trace';
import type { Quote, QuoteBatch } from '../providers/provider';
import type { Store } from '../store/store';

/** How long a stored answer waits for its own publisher before the republisher offers it again. */
export const PUBLISH_GRACE_SECONDS = 10;

export interface IngestDependencies {
  readonly store: Store;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics?: Metrics;
}

/** What made us fetch. */
export interface Cause {
  readonly requestId: string | null;
  readonly pollingRunId: string | null;
}

export interface Ingested {
  /** Stored in the outbox: they will reach the topic, now or when the broker is back. */
  readonly events: readonly PriceEvent[];
  /** True once the events are on the topic; false when the republisher has to do it. Never rejects. */
  readonly published: Promise<boolean>;
}

/**
 * The one way in for a fetched price: the raw answer with its events is stored, the events are published, the row is marked. Whoever dies in between,
 * the republisher finds the unmarked row and publishes the same events under the same ids. Resolves when the row is stored.
 * @throws STORE_UNAVAILABLE; then nothing was stored and nothing published.
 */
export async function ingest(
  dependencies: IngestDependencies,
  provider: string,
  batch: QuoteBatch,
  cause: Cause,
): Promise<Ingested> {
  if (batch.quotes.length === 0) return { events: [], published: Promise.resolve(true) };
  const id = randomUUID();
  const fetchedAt = dependencies.clock();
  const events = batch.quotes.map((quote) => eventOf(quote, provider, fetchedAt, id));
  const response = {
    id,
    provider,
    symbols: batch.quotes.map((quote) => quote.symbol),
    body: batch.raw,
    events,
    fetchedAt,
    marketCaps: marketCapsOf(batch.quotes),
    ...cause,
  };
  return inSpan('ingest', { attributes: { 'tickwire.raw_response.id': id } }, async () => {
    await dependencies.store.rawResponses.save(response, PUBLISH_GRACE_SECONDS);
    passed(dependencies.metrics ?? silentMetrics, 'fetched', events);
    return { events, published: publishAndMark(dependencies, id, events, cause.requestId) };
  });
}

/** Publishes the events of one stored answer and marks it. False when either failed: the row stays unmarked. Never rejects. */
export async function publishAndMark(
  { store, bus, log, metrics = silentMetrics }: Pick<IngestDependencies, 'store' | 'bus' | 'log' | 'metrics'>,
  id: string,
  events: readonly PriceEvent[],
  requestId: string | null,
): Promise<boolean> {
  try {
    const headers = causeHeaders(requestId);
    await bus.publish(events.map((event) => priceEvents.message(event, headers)));
    passed(metrics, 'published', events);
    await store.rawResponses.markPublished([id]);
    return true;
  } catch (error) {
    log.warn(
      { rawResponseId: id, events: events.length, error: messageOf(error) },
      'not published yet, kept in the outbox',
    );
    return false;
  }
}

function eventOf(quote: Quote, provider: string, fetchedAt: Date, rawResponseId: string): PriceEvent {
  const { symbol, price, currency, volume, observedAt, sequence } = quote;
  const event = { symbol, provider, price, currency, volume, observedAt, sequence, fetchedAt, rawResponseId };
  return { eventId: priceEventId(event), ...event };
}

function marketCapsOf(quotes: readonly Quote[]): Record<string, number> {
  return Object.fromEntries(
    quotes.flatMap(({ symbol, marketCap }) => (marketCap === undefined ? [] : [[symbol, marketCap]])),
  );
}
