import { assetClassOf, type BarInterval } from '../domain/bar';
import type { CorporateAction } from '../domain/corporate-action';
import { DAY_MS } from '../domain/instant';
import type { Clock } from '../platform/clock';
import type { Environment } from '../platform/environment';
import { TickwireError } from '../platform/errors';
import { partReadings, type Reading } from './bar-rules';
import { daysOf, pageOf, type Window, windowsOf } from './history-windows';
import { openPlanRefusals, type PlanRefusals } from './plan-refusals';
import type { GuardedCall, HistoryFault, HistoryPage, HistoryRequest, HistorySource } from './provider';
import { type AskedOf, spellingOf, TWELVE_DATA_INTERVALS, toBars, toDividends, toSplits } from './twelvedata-answers';
import { openTwelveDataHttp, type TwelveDataAnswer } from './twelvedata-http';
import { openTwelveDataReference } from './twelvedata-reference';

/** What the calls to Twelve Data go through. */
export interface TwelveDataDoors {
  readonly call: GuardedCall;
  readonly clock: Clock;
}

const MINUTE_MS = 60_000;
const LENGTH_MS: Readonly<Record<BarInterval, number>> = {
  '1m': MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '1h': 60 * MINUTE_MS,
  '1d': DAY_MS,
};
/** The most values one answer holds; of more, the oldest are left out without a word. */
const MAX_VALUES = 5_000;
/** So many bars fit into what one request spans, were there one for each interval, with some to spare for how its ends are taken. */
const SPAN_BARS = MAX_VALUES - 100;

/**
 * Twelve Data's history: `/time_series` (1 credit a page), unadjusted (`adjust=none`; its default is adjusted for splits); with daily bars of equities also
 * `/dividends` and `/splits` (20 credits each, from the Grow plan; a plan without them is a fault of each page). Each page has the actions of its own days.
 * 1-minute bars begin in February 2020. Pages: https://support.twelvedata.com/en/articles/5214728-getting-historical-data
 * @throws PROVIDER_NOT_CONFIGURED when `TWELVE_DATA_BASE_URL` is no address.
 */
export function openTwelveDataHistory(environment: Environment, { call, clock }: TwelveDataDoors): HistorySource {
  const ask = openTwelveDataHttp(environment, clock);
  const refusals = openPlanRefusals();

  return {
    intervals: ['1m', '5m', '15m', '1h', '1d'],
    fetchHistory: (request, signal) => {
      const fetchReadings: FetchReadings = (path, params, read) =>
        call(async (ending) => {
          const answer = await ask(path, { symbol: spellingOf(request), ...params }, ending);
          if (answer.kind !== 'data') return { kind: answer.kind, raw: null, readings: [] };
          return { kind: answer.kind, raw: answer.body, readings: read(answer.body) };
        }, signal);
      return fetchPages({ request, now: clock() }, { fetchReadings, refusals });
    },
    ...openTwelveDataReference(ask, call),
  };
}

/** An answer and what was read in it. */
interface Told<Item> {
  readonly kind: TwelveDataAnswer['kind'];
  readonly raw: unknown;
  readonly readings: readonly Reading<Item>[];
}

/** A body is read within the guarded call, so that one that makes no sense counts against the vendor. */
type FetchReadings = <Item>(
  path: string,
  params: Readonly<Record<string, string>>,
  read: (body: unknown) => Reading<Item>[],
) => Promise<Told<Item>>;

interface Doors {
  readonly fetchReadings: FetchReadings;
  readonly refusals: PlanRefusals;
}

async function* fetchPages(asked: AskedOf, doors: Doors): AsyncGenerator<HistoryPage> {
  const { request } = asked;
  let actions: Actions | undefined;
  for (const window of windowsOf(request, SPAN_BARS * LENGTH_MS[request.interval])) {
    const read = (body: unknown) => toBars(body, asked);
    const series = await doors.fetchReadings('/time_series', seriesParams(request, window), read);
    if (series.kind === 'unknown-symbol') throw unknown(request);
    actions ??= await fetchActions(asked, doors);
    const { items: bars, faults } = partReadings(series.readings);
    yield pageOf(window, {
      raw: { time_series: series.raw, ...actions.raw },
      bars,
      actions: actions.items,
      faults: [...faults, ...actions.faults],
    });
  }
}

/** Daily bars are dated by their exchange's day. Its documentation shows an `end_date` that is left out, so it is asked for a day late. */
function seriesParams({ interval }: HistoryRequest, window: Window): Readonly<Record<string, string>> {
  const { first, last } = daysOf(window);
  const ends =
    interval === '1d'
      ? { start_date: first, end_date: new Date(Date.parse(last) + DAY_MS).toISOString().slice(0, 10) }
      : { start_date: toUtc(window.start), end_date: toUtc(window.end), timezone: 'UTC' };
  const form = { adjust: 'none', order: 'asc', outputsize: String(MAX_VALUES) };
  return { interval: TWELVE_DATA_INTERVALS[interval], ...ends, ...form };
}

/** `2026-01-05T14:30:00`: without a zone, which `timezone` names. */
function toUtc(instant: Date): string {
  return instant.toISOString().slice(0, 19);
}

interface Actions {
  readonly raw: Readonly<Record<string, unknown>>;
  readonly items: readonly CorporateAction[];
  readonly faults: readonly HistoryFault[];
}

/** Of the whole range, once; those of another range are asked for again when a request is resumed. Only equities have any. */
async function fetchActions(asked: AskedOf, doors: Doors): Promise<Actions> {
  const { interval, symbol } = asked.request;
  if (interval !== '1d' || assetClassOf(symbol) !== 'equity') return { raw: {}, items: [], faults: [] };
  const { first: start_date, last: end_date } = daysOf(asked.request);
  const days = { start_date, end_date };
  const dividends = await doors.refusals.ask('dividends', {
    none: NOT_TOLD,
    ask: () => doors.fetchReadings('/dividends', { ...days, adjust: 'false' }, (body) => toDividends(body, asked)),
  });
  const splits = await doors.refusals.ask('splits', {
    none: NOT_TOLD,
    ask: () => doors.fetchReadings('/splits', days, (body) => toSplits(body, asked)),
  });
  const { items, faults } = partReadings([...dividends.told.readings, ...splits.told.readings]);
  return {
    raw: { dividends: dividends.told.raw, splits: splits.told.raw },
    items,
    faults: [...dividends.faults, ...splits.faults, ...faults],
  };
}

const NOT_TOLD: Told<CorporateAction> = { kind: 'no-data', raw: null, readings: [] };

function unknown(request: HistoryRequest): TickwireError {
  const message = `${request.symbol}: twelvedata does not know ${spellingOf(request)}`;
  return new TickwireError('SYMBOL_UNKNOWN', message);
}
