import type { RawBar } from '../../src/domain/bar';
import type { CorporateAction } from '../../src/domain/corporate-action';
import { sessionStartOf, sessionsBetween } from '../../src/domain/market-calendar';
import type { HistoryPage, HistoryRequest, HistorySource } from '../../src/providers/provider';

/** A daily bar of AAPL on 2026-01-05 that keeps every rule; `date` puts it on another session. */
export function aBar({ date = '2026-01-05', ...changes }: Partial<RawBar> & { date?: string } = {}): RawBar {
  return {
    symbol: 'AAPL',
    interval: '1d',
    startAt: sessionStartOf(date, 'equity'),
    open: 100,
    high: 110,
    low: 90,
    close: 105,
    volume: 1000,
    source: 'tested',
    rawResponseId: null,
    ...changes,
  };
}

/** One flat bar at each close given, on consecutive sessions from `start` on. */
export function barsClosingAt(
  closes: readonly number[],
  start = '2026-01-02',
  changes: Partial<RawBar> = {},
): RawBar[] {
  const sessions = sessionsBetween(new Date(start), new Date(Date.parse(start) + 2 * closes.length * 86_400_000 + 1e9));
  return closes.map((close, place) =>
    aBar({ date: sessions[place]!.date, open: close, high: close, low: close, close, ...changes }),
  );
}

export function aSplit(exDate: string, ratio: number, source = 'tested'): CorporateAction {
  return { ...NO_ACTION, kind: 'split', exDate, ratio, source };
}

export function aDividend(exDate: string, amount: number, source = 'tested'): CorporateAction {
  return { ...NO_ACTION, kind: 'dividend', exDate, amount, currency: 'USD', source };
}

const NO_ACTION = { symbol: 'AAPL', amount: null, currency: null, ratio: null, successor: null };

/** A page of a vendor; `next` is behind its last bar. */
export function aPage(bars: readonly RawBar[], changes: Partial<HistoryPage> = {}): HistoryPage {
  const next = new Date((bars.at(-1)?.startAt.getTime() ?? 0) + 1);
  return { raw: {}, bars, actions: [], faults: [], next, ...changes };
}

/**
 * A source that tells `pages` from the request's start on; `requests` records what it was asked. An error among the pages is thrown there, once.
 */
export function scriptedHistory(
  script: readonly (HistoryPage | Error)[],
): HistorySource & { requests: HistoryRequest[] } {
  const requests: HistoryRequest[] = [];
  const thrown = new Set<Error>();
  return {
    requests,
    intervals: ['1d', '1m'],
    async *fetchHistory(request) {
      requests.push(request);
      for (const step of script) {
        if (step instanceof Error) {
          if (!thrown.has(step)) {
            thrown.add(step);
            throw step;
          }
        } else if (step.next > request.start) {
          yield step;
        }
      }
    },
  };
}
