import type { ModelArtifact } from '../domain/model-job';

/** A file on its way into the store of artifacts. */
export interface ArtifactFile {
  /** `a-z 0-9 - .`, no path. */
  readonly name: string;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/**
 * Where the files of jobs are kept, by job and fence: a worker that lost its lease writes beside its successor, never over it.
 * Every method throws ARTIFACTS_UNAVAILABLE (retryable) when the place does not answer.
 */
export interface Artifacts {
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Writes all files or none that can be seen: each is complete under its name once this resolves. Safe to repeat. */
  save(jobId: string, fence: number, files: readonly ArtifactFile[]): Promise<readonly ModelArtifact[]>;
  /** The bytes of a file; undefined when there is none. */
  read(jobId: string, fence: number, name: string): Promise<Uint8Array | undefined>;
  /** Removes what attempts of this job other than `fence` left. */
  removeOthers(jobId: string, fence: number): Promise<void>;
}
