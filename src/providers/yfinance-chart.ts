import { z } from 'zod';
import { assetClassOf, type RawBar } from '../domain/bar';
import type { CorporateAction } from '../domain/corporate-action';
import { sessionStartOf } from '../domain/market-calendar';
import { TickwireError } from '../platform/errors';
import { type EntryPlace, partReadings, type Reading, readAction, readBar } from './bar-rules';
import type { HistoryFault, HistoryRequest } from './provider';
import { type Split, sharesSince } from './split-shares';
import { parseBody, refuseStatus, unavailable, type VendorAnswer } from './vendor-http';
import { toTraded, toTradedVolume } from './yfinance-price';
import { YAHOO_RULES } from './yfinance-session';
import { toYahooSpelling } from './yfinance-symbol';

/** What a chart was asked for, and our clock. */
export interface AskedChart {
  readonly request: Pick<HistoryRequest, 'symbol' | 'spelling' | 'interval'>;
  readonly now: Date;
}

const chartAnswer = z.object({
  chart: z.object({
    result: z.array(z.unknown()).nullish(),
    error: z.object({ code: z.string(), description: z.string().nullish() }).nullish(),
  }),
});
const column = z.array(z.unknown()).nullish();
const events = z.record(z.string(), z.record(z.string(), z.unknown())).nullish();
const chartResult = z.object({
  meta: z.object({
    symbol: z.string(),
    currency: z.string().nullish(),
    exchangeTimezoneName: z.string(),
    dataGranularity: z.string(),
    currentTradingPeriod: z.object({ regular: z.object({ start: z.number(), end: z.number() }) }).nullish(),
  }),
  timestamp: column,
  events: z.object({ dividends: events, splits: events }).nullish(),
  indicators: z.object({
    quote: z.array(z.object({ open: column, high: column, low: column, close: column, volume: column })),
  }),
});

/** One chart of Yahoo's: columns of numbers beside a column of times, and what happened meanwhile. */
export type Chart = z.infer<typeof chartResult>;

/**
 * The body of an answer to a chart request; errors that are about the range pass, as a chart without bars.
 * @throws SYMBOL_UNKNOWN (Yahoo answers 404 with `Not Found`); PROVIDER_* for anything else that is no chart.
 */
export function readChart(symbol: string): (answer: VendorAnswer) => unknown {
  return (answer) => {
    if (![200, 400, 404, 422].includes(answer.status)) refuseStatus('yfinance', answer, YAHOO_RULES);
    const body = parseBody('yfinance', answer.text);
    const error = chartAnswer.safeParse(body).data?.chart.error;
    if (error?.code === 'Not Found') throw unknownSymbol(symbol);
    if (isEmptyRange(error)) return body;
    refuseStatus('yfinance', answer, YAHOO_RULES);
    if (error) throw unavailable('yfinance', `answered 200 with the error ${error.code}`);
    return body;
  };
}

/**
 * The chart in an answer; undefined for a range in which there is nothing.
 * @throws PROVIDER_UNAVAILABLE when it is no chart, or one of another symbol or interval.
 */
export function chartOf(raw: unknown, request: AskedChart['request'], granularity: string): Chart | undefined {
  const answer = chartAnswer.safeParse(raw).data?.chart;
  if (answer && isEmptyRange(answer.error)) return undefined;
  const chart = chartResult.safeParse(answer?.result?.[0]).data;
  if (!chart) throw unavailable('yfinance', 'answered 200: expected chart.result with one chart, got something else');
  const spelling = request.spelling ?? toYahooSpelling(request.symbol);
  const { symbol, dataGranularity } = chart.meta;
  if (symbol.toUpperCase() !== spelling.toUpperCase()) {
    throw unavailable('yfinance', `answered about another symbol: expected ${spelling}, got ${symbol.slice(0, 40)}`);
  }
  if (dataGranularity !== granularity) {
    throw unavailable('yfinance', `answered with bars of ${dataGranularity.slice(0, 10)}: expected ${granularity}`);
  }
  return chart;
}

/**
 * The bars of a chart as they were traded (see {@link sharesSince}). A daily bar starts with the session of its date where the instrument trades, a shorter
 * one at its own instant; one that is not over yet is left out. Yahoo says a volume of 0 for every bar of a currency: that is none.
 */
export function toBars(
  chart: Chart,
  asked: AskedChart,
  splits: readonly Split[],
): { items: RawBar[]; faults: HistoryFault[] } {
  const dateOf = dateIn(chart.meta.exchangeTimezoneName);
  const times = chart.timestamp ?? [];
  const quote = chart.indicators.quote[0] ?? {};
  const told = Math.max(...[quote.open, quote.high, quote.low, quote.close].map((each) => each?.length ?? 0));
  const read = partReadings(
    times.flatMap((time, index): Reading<RawBar>[] => {
      if (isUnfinished(time, chart, asked)) return [];
      return [barAt({ time, index }, { quote, asked, dateOf, splits })];
    }),
  );
  if (told <= times.length) return read;
  const detail = `expected as many times as there are prices, ${told}, got ${times.length}`;
  return { ...read, faults: [...read.faults, { place: 'timestamp', detail }] };
}

