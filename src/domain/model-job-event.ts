import { z } from 'zod';
import { instantSchema } from './instant';
import { MODEL_JOB_STATUSES, type ModelJob } from './model-job';

/** What a submission leaves for the runners: a message that wakes them. The row of the job is the truth. */
export type ModelJobMessage = Pick<ModelJob, 'jobId' | 'model'>;

/** One change of a job's status or progress, for whoever watches. Best effort: the row of the job is the truth. */
export interface ModelJobEvent extends Pick<ModelJob, 'jobId' | 'status' | 'progress'> {
  /** The key whose job it is; null or left out: it is everybody's. */
  readonly owner?: string | null;
  /** Our clock. */
  readonly at: Date;
  /** Why it failed, or why it is tried again. */
  readonly error?: { readonly code: string; readonly message: string } | undefined;
}

/** A {@link ModelJobMessage} on the wire. */
export const modelJobMessageSchema = z.object({ job_id: z.guid(), model: z.string().min(1).max(64) });

/** A {@link ModelJobEvent} on the wire. */
export const modelJobEventSchema = z.object({
  job_id: z.guid(),
  status: z.enum(MODEL_JOB_STATUSES),
  progress: z.number().min(0).max(1),
  at: instantSchema,
  error: z.object({ code: z.string(), message: z.string() }).optional(),
  owner: z.string().optional().meta({ description: "The key whose job it is; left out where it is nobody's" }),
});

export function toJobEventWire({
  jobId,
  status,
  progress,
  at,
  error,
  owner,
}: ModelJobEvent): z.infer<typeof modelJobEventSchema> {
  return { job_id: jobId, status, progress, at: at.toISOString(), ...(error && { error }), ...(owner && { owner }) };
}

export function toJobEvent({
  job_id,
  status,
  progress,
  at,
  error,
  owner,
}: z.infer<typeof modelJobEventSchema>): ModelJobEvent {
  return { jobId: job_id, status, progress, at: new Date(at), ...(error && { error }), ...(owner && { owner }) };
}
