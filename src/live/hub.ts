import { Frame, resumedFrame, statusFrame } from './frame';
import { MadeFrames } from './made-frames';
import type { JoinRequest, Seat, Sink } from './seat';
import type { SideSource, Source } from './source';
import { type Watchlist, Watchlists } from './watchlists';

/** A client that hears nothing of what it watches gets an empty diff after this many changes, so that it can still resume. */
const KEEP_UP_EVERY = 1_000;

interface Place {
  readonly sink: Sink;
  watchlist: Watchlist;
  /** The first change it was not told; undefined when a snapshot is due. */
  next: number | undefined;
  reason: string | undefined;
  /** The state it was told. */
  staleSince: Date | undefined;
  /** Counts snapshots asked for, so that one that took its time is not sent after a newer wish. */
  turn: number;
  isReading: boolean;
  readonly sides: Map<SideSource, number>;
  hasLeft: boolean;
}

export interface HubOptions {
  readonly source: Source;
  readonly tickMs: number;
  readonly lingerMs: number;
  /** Called after each write to everybody. */
  readonly onTold?: () => void;
}

/** Tells one source to any number of clients, in one write for each client and tick. Opens the source for the first and closes it some time after the last. */
export class Hub {
  readonly #source: Source;
  readonly #options: HubOptions;
  readonly #places = new Set<Place>();
  readonly #watchlists = new Watchlists();
  readonly #made: MadeFrames;
  #tick: NodeJS.Timeout | undefined;
  #flushedMs = 0;
  #linger: NodeJS.Timeout | undefined;
  #isStopped = false;
  readonly #changed = () => this.#arm();

  constructor(options: HubOptions) {
    this.#options = options;
    this.#source = options.source;
    this.#made = new MadeFrames(options.source);
  }

