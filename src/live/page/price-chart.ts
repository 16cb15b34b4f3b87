import {
  CandlestickSeries,
  ColorType,
  createChart,
  type IChartApi,
  type ISeriesApi,
  LineSeries,
  TickMarkType,
  type Time,
} from 'lightweight-charts';
import { averageLine, type LinePoint } from './series';

/** A bar; `time` is epoch seconds, or the day where a bar is one. */
export interface Candle {
  readonly time: number | string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** Points a line holds at most; the oldest go. */
const MAX_POINTS = 12_000;
const TRIM_TO = 10_000;

export interface PriceChart {
  showLine(points: readonly LinePoint[], window: number): void;
  showCandles(candles: readonly Candle[], window: number): void;
  /** One more price of a line. */
  append(point: LinePoint): void;
  clear(): void;
}

/** A chart in `container`, in the colours of the page, light and dark. Its average is the mean of the points drawn. */
export function openPriceChart(container: HTMLElement): PriceChart {
  const chart = createChart(container, { autoSize: true, ...looks() });
  let price: ISeriesApi<'Line'> | ISeriesApi<'Candlestick'> | undefined;
  let average: ISeriesApi<'Line'> | undefined;
  let points: LinePoint[] = [];
  let window = 1;
  let redraw = () => {};

  const clear = () => {
    for (const series of [price, average]) if (series) chart.removeSeries(series);
    [price, average, points, redraw] = [undefined, undefined, [], () => {}];
  };
  const overlay = (values: readonly { time: number | string; value: number }[]) => {
    average = chart.addSeries(LineSeries, { ...averageLooks() });
    average.setData(averageLine(values, window).map(({ time, value }) => ({ time: time as Time, value })));
    chart.timeScale().fitContent();
  };
  const showLine: PriceChart['showLine'] = (next, nextWindow) => {
    clear();
    [points, window] = [[...next], nextWindow];
    const line = chart.addSeries(LineSeries, {
      color: colour('--accent'),
      lineWidth: 2,
      priceFormat: formatOf(next.at(-1)?.value),
    });
    line.setData(points.map(({ time, value }) => ({ time: time as Time, value })));
    price = line;
    overlay(points);
    redraw = () => showLine(points, window);
  };
  const showCandles: PriceChart['showCandles'] = (candles, nextWindow) => {
    clear();
    window = nextWindow;
    const [up, down] = [colour('--up'), colour('--down')];
    const series = chart.addSeries(CandlestickSeries, {
      ...{ upColor: up, downColor: down, wickUpColor: up, wickDownColor: down, borderVisible: false },
      priceFormat: formatOf(candles.at(-1)?.close),
    });
    series.setData(candles.map(({ time, ...bar }) => ({ time: time as Time, ...bar })));
    price = series;
    overlay(candles.map(({ time, close }) => ({ time, value: close })));
    redraw = () => showCandles(candles, window);
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    chart.applyOptions(looks());
    redraw();
  });
  return {
    showLine,
    showCandles,
    clear,
    append: (point) => {
      const last = points.at(-1);
      if (!price || !average || (last && point.time < last.time)) return;
      if (last?.time === point.time) points.pop();
      points.push(point);
      if (points.length > MAX_POINTS) return showLine(points.slice(-TRIM_TO), window);
      (price as ISeriesApi<'Line'>).update({ time: point.time as Time, value: point.value });
      const mean = averageLine(points.slice(-window), window).at(-1);
      if (mean) average.update({ time: mean.time as Time, value: mean.value });
    },
  };
}

function looks(): Parameters<IChartApi['applyOptions']>[0] {
  const line = { color: colour('--line') };
  return {
    layout: {
      background: { type: ColorType.Solid, color: 'transparent' },
      textColor: colour('--dim'),
      fontFamily: getComputedStyle(document.body).fontFamily,
      fontSize: 11,
      // Its logo brings a style element, which the page's content policy forbids; the page links to TradingView itself.
      attributionLogo: false,
    },
    grid: { vertLines: { visible: false }, horzLines: line },
    rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.12, bottom: 0.08 } },
    timeScale: { borderColor: line.color, timeVisible: true, secondsVisible: false, tickMarkFormatter: tickText },
    crosshair: {
      vertLine: { labelBackgroundColor: colour('--dim') },
      horzLine: { labelBackgroundColor: colour('--dim') },
    },
    localization: { timeFormatter: (time: Time) => wholeText(time) },
    handleScroll: { vertTouchDrag: false },
  };
}

function averageLooks() {
  const quiet = { lastValueVisible: false, priceLineVisible: false, crosshairMarkerVisible: false };
  return { color: colour('--average'), lineWidth: 1, ...quiet } as const;
}

function formatOf(price = 100) {
  const precision = Math.abs(price) < 10 ? 4 : 2;
  return { type: 'price', precision, minMove: 10 ** -precision } as const;
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Times as they are where the page is read; days as they are named. */
function tickText(time: Time, type: TickMarkType): string {
  const { at, zone } = momentOf(time);
  const of = (options: Intl.DateTimeFormatOptions) => at.toLocaleString('en-GB', { timeZone: zone, ...options });
  if (type === TickMarkType.Year) return of({ year: 'numeric' });
  if (type === TickMarkType.Month) return of({ month: 'short' });
  if (type === TickMarkType.DayOfMonth) return of({ day: 'numeric', month: 'short' });
  return of({
    hour: '2-digit',
    minute: '2-digit',
    ...(type === TickMarkType.TimeWithSeconds && { second: '2-digit' }),
  });
}

function wholeText(time: Time): string {
  const { at, zone } = momentOf(time);
  const day = { day: 'numeric', month: 'short', year: 'numeric' } as const;
  if (typeof time === 'string') return at.toLocaleDateString('en-GB', { timeZone: zone, ...day });
  return at.toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
}

function momentOf(time: Time): { at: Date; zone: string | undefined } {
  if (typeof time === 'number') return { at: new Date(time * 1000), zone: undefined };
  if (typeof time === 'string') return { at: new Date(`${time}T00:00:00Z`), zone: 'UTC' };
  return { at: new Date(Date.UTC(time.year, time.month - 1, time.day)), zone: 'UTC' };
}
