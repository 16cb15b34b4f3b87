import { type PriceEvent, priceEventId } from '../src/domain/price-event';

/** `count` events over `symbols` symbols, in time order, one a millisecond: what a lively market looks like to the pipeline. */
export function* makeEvents(count: number, symbols: number, provider: string): Generator<PriceEvent> {
  const startMs = Date.UTC(2026, 0, 5, 14, 30);
  const fetchedAt = new Date(startMs + 86_400_000);
  for (let index = 0; index < count; index += 1) {
    const event = {
      symbol: `SYM${String(index % symbols).padStart(3, '0')}`,
      provider,
      price: 100 + (index % symbols) + Math.round(Math.sin(index / 997) * 500) / 100,
      currency: 'USD',
      volume: 100,
      observedAt: new Date(startMs + index),
      sequence: index,
      fetchedAt,
      rawResponseId: null,
    };
    yield { ...event, eventId: priceEventId(event) };
  }
}

/** `items` in arrays of at most `size`. */
export function* chunksOf<Item>(items: Iterable<Item>, size: number): Generator<Item[]> {
  let chunk: Item[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
