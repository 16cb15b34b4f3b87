import { createHash } from 'node:crypto';
import type { ModelArtifact } from '../domain/model-job';
import { TickwireError } from '../platform/errors';
import type { ArtifactFile } from './artifacts';

const JOB_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const FILE_NAME = /^[a-z0-9][a-z0-9.-]{0,99}$/;

/** Where an attempt of a job keeps its files: two names that are safe as a path. */
export interface AttemptPlace {
  readonly job: string;
  readonly fence: string;
}

/** The place of an attempt, or undefined when no such attempt can exist. A job id is the same in either case of letters. */
export function findPlace(jobId: string, fence: number): AttemptPlace | undefined {
  const job = jobId.toLowerCase();
  return JOB_ID.test(job) && Number.isSafeInteger(fence) && fence >= 0 ? { job, fence: String(fence) } : undefined;
}

/** The place of an attempt. @throws INVALID_INPUT when the id is no UUID or the fence no whole number from 0. */
export function placeOf(jobId: string, fence: number): AttemptPlace {
  const place = findPlace(jobId, fence);
  if (place) return place;
  const got = `${JSON.stringify(jobId)}, ${fence}`;
  throw new TickwireError('INVALID_INPUT', `artifacts: expected a job's UUID and a fence from 0, got ${got}`);
}

/** Whether a file of this name can exist: `a-z 0-9 - .`, at most 100, not beginning with a dot or a dash. */
export function isFileName(name: string): boolean {
  return FILE_NAME.test(name);
}

/** @throws INVALID_INPUT when a name cannot be stored or stands twice. */
export function checkFileNames(files: readonly ArtifactFile[]): void {
  const seen = new Set<string>();
  for (const { name } of files) {
    if (!isFileName(name)) {
      const expected = 'expected 1 to 100 of a-z 0-9 - . and a letter or digit first';
      throw new TickwireError('INVALID_INPUT', `artifacts: name of a file: ${expected}, got ${JSON.stringify(name)}`);
    }
    if (seen.has(name))
      throw new TickwireError('INVALID_INPUT', `artifacts: expected each name once, got ${name} twice`);
    seen.add(name);
  }
}

/** What a list of a job's files says about one of them. */
export function describeFile({ name, contentType, body }: ArtifactFile): ModelArtifact {
  return { name, contentType, bytes: body.byteLength, sha256: createHash('sha256').update(body).digest('hex') };
}
