import { z } from 'zod';
import type { ModelJob } from '../domain/model-job';
import { isStorable } from './request-fields';

type Place = Pick<ModelJob, 'createdAt' | 'jobId'>;

/** Instant and id of the last job that was served, as text. */
const PLACE = /^(-?\d{1,15}) ([0-9a-f-]{36})$/;

/** An opaque cursor that points behind a job in the list. */
export function jobCursorOf({ createdAt, jobId }: Place): string {
  return Buffer.from(`${createdAt.getTime()} ${jobId}`).toString('base64url');
}

/** The place a cursor points behind. */
export const jobCursorField = z
  .string()
  .max(200)
  .transform((cursor, context): Place => {
    const [, epochMs, jobId] = PLACE.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
    const createdAt = new Date(Number(epochMs));
    if (jobId !== undefined && z.guid().safeParse(jobId).success && isStorable(createdAt)) return { createdAt, jobId };
    context.addIssue({ code: 'custom', message: 'expected the next_cursor of an earlier answer' });
    return z.NEVER;
  });
