import { type PriceEvent, priceEventId } from '../../src/domain/price-event';
import type { SeriesKey } from '../../src/store/store';
import { aPriceEvent } from './price-events';

let made = 0;

/** A series no other test has. */
export function aSeries(provider = 'fixture'): SeriesKey {
  made += 1;
  return { symbol: `S${made}-${process.pid}`, provider };
}

export const DAY = Date.parse('2026-01-05T00:00:00.000Z');

/** An event of `series` that many seconds into {@link DAY}. */
export function eventAt(series: SeriesKey, second: number, price: number, sequence = 0): PriceEvent {
  const observedAt = new Date(DAY + second * 1000);
  const event = aPriceEvent({ ...series, price, observedAt, sequence, fetchedAt: new Date(DAY + second * 1000 + 500) });
  return { ...event, eventId: priceEventId(event) };
}

/** The same event, confirmed by its provider that much later. */
export function fetchedLater(event: PriceEvent, seconds: number): PriceEvent {
  return { ...event, fetchedAt: new Date(event.fetchedAt.getTime() + seconds * 1000) };
}
