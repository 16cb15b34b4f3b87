import { type TickwireError, toTickwireError } from '../platform/errors';
import {
  type IngestDependencies,
  type IngestRequest,
  type IngestStep,
  type IngestSummary,
  ingestHistory,
} from './ingest-history';

/** What became of one instrument: what was loaded, or why nothing more was. */
export type IngestOutcome =
  | { readonly symbol: string; readonly summary: IngestSummary }
  | { readonly symbol: string; readonly error: TickwireError };

export interface IngestSymbolsOptions {
  readonly dependencies: IngestDependencies;
  readonly signal: AbortSignal;
  /** How many instruments are loaded at once, at least 1. */
  readonly concurrency: number;
  /** Told after each page, with the request it belongs to. */
  onProgress(request: IngestRequest, step: IngestStep): void;
}

/**
 * Loads several histories, each by itself: one that fails does not stop the others. Outcomes come in the order of the requests; those that the signal
 * left unbegun have none. @throws STORE_* errors, which would befall all: what is under way is ended first.
 */
export async function ingestSymbols(
  requests: readonly IngestRequest[],
  { dependencies, signal, concurrency, onProgress }: IngestSymbolsOptions,
): Promise<readonly IngestOutcome[]> {
  const outcomes: (IngestOutcome | undefined)[] = requests.map(() => undefined);
  const failure = new AbortController();
  const enough = AbortSignal.any([signal, failure.signal]);
  const waiting = requests.entries();

  const work = async () => {
    for (const [place, request] of waiting) {
      if (enough.aborted) return;
      const { symbol } = request;
      try {
        const summary = await ingestHistory(request, dependencies, enough, (step) => onProgress(request, step));
        outcomes[place] = { symbol, summary };
      } catch (thrown) {
        const error = toTickwireError(thrown);
        if (error.code.startsWith('STORE_')) failure.abort(error);
        outcomes[place] = { symbol, error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, requests.length) }, work));
  if (failure.signal.aborted) throw failure.signal.reason;
  return outcomes.flatMap((outcome) => outcome ?? []);
}
