import { assetClassOf, type BarInterval } from '../domain/bar';
import type { CorporateAction } from '../domain/corporate-action';
import { DAY_MS } from '../domain/instant';
import type { Clock } from '../platform/clock';
import type { Environment } from '../platform/environment';
import { TickwireError } from '../platform/errors';
import { fieldsOf, toText } from './bar-rules';
import { type AskedCandles, toCandleBars, toFinnhubDividends, toFinnhubSplits } from './finnhub-candles';
import { type AskFinnhub, openFinnhubHttp } from './finnhub-http';
import { daysOf, pageOf, type Window, windowsOf } from './history-windows';
import { openPlanRefusals, type PlanRefusals } from './plan-refusals';
import type { GuardedCall, HistoryFault, HistoryPage, HistoryRequest, HistorySource } from './provider';
import { unavailable } from './vendor-http';

/** What the calls to Finnhub go through. */
export interface FinnhubDoors {
  readonly call: GuardedCall;
  readonly clock: Clock;
}

/** Finnhub's names of the lengths, and the days that one call spans: Finnhub allows a month of the short ones; five years of days are our page. */
const RESOLUTIONS: Readonly<Record<BarInterval, { readonly resolution: string; readonly spanDays: number }>> = {
  '1m': { resolution: '1', spanDays: 30 },
  '5m': { resolution: '5', spanDays: 30 },
  '15m': { resolution: '15', spanDays: 30 },
  '1h': { resolution: '60', spanDays: 30 },
  '1d': { resolution: 'D', spanDays: 5 * 365 },
};

/**
 * Finnhub's `/stock/candle`, `/stock/dividend` and `/stock/split`, all of paid plans: without one the candles are PROVIDER_REFUSED, and so are the splits that
 * daily candles cannot be told without; dividends that the plan lacks are a fault. `/stock/profile2` is free. Equities only.
 * @throws PROVIDER_NOT_CONFIGURED when `FINNHUB_BASE_URL` is no address.
 */
export function openFinnhubHistory(environment: Environment, { call, clock }: FinnhubDoors): HistorySource {
  const http = openFinnhubHttp(environment);
  const ask: Ask = (build, read, signal) =>
    call(async (ending) => {
      const raw = await http(build, ending);
      return { raw, told: read(raw) };
    }, signal);
  const refusals = openPlanRefusals();
  return {
    intervals: ['1m', '5m', '15m', '1h', '1d'],
    fetchHistory: (request, signal) => pagesOf(request, { ask, refusals, signal, now: clock() }),
    fetchMetadata: async (symbol, signal) => {
      const { raw, told: metadata } = await askProfile(symbol, ask, signal);
      return { raw, metadata };
    },
  };
}

/** One call, whose answer is read within the guards, so that one that makes no sense counts against Finnhub. */
type Ask = <Told>(
  build: Parameters<AskFinnhub>[0],
  read: (raw: unknown) => Told,
  signal: AbortSignal,
) => Promise<{ readonly raw: unknown; readonly told: Told }>;

function askProfile(symbol: string, ask: Ask, signal: AbortSignal) {
  return ask(
    (api, done) => api.companyProfile2({ symbol }, done),
    (raw) => toFinnhubMetadata(raw, symbol),
    signal,
  );
}

interface Context {
  readonly ask: Ask;
  readonly refusals: PlanRefusals;
  readonly signal: AbortSignal;
  readonly now: Date;
}

async function* pagesOf(request: HistoryRequest, context: Context): AsyncGenerator<HistoryPage> {
  const { symbol } = request;
  if (assetClassOf(symbol) !== 'equity') {
    throw new TickwireError('INVALID_INPUT', `symbol: finnhub has the history of equities only; got ${symbol}`);
  }
  const splits = request.interval === '1d' ? await fetchSplits(request, context) : NO_ACTIONS;
  let bars = 0;
  for (const window of windowsOf(request, RESOLUTIONS[request.interval].spanDays * DAY_MS)) {
    const page = await fetchPage({ request, window, splits }, context);
    bars += page.bars.length;
    yield page;
  }
  if (bars === 0) await refuseUnknown(symbol, context);
}