interface BarTable {
  readonly quote: NonNullable<Chart['indicators']['quote'][number]>;
  readonly asked: AskedChart;
  readonly dateOf: DateOf;
  readonly splits: readonly Split[];
}

function barAt(
  { time, index }: { readonly time: unknown; readonly index: number },
  { quote, asked, dateOf, splits }: BarTable,
): Reading<RawBar> {
  const { symbol, interval } = asked.request;
  const assetClass = assetClassOf(symbol);
  const date = dateOf(time);
  const startAt = interval === '1d' ? sessionStartOf(date, assetClass) : instantOf(time);
  const [open, high, low, close] = [quote.open, quote.high, quote.low, quote.close].map((each) => each?.[index]);
  const volume = assetClass === 'fx' ? null : quote.volume?.[index];
  const at: EntryPlace = { place: `timestamp[${index}]`, now: asked.now };
  const reading = readBar(
    at,
    { symbol, interval, source: 'yfinance' },
    { startAt, time, open, high, low, close, volume },
  );
  return 'fault' in reading ? reading : { item: asTraded(reading.item, sharesSince(date, splits)) };
}

function asTraded(bar: RawBar, shares: number): RawBar {
  return {
    ...bar,
    open: toTraded(bar.open, shares),
    high: toTraded(bar.high, shares),
    low: toTraded(bar.low, shares),
    close: toTraded(bar.close, shares),
    volume: bar.volume === null ? null : toTradedVolume(bar.volume, shares),
  };
}

/** The dividends and splits of a chart; dividends as they were paid, see {@link sharesSince}. */
export function toActions(
  { meta, events: told }: Chart,
  { request }: AskedChart,
  splits: readonly Split[],
): { items: CorporateAction[]; faults: HistoryFault[] } {
  const dateOf = dateIn(meta.exchangeTimezoneName);
  const origin = { symbol: request.symbol, source: 'yfinance' };
  const dividends = Object.values(told?.dividends ?? {}).map((event, index) => {
    const exDate = dateOf(event.date);
    const shares = sharesSince(exDate, splits);
    const value = typeof event.amount === 'number' ? Number((event.amount * shares).toPrecision(12)) : event.amount;
    const place = `events.dividends[${index}]`;
    return readAction(place, origin, { kind: 'dividend', exDate, value, currency: meta.currency });
  });
  const ratios = Object.values(told?.splits ?? {}).map((event, index) => {
    const value = Number(event.numerator) / Number(event.denominator);
    return readAction(`events.splits[${index}]`, origin, { kind: 'split', exDate: dateOf(event.date), value });
  });
  return partReadings([...dividends, ...ratios]);
}

const SECONDS_OF = { '1m': 60, '5m': 300, '15m': 900, '1h': 3_600 } as const;

/** Yahoo tells the bar of today while it is still traded. */
function isUnfinished(time: unknown, { meta }: Chart, { request, now }: AskedChart): boolean {
  if (typeof time !== 'number') return false;
  const nowSeconds = now.getTime() / 1000;
  if (request.interval !== '1d') return time + SECONDS_OF[request.interval] > nowSeconds;
  const session = meta.currentTradingPeriod?.regular;
  return session !== undefined && time >= session.start && nowSeconds < session.end;
}

/** The day of epoch seconds where the instrument trades; not a day for what is no time. */
type DateOf = (seconds: unknown) => string;

function dateIn(timeZone: string): DateOf {
  const format = formatOf(timeZone);
  return (seconds) => {
    const instant = instantOf(seconds);
    return Number.isNaN(instant.getTime()) ? '' : format.format(instant);
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  } catch (error) {
    throw unavailable('yfinance', `answered with a time zone that is none: ${timeZone.slice(0, 40)}`, error);
  }
}

function instantOf(seconds: unknown): Date {
  return new Date(typeof seconds === 'number' ? seconds * 1000 : Number.NaN);
}

/** Yahoo answers 400 where the instrument was not traded yet, or no longer. */
function isEmptyRange(error: { readonly description?: string | null | undefined } | null | undefined): boolean {
  return error?.description?.startsWith("Data doesn't exist for startDate") ?? false;
}

function unknownSymbol(symbol: string): TickwireError {
  return new TickwireError('SYMBOL_UNKNOWN', `${symbol}: yfinance answered that it has no such symbol`);
}
