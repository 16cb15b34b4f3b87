import type { BarInterval } from '../../src/domain/bar';
import type { GuardedCall, HistoryPage, HistoryRequest, HistorySource } from '../../src/providers/provider';
import type { SeenRequest } from './vendor-stand-in';

/** A way to the vendor without guards. */
export const unguarded: GuardedCall = (work, signal) => work(signal);

/** Daily bars of AAPL in March 2024. */
export function aRequest(changes: Partial<HistoryRequest> = {}): HistoryRequest {
  return {
    symbol: 'AAPL',
    interval: '1d' satisfies BarInterval,
    start: new Date('2024-03-01T00:00:00.000Z'),
    end: new Date('2024-04-01T00:00:00.000Z'),
    ...changes,
  };
}

/** Every page, or those until the caller stops listening. */
export async function pagesOf(source: HistorySource, request: HistoryRequest, atMost = 100): Promise<HistoryPage[]> {
  const pages: HistoryPage[] = [];
  for await (const page of source.fetchHistory(request, new AbortController().signal)) {
    pages.push(page);
    if (pages.length === atMost) break;
  }
  return pages;
}

/** The path and the query of each request, in order. */
export function asked(requests: readonly SeenRequest[]): [path: string, query: Record<string, string>][] {
  return requests.map(({ path, query }) => [path, Object.fromEntries(query)]);
}

/** The starts of the bars of all pages, as text. */
export function startsOf(pages: readonly HistoryPage[]): string[] {
  return pages.flatMap(({ bars }) => bars.map(({ startAt }) => startAt.toISOString()));
}
