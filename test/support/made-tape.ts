import { type PriceEvent, priceEventId } from '../../src/domain/price-event';

/** The event at `index` of a tape that is made up: one symbol is most of it, many share an instant. Symbols end in `suffix`. */
export function madeTapeEvent(index: number, suffix: string): PriceEvent {
  const event = {
    symbol: `${index % 3 === 0 ? `S${index % 7}` : 'HOT'}.${suffix}`,
    provider: 'replay',
    price: Math.round(10_000 + 500 * Math.sin(index / 50)) / 100,
    currency: null,
    volume: 100 + (index % 900),
    observedAt: new Date(Date.UTC(2026, 0, 5) + Math.floor(index / 9)),
    sequence: index + 1,
    fetchedAt: new Date(),
    rawResponseId: null,
  };
  return { ...event, eventId: priceEventId(event) };
}
