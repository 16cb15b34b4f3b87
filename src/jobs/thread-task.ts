import type { ArtifactFile } from '../artifacts/artifacts';
import type { SessionPrices } from '../models/missing-data';
import type { HistoryNeed, ModelInput, ModelOutput } from '../models/model';
import type { TickwireError } from '../platform/errors';

/** Daily adjusted prices by symbol as the store has them, before they are brought onto common sessions. */
export type StoredSeries = ReadonlyMap<string, readonly SessionPrices[]>;

/** The history a model asked for, as it was found. */
export interface FoundHistory {
  readonly need: HistoryNeed;
  readonly series: StoredSeries;
}

/** What a thread is asked to do: plain data throughout. */
export type ThreadTask =
  /** Aligns the history and says how many parts there are: a {@link Plan}. */
  | { readonly kind: 'plan'; readonly model: string; readonly params: unknown; readonly history: FoundHistory | null }
  /** Computes parts; answers them in the order of `indexes`. */
  | {
      readonly kind: 'parts';
      readonly model: string;
      readonly input: ModelInput<unknown>;
      readonly indexes: readonly number[];
    }
  /** Combines all parts and renders the files: a {@link Finished}. */
  | {
      readonly kind: 'finish';
      readonly model: string;
      readonly input: ModelInput<unknown>;
      readonly parts: readonly unknown[];
      readonly job: { readonly jobId: string; readonly createdAt: Date };
    };

export interface Plan {
  readonly input: ModelInput<unknown>;
  readonly parts: number;
}

export interface Finished {
  readonly output: Pick<ModelOutput, 'result' | 'metrics' | 'warnings'>;
  readonly files: readonly ArtifactFile[];
}

/** An error loses its class between threads, so a thread answers with its parts. */
export type ThreadAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: TickwireError['code']; readonly message: string; readonly fault?: string };
