import type { Bus } from '../bus/bus';
import { newsItems } from '../bus/topics';
import { ANYBODY } from '../domain/access';
import { type NewsItem, toNewsWire } from '../domain/news-item';
import type { Clock } from '../platform/clock';
import { messageOf } from '../platform/errors';
import type { Log } from '../platform/log';
import type { Store } from '../store/store';
import { Frame } from './frame';
import { Newest } from './newest';
import type { Source, SourceListener } from './source';
import { TopicFeed } from './topic-feed';
import type { Watchlist } from './watchlists';

/** Items of a snapshot. */
const SNAPSHOT_ITEMS = 50;
/** Items held for those who were told the ones before. */
const CAPACITY = 1_000;
/** How often the table is looked at for what the topic did not tell: what was published while it was being joined. */
const LOOK_EVERY_MS = 15_000;

export interface NewsMirrorOptions {
  readonly bus: Bus;
  readonly store: Pick<Store, 'news'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * News as they come: the topic tells them first, the table knows those before and any that were missed. An item is known by its id, so whichever tells it first
 * is the one that counts. Numbers are of this process, and begin at its clock, so that none of another's is taken for one.
 */
export class NewsMirror implements Source {
  readonly #options: NewsMirrorOptions;
  readonly #feed: TopicFeed<NewsItem>;
  readonly #items = new Map<string, NewsItem>();
  #newest: Newest;
  #isOpen = false;
  #hasLooked = false;
  #staleSince: Date | undefined;
  #looking: Promise<void> = Promise.resolve();
  #nextLook: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #listener: SourceListener = { changed: () => undefined, reset: () => undefined };

  constructor(options: NewsMirrorOptions) {
    this.#options = options;
    this.#newest = new Newest(CAPACITY, options.clock().getTime());
    this.#feed = new TopicFeed({ ...options, topic: newsItems, take: (items) => this.#learn(items) });
  }

  get sequence(): number {
    return this.#newest.sequence;
  }

  get staleSince(): Date | undefined {
    return this.#staleSince;
  }

  open(listener: SourceListener): void {
    this.#listener = listener;
    this.#isOpen = true;
    this.#feed.start();
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    this.#hasLooked = false;
    clearTimeout(this.#timer);
    this.#items.clear();
    this.#newest = new Newest(CAPACITY, this.#newest.sequence);
    await this.#feed.stop();
  }

  refresh(): Promise<void> {
    this.#nextLook ??= this.#looking.then(() => {
      this.#nextLook = undefined;
      this.#looking = this.#look();
      return this.#looking;
    });
    return this.#nextLook;
  }

  knows(sequence: number): boolean {
    return sequence >= this.#newest.completeSince && sequence <= this.sequence;
  }

  async snapshot(watchlist: Watchlist, reason: string | undefined): Promise<Frame> {
    const isWatched = ({ symbol }: NewsItem) => watchlist.symbols?.has(symbol) ?? true;
    const stored = watchlist.symbols ? await this.#read([...watchlist.symbols]) : [];
    const all = new Map([...this.#items.values(), ...(stored ?? [])].map((item) => [item.newsId, item]));
    const items = [...all.values()].filter(isWatched).toSorted(newestFirst).slice(0, SNAPSHOT_ITEMS);
    const { sequence } = this;
    const snapshot = { type: 'snapshot', news: items.map(toNewsWire), sequence, ...(reason && { reason }) };
    return new Frame('snapshot', JSON.stringify(snapshot), sequence);
  }

  changes(watchlist: Watchlist, from: number): Frame | undefined {
    const texts = this.#newest.from(from, watchlist, ANYBODY);
    return texts.length === 0 ? undefined : this.#frame(texts, from);
  }

  nothing(from: number): Frame {
    return this.#frame([], from);
  }

  #frame(texts: readonly string[], from: number): Frame {
    const range = `"from":${from},"sequence":${this.sequence}`;
    return new Frame('news', `{"type":"news","items":[${texts.join(',')}],${range}}`, this.sequence);
  }

  async #look(): Promise<void> {
    if (!this.#isOpen) return;
    clearTimeout(this.#timer);
    const items = await this.#read(undefined);
    if (!this.#isOpen) return;
    if (items && this.#hasLooked) this.#learn(items.toReversed());
    else for (const item of items?.toReversed() ?? []) this.#keep(item);
    this.#hasLooked ||= items !== undefined;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.refresh(), LOOK_EVERY_MS);
  }

  /** Newest first; undefined while the database is away. */
  async #read(symbols: readonly string[] | undefined): Promise<readonly NewsItem[] | undefined> {
    if (symbols?.length === 0) return [];
    try {
      const items = await this.#options.store.news.list({ symbols, limit: SNAPSHOT_ITEMS });
      this.#tell(undefined);
      return items;
    } catch (error) {
      this.#options.log.warn({ error: messageOf(error) }, 'live news: the database does not answer');
      this.#tell(this.#staleSince ?? this.#options.clock());
      return undefined;
    }
  }

  #tell(staleSince: Date | undefined): void {
    const isNews = this.#staleSince !== staleSince;
    this.#staleSince = staleSince;
    if (isNews) this.#listener.changed();
  }

  #learn(items: readonly NewsItem[]): void {
    if (!this.#isOpen) return;
    const fresh = items.filter(({ newsId }) => !this.#items.has(newsId));
    for (const item of fresh) {
      this.#keep(item);
      this.#newest.put(item.newsId, { symbol: item.symbol }, JSON.stringify(toNewsWire(item)));
    }
    if (fresh.length > 0) this.#listener.changed();
  }

  #keep(item: NewsItem): void {
    this.#items.set(item.newsId, item);
    const [oldest] = this.#items.keys();
    if (this.#items.size > CAPACITY && oldest !== undefined) this.#items.delete(oldest);
  }
}

function newestFirst(a: NewsItem, b: NewsItem): number {
  return b.publishedAt.getTime() - a.publishedAt.getTime() || (a.newsId < b.newsId ? 1 : -1);
}
