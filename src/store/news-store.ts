import type { NewsItem } from '../domain/news-item';

/** Tables `news_items` and `news_polls`. */
export interface News {
  /** Idempotent by id: one statement a batch. Returns how many were new. */
  insert(items: readonly NewsItem[]): Promise<number>;
  /** Newest first; of every symbol where none is named. `after` is the last item of the page before. */
  list(query: {
    symbols?: readonly string[] | undefined;
    after?: Pick<NewsItem, 'publishedAt' | 'newsId'> | undefined;
    limit: number;
  }): Promise<readonly NewsItem[]>;
  /**
   * Claims symbols whose news are due, at most `limit`, in one statement: each is due again after `everySeconds` (database time), so that any number of
   * pollers ask once. The symbols of active polling jobs are the ones polled, each at the providers of its jobs; those that waited longest are claimed.
   */
  claimDue(claim: { limit: number; everySeconds: number }): Promise<readonly { symbol: string; provider: string }[]>;
}
