import type { Caller } from '../domain/access';
import { Frame } from './frame';
import { Newest } from './newest';
import type { SideSource } from './source';
import { TopicFeed, type TopicFeedOptions } from './topic-feed';
import type { Watchlist } from './watchlists';

/** Keys of which the newest is held. */
const CAPACITY = 5_000;

export interface SideFeedOptions<Event> extends Omit<TopicFeedOptions<Event>, 'take'> {
  /** The frame's type, and the field of its list. */
  readonly name: string;
  /** What the newest of is told. */
  readonly keyOf: (event: Event) => string;
  /** The symbol it is about, for watchlists; null where it concerns everyone. */
  readonly symbolOf: (event: Event) => string | null;
  /** The key whose it is, told to nobody else; null where it is everybody's. */
  readonly ownerOf: (event: Event) => string | null;
  readonly viewOf: (event: Event) => unknown;
  /** How long the topic is read after the last has left: a page that is opened again need not wait for it. */
  readonly lingerMs: number;
}

/** Events of a topic for clients that ask for them, the newest of each key. The topic is read while at least one does. */
export class SideFeed<Event> {
  readonly #options: SideFeedOptions<Event>;
  readonly #feed: TopicFeed<Event>;
  readonly #listeners = new Map<() => void, number>();
  #newest = new Newest(CAPACITY);
  /** Made once for all who have heard as much and may know the same. */
  readonly #made = new Map<string, Map<Watchlist, { readonly from: number; readonly frame: Frame | undefined }>>();
  #linger: NodeJS.Timeout | undefined;

  constructor(options: SideFeedOptions<Event>) {
    this.#options = options;
    this.#feed = new TopicFeed({ ...options, take: (events) => this.#take(events) });
  }

  /** What `caller` may know of it. */
  toldTo(caller: Caller): SideSource {
    const feed = this;
    return {
      get sequence() {
        return feed.#newest.sequence;
      },
      join: (changed) => this.#join(changed),
      leave: (changed) => this.#leave(changed),
      changes: (watchlist, from) => this.#changes(watchlist, from, caller),
    };
  }

  #join(changed: () => void): void {
    clearTimeout(this.#linger);
    this.#feed.start();
    this.#listeners.set(changed, (this.#listeners.get(changed) ?? 0) + 1);
  }

  #leave(changed: () => void): void {
    const left = (this.#listeners.get(changed) ?? 1) - 1;
    if (left > 0) this.#listeners.set(changed, left);
    else this.#listeners.delete(changed);
    if (this.#listeners.size > 0) return;
    this.#newest = new Newest(CAPACITY, this.#newest.sequence);
    this.#made.clear();
    clearTimeout(this.#linger);
    this.#linger = setTimeout(() => void this.#feed.stop(), this.#options.lingerMs);
  }

  /** Resolves when the topic is no longer read. */
  stop(): Promise<void> {
    clearTimeout(this.#linger);
    return this.#feed.stop();
  }

  #changes(watchlist: Watchlist, from: number, caller: Caller): Frame | undefined {
    const made = this.#madeFor(caller);
    const known = made.get(watchlist);
    if (known?.from === from) return known.frame;
    const texts = this.#newest.from(from, watchlist, caller);
    const { name } = this.#options;
    const text = `{"type":"${name}","${name}":[${texts.join(',')}]}`;
    const frame = texts.length === 0 ? undefined : new Frame(name, text);
    made.set(watchlist, { from, frame });
    return frame;
  }

  /** Those with the same key may know the same, and so may all with the scope `admin`. */
  #madeFor({ keyId, scopes }: Caller) {
    const name = scopes.includes('admin') ? 'everything' : `of ${keyId}`;
    const made =
      this.#made.get(name) ?? new Map<Watchlist, { readonly from: number; readonly frame: Frame | undefined }>();
    this.#made.set(name, made);
    return made;
  }

  #take(events: readonly Event[]): void {
    if (this.#listeners.size === 0) return;
    this.#made.clear();
    const { keyOf, symbolOf, ownerOf, viewOf } = this.#options;
    for (const event of events) {
      const held = { symbol: symbolOf(event), owner: ownerOf(event) };
      this.#newest.put(keyOf(event), held, JSON.stringify(viewOf(event)));
    }
    for (const changed of this.#listeners.keys()) changed();
  }
}
