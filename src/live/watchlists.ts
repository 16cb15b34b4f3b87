/** What a client watches: these symbols, or all where null. Clients that watch the same share one, and so share their frames. */
export interface Watchlist {
  readonly symbols: ReadonlySet<string> | null;
}

/** Every symbol. */
export const EVERYTHING: Watchlist = { symbols: null };

/** The watchlists in use, one for each set of symbols. */
export class Watchlists {
  readonly #byKey = new Map<string, { readonly watchlist: Watchlist; readonly key: string; users: number }>();
  readonly #inUse = new Map<Watchlist, string>();

  /** To be given back by {@link release}. */
  take(symbols: readonly string[] | null): Watchlist {
    if (symbols === null) return EVERYTHING;
    const sorted = [...new Set(symbols)].sort();
    const key = sorted.join(',');
    const known = this.#byKey.get(key) ?? { watchlist: { symbols: new Set(sorted) }, key, users: 0 };
    known.users += 1;
    this.#byKey.set(key, known);
    this.#inUse.set(known.watchlist, key);
    return known.watchlist;
  }

  release(watchlist: Watchlist): void {
    const known = this.#byKey.get(this.#inUse.get(watchlist) ?? '');
    if (!known || known.watchlist !== watchlist) return;
    known.users -= 1;
    if (known.users > 0) return;
    this.#byKey.delete(known.key);
    this.#inUse.delete(watchlist);
  }

  get size(): number {
    return this.#byKey.size;
  }
}
