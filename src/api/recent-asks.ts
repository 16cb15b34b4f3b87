import type { PriceEvent } from '../domain/price-event';
import type { TickwireError } from '../platform/errors';
import type { SeriesKey } from '../store/store';

/** What a provider last said of one series. */
export interface Ask {
  /** The price of its last good answer: already in the outbox, perhaps not yet in any table or cache that is read here. */
  readonly event?: PriceEvent;
  /** Why the last call failed; to be told again until then instead of asking again. */
  readonly failure?: { readonly error: TickwireError; readonly untilMs: number };
}

/** Remembers the last asks, the least recently asked forgotten first. */
export interface RecentAsks {
  find(series: SeriesKey): Ask | undefined;
  remember(series: SeriesKey, ask: Ask): void;
}

/** Empty at first; holds at most `capacity` series. */
export function openRecentAsks(capacity: number): RecentAsks {
  const asks = new Map<string, Ask>();
  return {
    find: (series) => asks.get(seriesNameOf(series)),
    remember: (series, ask) => {
      const name = seriesNameOf(series);
      asks.delete(name);
      asks.set(name, ask);
      const [oldest] = asks.keys();
      if (asks.size > capacity && oldest !== undefined) asks.delete(oldest);
    },
  };
}

/** Tells series apart as text: no symbol holds a blank. */
export function seriesNameOf({ symbol, provider }: SeriesKey): string {
  return `${symbol} ${provider}`;
}
