import type { BarInterval } from '../domain/bar';
import type { Instrument } from '../domain/instrument';
import { type Clock, pause } from '../platform/clock';
import { toTickwireError } from '../platform/errors';
import type { HistoryFault, HistoryPage, HistoryRequest, HistorySource } from '../providers/provider';
import type { Store } from '../store/store';
import { openHistoryLoad } from './history-load';

/** Which history is loaded. */
export interface IngestRequest {
  /** Canonical name of the provider. */
  readonly source: string;
  /** As the pipeline writes it; `*` for all that a file holds. */
  readonly symbol: string;
  readonly interval: BarInterval;
  /** Inclusive. */
  readonly start: Date;
  /** Exclusive. */
  readonly end: Date;
}

export interface IngestDependencies {
  readonly store: Pick<Store, 'bars' | 'corporateActions' | 'instruments' | 'ingestProgress' | 'rawResponses'>;
  readonly source: HistorySource;
  readonly clock: Clock;
  /** How long a vendor that names a pause is waited for, altogether; 0 by default. */
  readonly patienceMs?: number;
}

/** Sessions that one loaded series lacks. */
export interface SeriesGaps {
  readonly symbol: string;
  /** `YYYY-MM-DD`. */
  readonly sessions: readonly string[];
}

/** What one ingest did. */
export interface IngestSummary extends IngestRequest {
  /** Where an interrupted one was taken up; null when it began at the start. */
  readonly resumedAt: Date | null;
  readonly written: number;
  readonly unchanged: number;
  readonly corrected: number;
  readonly quarantined: number;
  /** Lines and entries that could not be read. */
  readonly faults: number;
  /** The first of them. */
  readonly firstFaults: readonly HistoryFault[];
  readonly actions: { readonly written: number; readonly unchanged: number; readonly corrected: number };
  readonly symbols: readonly string[];
  /** Of the sessions loaded now; shown, not filled. */
  readonly gaps: readonly SeriesGaps[];
  /** False when the signal ended it: the same request goes on where it stopped. */
  readonly complete: boolean;
}

/** How far it is: everything before `next` is stored. */
export interface IngestStep {
  readonly next: Date;
  readonly bars: number;
}

/**
 * Loads one history page by page: the raw answer is archived, its bars are checked, then stored with what is quarantined in one transaction, and then the
 * progress. Whoever dies in between, the same request goes on at the last page stored, and a page stored twice changes nothing. A request that was completed
 * asks the source for everything again. The next page is fetched and checked while one is stored.
 * @throws what the source or the store throws; what was stored before stays.
 */
export async function ingestHistory(
  request: IngestRequest,
  dependencies: IngestDependencies,
  signal: AbortSignal,
  onProgress: (step: IngestStep) => void = () => undefined,
): Promise<IngestSummary> {
  const { store } = dependencies;
  const resumedAt = await resumePointOf(store, request);
  const instrument = request.symbol === '*' ? undefined : await store.instruments.find(request.symbol);
  const load = openHistoryLoad(request, { ...dependencies, instrument, onProgress });
  try {
    const start = resumedAt ?? request.start;
    for await (const page of patientPages(
      dependencies,
      { ...request, start, ...spellingOf(request, instrument) },
      signal,
    )) {
      if (signal.aborted) break;
      await load.take(page);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await load.settle();
  }
  const complete = !signal.aborted;
  if (complete) await store.ingestProgress.save({ ...keyOf(request), next: request.end });
  return { ...keyOf(request), resumedAt, ...load.outcome(), complete };
}

/** Where an interrupted ingest goes on; null for one that was never begun, or was completed. */
async function resumePointOf(store: IngestDependencies['store'], request: IngestRequest): Promise<Date | null> {
  const { next } = (await store.ingestProgress.find(keyOf(request))) ?? {};
  return next && next > request.start && next < request.end ? next : null;
}

function keyOf({ source, symbol, interval, start, end }: IngestRequest): IngestRequest {
  return { source, symbol, interval, start, end };
}

/** How the vendor spells it today, where that is stored. */
function spellingOf({ source }: IngestRequest, instrument: Instrument | undefined): { spelling?: string } {
  const current = instrument?.vendorSymbols.find(({ vendor, validTo }) => vendor === source && validTo === null);
  return current ? { spelling: current.spelling } : {};
}

const LEAST_PAUSE_MS = 1_000;

/** The pages of the source. A vendor that is at its limit and says how long is waited for, then asked from the last page on, while the patience lasts. */
async function* patientPages(
  { source, patienceMs = 0 }: IngestDependencies,
  request: HistoryRequest,
  signal: AbortSignal,
): AsyncGenerator<HistoryPage> {
  let left = patienceMs;
  let { start } = request;
  for (;;) {
    try {
      for await (const page of source.fetchHistory({ ...request, start }, signal)) {
        yield page;
        start = page.next;
      }
      return;
    } catch (error) {
      const { code, retryAfterMs } = toTickwireError(error);
      const pauseMs = Math.max(LEAST_PAUSE_MS, retryAfterMs ?? Number.POSITIVE_INFINITY);
      if (code !== 'PROVIDER_RATE_LIMITED' || pauseMs > left || signal.aborted) throw error;
      left -= pauseMs;
      await pause(pauseMs, signal);
    }
  }
}