interface Actions {
  readonly raw: unknown;
  readonly items: readonly CorporateAction[];
  readonly faults: readonly HistoryFault[];
}

const NO_ACTIONS: Actions = { raw: null, items: [], faults: [] };

/** Every split since the start of the range: those after its end count for the prices before them too. */
async function fetchSplits(request: HistoryRequest, { ask, signal, now }: Context): Promise<Actions> {
  const { first } = daysOf(request);
  const last = now.toISOString().slice(0, 10);
  const { raw, told } = await ask(
    (api, done) => api.stockSplits(request.symbol, first, last, done),
    (body) => toFinnhubSplits(body, request.symbol),
    signal,
  );
  return { raw, ...told };
}

async function fetchDividends(
  { symbol }: HistoryRequest,
  window: Window,
  { ask, refusals, signal }: Context,
): Promise<Actions> {
  const { first, last } = daysOf(window);
  const { told, faults } = await refusals.ask('dividends', {
    none: { raw: null, told: NO_ACTIONS },
    ask: () =>
      ask<Omit<Actions, 'raw'>>(
        (api, done) => api.stockDividends(symbol, first, last, done),
        (body) => toFinnhubDividends(body, symbol),
        signal,
      ),
  });
  return { raw: told.raw, items: told.told.items, faults: [...faults, ...told.told.faults] };
}

interface PageOf {
  readonly request: HistoryRequest;
  readonly window: Window;
  readonly splits: Actions;
}

async function fetchPage({ request, window, splits }: PageOf, context: Context): Promise<HistoryPage> {
  const { symbol, interval } = request;
  const { resolution } = RESOLUTIONS[interval];
  // A daily candle is stamped at midnight of its day, before the session that it is of.
  const marginMs = interval === '1d' ? DAY_MS : 0;
  const from = Math.floor((window.start.getTime() - marginMs) / 1000);
  const to = Math.ceil(window.end.getTime() / 1000);
  const asked: AskedCandles = { request, now: context.now };
  const { raw: candles, told: bars } = await context.ask(
    (api, done) => api.stockCandles(symbol, resolution, from, to, done),
    (body) => toCandleBars(body, asked, splits.items),
    context.signal,
  );
  const dividends = interval === '1d' ? await fetchDividends(request, window, context) : NO_ACTIONS;
  return pageOf(window, {
    raw: { candles, splits: splits.raw, dividends: dividends.raw },
    bars: bars.items,
    actions: [...dividends.items, ...splits.items],
    faults: [...bars.faults, ...dividends.faults, ...splits.faults],
  });
}

/** `no_data` is what Finnhub answers for a quiet range and for an unknown symbol alike; its profile tells them apart. */
async function refuseUnknown(symbol: string, { ask, signal }: Context): Promise<void> {
  await askProfile(symbol, ask, signal);
}

/**
 * The metadata in an answer of `/stock/profile2`; `marketCapitalization` is in millions. It names an industry and no sector.
 * @throws SYMBOL_UNKNOWN for the empty object that Finnhub answers then; PROVIDER_UNAVAILABLE for another company's, or none.
 */
export function toFinnhubMetadata(raw: unknown, symbol: string) {
  const isObject = typeof raw === 'object' && raw !== null && !Array.isArray(raw);
  const { ticker, name, finnhubIndustry, currency, exchange, marketCapitalization: millions } = fieldsOf(raw);
  if (isObject && Object.keys(raw).length === 0) {
    throw new TickwireError('SYMBOL_UNKNOWN', `${symbol}: finnhub has no profile of it`);
  }
  if (typeof ticker !== 'string') throw unavailable('finnhub', 'answered 200: expected a profile, got something else');
  if (ticker !== symbol) throw unavailable('finnhub', `answered about another company: expected ${symbol}`);
  const isAmount = typeof millions === 'number' && Number.isFinite(millions) && millions > 0;
  return {
    symbol,
    name: toText(name),
    sector: null,
    industry: toText(finnhubIndustry),
    currency: toText(currency),
    exchange: toText(exchange),
    marketCap: isAmount ? Math.round(millions * 1_000_000) : null,
    source: 'finnhub',
  };
}
