import type { NewsItem } from '../../domain/news-item';
import type { Clock } from '../../platform/clock';
import type { News } from '../news-store';
import type { PollJobs } from '../store';

/** `news_items` and `news_polls` in memory. */
export function openMemoryNews(options: { clock: Clock; pollJobs: Pick<PollJobs, 'list'> }): News {
  const items = new Map<string, NewsItem>();
  const polledMs = new Map<string, number>();
  const polledAt = ({ symbol, provider }: { symbol: string; provider: string }) =>
    polledMs.get(`${symbol} ${provider}`) ?? Number.NEGATIVE_INFINITY;

  return {
    async insert(given) {
      const before = items.size;
      for (const item of given) items.set(item.newsId, items.get(item.newsId) ?? { ...item });
      return items.size - before;
    },
    list: async ({ symbols, after, limit }) =>
      [...items.values()]
        .filter(({ symbol }) => !symbols || symbols.includes(symbol))
        .filter((item) => !after || compareNewestFirst(item, after) > 0)
        .sort(compareNewestFirst)
        .slice(0, limit),
    async claimDue({ limit, everySeconds }) {
      const active = (await options.pollJobs.list()).filter(({ status }) => status === 'active');
      const wanted = active.flatMap(({ symbols, provider }) => symbols.map((symbol) => ({ symbol, provider })));
      const nowMs = options.clock().getTime();
      const due = [...new Map(wanted.map((one) => [`${one.symbol} ${one.provider}`, one])).entries()]
        .filter(([, one]) => polledAt(one) <= nowMs - everySeconds * 1000)
        .sort(([nameA, a], [nameB, b]) => compareNumbers(polledAt(a), polledAt(b)) || (nameA < nameB ? -1 : 1))
        .slice(0, limit);
      for (const [name] of due) polledMs.set(name, nowMs);
      return due.map(([, one]) => one);
    },
  };
}

/** Differences of infinities are no numbers. */
function compareNumbers(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

type Place = Pick<NewsItem, 'publishedAt' | 'newsId'>;

function compareNewestFirst(a: Place, b: Place): number {
  return b.publishedAt.getTime() - a.publishedAt.getTime() || (a.newsId > b.newsId ? -1 : Number(a.newsId < b.newsId));
}
