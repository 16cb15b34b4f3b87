import { Frame } from './frame';
import type { Source } from './source';
import type { Watchlist } from './watchlists';

/** Frames of one moment, each made once however many clients are told it; to be forgotten when there is something new. */
export class MadeFrames {
  readonly #source: Source;
  readonly #changes = new Map<Watchlist, Map<number, Frame | undefined>>();
  readonly #snapshots = new Map<Watchlist, Map<string | undefined, Frame>>();

  constructor(source: Source) {
    this.#source = source;
  }

  forget(): void {
    this.#changes.clear();
    this.#snapshots.clear();
  }

  /** As {@link Source.changes}. */
  changes(watchlist: Watchlist, from: number): Frame | undefined {
    const known = this.#changes.get(watchlist) ?? new Map<number, Frame | undefined>();
    if (!known.has(from)) this.#changes.set(watchlist, known.set(from, this.#source.changes(watchlist, from)));
    return known.get(from);
  }

  /** As {@link Source.snapshot}. */
  snapshot(watchlist: Watchlist, reason: string | undefined): Frame | Promise<Frame> {
    const known = this.#snapshots.get(watchlist) ?? new Map<string | undefined, Frame>();
    const made = known.get(reason) ?? this.#source.snapshot(watchlist, reason);
    if (made instanceof Frame) this.#snapshots.set(watchlist, known.set(reason, made));
    return made;
  }
}
