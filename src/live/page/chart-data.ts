import { ask, now } from './api';
import type { Row } from './live-state';
import type { Candle } from './price-chart';
import { type LinePoint, lineOf, SPANS_MS, spanFor } from './series';

/** Prices in one answer of the service at most. */
const CAPACITY = 10_000;
/** A look at how quickly prices come. */
const SAMPLE_MS = 120_000;
const SAMPLE_LIMIT = 1_000;
const CANDLES = 240;
const NEWS = 12;

interface History {
  readonly prices: readonly { readonly timestamp: string; readonly price: number }[];
  readonly next_cursor: string | null;
}

interface Bars {
  readonly source: string | null;
  readonly bars: readonly (Candle & { readonly start_at: string; readonly session: string })[];
}

export interface NewsItem {
  readonly headline: string;
  readonly url: string | null;
  readonly source: string;
  readonly published_at: string;
}

const INTERVAL_MS = { '1m': 60_000, '5m': 300_000, '1d': 86_400_000 } as const;

export type BarInterval = keyof typeof INTERVAL_MS;

/** The line of the widest span of time whose prices fit in one answer, judged by how many came in the last minutes. */
export async function fetchLine(row: Row): Promise<{ points: LinePoint[]; spanMs: number }> {
  const recent = await fetchPrices(row, SAMPLE_MS, SAMPLE_LIMIT);
  const widest = spanFor(SAMPLE_MS / Math.max(1, recent.prices.length), CAPACITY * 0.8);
  for (const spanMs of SPANS_MS.filter((span) => span <= widest)) {
    const { prices, next_cursor: more } = await fetchPrices(row, spanMs, CAPACITY);
    if (more === null || spanMs === SPANS_MS.at(-1)) return { points: lineOf(prices), spanMs };
  }
  return { points: [], spanMs: 0 };
}

/** The newest prices of a symbol as far back as `spanMs`, oldest first. */
export function fetchPrices({ symbol, provider }: Row, spanMs: number, limit: number): Promise<History> {
  const start = new Date(now() - spanMs).toISOString();
  return ask('GET', `/prices/history?${new URLSearchParams({ symbol, provider, start, limit: String(limit) })}`);
}

/** The newest bars: of stored ticks within a day, and of whichever source has most where a bar is a day. */
export async function fetchCandles(
  { symbol, provider }: Row,
  interval: BarInterval,
): Promise<{ candles: Candle[]; source: string | null }> {
  const isDaily = interval === '1d';
  const start = new Date(now() - INTERVAL_MS[interval] * CANDLES * (isDaily ? 2 : 1)).toISOString();
  const query = { interval, start, ...(isDaily ? { adjustment: 'all' } : { source: `ticks:${provider}` }) };
  const path = `/ohlcv/${encodeURIComponent(symbol)}?${new URLSearchParams(query)}`;
  const { bars, source } = await ask<Bars>('GET', path);
  const candles = bars.map(({ start_at: startAt, session, open, high, low, close }) => {
    const time = isDaily ? session : Date.parse(startAt) / 1000;
    return { time, open, high, low, close };
  });
  return { candles, source };
}

export async function fetchNews(symbol: string): Promise<readonly NewsItem[]> {
  const query = new URLSearchParams({ symbols: symbol, limit: String(NEWS) });
  return (await ask<{ news: readonly NewsItem[] }>('GET', `/news?${query}`)).news;
}
