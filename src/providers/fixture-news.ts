import type { Clock } from '../platform/clock';
import { TickwireError } from '../platform/errors';
import { hash } from './fixture-hash';
import { type NewsFields, toNewsItems } from './news-rules';
import type { NewsSource } from './provider';

const HOUR_SECONDS = 3_600;
/** How many hours back its newest items reach. */
const HOURS = 3;
const HEADLINES = [
  'shares change little in quiet trading',
  'draws buyers after a slow start',
  'gives back part of the morning',
  'trades near its average of the month',
  'moves with the market',
] as const;

/** A made-up headline for each symbol and hour, of the last three hours: a pure function of both. Symbols that start with `BAD` are unknown. */
export function openFixtureNews(clock: Clock): NewsSource {
  return {
    fetchNews: async (symbol) => {
      if (symbol.startsWith('BAD')) throw new TickwireError('SYMBOL_UNKNOWN', `${symbol}: starts with BAD`);
      const now = clock();
      const hour = Math.floor(now.getTime() / 1000 / HOUR_SECONDS);
      const fields = Array.from({ length: HOURS }, (_, back) => newsOf(symbol, hour - back));
      return { raw: { news: fields }, items: toNewsItems({ symbol, source: 'fixture' }, fields, now) };
    },
  };
}

function newsOf(symbol: string, hour: number): NewsFields {
  const headline = `${symbol} ${HEADLINES[hash(`${symbol}#${hour}`) % HEADLINES.length]}`;
  const url = `https://news.example.com/${encodeURIComponent(symbol)}/${hour}`;
  return { headline, summary: null, url, publishedAtSeconds: hour * HOUR_SECONDS };
}
