import { type LiveAction, type LiveState, NOTHING_YET, reduce, TREND_POINTS } from '../../../src/live/page/live-state';
import type { WireAverage, WirePrice } from '../../../src/live/page/wire';

const AT = Date.parse('2026-01-05T12:00:00.000Z');

function aPrice(price: number, changes: Partial<WirePrice> = {}): WirePrice {
  const at = '2026-01-05T11:59:59.000Z';
  const money = { price, change: 1, change_percent: 0.5, currency: 'USD' };
  return { ...money, provider: 'fixture', timestamp: at, fetched_at: at, ...changes };
}

const anAverage = (average: number, timestamp: string, provider = 'fixture'): WireAverage => ({
  ...{ symbol: 'AAPL', provider, window: 5, average, timestamp },
});

const snapshot = (sequence: number, prices: Record<string, WirePrice>): LiveAction => ({
  type: 'frame',
  frame: { type: 'snapshot', prices, sequence },
  atMs: AT,
});

const diff = (from: number, sequence: number, prices: Record<string, WirePrice>, atMs = AT): LiveAction => ({
  type: 'frame',
  frame: { type: 'diff', prices, from, sequence },
  atMs,
});

const averages = (...news: WireAverage[]): LiveAction => ({
  type: 'frame',
  frame: { type: 'averages', averages: news },
  atMs: AT,
});

const after = (...actions: LiveAction[]): LiveState => actions.reduce(reduce, NOTHING_YET);

const priceOf = ({ rows }: LiveState, symbol: string) => rows.get(symbol)?.price;

test('a snapshot is the whole truth: what it lacks is no longer shown', () => {
  const state = after(snapshot(4, { AAPL: aPrice(1), MSFT: aPrice(2) }), snapshot(9, { AAPL: aPrice(3) }));

  expect([...state.rows.keys()]).toEqual(['AAPL']);
  expect(priceOf(state, 'AAPL')).toBe(3);
  expect(state).toMatchObject({ sequence: 9, link: { phase: 'live' } });
});

test('a diff that follows changes what it names and nothing else', () => {
  const before = after(snapshot(4, { AAPL: aPrice(1), MSFT: aPrice(2) }));
  const state = reduce(before, diff(5, 7, { AAPL: aPrice(3) }));

  expect([priceOf(state, 'AAPL'), priceOf(state, 'MSFT'), state.sequence]).toEqual([3, 2, 7]);
  expect(state.rows.get('MSFT')).toBe(before.rows.get('MSFT'));
});

test('a diff after a hole is not believed, and the hole is known until it is filled', () => {
  const holed = after(snapshot(4, { AAPL: aPrice(1) }), diff(6, 6, { AAPL: aPrice(3) }));
  const filled = [
    { type: 'frame', frame: { type: 'resumed', from: 5 }, atMs: AT } as const,
    diff(5, 6, { AAPL: aPrice(3) }),
  ].reduce(reduce, holed);

  expect([holed.hasGap, priceOf(holed, 'AAPL'), holed.sequence]).toEqual([true, 1, 4]);
  expect([filled.hasGap, priceOf(filled, 'AAPL'), filled.sequence]).toEqual([false, 3, 6]);
});

test('a diff before any snapshot shows nothing', () => {
  expect(after(diff(1, 1, { AAPL: aPrice(3) }))).toMatchObject({ hasGap: true, rows: new Map() });
});

test('a diff that was taken already is not taken again', () => {
  const state = after(snapshot(4, { AAPL: aPrice(1) }), diff(5, 5, { AAPL: aPrice(3) }));

  expect(reduce(state, diff(5, 5, { AAPL: aPrice(2) }))).toBe(state);
});

test('a lost connection says since when it was not heard, however often it fails, and keeps the prices of then', () => {
  const live = after(snapshot(4, { AAPL: aPrice(1) }));
  const lost = [
    { type: 'lost', heardAtMs: AT } as const,
    { type: 'lost', heardAtMs: AT + 9_000 } as const,
    { type: 'opened' } as const,
  ].reduce(reduce, live);

  expect(lost.link).toEqual({ phase: 'lost', sinceMs: AT });
  expect(priceOf(lost, 'AAPL')).toBe(1);
  expect(reduce(lost, snapshot(8, { AAPL: aPrice(2) })).link).toEqual({ phase: 'live' });
});

test('a service that hears nothing new is stale until it says otherwise, or another socket is open', () => {
  const since = '2026-01-05T11:58:00.000Z';
  const stale = after({ type: 'frame', frame: { type: 'status', state: 'stale', since }, atMs: AT });
  const healed = reduce(stale, { type: 'frame', frame: { type: 'status', state: 'live' }, atMs: AT });

  expect(stale.staleSinceMs).toBe(Date.parse(since));
  expect(healed.staleSinceMs).toBeUndefined();
  expect(reduce(stale, { type: 'opened' }).staleSinceMs).toBeUndefined();
});

test('an average belongs to the prices of its own provider', () => {
  const state = after(
    snapshot(4, { AAPL: aPrice(1) }),
    averages(anAverage(20, '2026-01-05T11:00:00.000Z'), anAverage(10, '2026-01-05T11:00:00.000Z', 'yfinance')),
  );
  const switched = reduce(state, diff(5, 5, { AAPL: aPrice(2, { provider: 'yfinance' }) }));

  expect(state.rows.get('AAPL')?.average?.average).toBe(20);
  expect(switched.rows.get('AAPL')?.average?.average).toBe(10);
});

test('an older average does not replace a newer one', () => {
  const state = after(
    snapshot(4, { AAPL: aPrice(1) }),
    averages(anAverage(20, '2026-01-05T11:00:01.000Z')),
    averages(anAverage(10, '2026-01-05T11:00:00.000Z')),
  );

  expect(state.rows.get('AAPL')?.average?.average).toBe(20);
});

test('a trend takes one point a second and stays bounded, whatever its past', () => {
  const steps = Array.from({ length: 500 }, (_, step) =>
    diff(step + 5, step + 5, { AAPL: aPrice(step) }, AT + step * 100),
  );
  const state = after(snapshot(4, { AAPL: aPrice(1) }), ...steps);
  const long = reduce(state, { type: 'past', symbol: 'AAPL', prices: Array.from({ length: 900 }, () => 7) });
  const trend = state.rows.get('AAPL')!.trend;

  expect(trend.length).toBeGreaterThan(45);
  expect(trend.length).toBeLessThan(55);
  expect(trend.at(-1)).toBe(499);
  expect(long.rows.get('AAPL')!.trend).toHaveLength(TREND_POINTS);
  expect(long.rows.get('AAPL')!.trend.at(-1)).toBe(499);
});

test('the past of a symbol that is not shown is nothing', () => {
  const state = after(snapshot(4, {}));

  expect(reduce(state, { type: 'past', symbol: 'AAPL', prices: [1, 2] })).toBe(state);
});

test('a page that the service tells nothing without a key stays so, whatever the socket does', () => {
  const locked = after(snapshot(4, { AAPL: aPrice(1) }), { type: 'locked' });
  const later = [
    diff(5, 5, { AAPL: aPrice(2) }),
    { type: 'opened' } as const,
    { type: 'lost', heardAtMs: AT } as const,
  ].reduce(reduce, locked);

  expect(locked.link).toEqual({ phase: 'locked' });
  expect(later).toBe(locked);
});
