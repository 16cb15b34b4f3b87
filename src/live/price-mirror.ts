import type { Cache, PriceDiff } from '../cache/cache';
import type { Clock } from '../platform/clock';
import { messageOf } from '../platform/errors';
import type { Log } from '../platform/log';
import type { Store } from '../store/store';
import { Frame } from './frame';
import { HeldPrices } from './held-prices';
import type { Source, SourceListener } from './source';
import { storedPrices } from './stored-prices';
import type { Watchlist } from './watchlists';

/** Diffs that wait while the snapshot is read; past that they are forgotten, and it is read again. */
const MAX_WAITING = 1_000;
/** How soon a failed or unfinished look is repeated. */
const LOOK_AGAIN_MS = 500;
/** How long a diff that the snapshot already contains may still be on its way. */
const ON_ITS_WAY_MS = 1_000;

export interface PriceMirrorOptions {
  readonly cache: Cache;
  readonly store: Pick<Store, 'prices'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly lookEveryMs: number;
  readonly onApplied?: (diff: PriceDiff) => void;
}

/**
 * The snapshot of the cache, kept up by its diffs: listens first, reads then, and drops what the snapshot already contains. A diff that is missing, a connection
 * that was lost and a snapshot that runs ahead of the diffs all end in the same way: it reads anew and says so. As every symbol knows the diff that last changed
 * it, all that a client has missed can be told from it, conflated, without a queue.
 */
export class PriceMirror implements Source {
  readonly #options: PriceMirrorOptions;
  readonly #held = new HeldPrices();
  #sequence = 0;
  #completeSince = Number.POSITIVE_INFINITY;
  #phase: 'closed' | 'behind' | 'live' = 'closed';
  #behindFor = 'started';
  #staleSince: Date | undefined;
  #waiting: PriceDiff[] = [];
  #ahead: { readonly snapshot: PriceDiff; readonly seenMs: number } | undefined;
  #failures = 0;
  #looking: Promise<void> = Promise.resolve();
  #nextLook: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #listener: SourceListener = { changed: () => undefined, reset: () => undefined };
  readonly #ends: (() => unknown)[] = [];

  constructor(options: PriceMirrorOptions) {
    this.#options = options;
  }

  get sequence(): number {
    return this.#sequence;
  }

  get staleSince(): Date | undefined {
    return this.#staleSince;
  }

