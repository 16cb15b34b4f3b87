import type { NewsItem } from '../../src/domain/news-item';
import { aConfig } from '../support/poll-jobs';
import { aSeries } from '../support/series';
import type { StoreUnderTest } from './store.contract';

function anItem(symbol: string, minute: number, changes: Partial<NewsItem> = {}): NewsItem {
  return {
    newsId: `fixture:${symbol}:${String(minute).padStart(4, '0')}`,
    symbol,
    headline: `Headline, "${minute}"`,
    summary: null,
    url: `https://example.com/${symbol}/${minute}`,
    source: 'fixture',
    publishedAt: new Date(Date.UTC(2026, 0, 5, 0, minute)),
    ...changes,
  };
}

/** Tables `news_items` and `news_polls`. */
export function describeNews(underTest: () => StoreUnderTest): void {
  const news = () => underTest().store.news;

  describe('news', () => {
    test('an item is stored once, whoever brings it again', async () => {
      const { symbol } = aSeries();
      const items = [anItem(symbol, 1, { summary: 'Two\nlines {and} \\ more' }), anItem(symbol, 2)];

      const counts = [await news().insert(items), await news().insert([...items, anItem(symbol, 3)])];
      const together = await Promise.all([1, 2, 3].map(() => news().insert([anItem(symbol, 4), anItem(symbol, 5)])));

      expect(counts).toEqual([2, 1]);
      expect(together.reduce((sum, count) => sum + count, 0)).toBe(2);
      const listed = await news().list({ symbols: [symbol], limit: 10 });
      expect(listed.slice(3)).toEqual([...items].reverse());
      expect(await news().insert([])).toBe(0);
    });

    test('a batch may hold an item twice', async () => {
      const item = anItem(aSeries().symbol, 1);

      expect(await news().insert([item, item])).toBe(1);
    });

    test('the newest come first, of the symbols named, page by page', async () => {
      const [a, b, c] = [aSeries().symbol, aSeries().symbol, aSeries().symbol];
      const sameMinute = [anItem(a, 4, { newsId: `x:${a}:1` }), anItem(a, 4, { newsId: `x:${a}:2` })];
      await news().insert([anItem(a, 1), anItem(b, 2), anItem(c, 3), ...sameMinute, anItem(b, 5)]);
      const symbols = [a, b, a];

      const first = await news().list({ symbols, limit: 2 });
      const rest = await news().list({ symbols, after: first.at(-1)!, limit: 10 });

      expect(first).toEqual([anItem(b, 5), sameMinute[1]]);
      expect(rest).toEqual([sameMinute[0], anItem(b, 2), anItem(a, 1)]);
      expect(await news().list({ symbols: [], limit: 10 })).toEqual([]);
    });

    test('without symbols those of every symbol are listed', async () => {
      const [a, b] = [aSeries().symbol, aSeries().symbol];
      const late = (symbol: string, second: number) =>
        anItem(symbol, 0, { newsId: `late:${symbol}`, publishedAt: new Date(Date.UTC(2190, 0, 1, 0, 0, second)) });
      await news().insert([late(a, 1), late(b, 2)]);

      const [first, second] = await news().list({ limit: 2 });
      const [next] = await news().list({ limit: 1, after: first! });

      expect([first, second]).toEqual([late(b, 2), late(a, 1)]);
      expect(next).toEqual(second);
    });
  });

  describe('news polls', () => {
    const pollJobs = () => underTest().store.pollJobs;
    const claim = async (limit = 100, everySeconds = 60) =>
      (await news().claimDue({ limit, everySeconds })).map(({ symbol, provider }) => `${symbol} ${provider}`).sort();
    const create = async (...symbols: string[]) => (await pollJobs().create(aConfig({ symbols }), {})).job;

    afterEach(async () => {
      for (const { jobId } of await pollJobs().list()) await pollJobs().remove(jobId);
    });

    test('each symbol of an active job is due once in every period', async () => {
      const [a, b] = [aSeries().symbol, aSeries().symbol];
      await create(a, b);
      await create(b);

      const claims = [await claim(), await claim()];
      await underTest().passTime(59);
      claims.push(await claim());
      await underTest().passTime(1);
      claims.push(await claim());

      const both = [`${a} fixture`, `${b} fixture`].sort();
      expect(claims).toEqual([both, [], [], both]);
    });

    test('paused and removed jobs have none', async () => {
      const [paused, removed] = [await create(aSeries().symbol), await create(aSeries().symbol)];
      await pollJobs().update(paused.jobId, { status: 'paused' });
      await pollJobs().remove(removed.jobId);

      expect(await claim()).toEqual([]);
    });

    test('the longest waiting go first', async () => {
      const [a, b] = [aSeries().symbol, aSeries().symbol];
      await create(b);
      await claim();
      await underTest().passTime(30);
      await create(a);
      await claim();
      await underTest().passTime(60);

      expect(await claim(1)).toEqual([`${b} fixture`]);
      expect(await claim(1)).toEqual([`${a} fixture`]);
    });

    test('any number of claimers at once get each symbol once', async () => {
      const symbols = Array.from({ length: 20 }, () => aSeries().symbol);
      await create(...symbols);

      const claims = await Promise.all(Array.from({ length: 6 }, () => claim()));

      expect(claims.flat().sort()).toEqual(symbols.map((symbol) => `${symbol} fixture`).sort());
    });
  });
}
