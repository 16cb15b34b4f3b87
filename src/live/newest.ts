import { type Caller, mayKnow } from '../domain/access';
import type { Watchlist } from './watchlists';

/** Where a text belongs, and the number of the change that brought it. */
interface Held {
  /** For watchlists; null concerns everyone. */
  readonly symbol: string | null;
  /** The key whose it is; null: everybody's. */
  readonly owner: string | null;
  readonly text: string;
  readonly changedAt: number;
}

/**
 * The newest text of each key, numbered by change. Whoever has seen everything up to a number is told what came after it, each key once: that is all a slow
 * reader, a returning one and a prompt one need, so nothing is queued for any of them. Past `capacity` keys the longest unchanged is forgotten.
 */
export class Newest {
  readonly #held = new Map<string, Held>();
  readonly #capacity: number;
  #sequence: number;
  #completeSince: number;

  constructor(capacity: number, sequence = 0) {
    this.#capacity = capacity;
    this.#sequence = sequence;
    this.#completeSince = sequence;
  }

  /** The number of the last change. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Every change after this one is known. */
  get completeSince(): number {
    return this.#completeSince;
  }

  has(key: string): boolean {
    return this.#held.has(key);
  }

  /** Counts the change, and holds it as the newest. */
  put(key: string, { symbol, owner = null }: { symbol: string | null; owner?: string | null }, text: string): void {
    this.#sequence += 1;
    this.#held.delete(key);
    this.#held.set(key, { symbol, owner, text, changedAt: this.#sequence });
    if (this.#held.size <= this.#capacity) return;
    const [oldest] = this.#held;
    if (!oldest) return;
    this.#completeSince = Math.max(this.#completeSince, oldest[1].changedAt);
    this.#held.delete(oldest[0]);
  }

  /** What changed from that number on, oldest change first, of what `caller` may know. */
  from(number: number, { symbols }: Watchlist, caller: Caller): readonly string[] {
    const isWatched = ({ symbol }: Held) => symbols === null || symbol === null || symbols.has(symbol);
    return [...this.#held.values()]
      .filter((held) => held.changedAt >= number && isWatched(held) && mayKnow(caller, held.owner))
      .map(({ text }) => text);
  }
}
