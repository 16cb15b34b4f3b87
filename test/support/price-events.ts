import { type PriceEvent, priceEventId } from '../../src/domain/price-event';

/** A valid event of AAPL from `fixture`; its id is derived from whatever is overridden. */
export function aPriceEvent(changes: Partial<PriceEvent> = {}): PriceEvent {
  const event = {
    symbol: 'AAPL',
    provider: 'fixture',
    price: 100,
    currency: 'USD',
    volume: 10,
    observedAt: new Date('2026-01-05T15:00:00.000Z'),
    sequence: 0,
    fetchedAt: new Date('2026-01-05T15:00:01.000Z'),
    rawResponseId: null,
    ...changes,
  };
  return { ...event, eventId: changes.eventId ?? priceEventId(event) };
}
