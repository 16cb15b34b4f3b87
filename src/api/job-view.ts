import { z } from 'zod';
import { instantSchema } from '../domain/instant';
import { MODEL_JOB_STATUSES, type ModelJob, type ModelJobStatus } from '../domain/model-job';

/** In examples. */
export const EXAMPLE_JOB_ID = '3f6d0c52-8a4e-4c8e-9a53-5a1de3f0b7c4';

const linksSchema = z
  .record(z.string(), z.string())
  .meta({ description: 'Where the job, its events and, once it is completed, its result and report are' });

const artifactSchema = z
  .object({
    name: z.string(),
    content_type: z.string(),
    bytes: z.int(),
    sha256: z.string().meta({ description: 'Hexadecimal' }),
    href: z.string(),
  })
  .meta({ id: 'ModelArtifact' });

const briefShape = { job_id: z.guid(), status: z.enum(MODEL_JOB_STATUSES), model: z.string(), links: linksSchema };

export const acceptedJobSchema = z.object(briefShape).meta({
  id: 'ModelJobAccepted',
  example: { job_id: EXAMPLE_JOB_ID, status: 'queued', model: 'blackscholes', links: linksOf(EXAMPLE_JOB_ID) },
});

export const jobSchema = z
  .object({
    ...briefShape,
    progress: z.number().meta({ description: '0 to 1' }),
    params: z.looseObject({}).meta({ description: 'Validated, defaults filled in' }),
    created_at: instantSchema,
    started_at: instantSchema.nullable(),
    finished_at: instantSchema.nullable(),
    attempts: z.int().meta({ description: 'How often a runner began it' }),
    metrics: z.record(z.string(), z.number()).meta({ description: 'The few figures that tell most' }),
    warnings: z.array(z.string()).meta({ description: 'What to know before trusting the figures' }),
    error: z
      .object({ code: z.string(), message: z.string() })
      .nullable()
      .meta({ description: 'Why it failed; also set while another attempt waits' }),
    artifacts: z.array(artifactSchema),
  })
  .meta({ id: 'ModelJob' });

export const jobWithResultSchema = jobSchema
  .extend({ result: z.unknown().meta({ description: 'The content of result.json; null until the job is completed' }) })
  .meta({ id: 'ModelJobWithResult' });

/** What a submission is told. */
export function acceptedView({ jobId, status, model }: ModelJob): z.infer<typeof acceptedJobSchema> {
  return { job_id: jobId, status, model, links: linksOf(jobId) };
}

/** One job of a list. */
export function jobView(job: ModelJob): z.infer<typeof jobSchema> {
  const { progress, params, attempts, metrics, warnings, error, artifacts } = job;
  return {
    ...acceptedView(job),
    progress,
    params: { ...params },
    created_at: job.createdAt.toISOString(),
    started_at: job.startedAt?.toISOString() ?? null,
    finished_at: job.finishedAt?.toISOString() ?? null,
    attempts,
    metrics: { ...metrics },
    warnings: [...warnings],
    error,
    artifacts: artifacts.map(({ name, contentType, bytes, sha256 }) => ({
      name,
      content_type: contentType,
      bytes,
      sha256,
      href: `${pathOf(job.jobId)}/artifacts/${name}`,
    })),
  };
}

/** One job, with what came out of it. */
export function jobWithResultView(job: ModelJob): z.infer<typeof jobWithResultSchema> {
  return { ...jobView(job), result: job.result };
}

export function pathOf(jobId: string): string {
  return `/api/v1/jobs/${jobId}`;
}

function linksOf(jobId: string): Record<string, string> {
  const self = pathOf(jobId);
  const artifacts = `${self}/artifacts`;
  return { self, events: `${self}/events`, result: `${artifacts}/result.json`, report: `${artifacts}/report.html` };
}

/** True once nothing of it will change. */
export function isFinal(status: ModelJobStatus): boolean {
  return status !== 'queued' && status !== 'running';
}
