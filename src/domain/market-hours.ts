import { isOpenAt, nextOpenAfter } from './market-calendar';
import { tradesInNewYork } from './trades-in-new-york';

/**
 * When one of `symbols` trades next; undefined when one may trade at `instant`. Only the NYSE and Nasdaq calendar is known: currencies, crypto and
 * listings elsewhere count as always open.
 */
export function closedUntil(symbols: readonly string[], instant: Date): Date | undefined {
  if (isOpenAt(instant) || !symbols.every(tradesInNewYork)) return undefined;
  return nextOpenAfter(instant);
}