  open(listener: SourceListener): void {
    this.#listener = listener;
    if (this.#phase !== 'closed') return;
    this.#phase = 'behind';
    this.#behindFor = 'started';
    const { cache } = this.#options;
    const listening = cache.onDiff((diff) => this.#take(diff));
    const endHearing = cache.onConnection((state) => this.#hear(state));
    this.#ends.push(endHearing, () => listening.then((end) => end()));
    // The snapshot is read once the diffs are listened to, never before.
    this.#looking = listening.then(
      () => undefined,
      () => undefined,
    );
  }

  async close(): Promise<void> {
    this.#phase = 'closed';
    clearTimeout(this.#timer);
    this.#waiting = [];
    this.#ahead = undefined;
    this.#staleSince = undefined;
    this.#held.clear();
    this.#completeSince = Number.POSITIVE_INFINITY;
    await Promise.allSettled(this.#ends.splice(0).map((end) => end()));
  }

  /** Calls of one moment share a look; those during one wait for the next, which is theirs. */
  refresh(): Promise<void> {
    this.#nextLook ??= this.#looking.then(() => {
      this.#nextLook = undefined;
      this.#looking = this.#look();
      return this.#looking;
    });
    return this.#nextLook;
  }

  knows(sequence: number): boolean {
    return sequence >= this.#completeSince && sequence <= this.#sequence;
  }

  snapshot(watchlist: Watchlist, reason: string | undefined): Frame {
    const told = reason === undefined ? '' : `,"reason":"${reason}"`;
    const prices = this.#held.texts(watchlist, 0).join(',');
    const text = `{"type":"snapshot","prices":{${prices}},"sequence":${this.#sequence}${told}}`;
    return new Frame('snapshot', text, this.#sequence);
  }

  changes(watchlist: Watchlist, from: number): Frame | undefined {
    const texts = this.#held.texts(watchlist, from);
    return texts.length === 0 ? undefined : this.#diffFrame(texts, from);
  }

  nothing(from: number): Frame {
    return this.#diffFrame([], from);
  }

  #diffFrame(texts: readonly string[], from: number): Frame {
    const range = `"from":${from},"sequence":${this.#sequence}`;
    return new Frame('diff', `{"type":"diff","prices":{${texts.join(',')}},${range}}`, this.#sequence);
  }

  #take(diff: PriceDiff): void {
    if (this.#phase === 'closed') return;
    if (this.#phase === 'behind') {
      if (this.#waiting.length === MAX_WAITING) this.#waiting = [];
      this.#waiting.push(diff);
      return;
    }
    if (diff.sequence <= this.#sequence) return;
    if (diff.sequence > this.#sequence + 1) {
      this.#fallBehind('gap');
      this.#waiting.push(diff);
      return;
    }
    this.#apply(diff);
    this.#catchUp();
    this.#listener.changed();
  }

  #apply(diff: PriceDiff): void {
    this.#sequence = diff.sequence;
    this.#held.put(diff.prices, diff.sequence);
    this.#options.onApplied?.(diff);
  }

  #hear(state: 'lost' | 'restored'): void {
    if (this.#phase === 'closed') return;
    if (state === 'lost') this.#lose('the connection was lost');
    else this.#fallBehind('reconnected');
  }

  #lose(error: string): void {
    if (!this.#staleSince) this.#options.log.warn({ error }, 'live prices are stale');
    this.#staleSince ??= this.#options.clock();
    this.#phase = 'behind';
    this.#behindFor = 'reconnected';
    this.#waiting = [];
    this.#ahead = undefined;
    this.#listener.changed();
  }

  #fallBehind(reason: string): void {
    this.#phase = 'behind';
    this.#behindFor = reason;
    this.#waiting = [];
    this.#ahead = undefined;
    void this.refresh();
  }

  async #look(): Promise<void> {
    if (this.#phase === 'closed') return;
    try {
      const snapshot = await this.#options.cache.readSnapshot();
      this.#failures = 0;
      if (this.#phase === 'behind') await this.#adopt(snapshot);
      else if (this.#phase === 'live') this.#compare(snapshot);
    } catch (error) {
      await this.#fail(messageOf(error));
    }
    if (this.#isClosed()) return;
    const isSettled = this.#phase === 'live' && this.#failures === 0 && !this.#ahead;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => void this.refresh(),
      isSettled ? this.#options.lookEveryMs : Math.min(LOOK_AGAIN_MS, this.#options.lookEveryMs),
    );
  }

  /** One slow answer is no outage while diffs are heard. */
  async #fail(error: string): Promise<void> {
    if (this.#isClosed()) return;
    this.#failures += 1;
    if (this.#phase === 'live' && this.#failures < 2) return;
    this.#lose(error);
    if (this.#held.size > 0) return;
    const prices = await storedPrices(this.#options);
    if (this.#held.size === 0 && !this.#isClosed()) this.#held.put(prices, 0);
  }

  async #adopt(snapshot: PriceDiff): Promise<void> {
    const isPoor = Object.keys(snapshot.prices).length === 0 || this.#held.knowsMoreThan(snapshot.prices);
    // A cache that lost what it held gets it back price by price; the database has it all.
    const stored = isPoor ? await storedPrices(this.#options) : {};
    if (this.#phase !== 'behind') return;
    this.#held.clear();
    this.#held.put({ ...stored, ...snapshot.prices }, snapshot.sequence);
    // Numbers that were used before, by a cache restored from an older state, say nothing about what a client has.
    this.#completeSince = Math.max(snapshot.sequence, this.#sequence);
    this.#sequence = snapshot.sequence;
    const missed = this.#waiting.splice(0).filter(({ sequence }) => sequence > snapshot.sequence);
    const next = missed.findIndex(({ sequence }, index) => sequence !== snapshot.sequence + 1 + index);
    for (const diff of next < 0 ? missed : missed.slice(0, next)) this.#apply(diff);
    if (next < 0) this.#goLive();
    else this.#fallBehind(this.#behindFor);
  }

  #goLive(): void {
    this.#phase = 'live';
    if (this.#staleSince) this.#options.log.info({ sequence: this.#sequence }, 'live prices are live again');
    this.#staleSince = undefined;
    this.#listener.reset(this.#behindFor);
  }

  #compare(snapshot: PriceDiff): void {
    const now = performance.now();
    if (snapshot.sequence <= this.#sequence) this.#renew(snapshot);
    else if (this.#ahead && now - this.#ahead.seenMs > ON_ITS_WAY_MS) this.#fallBehind('gap');
    else this.#ahead ??= { snapshot, seenMs: now };
  }

  #catchUp(): void {
    const snapshot = this.#ahead?.snapshot;
    if (!snapshot || snapshot.sequence > this.#sequence) return;
    this.#ahead = undefined;
    this.#renew(snapshot);
  }

  #renew(snapshot: PriceDiff): void {
    this.#ahead = undefined;
    if (this.#held.renew(snapshot)) this.#listener.changed();
    else this.#fallBehind('gap');
  }

  #isClosed(): boolean {
    return this.#phase === 'closed';
  }
}
