import type { PriceDiff, Snapshot, SnapshotEntry } from '../cache/cache';
import type { Watchlist } from './watchlists';

interface Held {
  entry: SnapshotEntry;
  /** `"SYMBOL":{entry}`, made when it is first told. */
  text: string | undefined;
  /** The diff that last changed its price. */
  readonly changedAt: number;
}

/** The newest price of each symbol, and which diff brought it. */
export class HeldPrices {
  readonly #held = new Map<string, Held>();

  get size(): number {
    return this.#held.size;
  }

  put(prices: Snapshot, changedAt: number): void {
    for (const [symbol, entry] of Object.entries(prices)) this.#held.set(symbol, { entry, text: undefined, changedAt });
  }

  clear(): void {
    this.#held.clear();
  }

  /** True when a symbol is held that `prices` has not. */
  knowsMoreThan(prices: Snapshot): boolean {
    return [...this.#held.keys()].some((symbol) => !(symbol in prices));
  }

  /**
   * Takes over what is no change of price: when a price was confirmed, and against what its change is measured. False when a price is another though no diff
   * after the snapshot changed it: then a diff is missing.
   */
  renew({ sequence, prices }: PriceDiff): boolean {
    for (const [symbol, entry] of Object.entries(prices)) {
      const held = this.#held.get(symbol);
      if (held && held.changedAt > sequence) continue;
      if (held?.entry.price !== entry.price) return false;
      held.entry = entry;
      held.text = undefined;
    }
    return true;
  }

  /** JSON members of what changed from that diff on and is watched. */
  texts({ symbols }: Watchlist, from: number): readonly string[] {
    const texts: string[] = [];
    const add = (symbol: string, held: Held | undefined) => {
      if (!held || held.changedAt < from) return;
      held.text ??= `${JSON.stringify(symbol)}:${JSON.stringify(held.entry)}`;
      texts.push(held.text);
    };
    if (symbols === null) for (const [symbol, held] of this.#held) add(symbol, held);
    else for (const symbol of symbols) add(symbol, this.#held.get(symbol));
    return texts;
  }
}
