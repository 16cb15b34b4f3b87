import { now, sentenceOf } from './api';
import { type BarInterval, fetchCandles, fetchLine, fetchNews, type NewsItem } from './chart-data';
import { element, found, outLink, setAttribute, setText } from './element';
import { every } from './every';
import type { LiveState, Row } from './live-state';
import { openPriceChart } from './price-chart';
import { safeLink } from './safe-link';
import { clockText, decimalsOf, durationText, numberText, OLD_AFTER_MS, signedText } from './written';

const REFRESH_MS = 10_000;
const DEFAULT_WINDOW = 5;

type View = 'line' | BarInterval;

export interface Detail {
  draw(state: LiveState): void;
  /** Shows a symbol. */
  show(symbol: string): void;
}

/** One symbol's price, chart and news. Bars and news are asked for again and again; a line follows the live prices. */
export function openDetail(): Detail {
  const title = found('detail-title', HTMLElement);
  const chart = openPriceChart(found('chart-canvas', HTMLElement));
  let symbol: string | undefined;
  let state: LiveState | undefined;
  let view: View = 'line';
  let drawn: Row | undefined;
  /** Counts wishes, so that an answer that took its time is not drawn over a newer one. */
  let wish = 0;
  let isLineReady = false;

  const row = () => (symbol === undefined ? undefined : state?.rows.get(symbol));
  const load = async () => {
    const wanted = row();
    if (!wanted) return;
    const mine = ++wish;
    isLineReady = false;
    const window = wanted.average?.window ?? DEFAULT_WINDOW;
    const draw = await loadView(wanted, view).catch((error: unknown) => ({ caption: sentenceOf(error) }));
    if (mine !== wish) return;
    if ('points' in draw && draw.points) chart.showLine(draw.points, window);
    else if ('candles' in draw && draw.candles) chart.showCandles(draw.candles, window);
    else chart.clear();
    isLineReady = 'points' in draw;
    tellChart(wanted, `${draw.caption}${'points' in draw || 'candles' in draw ? ` \u00b7 average of ${window}` : ''}`);
  };
  const loadNews = async () => {
    const wanted = symbol;
    if (wanted === undefined) return;
    const news = await fetchNews(wanted);
    if (wanted === symbol) drawNews(news);
  };
  const newsLoop = every(30_000, loadNews);
  every(REFRESH_MS, async () => {
    if (view !== 'line') await load();
  });

  for (const choice of document.querySelectorAll<HTMLButtonElement>('#views button')) {
    choice.addEventListener('click', () => {
      view = choice.dataset.view as View;
      for (const other of document.querySelectorAll('#views button')) {
        setAttribute(other, 'aria-pressed', String(other === choice));
      }
      void load();
    });
  }
  setInterval(() => drawAge(row()), 1_000);

  return {
    draw: (next) => {
      state = next;
      const current = row();
      if (!current || current === drawn) return;
      const isNew = drawn === undefined;
      drawn = current;
      drawHead(current);
      if (isNew) void load();
      else if (view === 'line' && isLineReady) {
        chart.append({ time: Math.floor(current.observedAtMs / 1000), value: current.price });
      }
    },
    show: (next) => {
      if (next === symbol) return;
      symbol = next;
      drawn = undefined;
      setText(title, next);
      found('detail', HTMLElement).hidden = false;
      found('news', HTMLElement).replaceChildren();
      newsLoop.soon();
      const current = row();
      if (!current) return;
      drawn = current;
      drawHead(current);
      void load();
    },
  };
}

async function loadView(row: Row, view: View) {
  if (view === 'line') {
    const { points, spanMs } = await fetchLine(row);
    const [first] = points;
    const coveredMs = first ? Math.min(spanMs, now() - first.time * 1000) : spanMs;
    return { points, caption: `Prices of the last ${durationText(coveredMs)}` };
  }
  const { candles, source } = await fetchCandles(row, view);
  const caption = candles.length > 0 ? `${view} bars from ${source}` : `No ${view} bars yet`;
  return { candles, caption };
}

function drawHead(row: Row): void {
  const decimals = decimalsOf(row.price);
  setText(found('detail-price', HTMLElement), numberText(row.price, decimals));
  setText(found('detail-currency', HTMLElement), row.currency ?? '');
  const change = found('detail-change', HTMLElement);
  setText(change, `${signedText(row.change, decimals)}  ${signedText(row.changePercent, 2)} %`);
  setAttribute(change, 'data-way', row.change > 0 ? 'up' : row.change < 0 ? 'down' : 'flat');
  drawAge(row);
}

function drawAge(row: Row | undefined): void {
  if (!row) return;
  const ageMs = now() - row.observedAtMs;
  const node = found('detail-age', HTMLElement);
  setText(node, `${row.provider}, ${durationText(ageMs)} old`);
  setAttribute(node, 'data-old', ageMs > OLD_AFTER_MS ? 'true' : undefined);
}

function tellChart({ symbol, price, currency }: Row, caption: string): void {
  setText(found('chart-caption', HTMLElement), caption);
  const said = `Chart of ${symbol}. ${caption}. Now ${price}${currency ? ` ${currency}` : ''}.`;
  found('chart', HTMLElement).setAttribute('aria-label', said);
}

function drawNews(news: readonly NewsItem[]): void {
  const items = news.map(({ headline, url, source, published_at: publishedAt }) => {
    const link = safeLink(url);
    const published = clockText(Date.parse(publishedAt), now());
    const about = element('span', { class: 'dim' }, `${source} \u00b7 ${published}`);
    return element('li', {}, link ? outLink(link, headline) : element('span', {}, headline), about);
  });
  const none = element('li', { class: 'dim' }, 'No headlines yet.');
  found('news', HTMLElement).replaceChildren(...(items.length > 0 ? items : [none]));
}
