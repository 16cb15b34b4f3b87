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
  readonly viewOf: (event: Event) => unknown;
  /** How long the topic is read after the last has left: a page that is opened again need not wait for it. */
  readonly lingerMs: number;
}

/** Events of a topic for clients that ask for them, the newest of each key. The topic is read while at least one does. */
export class SideFeed<Event> implements SideSource {
  readonly #options: SideFeedOptions<Event>;
  readonly #feed: TopicFeed<Event>;
  readonly #listeners = new Map<() => void, number>();
  #newest = new Newest(CAPACITY);
  /** Made once for all who have heard as much. */
  readonly #made = new Map<Watchlist, { readonly from: number; readonly frame: Frame | undefined }>();
  #linger: NodeJS.Timeout | undefined;

  constructor(options: SideFeedOptions<Event>) {
    this.#options = options;
    this.#feed = new TopicFeed({ ...options, take: (events) => this.#take(events) });
  }

  get sequence(): number {
    return this.#newest.sequence;
  }

  join(changed: () => void): void {
    clearTimeout(this.#linger);
    this.#feed.start();
    this.#listeners.set(changed, (this.#listeners.get(changed) ?? 0) + 1);
  }

  leave(changed: () => void): void {
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

  changes(watchlist: Watchlist, from: number): Frame | undefined {
    const known = this.#made.get(watchlist);
    if (known?.from === from) return known.frame;
    const texts = this.#newest.from(from, watchlist);
    const { name } = this.#options;
    const text = `{"type":"${name}","${name}":[${texts.join(',')}]}`;
    const frame = texts.length === 0 ? undefined : new Frame(name, text);
    this.#made.set(watchlist, { from, frame });
    return frame;
  }

  #take(events: readonly Event[]): void {
    if (this.#listeners.size === 0) return;
    this.#made.clear();
    const { keyOf, symbolOf, viewOf } = this.#options;
    for (const event of events) this.#newest.put(keyOf(event), symbolOf(event), JSON.stringify(viewOf(event)));
    for (const changed of this.#listeners.keys()) changed();
  }
}
