import type { Frame } from './frame';
import type { Watchlist } from './watchlists';

/** Told by a source. */
export interface SourceListener {
  /** There is something new to tell: changes, or another state. */
  changed(): void;
  /** Changes were lost: everyone needs a snapshot, for this reason. */
  reset(reason: string): void;
}

/** What a hub tells its clients: a state, and numbered changes to it. It reads nothing while it is closed. */
export interface Source {
  /** Begins to follow. Safe twice. */
  open(listener: SourceListener): void;
  close(): Promise<void>;
  /** Resolves when the state is as new as can be had. Never rejects. */
  refresh(): Promise<void>;
  /** Since when changes cannot be heard; undefined while they can. */
  readonly staleSince: Date | undefined;
  /** The number of the last change. */
  readonly sequence: number;
  /** True when every change after that one can still be told. */
  knows(sequence: number): boolean;
  /** Everything on the watchlist; its sequence is what it contains. */
  snapshot(watchlist: Watchlist, reason: string | undefined): Frame | Promise<Frame>;
  /** All changes from that number to now, merged; undefined where none is on the watchlist. */
  changes(watchlist: Watchlist, from: number): Frame | undefined;
  /** The same though none is on the watchlist, so that a client's number keeps up. */
  nothing(from: number): Frame;
}

/** Something numbered that a client may ask for besides. */
export interface SideSource {
  /** From the first to the last who wants it. `changed` is called when there is something to tell. */
  join(changed: () => void): void;
  leave(changed: () => void): void;
  readonly sequence: number;
  changes(watchlist: Watchlist, from: number): Frame | undefined;
}
