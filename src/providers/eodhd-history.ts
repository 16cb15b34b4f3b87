import { assetClassOf, type BarInterval } from '../domain/bar';
import { DAY_MS } from '../domain/instant';
import type { Clock } from '../platform/clock';
import type { Environment } from '../platform/environment';
import { TickwireError } from '../platform/errors';
import { partReadings } from './bar-rules';
import { type AskedOf, toDailyBars, toDividends, toIntradayBars, toSplits } from './eodhd-answers';
import { type EodhdAnswer, openEodhdHttp } from './eodhd-http';
import { openEodhdReference } from './eodhd-reference';
import { toEodhdSpelling } from './eodhd-symbol';
import { daysOf, pageOf, type Window, windowsOf } from './history-windows';
import { openPlanRefusals, type PlanRefusals } from './plan-refusals';
import type { GuardedCall, HistoryPage, HistoryRequest, HistorySource } from './provider';
import { unavailable } from './vendor-http';

/** What the calls to EODHD go through. */
export interface EodhdDoors {
  readonly call: GuardedCall;
  readonly clock: Clock;
}

/**
 * Days that one request for intraday bars spans: a quarter of what EODHD allows (120, 600 and 7,200), so that a page stays near 20,000 bars.
 * Source: https://eodhd.com/financial-apis/intraday-historical-data-api
 */
const SPAN_DAYS: Readonly<Partial<Record<BarInterval, number>>> = { '1m': 30, '5m': 150, '1h': 1_800 };

/**
 * EODHD's history. Daily bars come in one page, with the dividends and splits of the same days: `/eod/{symbol}` (any range costs one call), `/splits`,
 * `/div`. Intraday bars come page by page: `/intraday/{symbol}` (5 calls each). Dividends and splits that the plan does not include are a fault.
 * @throws PROVIDER_NOT_CONFIGURED when `EODHD_BASE_URL` is no address.
 */
export function openEodhdHistory(environment: Environment, { call, clock }: EodhdDoors): HistorySource {
  const ask = openEodhdHttp(environment, clock);
  const fetchList: FetchList = (path, params, signal) =>
    call(async (ending) => toList(await ask(path, params, ending)), signal);
  const refusals = openPlanRefusals();

  return {
    intervals: ['1m', '5m', '1h', '1d'],
    async *fetchHistory(request, signal) {
      const doors = { fetchList, refusals, signal };
      const asked = { request, now: clock() };
      if (request.interval === '1d') yield await fetchDaily(asked, doors);
      else yield* fetchIntraday(asked, doors);
    },
    ...openEodhdReference(ask, call),
  };
}

/** The entries of an answer; undefined where EODHD does not know the symbol. */
type FetchList = (
  path: string,
  params: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<readonly unknown[] | undefined>;

interface Doors {
  readonly fetchList: FetchList;
  readonly refusals: PlanRefusals;
  readonly signal: AbortSignal;
}

async function fetchDaily(asked: AskedOf, doors: Doors): Promise<HistoryPage> {
  const { request } = asked;
  const { first: from, last: to } = daysOf(request);
  const params = { from, to, period: 'd', order: 'a' };
  const eod = await doors.fetchList(pathOf('/eod', request), params, doors.signal);
  if (eod === undefined) throw unknown(request);
  const { splits, dividends } = await fetchActions(asked, doors);
  const bars = partReadings(toDailyBars(eod, asked, splits.items));
  return pageOf(request, {
    raw: { eod, splits: splits.told, dividends: dividends.told },
    bars: bars.items,
    actions: [...dividends.items, ...splits.items],
    faults: [...bars.faults, ...dividends.faults, ...splits.faults],
  });
}

/** Dividends of the days asked for, and every split since their first: volumes need the later ones too. Only equities have any. */
async function fetchActions(asked: AskedOf, { fetchList, refusals, signal }: Doors) {
  const { first: from, last: to } = daysOf(asked.request);
  const isEquity = assetClassOf(asked.request.symbol) === 'equity';
  const fetchAll = (place: string, endpoint: string, params: Readonly<Record<string, string>>) => {
    const ask = async () => (isEquity && (await fetchList(pathOf(endpoint, asked.request), params, signal))) || [];
    return refusals.ask(place, { none: [], ask });
  };
  const splits = await fetchAll('splits', '/splits', { from });
  const dividends = await fetchAll('dividends', '/div', { from, to });
  const read = {
    splits: partReadings(toSplits(splits.told, asked)),
    dividends: partReadings(toDividends(dividends.told, asked)),
  };
  return {
    splits: { ...splits, items: read.splits.items, faults: [...splits.faults, ...read.splits.faults] },
    dividends: { ...dividends, items: read.dividends.items, faults: [...dividends.faults, ...read.dividends.faults] },
  };
}

async function* fetchIntraday(asked: AskedOf, { fetchList, signal }: Doors): AsyncGenerator<HistoryPage> {
  const { request } = asked;
  for (const window of windowsOf(request, (SPAN_DAYS[request.interval] ?? 1) * DAY_MS)) {
    const params = { interval: request.interval, ...secondsOf(window) };
    const intraday = await fetchList(pathOf('/intraday', request), params, signal);
    if (intraday === undefined) throw unknown(request);
    const { items: bars, faults } = partReadings(toIntradayBars(intraday, asked));
    yield pageOf(window, { raw: { intraday }, bars, actions: [], faults });
  }
}

/** Both ends are part of the range in EODHD's `from` and `to`. */
function secondsOf({ start, end }: Window): { readonly from: string; readonly to: string } {
  return { from: String(Math.ceil(start.getTime() / 1000)), to: String(Math.ceil(end.getTime() / 1000) - 1) };
}

function pathOf(endpoint: string, request: HistoryRequest): string {
  return `${endpoint}/${encodeURIComponent(spellingOf(request))}`;
}

function spellingOf({ symbol, spelling }: HistoryRequest): string {
  return spelling ?? toEodhdSpelling(symbol);
}

function toList(answer: EodhdAnswer): readonly unknown[] | undefined {
  if (!answer.known) return undefined;
  if (Array.isArray(answer.body)) return answer.body;
  throw unavailable('eodhd', 'answered 200: expected a list, got something else');
}

function unknown(request: HistoryRequest): TickwireError {
  return new TickwireError('SYMBOL_UNKNOWN', `${request.symbol}: eodhd answered 404 to ${spellingOf(request)}`);
}
