import { assetClassOf, type BarInterval } from '../domain/bar';
import { DAY_MS } from '../domain/instant';
import type { Clock } from '../platform/clock';
import type { Environment } from '../platform/environment';
import { pageOf, type Window, windowsOf } from './history-windows';
import type { GuardedCall, HistoryFault, HistoryPage, HistoryRequest, HistorySource } from './provider';
import { type Split, splitsOf } from './split-shares';
import { type AskedChart, type Chart, chartOf, readChart, toActions, toBars } from './yfinance-chart';
import { openYfinanceReference } from './yfinance-reference';
import { openYahooSession, type YahooSession } from './yfinance-session';
import { toYahooSpelling } from './yfinance-symbol';

/** What the calls to Yahoo go through. */
export interface YfinanceDoors {
  readonly call: GuardedCall;
  readonly clock: Clock;
}

/** Days that one call spans (Yahoo allows 7 for minutes), and how many days back Yahoo has such bars at all; daily ones since the beginning. */
const LIMITS: Readonly<Record<BarInterval, { readonly spanDays: number; readonly keptDays: number }>> = {
  '1m': { spanDays: 7, keptDays: 30 },
  '5m': { spanDays: 60, keptDays: 60 },
  '15m': { spanDays: 60, keptDays: 60 },
  '1h': { spanDays: 365, keptDays: 730 },
  '1d': { spanDays: 5 * 365, keptDays: Number.POSITIVE_INFINITY },
};

/**
 * Yahoo's charts (`/v8/finance/chart`) as bars that were traded, with dividends and splits. Yahoo's own are adjusted for every split up to now, so the
 * splits from the start of the range up to now are asked for first, with one call for bars of a quarter, and taken out again: see
 * `split-shares.ts`. What lies further back than Yahoo keeps bars of that length is a fault; the rest is loaded.
 * @throws PROVIDER_NOT_CONFIGURED when `YFINANCE_BASE_URL` is no address.
 */
export function openYfinanceHistory(environment: Environment, { call, clock }: YfinanceDoors): HistorySource {
  const session = openYahooSession(environment);
  return {
    intervals: ['1m', '5m', '15m', '1h', '1d'],
    async *fetchHistory(request, signal) {
      const asked = { request, now: clock() };
      const fetchChart = (window: Window, interval: ChartInterval) =>
        call((ending) => askChart({ session, request, window, interval }, ending), signal);
      const { start, faults } = startOf(asked);
      const end = new Date(Math.min(request.end.getTime(), asked.now.getTime() + DAY_MS));
      if (faults.length > 0) yield { ...NOTHING, faults, next: start };
      const splits = start < end ? await fetchSplits(asked, start, fetchChart) : [];
      for (const window of windowsOf({ start, end }, LIMITS[request.interval].spanDays * DAY_MS)) {
        yield toPage(await fetchChart(window, request.interval), { asked, window, splits });
      }
    },
    ...openYfinanceReference(session, call),
  };
}

const NOTHING = { raw: null, bars: [], actions: [] } as const;

/** How Yahoo spells the length of a bar; `3mo` for the few bars that come along with splits. */
type ChartInterval = BarInterval | '3mo';

interface ChartQuestion {
  readonly session: YahooSession;
  readonly request: HistoryRequest;
  readonly window: Window;
  readonly interval: ChartInterval;
}

/** An answer, and the chart in it: undefined for a range in which there is nothing. */
interface ChartAnswer {
  readonly raw: unknown;
  readonly chart: Chart | undefined;
}

/**
 * Daily bars are stamped with an opening somewhere in the world: a day more on either side finds those whose session is in the window. The answer is read
 * within the guarded call, so that one that makes no sense counts against Yahoo.
 */
async function askChart(
  { session, request, window, interval }: ChartQuestion,
  signal: AbortSignal,
): Promise<ChartAnswer> {
  const spelling = encodeURIComponent(request.spelling ?? toYahooSpelling(request.symbol));
  const marginMs = interval === '1d' || interval === '3mo' ? DAY_MS : 0;
  const period1 = new Date(window.start.getTime() - marginMs);
  const period2 = new Date(Math.max(window.end.getTime() + marginMs, period1.getTime() + 1000));
  const query = { period1, period2, interval, events: 'div|split', includePrePost: false, return: 'object' } as const;
  const question = { path: '/v8/finance/chart/', read: readChart(request.symbol), signal };
  const raw = await session.ask(question, (client, options) => client.chart(spelling, query, options));
  return { raw, chart: chartOf(raw, request, interval) };
}

/** Where Yahoo's bars of this length begin, when that is later than asked for. */
function startOf({ request, now }: AskedChart & { readonly request: HistoryRequest }): {
  readonly start: Date;
  readonly faults: readonly HistoryFault[];
} {
  const { keptDays } = LIMITS[request.interval];
  const keptSinceMs = now.getTime() - keptDays * DAY_MS;
  if (request.start.getTime() >= keptSinceMs) return { start: request.start, faults: [] };
  const detail =
    `yfinance keeps bars of ${request.interval} for ${keptDays} days: expected a start from ` +
    `${new Date(keptSinceMs).toISOString()} on, got ${request.start.toISOString()}`;
  return {
    start: new Date(Math.min(keptSinceMs, request.end.getTime())),
    faults: [{ place: 'range', detail }],
  };
}

async function fetchSplits(
  asked: AskedChart,
  start: Date,
  fetchChart: (window: Window, interval: ChartInterval) => Promise<ChartAnswer>,
): Promise<readonly Split[]> {
  if (assetClassOf(asked.request.symbol) !== 'equity') return [];
  const { chart } = await fetchChart({ start, end: asked.now }, '3mo');
  if (!chart) return [];
  return splitsOf(toActions(chart, asked, []).items);
}

interface PageContext {
  readonly asked: AskedChart;
  readonly window: Window;
  readonly splits: readonly Split[];
}

/** `raw` holds the splits beside the chart: with both, every bar can be computed again. */
function toPage({ raw, chart }: ChartAnswer, { asked, window, splits }: PageContext): HistoryPage {
  const told = { chart: raw, splits };
  const { symbol, spelling = toYahooSpelling(symbol) } = asked.request;
  if (!chart) return pageOf(window, { raw: told, bars: [], actions: [], faults: [] });
  const bars = toBars(chart, asked, splits);
  const actions = toActions(chart, asked, splits);
  const faults = [...bars.faults, ...actions.faults];
  const page = pageOf(window, { raw: told, bars: bars.items, actions: actions.items, faults });
  return spelling === symbol ? page : { ...page, spelling };
}