  /** Clients, and watchlists that are kept for them. */
  get sizes(): { readonly places: number; readonly watchlists: number } {
    return { places: this.#places.size, watchlists: this.#watchlists.size };
  }

  /** Resolves when it was told where things stand. */
  async join(sink: Sink, { symbols, resume }: JoinRequest): Promise<Seat> {
    const place: Place = {
      sink,
      watchlist: this.#watchlists.take(symbols),
      next: undefined,
      reason: undefined,
      staleSince: undefined,
      turn: 0,
      isReading: true,
      sides: new Map(),
      hasLeft: false,
    };
    this.#places.add(place);
    clearTimeout(this.#linger);
    this.#source.open({ changed: () => this.#forget(), reset: (reason) => this.#reset(reason) });
    await this.#source.refresh();
    place.isReading = false;
    place.reason = undefined;
    if (resume === undefined) this.#flush(place);
    else this.#resume(place, resume);
    return this.#seatOf(place);
  }

  /** Tells nobody anything any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#tick);
    clearTimeout(this.#linger);
    for (const place of [...this.#places]) this.#leave(place);
    clearTimeout(this.#linger);
    await this.#source.close();
  }

  #seatOf(place: Place): Seat {
    return {
      watch: (symbols) => this.#watch(place, symbols),
      resume: (sequence) => this.#resume(place, sequence),
      subscribe: (sides) => this.#subscribe(place, sides),
      drained: () => {
        if (!place.hasLeft && this.#owes(place)) this.#arm();
      },
      leave: () => this.#leave(place),
    };
  }

  #watch(place: Place, symbols: readonly string[] | null): void {
    if (place.hasLeft) return;
    const watchlist = this.#watchlists.take(symbols);
    this.#watchlists.release(place.watchlist);
    place.watchlist = watchlist;
    this.#oweSnapshot(place, undefined);
    this.#flush(place);
  }

  #resume(place: Place, sequence: number): void {
    if (place.hasLeft) return;
    if (this.#source.knows(sequence)) {
      place.turn += 1;
      place.next = sequence + 1;
      place.sink.send(resumedFrame(sequence + 1));
    } else this.#oweSnapshot(place, 'resume_expired');
    this.#flush(place);
  }

  #subscribe(place: Place, sides: readonly SideSource[]): void {
    if (place.hasLeft) return;
    for (const side of [...place.sides.keys()].filter((known) => !sides.includes(known))) {
      place.sides.delete(side);
      side.leave(this.#changed);
    }
    for (const side of sides.filter((wanted) => !place.sides.has(wanted))) {
      side.join(this.#changed);
      place.sides.set(side, side.sequence + 1);
    }
  }

  #leave(place: Place): void {
    if (place.hasLeft) return;
    this.#subscribe(place, []);
    place.hasLeft = true;
    this.#places.delete(place);
    this.#watchlists.release(place.watchlist);
    this.#made.forget();
    if (this.#places.size > 0 || this.#isStopped) return;
    clearTimeout(this.#linger);
    this.#linger = setTimeout(() => void this.#source.close(), this.#options.lingerMs);
  }

  #oweSnapshot(place: Place, reason: string | undefined): void {
    place.turn += 1;
    place.next = undefined;
    place.reason = reason;
  }

  #reset(reason: string): void {
    for (const place of this.#places) this.#oweSnapshot(place, reason);
    this.#forget();
  }

  #forget(): void {
    this.#made.forget();
    this.#arm();
  }

  #arm(): void {
    if (this.#tick || this.#isStopped || this.#places.size === 0) return;
    const waitMs = this.#flushedMs + this.#options.tickMs - performance.now();
    this.#tick = setTimeout(() => this.#flushAll(), Math.max(0, waitMs));
  }

  #flushAll(): void {
    this.#tick = undefined;
    for (const place of this.#places) this.#flush(place);
    this.#options.onTold?.();
    this.#flushedMs = performance.now();
  }

  #owes({ next, sides, staleSince }: Place): boolean {
    if (next === undefined || next <= this.#source.sequence || staleSince !== this.#source.staleSince) return true;
    return [...sides].some(([side, from]) => from <= side.sequence);
  }

  #flush(place: Place): void {
    if (place.hasLeft || place.isReading || !place.sink.isReady()) return;
    if (place.staleSince !== this.#source.staleSince) {
      place.staleSince = this.#source.staleSince;
      place.sink.send(statusFrame(place.staleSince));
    }
    if (place.next === undefined) this.#sendSnapshot(place);
    else if (place.next <= this.#source.sequence) this.#sendChanges(place, place.next);
    for (const [side, from] of place.sides) this.#sendSide(place, side, from);
  }

  #sendSnapshot(place: Place): void {
    const { turn } = place;
    const made = this.#made.snapshot(place.watchlist, place.reason);
    if (made instanceof Frame) {
      this.#finishSnapshot(place, made);
      return;
    }
    place.isReading = true;
    made
      .then((frame) => {
        place.isReading = false;
        if (place.turn === turn && !place.hasLeft) this.#finishSnapshot(place, frame);
        if (this.#owes(place)) this.#arm();
      })
      .catch(() => {
        // The next tick, or the source's next sign of life, tries again.
        place.isReading = false;
      });
  }

  #finishSnapshot(place: Place, frame: Frame): void {
    place.next = (frame.sequence ?? this.#source.sequence) + 1;
    place.reason = undefined;
    place.sink.send(frame);
  }

  #sendChanges(place: Place, from: number): void {
    const isFarBehind = this.#source.sequence - from >= KEEP_UP_EVERY;
    const frame = this.#made.changes(place.watchlist, from) ?? (isFarBehind ? this.#source.nothing(from) : undefined);
    if (!frame) return;
    place.next = this.#source.sequence + 1;
    place.sink.send(frame);
  }

  #sendSide(place: Place, side: SideSource, from: number): void {
    if (from > side.sequence) return;
    const frame = side.changes(place.watchlist, from);
    place.sides.set(side, side.sequence + 1);
    if (frame) place.sink.send(frame);
  }
}
