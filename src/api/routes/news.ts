import { z } from 'zod';
import { type NewsItem, type NewsItemWire, newsItemSchema } from '../../domain/news-item';
import { json } from '../answer';
import { isStorable, symbolListField, wholeNumberField } from '../request-fields';
import { defineRoute } from '../route';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;

const itemSchema = newsItemSchema.meta({ id: 'NewsItem' });

const PLACE = /^(-?\d{1,15}) ([\x21-\x7e]{1,200})$/;

const newsCursorField = z
  .string()
  .max(400)
  .transform((cursor, context) => {
    const [, epochMs, newsId] = PLACE.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
    const publishedAt = new Date(Number(epochMs));
    if (newsId !== undefined && isStorable(publishedAt)) return { publishedAt, newsId };
    context.addIssue({ code: 'custom', message: 'expected the next_cursor of an earlier answer' });
    return z.NEVER;
  });

const news = defineRoute({
  method: 'get',
  path: '/news',
  access: 'prices:read',
  tag: 'reference',
  summary: 'The newest headlines',
  request: {
    query: z.strictObject({
      symbols: symbolListField.optional().meta({
        type: 'string',
        description: 'Symbols separated by commas; all when left out',
        example: 'AAPL,MSFT',
      }),
      limit: wholeNumberField(1, MAX_LIMIT).default(DEFAULT_LIMIT).meta({ type: 'integer', default: DEFAULT_LIMIT }),
      cursor: newsCursorField.optional().meta({ type: 'string', description: 'next_cursor of the page before' }),
    }),
  },
  answers: {
    200: {
      description: 'Newest first',
      content: {
        'application/json': {
          schema: z.object({ news: z.array(itemSchema), next_cursor: z.string().nullable() }).meta({ id: 'News' }),
        },
      },
    },
  },
  problems: ['INVALID_INPUT', 'STORE_UNAVAILABLE'],
  handle: async ({ query: { symbols, limit, cursor } }, { store }) => {
    const found = await store.news.list({ symbols, after: cursor, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = found.length > page.length ? page.at(-1) : undefined;
    return json({ news: page.map(newsView), next_cursor: last ? newsCursorOf(last) : null });
  },
});

export const newsRoutes = [news];

function newsCursorOf({ publishedAt, newsId }: NewsItem): string {
  return Buffer.from(`${publishedAt.getTime()} ${newsId}`).toString('base64url');
}

function newsView({ newsId, symbol, headline, summary, url, source, publishedAt }: NewsItem): NewsItemWire {
  return { news_id: newsId, symbol, headline, summary, url, source, published_at: publishedAt.toISOString() };
}
