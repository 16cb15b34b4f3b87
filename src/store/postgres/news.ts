import type { NewsItem } from '../../domain/news-item';
import type { News } from '../news-store';
import { instantArray, textArray } from './array-literal';
import type { Database } from './database';

/** In key order, so that two batches that share items cannot deadlock. */
const INSERT = {
  name: 'news-items-insert',
  text: `
    INSERT INTO news_items (news_id, symbol, headline, summary, url, source, published_at)
    SELECT news_id, symbol, headline, summary, url, source, to_timestamp(published_ms / 1000.0)
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int8[])
      AS n(news_id, symbol, headline, summary, url, source, published_ms)
    ORDER BY news_id COLLATE "C"
    ON CONFLICT (news_id) DO NOTHING`,
};

const ITEM = `n.news_id AS "newsId", n.symbol, n.headline, n.summary, n.url, n.source, n.published_at AS "publishedAt"`;
const NEWEST_FIRST = 'n.published_at DESC, n.news_id DESC';

/** $1 and $2 the key of the item to come after, or the end of time. */
const AFTER = '(n.published_at, n.news_id) < ($1::timestamptz, $2::text)';

/** $3 limit. */
const LIST_ALL = {
  name: 'news-items-list',
  text: `SELECT ${ITEM} FROM news_items n WHERE ${AFTER} ORDER BY ${NEWEST_FIRST} LIMIT $3`,
};

/** $3 limit, $4 symbols: the newest of each, of which the newest of all. */
const LIST_OF = {
  name: 'news-items-list-of-symbols',
  text: `
    SELECT n.* FROM (SELECT DISTINCT symbol FROM unnest($4::text[]) AS w(symbol)) w
    CROSS JOIN LATERAL (
      SELECT ${ITEM} FROM news_items n WHERE n.symbol = w.symbol AND ${AFTER} ORDER BY ${NEWEST_FIRST} LIMIT $3
    ) n
    ORDER BY "publishedAt" DESC, "newsId" DESC LIMIT $3`,
};

/** $1 limit, $2 seconds. A claimer that waited for another finds the row as that one left it, and does not get it. */
const CLAIM_DUE = {
  name: 'news-polls-claim-due',
  text: `
    WITH wanted AS (
      SELECT DISTINCT s.symbol, j.provider FROM polling_jobs j CROSS JOIN LATERAL unnest(j.symbols) AS s(symbol)
      WHERE j.status = 'active'
    ), due AS (
      SELECT w.symbol, w.provider FROM wanted w LEFT JOIN news_polls p ON p.symbol = w.symbol AND p.provider = w.provider
      WHERE p.polled_at IS NULL OR p.polled_at <= now() - $2 * interval '1 second'
      ORDER BY p.polled_at NULLS FIRST, w.symbol COLLATE "C", w.provider COLLATE "C" LIMIT $1
    )
    INSERT INTO news_polls AS p (symbol, provider, polled_at)
    SELECT symbol, provider, now() FROM due ORDER BY symbol COLLATE "C", provider COLLATE "C"
    ON CONFLICT (symbol, provider) DO UPDATE SET polled_at = EXCLUDED.polled_at
    WHERE p.polled_at <= EXCLUDED.polled_at - $2 * interval '1 second'
    RETURNING symbol, provider`,
};

/** Tables `news_items` and `news_polls`. */
export function openNews(database: Database): News {
  return {
    async insert(items) {
      if (items.length === 0) return 0;
      return database.execute(INSERT, columnsOf(items));
    },
    list: ({ symbols, after, limit }) => {
      const values = [after?.publishedAt ?? 'infinity', after?.newsId ?? '', limit];
      return symbols
        ? database.query<NewsItem>(LIST_OF, [...values, textArray(symbols)])
        : database.query<NewsItem>(LIST_ALL, values);
    },
    claimDue: ({ limit, everySeconds }) => database.query(CLAIM_DUE, [limit, everySeconds]),
  };
}

function columnsOf(items: readonly NewsItem[]): string[] {
  return [
    textArray(items.map(({ newsId }) => newsId)),
    textArray(items.map(({ symbol }) => symbol)),
    textArray(items.map(({ headline }) => headline)),
    textArray(items.map(({ summary }) => summary)),
    textArray(items.map(({ url }) => url)),
    textArray(items.map(({ source }) => source)),
    instantArray(items.map(({ publishedAt }) => publishedAt)),
  ];
}
