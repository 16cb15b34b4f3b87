import type { RawBar } from '../domain/bar';
import type { CorporateAction } from '../domain/corporate-action';
import { type MarketSession, sessionsBetween } from '../domain/market-calendar';
import { hash, unit } from './fixture-hash';

/** How many sessions the fixture's history has, and the day they start. */
export const FIXTURE_SESSIONS = 60;
const FIRST_DAY = new Date('2025-07-01T00:00:00.000Z');
/** Longer than 60 sessions take. */
const LONGEST_MS = 120 * 24 * 60 * 60 * 1000;

/** A made-up company under a known symbol: US dollars before the first session, shares traded on a usual day. */
interface Company {
  readonly symbol: string;
  readonly firstPrice: number;
  readonly usualVolume: number;
}

const COMPANIES: readonly Company[] = [
  { symbol: 'AAPL', firstPrice: 230, usualVolume: 50_000_000 },
  { symbol: 'MSFT', firstPrice: 430, usualVolume: 20_000_000 },
  { symbol: 'GOOGL', firstPrice: 350, usualVolume: 25_000_000 },
];

/** Made-up actions: a dividend of AAPL, and a 2:1 split of GOOGL from the 35th session on. */
export const FIXTURE_ACTIONS: readonly CorporateAction[] = [
  { ...anAction('AAPL', '2025-08-11'), kind: 'dividend', amount: 0.26, currency: 'USD', ratio: null },
  { ...anAction('GOOGL', '2025-08-19'), kind: 'split', amount: null, currency: null, ratio: 2 },
];

/** The same bars at any time and on any machine: only sums, products and roundings of hashes. By symbol, then oldest first; unadjusted. */
export function fixtureBars(): readonly RawBar[] {
  const sessions = sessionsBetween(FIRST_DAY, new Date(FIRST_DAY.getTime() + LONGEST_MS)).slice(0, FIXTURE_SESSIONS);
  return COMPANIES.flatMap((company) => barsOf(company, sessions));
}

/** The bars as `fixtures/prices_demo.csv` holds them. */
export function fixtureCsv(): string {
  const lines = fixtureBars().map(({ startAt, symbol, open, high, low, close, volume }) =>
    [startAt.toISOString().slice(0, 10), symbol, open, high, low, close, volume].join(','),
  );
  return `${['date,symbol,open,high,low,close,volume', ...lines].join('\n')}\n`;
}

function barsOf({ symbol, firstPrice, usualVolume }: Company, sessions: readonly MarketSession[]): RawBar[] {
  let lastClose = firstPrice;
  let shares = 1;
  return sessions.map(({ date, openAt }) => {
    const action = FIXTURE_ACTIONS.find((each) => each.symbol === symbol && each.exDate === date);
    const ratio = action?.ratio ?? 1;
    shares *= ratio;
    const reference = (lastClose - (action?.amount ?? 0)) / ratio;
    const prices = pricesOf(`${symbol}@${date}`, reference);
    lastClose = prices.close;
    const volume = Math.round(usualVolume * shares * (0.7 + 0.6 * unit(hash(`${symbol}@${date}/volume`))));
    return { symbol, interval: '1d', startAt: openAt, ...prices, volume, source: 'fixture', rawResponseId: null };
  });
}

/** A day's walk from `reference`: a gap to the open and a move to the close of at most 3 %, and a high and a low around both. */
function pricesOf(seed: string, reference: number): Pick<RawBar, 'open' | 'high' | 'low' | 'close'> {
  const step = (name: string) => unit(hash(`${seed}/${name}`)) + unit(hash(`${seed}/${name}'`)) - 1;
  const open = cents(reference * (1 + 0.006 * step('open')));
  const close = cents(open * (1 + 0.024 * step('close')));
  const high = cents(Math.max(open, close) * (1 + 0.008 * unit(hash(`${seed}/high`))));
  const low = cents(Math.min(open, close) * (1 - 0.008 * unit(hash(`${seed}/low`))));
  return { open, high, low, close };
}

function cents(price: number): number {
  return Math.round(price * 100) / 100;
}

function anAction(symbol: string, exDate: string) {
  return { symbol, exDate, successor: null, source: 'fixture' };
}
