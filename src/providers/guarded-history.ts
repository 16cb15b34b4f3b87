import type { RawBar } from '../domain/bar';
import { TickwireError } from '../platform/errors';
import type { HistoryFault, HistoryPage, HistoryRequest, HistorySource } from './provider';
import { type Clean, redactError, redactJson } from './redaction';

export interface GuardedHistoryOptions {
  readonly name: string;
  readonly source: HistorySource;
  readonly clean: Clean;
}

/**
 * Makes a history source keep the promises of the port whatever its vendor does: bars outside `[start, end)` are dropped, as vendors count in days; a bar of
 * another symbol or interval, or with a number that is none, becomes a fault; `next` never runs back and ends at `end`; a caller who left gets no
 * further page; secrets are taken out of raw answers, faults and errors. An empty range asks nobody.
 */
export function guardHistory({ name, source, clean }: GuardedHistoryOptions): HistorySource {
  const told = <T>(work: () => Promise<T>): Promise<T> =>
    work().catch((error: unknown) => {
      throw redactError(name, error, clean);
    });
  const { fetchMetadata, fetchSymbols } = source;

  return {
    intervals: source.intervals,
    tellsEverySymbol: source.tellsEverySymbol,
    fetchHistory: (request, signal) => guardedPages({ name, source, clean }, request, signal),
    ...(fetchMetadata && {
      fetchMetadata: (symbol: string, signal: AbortSignal) =>
        told(async () => {
          const { raw, metadata } = await fetchMetadata(symbol, signal);
          return { raw: redactJson(raw, clean), metadata };
        }),
    }),
    ...(fetchSymbols && {
      fetchSymbols: (text: string, signal: AbortSignal) => told(() => fetchSymbols(text, signal)),
    }),
  };
}

async function* guardedPages(
  { name, source, clean }: GuardedHistoryOptions,
  request: HistoryRequest,
  signal: AbortSignal,
): AsyncGenerator<HistoryPage> {
  refuseRequest(name, source, request);
  const { start, end } = request;
  if (start.getTime() === end.getTime()) return yield { ...NOTHING, next: end };
  let nextMs = start.getTime();
  try {
    for await (const page of source.fetchHistory(request, signal)) {
      refuseLeft(name, signal);
      nextMs = Math.min(end.getTime(), Math.max(nextMs, page.next.getTime() || 0));
      yield { ...keepPromises(page, request, clean), next: new Date(nextMs) };
    }
  } catch (error) {
    throw redactError(name, error, clean);
  }
  if (nextMs < end.getTime()) yield { ...NOTHING, next: end };
}

const NOTHING = { raw: null, bars: [], actions: [], faults: [] } as const;

function refuseRequest(name: string, source: HistorySource, { symbol, interval, start, end }: HistoryRequest): void {
  if (!source.intervals.includes(interval)) {
    throw invalid(`interval: ${name} has ${source.intervals.join(', ')}; got ${interval}`);
  }
  if (symbol === '*' && !source.tellsEverySymbol) {
    throw invalid(`symbol: ${name} tells one symbol at a time; expected a symbol, got *`);
  }
  if (!(start.getTime() <= end.getTime())) throw invalid('range: expected a start that is not after its end');
}

function refuseLeft(name: string, signal: AbortSignal): void {
  if (signal.aborted)
    throw new TickwireError('PROVIDER_TIMEOUT', `${name}: the caller ended the call before an answer`);
}

function keepPromises(page: HistoryPage, request: HistoryRequest, clean: Clean): HistoryPage {
  const [startMs, endMs] = [request.start.getTime(), request.end.getTime()];
  const bars: RawBar[] = [];
  const faults: HistoryFault[] = [];
  for (const [index, bar] of page.bars.entries()) {
    const atMs = bar.startAt.getTime();
    if (atMs < startMs || atMs >= endMs) continue;
    const detail = faultOf(bar, request);
    if (detail === undefined) bars.push(bar);
    else faults.push({ place: `bars[${index}]`, detail });
  }
  const told = [...page.faults, ...faults].map(({ place, detail }) => ({ place, detail: clean(detail) }));
  return { ...page, raw: redactJson(page.raw, clean), bars, faults: told };
}

function faultOf(bar: RawBar, request: HistoryRequest): string | undefined {
  if (bar.symbol !== request.symbol && request.symbol !== '*') {
    return `symbol: expected ${request.symbol}, got ${bar.symbol}`;
  }
  if (bar.interval !== request.interval) return `interval: expected ${request.interval}, got ${bar.interval}`;
  if (Number.isNaN(bar.startAt.getTime())) return 'start: expected an instant, got none';
  for (const field of ['open', 'high', 'low', 'close'] as const) {
    if (!Number.isFinite(bar[field])) return `${field}: expected a finite number, got ${bar[field]}`;
  }
  if (bar.volume === null || Number.isFinite(bar.volume)) return undefined;
  return `volume: expected a finite number or nothing, got ${bar.volume}`;
}

function invalid(message: string): TickwireError {
  return new TickwireError('INVALID_INPUT', message);
}
