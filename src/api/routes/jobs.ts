import { z } from 'zod';
import { MODEL_JOB_STATUSES, type ModelJob } from '../../domain/model-job';
import { jobEventMessage } from '../../jobs/jobs';
import { messageOf, TickwireError } from '../../platform/errors';
import { json } from '../answer';
import { ARTIFACT_ALLOWED } from '../content-security';
import type { ApiContext } from '../context';
import { eventStream } from '../event-stream';
import { jobCursorField, jobCursorOf } from '../job-cursor';
import { EXAMPLE_JOB_ID, jobSchema, jobView, jobWithResultSchema, jobWithResultView } from '../job-view';
import { wholeNumberField } from '../request-fields';
import { defineRoute } from '../route';
import { jobEvents } from '../watch-job';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;

const jobParams = z.strictObject({
  job_id: z.guid('expected a UUID').meta({ description: 'From the submission', example: EXAMPLE_JOB_ID }),
});

const listJobs = defineRoute({
  method: 'get',
  path: '/api/v1/jobs',
  tag: 'models',
  summary: 'Model jobs, newest first, without their results',
  request: {
    query: z.strictObject({
      status: z.enum(MODEL_JOB_STATUSES).optional(),
      model: z.string().min(1).max(64).optional().meta({ description: 'Only jobs of this model' }),
      limit: wholeNumberField(1, MAX_LIMIT)
        .optional()
        .meta({
          type: 'integer',
          description: `Jobs in the answer; ${DEFAULT_LIMIT} when left out`,
        }),
      cursor: jobCursorField.optional().meta({ description: 'next_cursor of the page before' }),
    }),
  },
  answers: {
    200: {
      description: 'The jobs',
      content: {
        'application/json': {
          schema: z.object({
            jobs: z.array(jobSchema),
            next_cursor: z
              .string()
              .nullable()
              .meta({ description: 'Give it as cursor for what follows; null at the end' }),
          }),
        },
      },
    },
  },
  problems: ['INVALID_INPUT', 'STORE_UNAVAILABLE'],
  handle: async ({ query }, { store }) => {
    const { status, model, cursor: after, limit = DEFAULT_LIMIT } = query;
    const jobs = await store.modelJobs.list({ status, model, after, limit: limit + 1 });
    const page = jobs.slice(0, limit);
    const last = page.at(-1);
    return json({ jobs: page.map(jobView), next_cursor: last && jobs.length > limit ? jobCursorOf(last) : null });
  },
});

const showJob = defineRoute({
  method: 'get',
  path: '/api/v1/jobs/{job_id}',
  tag: 'models',
  summary: 'One model job and its result',
  request: { params: jobParams },
  answers: { 200: { description: 'The job', content: { 'application/json': { schema: jobWithResultSchema } } } },
  problems: ['INVALID_INPUT', 'NOT_FOUND', 'STORE_UNAVAILABLE'],
  handle: async ({ params }, context) => json(jobWithResultView(await jobOf(context, params.job_id))),
});

const cancelJob = defineRoute({
  method: 'delete',
  path: '/api/v1/jobs/{job_id}',
  tag: 'models',
  summary: 'Cancel a model job; one that runs is ended within about a second',
  request: { params: jobParams },
  answers: { 200: { description: 'It is cancelled', content: { 'application/json': { schema: jobSchema } } } },
  problems: ['INVALID_INPUT', 'NOT_FOUND', 'CONFLICT', 'STORE_UNAVAILABLE'],
  handle: async ({ params }, context) => {
    const outcome = await context.store.modelJobs.cancel(params.job_id);
    const job = await jobOf(context, params.job_id);
    if (outcome === 'final') {
      throw new TickwireError('CONFLICT', `job_id: job ${job.jobId} is ${job.status} and can no longer be cancelled`);
    }
    tellCancelled(context, job);
    return json(jobView(job));
  },
});

const showArtifact = defineRoute({
  method: 'get',
  path: '/api/v1/jobs/{job_id}/artifacts/{name}',
  tag: 'models',
  summary: 'A file that a completed job left: JSON, CSV, SVG or HTML',
  request: {
    params: jobParams.extend({
      name: z
        .string()
        .regex(/^[a-z0-9][a-z0-9.-]{0,99}$/, 'expected a name such as result.json')
        .meta({ description: 'From `artifacts` of the job', example: 'result.json' }),
    }),
  },
  answers: {
    200: {
      description: 'The file',
      content: {
        'application/json': { schema: z.unknown() },
        'text/csv': { schema: z.string() },
        'image/svg+xml': { schema: z.string() },
        'text/html': { schema: z.string() },
      },
    },
  },
  problems: ['INVALID_INPUT', 'NOT_FOUND', 'STORE_UNAVAILABLE', 'ARTIFACTS_UNAVAILABLE'],
  handle: async ({ params: { job_id: jobId, name } }, context) => {
    const found = await context.store.modelJobs.findArtifact(jobId, name);
    const body = found && (await context.artifacts.read(jobId, found.fence, name));
    if (!body) throw await noArtifact(context, jobId, name);
    const { contentType, sha256 } = found.artifact;
    return {
      status: 200,
      contentType,
      headers: { 'Content-Security-Policy': ARTIFACT_ALLOWED, ETag: `"${sha256}"` },
      body,
    };
  },
});

const followJob = defineRoute({
  method: 'get',
  path: '/api/v1/jobs/{job_id}/events',
  tag: 'models',
  summary: 'Status and progress of a model job as server-sent events, until it ends',
  description:
    'Events `progress` and at last `end`; `data` is `{job_id, status, progress, attempts, error?}`. The first is the state of the moment, so that a ' +
    'client that was cut off just comes back.',
  request: { params: jobParams, headers: z.object({ 'last-event-id': z.string().max(64).optional() }) },
  answers: { 200: { description: 'The events', content: { 'text/event-stream': { schema: z.string() } } } },
  problems: ['INVALID_INPUT', 'NOT_FOUND', 'STORE_UNAVAILABLE'],
  handle: async ({ params }, context, { signal }) =>
    eventStream(jobEvents(await jobOf(context, params.job_id), { store: context.store, signal })),
});

export const jobRoutes = [listJobs, showJob, cancelJob, showArtifact, followJob];

async function jobOf({ store }: ApiContext, jobId: string): Promise<ModelJob> {
  const job = await store.modelJobs.find(jobId);
  if (!job) throw new TickwireError('NOT_FOUND', `job_id: there is no model job ${jobId}`);
  return job;
}

async function noArtifact(context: ApiContext, jobId: string, name: string): Promise<TickwireError> {
  const { status } = await jobOf(context, jobId);
  const detail = status === 'completed' ? `job ${jobId} left no ${name}` : `job ${jobId} is ${status} and has no files`;
  return new TickwireError('NOT_FOUND', `name: ${detail}`);
}

/** Best effort, after the answer: the row is the truth, and the runner reads it about once a second. */
function tellCancelled({ bus, clock, log }: ApiContext, job: ModelJob): void {
  const message = jobEventMessage(job, { status: 'cancelled', progress: job.progress }, clock());
  bus
    .publish([message])
    .catch((error: unknown) => log.debug({ jobId: job.jobId, error: messageOf(error) }, 'event not published'));
}
